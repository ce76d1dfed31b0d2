//! The prediction intervals of a pipeline as nodes.

use nnfs::files::{FileScalar, Pipeline};
use nnfs::model::{CrossConformal, Ensemble, ResidualScale};

use crate::ExportError;
use crate::graph::{Chain, Value, constant, integers};
use crate::network::push_share;
use crate::onnx::unscale;
use crate::proto::{AttributeProto, DOUBLE, TensorProto};

/// The ends of the intervals of a level as the outputs `low` and `high` of the graph, (batch, outputs), in double
/// precision. It computes what [`CrossConformal::intervals`] does, with a sort of the largest sums instead of a
/// search. `of_members` has the outputs of each member.
pub(crate) fn push_intervals<T: FileScalar>(
    pipeline: &Pipeline<T>,
    level: f64,
    of_members: &[Value],
    chain: &mut Chain,
) -> Result<(), ExportError> {
    let conformal = pipeline.intervals().ok_or(ExportError::NoIntervals)?;
    // The rank of the ends from outside.
    let rank = conformal.rows() + 1 - conformal.rank(level)?;
    let means: Vec<Value> = (0..conformal.fold_count())
        .map(|fold| {
            push_mean_of_fold(conformal, fold, pipeline.ensemble(), of_members, chain);
            chain.current().clone()
        })
        .collect();
    let columns = push_columns(&means, chain);
    let residuals: Vec<Vec<String>> = (0..conformal.output_width())
        .map(|output| constants_of_residuals(conformal, output, chain))
        .collect();
    let counts: Vec<i64> = (0..conformal.fold_count())
        .flat_map(|fold| conformal.residuals(fold, 0).map(|(_, rows)| rows as i64))
        .collect();
    let sizes: Vec<Vec<Option<String>>> = columns
        .iter()
        .enumerate()
        .map(|(output, columns)| push_sizes(conformal.scale(output), output, columns, chain))
        .collect();
    let ranks = Ranks::new(&counts, rank, chain);
    for end in [End::LOW, End::HIGH] {
        let of_outputs: Vec<String> = columns
            .iter()
            .zip(&residuals)
            .enumerate()
            .map(|(output, (centers, residuals))| {
                let prefix = format!("{}.{output}", end.name);
                push_sums(&prefix, &end, centers, residuals, &sizes[output], chain);
                ranks.push(&prefix, &end, chain);
                chain.last().to_owned()
            })
            .collect();
        if of_outputs.len() > 1 {
            let axis = vec![AttributeProto::int("axis", 1)];
            chain.push_node(&format!("{}.all", end.name), "Concat", of_outputs, axis);
        }
        chain.set_width(conformal.output_width());
        if let Some(scaler) = pipeline.target_scaler() {
            unscale(&format!("{}.target_scaler", end.name), scaler, chain);
        }
        chain.output(end.name);
    }
    Ok(())
}

/// What the upper and the lower ends differ in.
struct End {
    name: &'static str,
    /// Between a mean and a residual.
    operator: &'static str,
    /// Whether the ends are among the largest sums.
    largest: i64,
    /// The operator that chooses, of the sums that reach the rank, the one that is farthest outside.
    inmost: &'static str,
    /// Replaces the sums that do not reach the rank, so that the operator never chooses them.
    outmost: f64,
}

impl End {
    const HIGH: Self = Self {
        name: "high",
        operator: "Add",
        largest: 1,
        inmost: "ReduceMax",
        outmost: f64::NEG_INFINITY,
    };
    const LOW: Self = Self {
        name: "low",
        operator: "Sub",
        largest: 0,
        inmost: "ReduceMin",
        outmost: f64::INFINITY,
    };
}

/// `m_k(x)`: the mean of the members that did not learn from a fold, as [`Ensemble::predict_with_members`]
/// computes it, and in double precision.
fn push_mean_of_fold<T: FileScalar>(
    conformal: &CrossConformal,
    fold: usize,
    ensemble: &Ensemble<T>,
    of_members: &[Value],
    chain: &mut Chain,
) {
    let members = conformal.members_of(fold);
    let weight = |member: usize| ensemble.members()[member].weight();
    let total: f64 = members.iter().map(|&member| weight(member)).sum();
    let mut sum = None;
    for &member in &members {
        chain.go_back_to(&of_members[member]);
        if members.len() > 1 {
            let prefix = format!("folds.{fold}.members.{member}");
            push_share::<T>(&prefix, weight(member) / total, &mut sum, chain);
        }
    }
    chain.cast(&format!("folds.{fold}.double"), DOUBLE);
}

/// For each output, the column of each fold.
fn push_columns(means: &[Value], chain: &mut Chain) -> Vec<Vec<String>> {
    if means[0].width == 1 {
        return vec![means.iter().map(|mean| mean.name.clone()).collect()];
    }
    let column = |output: usize, chain: &mut Chain| {
        let index = integers(&format!("columns.{output}"), &[output as i64]);
        let index = chain.constant(index);
        let of_fold = |(fold, mean): (usize, &Value)| {
            let (axis, name) = (AttributeProto::int("axis", 1), format!("folds.{fold}.{output}"));
            chain.push_node(&name, "Gather", vec![mean.name.clone(), index.clone()], vec![axis]);
            name
        };
        means.iter().enumerate().map(of_fold).collect()
    };
    (0..means[0].width).map(|output| column(output, chain)).collect()
}

/// The residuals of an output, one constant for each fold.
fn constants_of_residuals(
    conformal: &CrossConformal,
    output: usize,
    chain: &mut Chain,
) -> Vec<String> {
    let of_fold = |fold: usize| {
        let residuals: Vec<f64> = conformal.residuals(fold, output).map(|(it, _)| it).collect();
        let name = format!("residuals.{fold}.{output}");
        chain.constant(constant(&name, &[1, residuals.len()], &residuals))
    };
    (0..conformal.fold_count()).map(of_fold).collect()
}

/// `s(m_k(x))` of an output, one for each fold; `None` if it is 1. See [`ResidualScale::at`].
fn push_sizes(
    scale: Option<&ResidualScale>,
    output: usize,
    centers: &[String],
    chain: &mut Chain,
) -> Vec<Option<String>> {
    let Some(scale) = scale else { return vec![None; centers.len()] };
    let (predictions, sizes): (Vec<f64>, Vec<f64>) = scale.points().unzip();
    let steps = predictions.len() - 1;
    let between = |numbers: &[f64]| numbers.windows(2).map(|it| it[1] - it[0]).collect::<Vec<_>>();
    let width = |width| if width > 0.0 { width } else { 1.0 };
    let widths: Vec<f64> = between(&predictions).into_iter().map(width).collect();
    let mut list = |what: &str, dims: &[usize], numbers: &[f64]| {
        chain.constant(constant(&format!("sizes.{output}.{what}"), dims, numbers))
    };
    let constants = [
        ("Max", list("from", &[1, steps], &predictions[..steps])),
        ("Min", list("to", &[1, steps], &predictions[1..])),
        ("Sub", list("start", &[1, steps], &predictions[..steps])),
        ("Div", list("widths", &[1, steps], &widths)),
        ("MatMul", list("differences", &[steps, 1], &between(&sizes))),
        ("Add", list("first", &[1, 1], &sizes[..1])),
    ];
    let of_fold = |(fold, center): (usize, &String)| {
        let mut last = center.clone();
        for (operator, constant) in &constants {
            let name = format!("sizes.{fold}.{output}.{}", operator.to_lowercase());
            chain.push_node(&name, operator, vec![last, constant.clone()], Vec::new());
            last = name;
        }
        Some(last)
    };
    centers.iter().enumerate().map(of_fold).collect()
}

/// `m_k(x) + s R` or `m_k(x) - s R` of all residuals, side by side: (batch, residuals).
fn push_sums(
    prefix: &str,
    end: &End,
    centers: &[String],
    residuals: &[String],
    sizes: &[Option<String>],
    chain: &mut Chain,
) {
    let mut sums = Vec::new();
    for (fold, (center, residuals)) in centers.iter().zip(residuals).enumerate() {
        let name = format!("{prefix}.{fold}");
        let mut residuals = residuals.clone();
        if let Some(size) = &sizes[fold] {
            let input = vec![size.clone(), residuals];
            residuals = format!("{name}.residuals");
            chain.push_node(&residuals, "Mul", input, Vec::new());
        }
        let input = vec![center.clone(), residuals];
        chain.push_node(&name, end.operator, input, Vec::new());
        sums.push(name);
    }
    if sums.len() > 1 {
        let axis = vec![AttributeProto::int("axis", 1)];
        chain.push_node(&format!("{prefix}.sums"), "Concat", sums, axis);
    }
}

/// The constants for the rank of a sum where each sum counts for some rows.
struct Ranks {
    /// The number of sums that are sorted. Together they count for at least as many rows as the rank.
    sorted: String,
    counts: String,
    rank: String,
    axis: String,
}

impl Ranks {
    fn new(counts: &[i64], rank: usize, chain: &mut Chain) -> Self {
        let least = counts.iter().copied().min().expect("a residual").max(1);
        let sorted = (rank as i64).div_euclid(least) + 1;
        let sorted = sorted.min(counts.len() as i64);
        let mut list = |name: &str, numbers: &[i64]| chain.constant(integers(name, numbers));
        Self {
            sorted: list("ranks.sorted", &[sorted]),
            counts: list("ranks.counts", counts),
            rank: list("ranks.rank", &[rank as i64]),
            // The axis of `CumSum` is a number and not a list.
            axis: chain.constant(TensorProto { dims: Vec::new(), ..integers("ranks.axis", &[1]) }),
        }
    }

    /// The sum of the rank, from outside, in each row: of the outmost sums, the inmost among those that count for
    /// at least the rows up to the rank with all before them.
    fn push(&self, prefix: &str, end: &End, chain: &mut Chain) {
        let name = |what: &str| format!("{prefix}.{what}");
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let (sums, indices) = (name("outer"), name("indices"));
        let input = words(&[chain.last(), &self.sorted]);
        let largest =
            vec![AttributeProto::int("axis", 1), AttributeProto::int("largest", end.largest)];
        chain.push_node(&sums, "TopK", input, largest);
        chain.add_output_of_last_node(&indices);
        chain.push_node(&name("rows"), "Gather", words(&[&self.counts, &indices]), Vec::new());
        let input = words(&[chain.last(), &self.axis]);
        chain.push_node(&name("rows_up_to"), "CumSum", input, Vec::new());
        let input = words(&[chain.last(), &self.rank]);
        chain.push_node(&name("is_reached"), "GreaterOrEqual", input, Vec::new());
        let outmost = chain.constant(constant(&name("none"), &[1], &[end.outmost]));
        let input = words(&[chain.last(), &sums, &outmost]);
        chain.push_node(&name("reached"), "Where", input, Vec::new());
        let axes = vec![AttributeProto::ints("axes", &[1])];
        chain.push(&name("end"), end.inmost, Vec::new(), axes);
    }
}

//! The prediction intervals of a pipeline as nodes.

use nnfs::files::{FileScalar, Pipeline};
use nnfs::model::ResidualScale;

use crate::ExportError;
use crate::graph::{Chain, Value, constant, integers};
use crate::onnx::unscale;
use crate::proto::{AttributeProto, DOUBLE};

/// The ends of the intervals of a level as the outputs `low` and `high` of the graph, (batch, outputs), in double
/// precision: `m - s(m) q` and `m + s(m) q` of the outputs `m` of the networks, with the inverse of the target
/// scaler. See [`CrossConformal::intervals_around`](nnfs::model::CrossConformal::intervals_around).
pub(crate) fn push_intervals<T: FileScalar>(
    pipeline: &Pipeline<T>,
    level: f64,
    outputs: &Value,
    chain: &mut Chain,
) -> Result<(), ExportError> {
    let conformal = pipeline.intervals().ok_or(ExportError::NoIntervals)?;
    chain.go_back_to(outputs);
    chain.cast("intervals.double", DOUBLE);
    let width = conformal.output_width();
    let centers = push_columns(&chain.current().clone(), chain);
    let mut halves = Vec::new();
    for (output, center) in centers.iter().enumerate() {
        let quantile = conformal.quantile(level, output)?;
        let name = format!("intervals.{output}.quantile");
        let quantile = chain.constant(constant(&name, &[1, 1], &[quantile]));
        halves.push(match conformal.scale(output) {
            None => quantile,
            Some(scale) => {
                let size = push_size(scale, output, center, chain);
                let name = format!("intervals.{output}.half");
                chain.push_node(&name, "Mul", vec![size, quantile], Vec::new());
                name
            }
        });
    }
    for (end, operator) in [("low", "Sub"), ("high", "Add")] {
        let mut ends = Vec::new();
        for (output, (center, half)) in centers.iter().zip(&halves).enumerate() {
            let name = format!("{end}.{output}");
            chain.push_node(&name, operator, vec![center.clone(), half.clone()], Vec::new());
            ends.push(name);
        }
        if ends.len() > 1 {
            let axis = vec![AttributeProto::int("axis", 1)];
            chain.push_node(&format!("{end}.all"), "Concat", ends, axis);
        }
        chain.set_kind(DOUBLE);
        chain.set_width(width);
        if let Some(scaler) = pipeline.target_scaler() {
            unscale(&format!("{end}.target_scaler"), scaler, chain);
        }
        chain.output(end);
    }
    Ok(())
}

/// The columns of a value, (batch, 1).
fn push_columns(value: &Value, chain: &mut Chain) -> Vec<String> {
    if value.width == 1 {
        return vec![value.name.clone()];
    }
    let column = |output: usize| {
        let name = format!("intervals.{output}");
        let index = chain.constant(integers(&format!("{name}.column"), &[output as i64]));
        let axis = vec![AttributeProto::int("axis", 1)];
        chain.push_node(&name, "Gather", vec![value.name.clone(), index], axis);
        name
    };
    (0..value.width).map(column).collect()
}

/// `s(m)` of the column of an output, as [`ResidualScale::at`] computes it.
fn push_size(scale: &ResidualScale, output: usize, center: &str, chain: &mut Chain) -> String {
    let (predictions, sizes): (Vec<f64>, Vec<f64>) = scale.points().unzip();
    let steps = predictions.len() - 1;
    let between = |numbers: &[f64]| numbers.windows(2).map(|it| it[1] - it[0]).collect::<Vec<_>>();
    let width = |width| if width > 0.0 { width } else { 1.0 };
    let widths: Vec<f64> = between(&predictions).into_iter().map(width).collect();
    let list = |what: &str, dims: &[usize], numbers: &[f64]| {
        constant(&format!("intervals.{output}.{what}"), dims, numbers)
    };
    let nodes = [
        ("Max", list("from", &[1, steps], &predictions[..steps])),
        ("Min", list("to", &[1, steps], &predictions[1..])),
        ("Sub", list("start", &[1, steps], &predictions[..steps])),
        ("Div", list("widths", &[1, steps], &widths)),
        ("MatMul", list("differences", &[steps, 1], &between(&sizes))),
        ("Add", list("first", &[1, 1], &sizes[..1])),
    ];
    let mut last = center.to_owned();
    for (operator, constant) in nodes {
        let name = format!("intervals.{output}.{}", operator.to_lowercase());
        let constant = chain.constant(constant);
        chain.push_node(&name, operator, vec![last, constant], Vec::new());
        last = name;
    }
    last
}

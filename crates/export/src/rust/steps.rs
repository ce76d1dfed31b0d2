//! The steps of a function from an array to an array, as Rust source.

use nnfs::files::{FileScalar, Scaler};
use nnfs::model::{Ensemble, Model};
use nnfs::tensor::{Dtype, Layer, OutputLink};

use super::numbers::{Tables, literal, pair_literal};
use crate::ExportError;
use crate::block::{Activation, Block};
use crate::network::dense_parameters;

/// The steps of a function. Each takes the result of the one before, and the first takes the argument, which is a
/// reference.
#[derive(Debug)]
pub(super) struct Steps {
    argument: &'static str,
    expressions: Vec<String>,
}

impl Steps {
    pub(super) fn of(argument: &'static str) -> Self {
        Self { argument, expressions: Vec::new() }
    }

    /// The current array, or a reference to it.
    fn value(&self) -> &'static str {
        if self.expressions.is_empty() { self.argument } else { "x" }
    }

    /// A reference to the current array.
    fn reference(&self) -> &'static str {
        if self.expressions.is_empty() { self.argument } else { "&x" }
    }

    fn push(&mut self, expression: String) {
        self.expressions.push(expression);
    }

    /// The current array with a function of each element.
    fn push_map(&mut self, function: &str) {
        self.push(format!("{}.map({function})", self.value()));
    }

    /// The lines of the function.
    pub(super) fn body(&self) -> String {
        body("x", &self.expressions).unwrap_or_else(|| format!("    *{}\n", self.argument))
    }

    /// The layers of a model. The names of its tables begin with `prefix`.
    pub(super) fn push_model<T: FileScalar>(
        &mut self,
        prefix: &str,
        model: &Model<T>,
        tables: &mut Tables,
    ) -> Result<(), ExportError> {
        for (index, layer) in model.layers().iter().enumerate() {
            self.push_layer(prefix, index, layer, tables)?;
        }
        Ok(())
    }

    fn push_layer<T: FileScalar>(
        &mut self,
        prefix: &str,
        index: usize,
        layer: &dyn Layer<T>,
        tables: &mut Tables,
    ) -> Result<(), ExportError> {
        let activation = match Block::of(index, &layer.description())? {
            Block::Dense(activation) => {
                let (weights, biases) = dense_parameters(index, layer)?;
                let rows: Vec<Vec<T>> =
                    weights.row_iter().map(|row| row.iter().copied().collect()).collect();
                let weights = tables.rows(&format!("{prefix}WEIGHTS_{index}"), &rows);
                let biases = tables.list(&format!("{prefix}BIASES_{index}"), biases.as_slice());
                self.push(format!("dense({}, {weights}, {biases})", self.reference()));
                activation
            }
            Block::Dropout => None,
            Block::Activation(activation) => Some(activation),
        };
        if let Some(activation) = activation {
            self.push_activation::<T>(activation);
        }
        Ok(())
    }

    fn push_activation<T: FileScalar>(&mut self, activation: Activation) {
        match activation {
            Activation::Linear => {}
            Activation::Relu => self.push_map("relu"),
            Activation::LeakyRelu { slope } => {
                let slope = literal(T::from_f64(slope));
                self.push_map(&format!("|x| leaky_relu(x, {slope})"));
            }
            Activation::Sigmoid => self.push_map("sigmoid"),
            Activation::Tanh => self.push_map("tanh"),
            Activation::Softmax => self.push(format!("softmax({})", self.reference())),
        }
    }

    /// The networks of an ensemble. Each of several is a function, which is appended to `functions`.
    pub(super) fn push_ensemble<T: FileScalar>(
        &mut self,
        ensemble: &Ensemble<T>,
        tables: &mut Tables,
        functions: &mut String,
    ) -> Result<(), ExportError> {
        if let Some(model) = ensemble.single() {
            return self.push_model("", model, tables);
        }
        let types = (T::DTYPE, ensemble.input_width(), ensemble.output_width());
        let mut mean = Vec::new();
        for (index, member) in ensemble.members().iter().enumerate() {
            let mut steps = Self::of("x");
            steps
                .push_model(&format!("MEMBER_{index}_"), member.model(), tables)
                .map_err(|source| ExportError::Member { member: index, source: source.into() })?;
            let name = format!("member_{index}");
            let what = format!("The network of member {index} of the mean.");
            functions.push_str(&function(&name, &what, types, &steps.body()));
            let share = literal(T::from_f64(member.share()));
            mean.push(match index {
                0 => format!("weighted({share}, {name}(x))"),
                _ => format!("add_weighted(sum, {share}, {name}(x))"),
            });
        }
        let mean = body("sum", &mean).expect("an ensemble has members");
        let what = "The mean of the networks, each with its share.";
        functions.insert_str(0, &function("mean", what, types, &mean));
        self.push(format!("mean({})", self.reference()));
        Ok(())
    }

    /// The function from outputs to predictions.
    pub(super) fn push_link(&mut self, link: OutputLink) {
        match link {
            OutputLink::Identity => {}
            OutputLink::Sigmoid => self.push_map("sigmoid"),
            OutputLink::Softmax => self.push(format!("softmax({})", self.reference())),
        }
    }

    /// From numbers in their units to inputs of the networks.
    pub(super) fn push_scaler(&mut self, scaler: &Scaler, tables: &mut Tables) {
        if let Scaler::Clipped(scaler) = scaler {
            let limits = scaler.limits().iter();
            let limits: Vec<_> =
                limits.map(|it| it.unwrap_or((f64::NEG_INFINITY, f64::INFINITY))).collect();
            let limits = tables.pairs("INPUT_LIMITS", &limits);
            self.push(format!("limit({}, {limits})", self.reference()));
        }
        self.push_scaling(["standardize", "to_range"], "INPUT", scaler, tables);
    }

    /// From outputs to numbers in their units.
    pub(super) fn push_unscaler(&mut self, scaler: &Scaler, tables: &mut Tables) {
        self.push_scaling(["unstandardize", "from_range"], "TARGET", scaler, tables);
    }

    /// One of two functions: that of means and deviations, or that of a range.
    fn push_scaling(
        &mut self,
        [of_deviations, of_range]: [&str; 2],
        of: &str,
        scaler: &Scaler,
        tables: &mut Tables,
    ) {
        let mut list = |what: &str, numbers: &[f64]| tables.list(&format!("{of}_{what}"), numbers);
        let (means, deviations) = match scaler {
            Scaler::Standard(scaler) => (scaler.means(), scaler.deviations()),
            Scaler::Clipped(scaler) => (scaler.means(), scaler.deviations()),
            Scaler::MinMax(scaler) => {
                let minimums = list("MINIMUMS", scaler.minimums());
                let widths = list("WIDTHS", scaler.widths());
                let (x, ends) = (self.reference(), pair_literal(scaler.ends()));
                return self.push(format!("{of_range}({x}, {minimums}, {widths}, {ends})"));
            }
        };
        let (means, deviations) = (list("MEANS", means), list("DEVIATIONS", deviations));
        self.push(format!("{of_deviations}({}, {means}, {deviations})", self.reference()));
    }
}

/// Lines that give each expression this name, for the next one, and return the last; `None` without an expression.
fn body(name: &str, expressions: &[String]) -> Option<String> {
    let (last, others) = expressions.split_last()?;
    let lines: String = others.iter().map(|it| format!("    let {name} = {it};\n")).collect();
    Some(format!("{lines}    {last}\n"))
}

/// A function from an array to an array of the same kind of number.
fn function(
    name: &str,
    what: &str,
    (kind, inputs, outputs): (Dtype, usize, usize),
    body: &str,
) -> String {
    format!("/// {what}\nfn {name}(x: &[{kind}; {inputs}]) -> [{kind}; {outputs}] {{\n{body}}}\n\n")
}

//! Errors of models and trainings.
//!
//! A message has the error within it. A field `r#source` is not `Error::source`, which would show it twice.

use nnfs_tensor::{OptimizerError, SettingError, ShapeError, WeightError};

use crate::{Divergence, History, MetricFailed, ObserverError};

/// Layers that do not form a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// There are no layers.
    #[error("a model needs at least one layer, found none")]
    Empty,
    /// The samples have no features.
    #[error("a model needs at least one input, found width 0")]
    NoInputs,
    /// The input width of a layer is not the output width of the layer before it.
    #[error("layer {index} ({kind}) does not chain: {reason}")]
    Chain {
        /// Position of the layer, from 0.
        index: usize,
        /// Its kind.
        kind: String,
        /// The two widths.
        reason: ShapeError,
    },
}

/// Models and weights that do not form an ensemble.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EnsembleError {
    /// The list of models is empty.
    #[error("an ensemble needs at least one member, found none")]
    Empty,
    /// A weight is zero, negative, infinite or NaN.
    #[error("member {member} (from 0): expected a finite weight above 0, found {found}")]
    Weight {
        /// The position of the member, from 0.
        member: usize,
        /// Its weight.
        found: f64,
    },
    /// Each weight is finite, but their sum is not.
    #[error("expected weights with a finite sum, found larger ones; divide all by the same number")]
    SumOfWeights,
    /// A member has other widths than the first.
    #[error(
        "member {member} (from 0): expected {} inputs and {} outputs as the first member, found {} and {}",
        expected.0, expected.1, found.0, found.1
    )]
    Widths {
        /// The position of the member, from 0.
        member: usize,
        /// Inputs and outputs of the first member.
        expected: (usize, usize),
        /// Inputs and outputs of this member.
        found: (usize, usize),
    },
}

/// A training step that was refused; the parameters are unchanged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// The batch has no samples.
    #[error("a batch needs at least one sample, found none")]
    EmptyBatch,
    /// Inputs or targets do not fit the model or each other.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A setting of the optimizer is out of range, or it has stepped another network.
    #[error(transparent)]
    Optimizer(#[from] OptimizerError),
    /// The data holds an infinity or a NaN.
    #[error("{what} must be finite, found {value} in row {row}, column {column} (from 0)")]
    NonFiniteData {
        /// `inputs` or `targets`.
        what: &'static str,
        /// The sample, from 0.
        row: usize,
        /// The feature or output, from 0.
        column: usize,
        /// The value.
        value: f64,
    },
    /// The weights of the samples are not what they should be.
    #[error(transparent)]
    Weights(#[from] WeightError),
    /// There are weights of classes, and the targets are not classes.
    #[error(
        "class weights: expected targets of classes (a single column of 0 and 1, or one column for each class \
         with a single 1 in each row), found {} in row {row} (from 0)",
        list(found)
    )]
    NotClasses {
        /// The row, from 0.
        row: usize,
        /// Its targets.
        found: Vec<f64>,
    },
    /// A class of the training rows has the weight 0.
    #[error(
        "class weights: expected a weight above 0 for class {class} (from 0), which training rows such as row \
         {row} have, found 0; to leave rows out of a training, set their own weights to 0"
    )]
    ClassOfNoWeight {
        /// The first such row, from 0.
        row: usize,
        /// Its class, from 0.
        class: usize,
    },
    /// The loss or the penalty is infinite or NaN: training has diverged.
    #[error("training diverged: loss of the data {data_loss}, penalty {penalty}")]
    NonFiniteLoss {
        /// The loss of the data.
        data_loss: f64,
        /// The penalty of the parameters.
        penalty: f64,
    },
    /// The gradients are infinite or NaN, although the loss is finite: training has diverged.
    #[error(
        "training diverged: the gradients of layer {layer} (from 0) became infinite or NaN, loss of \
         the data {data_loss}"
    )]
    NonFiniteGradient {
        /// The layer nearest to the outputs whose gradients are not finite, from 0.
        layer: usize,
        /// The loss of the data.
        data_loss: f64,
    },
}

/// Why a model cannot predict classes.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ClassifyError {
    /// The inputs do not fit the model, or the link is the softmax of a single output.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// An output is NaN, or infinite before a softmax, so that no class is the most likely.
    #[error(
        "outputs of the model: expected finite numbers, found {found} in row {row}, column {column} (from 0)"
    )]
    NotFinite {
        /// The sample, from 0.
        row: usize,
        /// The output, from 0.
        column: usize,
        /// Its value.
        found: f64,
    },
    /// The outputs are independent of each other, so that a sample may have several classes or none.
    #[error(
        "expected one class for each sample, found {outputs} outputs with a sigmoid link, each of which is one \
         yes or no; compare the probabilities with a threshold"
    )]
    SeveralSigmoids {
        /// The number of outputs.
        outputs: usize,
    },
}

/// An evaluation that could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The data is empty, not finite, or does not fit the model.
    #[error(transparent)]
    Data(#[from] TrainError),
    /// A metric could not be computed.
    #[error(transparent)]
    Metric(#[from] MetricFailed),
}

/// A training that was refused, or that ended with an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// A setting is out of range. The parameters are unchanged.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The loss needs another number of outputs than the model has. The parameters are unchanged.
    #[error(transparent)]
    Loss(ShapeError),
    /// The training data is empty, not finite, or does not fit the model. The parameters are
    /// unchanged.
    #[error("training data: {0}")]
    Training(TrainError),
    /// The validation data is empty, not finite, or does not fit the model. The parameters are
    /// unchanged.
    #[error("validation data: {0}")]
    Validation(TrainError),
    /// A setting of the optimizer is out of range, or it has stepped another network. The parameters
    /// are unchanged.
    #[error(transparent)]
    Optimizer(OptimizerError),
    /// There are fewer training rows than a batch should have. The parameters are unchanged.
    #[error("batch size must be at most the number of training rows, {rows}, found {batch_size}")]
    BatchSize {
        /// The batch size of the settings.
        batch_size: usize,
        /// The number of training rows.
        rows: usize,
    },
    /// The fraction for validation leaves one side without a row. The parameters are unchanged.
    #[error(
        "a validation fraction of {fraction} takes {validation} of {rows} rows; both sides need one"
    )]
    Split {
        /// The fraction of the settings.
        fraction: f64,
        /// The number of rows that it holds out.
        validation: usize,
        /// The number of rows.
        rows: usize,
    },
    /// The state to resume from belongs to another model. The parameters are unchanged.
    #[error(transparent)]
    State(ShapeError),
    /// The state to resume from has a best epoch that is not one of its epochs. The parameters are
    /// unchanged.
    #[error(
        "state to resume from: expected a best epoch below {epochs}, the number of its epochs, found {epoch}"
    )]
    BestEpoch {
        /// The best epoch of the state, from 0.
        epoch: usize,
        /// How many epochs the state has.
        epochs: usize,
    },
    /// An observer failed, and the training ended after this epoch. The model is that of a training
    /// which an observer stops; model, optimizer and history can be used.
    #[error("{source}")]
    Observer {
        /// The error of the observer.
        r#source: ObserverError,
        /// The history of the training.
        history: History,
    },
    /// A metric could not be computed. The parameters are those of the end of the epoch.
    #[error(transparent)]
    Metric(#[from] MetricFailed),
    /// A number became infinite or NaN.
    #[error(transparent)]
    Diverged(#[from] Box<Divergence>),
}

/// Why prediction intervals cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConformalError {
    /// The residuals are not what they should be.
    #[error("residuals for prediction intervals: expected {expected}, found {found}")]
    Residuals {
        /// What is expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// The sizes of the residuals are not what they should be.
    #[error("scales of the residuals: expected {expected}, found {found}")]
    Scale {
        /// What is expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// Predictions and residuals do not have the same shape, or the outputs have another width.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The level is out of range.
    #[error(
        "level of prediction intervals: expected a number from 0.5 to {}, which is the largest for {rows} \
         training rows, found {found}{}", rounded_down(*rows), fraction_text(*found, *rows)
    )]
    Level {
        /// The level.
        found: f64,
        /// The number of rows with residuals.
        rows: usize,
    },
}

/// The first numbers of a row.
fn list(numbers: &[f64]) -> String {
    const SHOWN: usize = 5;
    let shown = numbers.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if numbers.len() > SHOWN { shown + ", ..." } else { shown }
}

/// The level that is meant by a percentage, if there are enough rows for it.
fn fraction_text(found: f64, rows: usize) -> String {
    // The point moves by two digits in the text, because found / 100 may be 0.6829999999999999 for 68.3.
    match format!("{found}e-2").parse::<f64>() {
        Ok(fraction) if (0.5..=rounded_down(rows)).contains(&fraction) => {
            format!("; did you mean {fraction}?")
        }
        _ => String::new(),
    }
}

/// `n / (n + 1)`, rounded down to four decimals. More than 10,000 rows get more decimals, so that the result
/// is not below the largest level by more than 1 / n.
fn rounded_down(rows: usize) -> f64 {
    let unit = 10.0_f64.powf((rows as f64).log10().ceil()).max(1e4);
    (rows as f64 / (rows as f64 + 1.0) * unit).floor() / unit
}

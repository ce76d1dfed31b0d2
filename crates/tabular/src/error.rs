//! What can go wrong between a table and its predictions.
//!
//! A message includes its cause. A field `r#source` is therefore not returned by `Error::source`; otherwise the cause
//! would be shown twice.

use std::path::PathBuf;
use std::{fmt, io};

use nnfs::datasets::{CsvError, LabelError, Place, ScalerError, SplitError};
use nnfs::files::{Dtype, FileError, PredictError, ResumeError, Task};
use nnfs::layers::LayerError;
use nnfs::metrics::MetricError;
use nnfs::model::{ConformalError, Divergence, FitError, ModelError, ObserverError};
use nnfs::tensor::{SettingError, ShapeError, WeightError};

use crate::memory::Bytes;
use crate::parts::count;
use crate::shown::shown;
use crate::{LossKind, MemoryNeed, NetworkOfFold, Predictor, Recipe, task_of};

/// What can go wrong between a table and its predictions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is out of range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The loss is for the other task.
    #[error("expected a loss for {task} ({}), found {loss}", losses(*task))]
    Loss {
        /// The loss.
        loss: LossKind,
        /// The task.
        task: Task,
    },
    /// The table does not have the columns, or has other values than they should hold.
    #[error(transparent)]
    Table(#[from] CsvError),
    /// The table has too many inputs.
    #[error(
        "{file}, line 1, column {column:?}: expected columns for at most {limit} inputs, found {found}"
    )]
    TooManyInputs {
        /// The name of the file.
        file: String,
        /// The first column beyond the limit.
        column: String,
        /// The limit.
        limit: usize,
        /// The number of inputs.
        found: usize,
    },
    /// The target does not have as many classes as the loss takes.
    #[error(
        "{file}, lines {first} to {last}, column {column:?}: expected {expected}, found {found}"
    )]
    Classes {
        /// The name of the file.
        file: String,
        /// The line of the first row.
        first: usize,
        /// The line of the last row.
        last: usize,
        /// The name of the target.
        column: String,
        /// How many classes are expected.
        expected: &'static str,
        /// How many there are.
        found: String,
    },
    /// Two classes have the same [`spelling_key`](nnfs::datasets::spelling_key), or mean the same truth value.
    #[error(
        "{place}: expected classes that differ in more than upper and lower case or white space, found {:?} and {:?}; write them alike, or declare the column categorical if they are different classes",
        shown(found),
        shown(other)
    )]
    ClassesAlike {
        /// The first place of one of them.
        place: Place,
        /// This class.
        found: String,
        /// The other class.
        other: String,
    },
    /// A weight is negative.
    #[error("{place}: expected a weight of at least 0, found {found}")]
    Weight {
        /// Where it is.
        place: Place,
        /// The weight.
        found: f64,
    },
    /// The weights of all rows together are not what they should be.
    #[error("{file}, column {column:?}: {source}")]
    Weights {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
        /// Why not.
        r#source: WeightError,
    },
    /// Weights of classes are for a classification.
    #[error("weights of classes: expected a classification, found a regression")]
    NoClasses,
    /// Validation rows are for a single network.
    #[error(
        "validation rows: expected the plain recipe, found bagging, which validates each network on the \
         fold that it does not learn from"
    )]
    ValidationWithBagging,
    /// There are too few rows for folds.
    #[error("{file}: expected at least 2 training rows for bagging, found {rows}")]
    NoFolds {
        /// The name of the file.
        file: String,
        /// The number of training rows.
        rows: usize,
    },
    /// The rows cannot be split.
    #[error("{file}: {source}")]
    Split {
        /// The name of the file.
        file: String,
        /// Why not.
        r#source: SplitError,
    },
    /// A validation fraction above 0 gives no rows.
    #[error(
        "{file}: expected validation rows, found none: a validation fraction of {fraction} gives none out of {}; use a larger fraction, or 0 to train without validation",
        count(*rows, "row")
    )]
    NoValidationRows {
        /// The name of the file.
        file: String,
        /// The validation fraction.
        fraction: f64,
        /// The number of rows that it is taken of.
        rows: usize,
    },
    /// The targets of all validation rows lie far from all others, so that none is left.
    #[error(
        "{place}: expected validation rows whose targets are not far from all others, found none in {}; use a larger validation fraction, or keep outliers",
        count(*rows, "row")
    )]
    ValidationOutliers {
        /// The place of the first target of the validation rows.
        place: Place,
        /// The number of validation rows.
        rows: usize,
    },
    /// The numbers of a column are too far apart to be scaled.
    #[error(
        "{file}, lines {first} to {last}, column {column:?}: expected numbers whose variance is finite in double precision, found a larger one"
    )]
    SpreadTooLarge {
        /// The name of the file.
        file: String,
        /// The line of the first training row.
        first: usize,
        /// The line of the last training row.
        last: usize,
        /// The name of the column.
        column: String,
    },
    /// The numbers of a column differ by so little that they cannot be scaled.
    #[error(
        "{file}, lines {first} to {last}, column {column:?}: expected numbers whose variance is above 0 in double precision, found different numbers with a smaller one; multiply them, for example by 1e200"
    )]
    SpreadTooSmall {
        /// The name of the file.
        file: String,
        /// The line of the first training row.
        first: usize,
        /// The line of the last training row.
        last: usize,
        /// The name of the column.
        column: String,
    },
    /// A number is beyond the range of the network's numbers once it is scaled.
    #[error(
        "{file}, line {line}, column {column:?}: expected a number within the range of {dtype} once it is scaled by the training rows{}, found {found:e}",
        if *dtype == Dtype::F32 { " (f64 has a wider range)" } else { "" }
    )]
    OutOfRange {
        /// The name of the file.
        file: String,
        /// The line of the row.
        line: usize,
        /// The name of the column.
        column: String,
        /// The network's numbers.
        dtype: Dtype,
        /// The number.
        found: f64,
    },
    /// The training needs more memory than there is.
    #[error(
        "expected a training that fits into {} of memory, found one that needs {need}; {}",
        Bytes(*limit), need.advice()
    )]
    Memory {
        /// What it needs.
        need: MemoryNeed,
        /// The limit, or what is available, in bytes.
        limit: u64,
    },
    /// A scaler does not fit the table.
    #[error(transparent)]
    Scaler(#[from] ScalerError),
    /// A layer cannot be made.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// The layers do not make a model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The parts of a model do not fit together.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The checkpoint is damaged, or belongs to another training.
    #[error(transparent)]
    Resume(#[from] ResumeError),
    /// There is no checkpoint of this recipe to resume from, but one of the other recipe.
    #[error(
        "{}: expected a checkpoint of {}, found one of {}; use the recipe that it was saved with, or remove it",
        path.display(),
        if *expected == Recipe::Plain { "a single network" } else { "bagging" },
        if *expected == Recipe::Plain { "bagging" } else { "a single network" }
    )]
    OtherRecipe {
        /// The checkpoint.
        path: PathBuf,
        /// The recipe of this training.
        expected: Recipe,
    },
    /// The checkpoint is of a training with another number of epochs, and a cosine schedule.
    #[error(
        "{}: the checkpoint is of another training: its cosine schedule has another number of epochs; only a \
         training with a constant schedule can be resumed with more epochs", path.display()
    )]
    CosineEpochs {
        /// The checkpoint.
        path: PathBuf,
    },
    /// Training failed.
    #[error(transparent)]
    Fit(FitError),
    /// A number became infinite or NaN in training.
    #[error("{_0}")]
    Diverged(Box<Diverged>),
    /// A checkpoint could not be written.
    #[error("{0}")]
    Checkpoint(ObserverError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The model was not trained on a table.
    #[error("{file}: expected a model that was trained on a table, found one without columns")]
    NoColumns {
        /// The name of the file.
        file: String,
    },
    /// The table cannot be predicted.
    #[error(transparent)]
    Predict(PredictError),
    /// The model has no prediction intervals.
    #[error(
        "expected a regression with residuals for prediction intervals, found {}",
        match task {
            Task::Regression => {
                "one without: it was trained without folds, was interrupted, has replaced weights, or is from \
                 an earlier version; train it again with bagging"
            }
            Task::Classification => "a classification, which has probabilities instead",
        }
    )]
    NoIntervals {
        /// The task of the model.
        task: Task,
    },
    /// Prediction intervals of this level cannot be made.
    #[error(transparent)]
    Intervals(#[from] ConformalError),
    /// Predictions cannot be decoded.
    #[error(transparent)]
    Labels(#[from] LabelError),
    /// A prediction is infinite or NaN.
    #[error(
        "{file}, line {line}: expected a finite prediction, found an infinite one or NaN; look for inputs in this row that are much larger than those of the training"
    )]
    NotFinite {
        /// The name of the file.
        file: String,
        /// The line of the row.
        line: usize,
    },
    /// The importance of columns is a difference of scores, which have to be finite.
    #[error(
        "{file}: expected a finite {score}, whose decreases are the importance of the columns, found {found}; look for targets that are much larger or rarer than those of the training"
    )]
    ScoreNotFinite {
        /// The name of the file.
        file: String,
        /// The score.
        score: &'static str,
        /// Its value.
        found: f64,
    },
    /// Two columns of a file of predictions would have one name.
    #[error(
        "the file of predictions would have two columns {column:?}; rename the column, or do not keep it"
    )]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// Predictions cannot be written.
    #[error("the predictions cannot be written: {0}")]
    Output(io::Error),
    /// A metric cannot be computed.
    #[error(transparent)]
    Metric(#[from] MetricError),
}

/// What is wrong with the table is [`Error::Table`], wherever it is found.
impl From<PredictError> for Error {
    fn from(error: PredictError) -> Self {
        match error {
            PredictError::Table(error) => Self::Table(error),
            error => Self::Predict(error),
        }
    }
}

/// A training that diverged.
#[derive(Debug)]
pub struct Diverged {
    /// Which network; `None` of a single one.
    pub network: Option<NetworkOfFold>,
    /// Where it diverged, and the epochs before.
    pub divergence: Divergence,
    /// The network at the end of the last good epoch, if there was one.
    pub last_good: Option<Predictor>,
}

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(network) = &self.network {
            write!(f, "{network}: ")?;
        }
        write!(f, "{}; a smaller learning rate may help", self.divergence)
    }
}

/// The names of the losses of a task.
fn losses(task: Task) -> String {
    let losses = LossKind::ALL.into_iter().filter(|&loss| task_of(loss) == task);
    losses.map(LossKind::name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_of_the_other_task_is_reported_with_those_of_the_task() {
        let error = Error::Loss { loss: LossKind::Huber, task: Task::Classification };
        let expected = "expected a loss for classification (softmax-cross-entropy, \
                        binary-cross-entropy), found huber";
        assert_eq!(error.to_string(), expected);
    }
}

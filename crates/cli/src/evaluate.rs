//! `nnfs evaluate`: how good a saved model is on a CSV file.

use clap::Args;
use nnfs_tabular::Predictor;

use crate::options::{
    DataOptions, DateOptions, ModelOptions, StrictnessOptions, warn_of, with_delimiter,
};
use nnfs_console::say;

/// Print the metrics of a saved model on a CSV file, as JSON
///
/// For numbers: r2, and mae, rmse and median_absolute_error in the unit of the target; several targets have
/// their own. For classes: accuracy, balanced_accuracy, loss (the mean of -ln(p) for the predicted
/// probability p of the right class), brier_score and, of two classes, roc_auc; and precision, recall and f1
/// of each class. The baseline predicts the mean of the training rows, or the most frequent class of this
/// file. Columns are found by name, in any order.
#[derive(Debug, Args)]
pub(crate) struct EvaluateOptions {
    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    data: DataOptions,

    #[command(flatten)]
    dates: DateOptions,

    /// Column of weights: a row of weight 2 counts as two equal rows
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,

    #[command(flatten)]
    strictness: StrictnessOptions,
}

/// # Errors
/// If the model or the data cannot be read, or they do not fit.
pub(crate) fn run(options: &EvaluateOptions) -> anyhow::Result<()> {
    let predictor = Predictor::load(&options.model.model)?;
    let table = options.data.table_like(predictor.number_format())?;
    let predictor = options.dates.apply(predictor, &table)?;
    let strictness = options.strictness.strictness();
    let scored = predictor.score_with(&table, strictness, options.weight.as_deref());
    let (scores, warnings) = scored.map_err(with_delimiter)?;
    warn_of(&warnings);
    say(&serde_json::to_string_pretty(&scores)?)
}

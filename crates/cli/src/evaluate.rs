//! `nnfs evaluate`: how good a saved model is on a CSV file.

use clap::Args;
use nnfs_tabular::Predictor;

use crate::options::{DataOptions, ModelOptions, with_delimiter};
use nnfs_console::say;

/// Print the metrics of a saved model on a CSV file, as JSON
///
/// r2, mae and rmse in the units of the targets; or accuracy and loss, the mean of -ln(p) for the
/// predicted probability p of the right class. Columns are found by name, in any order.
#[derive(Debug, Args)]
pub(crate) struct EvaluateOptions {
    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    data: DataOptions,
}

/// # Errors
/// If the model or the data cannot be read, or they do not fit.
pub(crate) fn run(options: &EvaluateOptions) -> anyhow::Result<()> {
    let predictor = Predictor::load(&options.model.model)?;
    let scores = predictor.score(&options.data.table()?).map_err(with_delimiter)?;
    say(&serde_json::to_string_pretty(&scores)?)
}

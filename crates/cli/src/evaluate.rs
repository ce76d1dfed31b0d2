//! `nnfs evaluate`: how good a saved model is on a CSV file.

use clap::Args;
use nnfs::files::{AnyPipeline, FileScalar, Pipeline};

use crate::options::{DataOptions, ModelOptions, encoder};
use crate::output;
use crate::score::Scores;

/// Print the metrics of a saved model on a CSV file, as JSON
///
/// r2, mae and rmse in the units of the targets; or accuracy and loss, which is the mean of -ln(p)
/// for the probability p of the class that it is. Columns are found by name, in any order.
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
    let scores = match AnyPipeline::load(&options.model.model)? {
        AnyPipeline::F32(pipeline) => evaluate(&pipeline, options),
        AnyPipeline::F64(pipeline) => evaluate(&pipeline, options),
    };
    output::say(&serde_json::to_string_pretty(&scores?)?)
}

fn evaluate<T: FileScalar>(
    pipeline: &Pipeline<T>,
    options: &EvaluateOptions,
) -> anyhow::Result<Scores> {
    let encoder = encoder(pipeline, &options.model)?;
    let table = options.data.table()?;
    Scores::of(pipeline, encoder, &table)
}

//! `nnfs predict`: the rows of a CSV file to predictions.

use std::path::{Path, PathBuf};

use clap::Args;
use nnfs::files::{self, AnyPipeline, FileScalar, Pipeline};

use crate::options::{DataOptions, ModelOptions, encoder, keep};
use crate::output;
use crate::predictions::{self, Targets};

/// Predict the rows of a CSV file with a saved model
///
/// Columns are found by name, in any order; others may be there, and the target need not. The file
/// that is written has the column prediction (or prediction_NAME for each of several targets), and
/// for classes a column probability_CLASS for each, and its rows are in the order of the data.
#[derive(Debug, Args)]
pub(crate) struct PredictOptions {
    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    data: DataOptions,

    /// The CSV file to write, or - for stdout
    #[arg(long, value_name = "PREDICTIONS.CSV")]
    out: PathBuf,
}

/// # Errors
/// If the model or the data cannot be read, they do not fit, or the file cannot be written;
/// [`UsageError`](crate::UsageError) if it would be written over one of them.
pub(crate) fn run(options: &PredictOptions) -> anyhow::Result<()> {
    for input in [&options.model.model, &options.data.data] {
        keep(input, &options.out)?;
    }
    match AnyPipeline::load(&options.model.model)? {
        AnyPipeline::F32(pipeline) => predict(&pipeline, options),
        AnyPipeline::F64(pipeline) => predict(&pipeline, options),
    }
}

fn predict<T: FileScalar>(pipeline: &Pipeline<T>, options: &PredictOptions) -> anyhow::Result<()> {
    let encoder = encoder(pipeline, &options.model)?;
    let table = options.data.table()?;
    let csv = predictions::csv(pipeline, encoder, Some(&table), Targets::Left)?;
    // Opened by its name, a file behind stdout would be replaced.
    if ["-", "/dev/stdout"].map(Path::new).contains(&&*options.out) {
        return output::say_bytes(&csv);
    }
    Ok(files::write_atomically(&options.out, &csv)?)
}

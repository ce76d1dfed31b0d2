//! `nnfs predict`: the rows of a CSV file to predictions.

use std::path::{Path, PathBuf};

use clap::Args;
use nnfs::files;
use nnfs_tabular::Predictor;

use crate::options::{DataOptions, ModelOptions, refuse_overwrite, with_delimiter};
use nnfs_console::say_bytes;

/// Predict the rows of a CSV file with a saved model
///
/// Columns are found by name, in any order; other columns are ignored, and the target may be missing.
/// The output has the column prediction (or prediction_NAME for each of several targets), and for
/// classes a column probability_CLASS for each class. Its rows are in the order of the data.
#[derive(Debug, Args)]
pub(crate) struct PredictOptions {
    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    data: DataOptions,

    /// CSV file to write, or - for stdout
    #[arg(long, value_name = "PREDICTIONS.CSV")]
    out: PathBuf,
}

/// # Errors
/// If the model or the data cannot be read, they do not fit, or the file cannot be written;
/// [`UsageError`](nnfs_console::UsageError) if it would be written over one of them.
pub(crate) fn run(options: &PredictOptions) -> anyhow::Result<()> {
    for input in [&options.model.model, &options.data.data] {
        refuse_overwrite(input, &options.out)?;
    }
    let predictor = Predictor::load(&options.model.model)?;
    let csv = predictor.predict(&options.data.table()?).map_err(with_delimiter)?.to_csv()?;
    // A file behind stdout would be replaced, if it were opened by its name.
    if ["-", "/dev/stdout"].map(Path::new).contains(&&*options.out) {
        return say_bytes(&csv);
    }
    Ok(files::write_atomically(&options.out, &csv)?)
}

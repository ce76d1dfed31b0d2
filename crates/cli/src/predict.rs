//! `nnfs predict`: the rows of a CSV file to predictions.

use std::io::{self, Seek, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use nnfs::files;
use nnfs_tabular::Error;

use crate::model_file::ModelOptions;
use crate::names::names_in;
use crate::options::{
    DataOptions, DateOptions, StrictnessOptions, is_stdout, refuse_overwrite, with_delimiter,
};
use crate::predictions::{IntervalOptions, ProbabilityOptions, warn_of_size};
use crate::reading::Reading;
use crate::warnings::warn_of;
use nnfs_console::{Stdout, count, warn};
use tempfile::SpooledTempFile;

/// What the help ends with.
const EXAMPLES: &str = "Examples:
  nnfs predict model new.csv --out predictions.csv
  nnfs predict model new.csv --keep id --out -
  nnfs predict model new.csv --interval 0.9 --out predictions.csv";

/// Bytes of predictions for stdout that are kept in memory; more are kept in a temporary file.
const IN_MEMORY: usize = 16 << 20;

/// Predict the rows of a CSV file with a saved model
///
/// Columns are found by name, in any order; other columns are ignored, and the target may be missing.
/// Missing inputs and categories that training has not seen are predicted, with a warning.
/// The output has the column prediction (or prediction_NAME for each of several targets), and for
/// classes a column probability_CLASS for each class. With --interval it has low and high, too. Its rows are
/// in the order of the data.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PredictOptions {
    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    data: DataOptions,

    #[command(flatten)]
    dates: DateOptions,

    /// Columns of the data to copy in front of the predictions, such as an id, separated by commas
    #[arg(long, value_name = "COLUMN[,COLUMN…]")]
    keep: Vec<String>,

    #[command(flatten)]
    probabilities: ProbabilityOptions,

    #[command(flatten)]
    intervals: IntervalOptions,

    #[command(flatten)]
    strictness: StrictnessOptions,

    /// CSV file to write, or - for stdout
    #[arg(long, value_name = "PREDICTIONS.CSV")]
    out: PathBuf,

    /// Print only warnings and errors
    #[arg(long)]
    quiet: bool,
}

/// # Errors
/// If the model or the data cannot be read, they do not fit, or the file cannot be written;
/// [`UsageError`](nnfs_console::UsageError) if it would be written over one of them.
pub(crate) fn run(options: &PredictOptions) -> anyhow::Result<()> {
    for input in [&options.model.model, &options.data.data] {
        refuse_overwrite(input, &options.out)?;
    }
    let predictor = options.model.predictor()?;
    let reading = Reading { quiet: options.quiet, ..Reading::default() };
    let table = options.data.table_like(predictor.number_format(), reading)?;
    let predictor = options.dates.apply(predictor, &table)?;
    let layout = options.probabilities.layout().keep(names_in(&table, &options.keep));
    let layout = options.intervals.apply(layout, &predictor)?;
    warn_of(&predictor.check(&table, options.strictness.strictness()).map_err(with_delimiter)?);
    if is_stdout(&options.out) {
        // A row that cannot be predicted is an error, and then nothing is printed. Many rows wait in a
        // temporary file.
        let mut lines = SpooledTempFile::new(IN_MEMORY);
        predictor.predict_to_csv(&table, &layout, &mut lines).map_err(with_delimiter)?;
        let mut out = Stdout::new();
        lines.rewind()?;
        io::copy(&mut lines, &mut out).context("stdout")?;
        return out.flush().context("stdout");
    }
    let out = options.out.display().to_string();
    warn_of_size(&predictor, table.rows(), &layout, &out);
    files::write_atomically_with(&options.out, |file| {
        predictor.predict_to_csv(&table, &layout, file)
    })
    .map_err(|error| match error {
        Error::Output(_) => anyhow::Error::from(error).context(out.clone()),
        error => with_delimiter(error),
    })?;
    if !options.quiet {
        warn(&format!("written into {out}: {}", count(table.rows(), "prediction")));
    }
    Ok(())
}

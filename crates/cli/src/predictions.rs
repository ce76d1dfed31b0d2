//! What the commands that write predictions share.

use anyhow::anyhow;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args};
use nnfs_console::warn;
use nnfs_tabular::{CsvLayout, Error, Predictor, Task};

use crate::options::with_delimiter;

/// What a CSV file of predictions has.
#[derive(Debug, Args)]
pub(crate) struct ProbabilityOptions {
    /// Whether the file of predictions (predictions.csv of train) has the probability of each class: yes or
    /// no
    #[arg(long, value_name = "ANSWER", default_value = "yes", action = ArgAction::Set, value_parser = answer())]
    pub(crate) probabilities: bool,
}

/// Prediction intervals.
#[derive(Debug, Args)]
pub(crate) struct IntervalOptions {
    /// Level of prediction intervals, such as 0.9: the targets of about 90 percent of new rows are between low and
    /// high. For a regression that was trained with --recipe bagging, the default
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) interval: Option<f64>,
}

/// The level in a text. Its largest value depends on the model, and so does the fraction that a percentage means.
fn level(text: &str) -> Result<f64, &'static str> {
    let level: f64 =
        text.parse().map_err(|_| "expected a number such as 0.9, without a percent sign")?;
    if level.is_finite() && level >= 0.5 {
        Ok(level)
    } else {
        Err("expected a number of at least 0.5, such as 0.9")
    }
}

impl IntervalOptions {
    /// Predictions with intervals, if they are asked for.
    ///
    /// # Errors
    /// If the model has none, or not of this level.
    pub(crate) fn apply(
        &self,
        layout: CsvLayout,
        predictor: &Predictor,
    ) -> anyhow::Result<CsvLayout> {
        let Some(level) = self.interval else { return Ok(layout) };
        predictor.check_level(level).map_err(with_interval)?;
        Ok(layout.with_intervals(level))
    }
}

/// Names the options that an error about intervals is about.
pub(crate) fn with_interval(error: Error) -> anyhow::Error {
    match error {
        Error::NoIntervals { task: Task::Regression } => {
            anyhow!("--interval: {error} (see --recipe of nnfs train)")
        }
        Error::NoIntervals { .. } | Error::Intervals(_) => anyhow!("--interval: {error}"),
        error => with_delimiter(error),
    }
}

/// A parser of yes or no.
fn answer() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["yes", "no"]).map(|answer| answer == "yes")
}

/// A file of predictions that is larger than this gets a warning before it is written.
const LARGE: u64 = 100_000_000;

/// Warns before a file of predictions becomes large.
pub(crate) fn warn_of_size(predictor: &Predictor, rows: usize, layout: &CsvLayout, file: &str) {
    let bytes = predictor.csv_bytes(rows, layout);
    if bytes > LARGE {
        let (megabytes, classes) = (bytes / 1_000_000, predictor.classes().len());
        let hint = match classes {
            0 => String::new(),
            _ => format!(
                ", with {classes} probabilities in each; --probabilities no leaves them out"
            ),
        };
        warn(&format!("warning: {file} will have about {megabytes} MB: {rows} rows{hint}"));
    }
}

impl ProbabilityOptions {
    /// Predictions with or without probabilities.
    pub(crate) fn layout(&self) -> CsvLayout {
        let layout = CsvLayout::new();
        if self.probabilities { layout } else { layout.without_probabilities() }
    }
}

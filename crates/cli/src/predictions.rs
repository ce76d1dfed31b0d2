//! What the commands that write predictions share.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args};
use nnfs_console::warn;
use nnfs_tabular::{CsvLayout, Predictor};

/// What a CSV file of predictions has.
#[derive(Debug, Args)]
pub(crate) struct ProbabilityOptions {
    /// Whether the file of predictions (predictions.csv of train) has the probability of each class: yes or
    /// no
    #[arg(long, value_name = "ANSWER", default_value = "yes", action = ArgAction::Set, value_parser = answer())]
    pub(crate) probabilities: bool,
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

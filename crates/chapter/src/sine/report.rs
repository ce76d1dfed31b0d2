//! `report.html`: the runs one by one, side by side, and beside what the chapter printed.

use nnfs::metrics::{Tolerance, r2};
use nnfs::tensor::Tensor;
use nnfs_report::{Curve, Fact, ListedLine, ListedRun, Listing, Picture, Report, RunReport};

use super::book::{Expected, Line};
use super::choices::Arithmetic;
use super::lesson::{lesson, verdict};
use super::network::{tolerance, watched_rows};
use super::runs::{Label, Run};
use super::train::TrainedRun;
use crate::Samples;
use crate::log::{self, LOG_EVERY};
use crate::report::shown_accuracy;

const TITLE: &str = "Learning one period of a sine";

const INTRODUCTION: &str = "The runs of chapter 17 (regression) of Neural Networks from Scratch: \
    networks learn y = sin(2πx) from 1000 samples, with different first weights and learning rates. \
    Accuracy is the fraction of predictions within a tolerance, a 250th of the standard deviation of \
    the targets.";

/// What is wrong with the lines that the chapter prints under run 5.
pub const MISPRINT: &str = "Under this run the chapter prints the lines of run 9 again. They start with a \
    loss of 0.496, which is impossible with first weights of 0.01: all such runs start with 0.500. The \
    code of the chapter prints other lines with these settings, and ours are compared with those.";

/// The settings that all runs of a report share.
#[derive(Debug, Clone, Copy)]
pub struct ReportSettings {
    /// The arithmetic.
    pub arithmetic: Arithmetic,
    /// The seed of the first weights.
    pub seed: u32,
    /// The number of epochs.
    pub epochs: usize,
}

/// The report of runs that were started, with a warning if some were not, or were stopped.
pub fn report(
    settings: ReportSettings,
    runs: &[(&Run, &TrainedRun)],
    data: &Samples<f64>,
    warning: Option<String>,
) -> Report {
    let shown: Vec<RunReport> =
        runs.iter().map(|(run, trained)| run_report(run, trained, data)).collect();
    let verdicts: Vec<_> = shown.iter().map(|run| run.verdict.kind).collect();
    Report {
        title: TITLE.to_owned(),
        introduction: INTRODUCTION.to_owned(),
        facts: vec![
            Fact::new("arithmetic", settings.arithmetic.to_string()),
            Fact::new("seed", settings.seed.to_string()),
            Fact::new("epochs", settings.epochs.to_string()),
        ],
        warnings: warning.into_iter().collect(),
        lesson: (runs.len() > 1)
            .then(|| lesson(&runs.iter().map(|(run, _)| *run).collect::<Vec<_>>(), &verdicts)),
        listing: listing(settings, runs),
        runs: shown,
    }
}

fn run_report(run: &Run, trained: &TrainedRun, data: &Samples<f64>) -> RunReport {
    let TrainedRun { training, predictions, layers } = trained;
    let predictions = Tensor::from_column_slice(predictions.len(), 1, predictions);
    let explained = r2(&predictions, &data.targets).expect("a prediction for each target");
    let tolerance = tolerance(&data.targets).map(Tolerance::value).ok();
    let rows = watched_rows();
    let pick = |values: &Tensor<f64>| rows.iter().map(|&row| values[row]).collect();
    RunReport {
        name: run.title(),
        facts: vec![
            Fact::new("network", run.network()),
            Fact::new("first weights", run.init.to_string()),
            Fact::new("optimizer", run.optimizer.to_string()),
            Fact::new("loss", run.loss.build::<f64>().description().kind.replace('_', " ")),
        ],
        verdict: verdict(training, explained),
        metric: tolerance
            .map(|tolerance| shown_accuracy(format!("Within {tolerance:.4} of the target."))),
        epochs: training.epochs.clone(),
        epochs_file: Some("metrics.csv".to_owned()),
        list_every: LOG_EVERY,
        epochs_are_starts: true,
        watched_rows: format!("{} of {} samples", rows.len(), data.inputs.nrows()),
        frames: training.frames.clone(),
        picture: Picture::Curve(Curve {
            inputs: pick(&data.inputs),
            targets: pick(&data.targets),
            tolerance,
        }),
        tables: vec![layers.clone()],
        ..RunReport::default()
    }
}

/// The lines that the chapter prints. It has them for its own first weights only.
fn listing(settings: ReportSettings, runs: &[(&Run, &TrainedRun)]) -> Option<Listing> {
    let chapter = |(run, trained): &(&Run, &TrainedRun)| match run.label {
        Label::Chapter(number) => Some(listed(run, &Expected::of(number), trained)),
        _ => None,
    };
    let runs: Vec<ListedRun> = runs.iter().filter_map(chapter).collect();
    (settings.seed == 0 && !runs.is_empty()).then(|| Listing {
        introduction: format!(
            "The lines that the chapter prints for its runs, beside the same lines of these \
             runs, which were computed {}.",
            match settings.arithmetic {
                Arithmetic::Numpy => "with the roundings of NumPy, as in the book",
                Arithmetic::F32 => "in f32, which rounds in other places than the book",
                Arithmetic::F64 => "in f64, which rounds less often than the book",
            }
        ),
        runs,
    })
}

fn listed(run: &Run, expected: &Expected, trained: &TrainedRun) -> ListedRun {
    let ours = |number| {
        let mut epochs = trained.training.epochs.iter();
        epochs.find(|epoch| epoch.epoch == number).map(log::line)
    };
    let corrected = |epoch| {
        let mut lines = expected.really_printed.iter().flatten();
        lines.find(|line| line.epoch == epoch).map(|line| line.text.clone())
    };
    let line = |line: &Line| ListedLine {
        printed: line.text.clone(),
        corrected: corrected(line.epoch),
        ours: ours(line.epoch),
    };
    ListedRun {
        name: run.title(),
        erratum: expected.really_printed.as_ref().map(|_| MISPRINT.to_owned()),
        lines: expected.printed.iter().map(line).collect(),
    }
}

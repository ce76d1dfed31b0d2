//! `report.html`: the runs one by one, side by side, and beside what the chapter printed.

use nnfs_metrics::{Tolerance, r2};
use nnfs_report::{Curve, Fact, ListedLine, ListedRun, Listing, Picture, Report, RunReport};
use nnfs_tensor::Tensor;

use super::super::record::{LOG_EVERY, Record};
use super::super::report::{accuracy, epochs};
use super::super::training::Data;
use super::book::{Expected, Line};
use super::choices::Arithmetic;
use super::lesson::{lesson, verdict};
use super::network::{tolerance, watched_rows};
use super::options::SineOptions;
use super::runs::{Label, Run};
use super::train::Outcome;

const TITLE: &str = "Learning one period of a sine";

const INTRODUCTION: &str = "The runs of chapter 17 (regression) of Neural Networks from Scratch: \
    one network after another learns y = sin(2πx) from 1000 samples, with other first weights and \
    other learning rates. Accuracy is the share of predictions within a tolerance, a 250th of the \
    standard deviation of the targets.";

const MISPRINT: &str = "Under this run the chapter prints the lines of run 9 once more. They begin \
    with loss 0.496, which first weights of 0.01 cannot give: all such runs begin with 0.500. The \
    chapter's own code prints other lines with these settings, and ours are held against those.";

/// The page of all runs that have begun; a warning says what is missing.
pub(crate) fn report(
    options: &SineOptions,
    runs: &[Run],
    outcomes: &[Outcome],
    data: &Data<f64>,
    warning: Option<String>,
) -> Report {
    let shown: Vec<RunReport> =
        runs.iter().zip(outcomes).map(|(run, outcome)| shown(run, outcome, data)).collect();
    let verdicts: Vec<_> = shown.iter().map(|run| run.verdict.kind).collect();
    Report {
        title: TITLE.to_owned(),
        introduction: INTRODUCTION.to_owned(),
        facts: vec![
            Fact::new("arithmetic", options.arithmetic.to_string()),
            Fact::new("seed", options.seed.to_string()),
            Fact::new("epochs", options.epochs.to_string()),
        ],
        warnings: warning.into_iter().collect(),
        lesson: (runs.len() > 1).then(|| lesson(runs, &verdicts)),
        listing: listing(options, runs, outcomes),
        runs: shown,
    }
}

fn shown(run: &Run, outcome: &Outcome, data: &Data<f64>) -> RunReport {
    let Outcome { history, predictions, layers } = outcome;
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
            Fact::new("loss", run.loss.to_string()),
        ],
        verdict: verdict(history, explained),
        metric: tolerance
            .map(|tolerance| accuracy(format!("Within {tolerance:.4} of the target."))),
        epochs: epochs(history),
        epochs_file: Some("metrics.csv".to_owned()),
        list_every: LOG_EVERY as usize,
        epochs_are_starts: true,
        watched_rows: format!("{} of {} samples", rows.len(), data.inputs.nrows()),
        frames: history.frames.clone(),
        picture: Picture::Curve(Curve {
            inputs: pick(&data.inputs),
            targets: pick(&data.targets),
            tolerance,
        }),
        tables: vec![layers.clone()],
        ..RunReport::default()
    }
}

/// What the chapter printed; of other first weights than its own it says nothing.
fn listing(options: &SineOptions, runs: &[Run], outcomes: &[Outcome]) -> Option<Listing> {
    let chapter = |(run, outcome): (&Run, &Outcome)| match run.label {
        Label::Chapter(number) => Some(listed(run, &Expected::of(number), outcome)),
        _ => None,
    };
    let runs: Vec<ListedRun> = runs.iter().zip(outcomes).filter_map(chapter).collect();
    (options.seed == 0 && !runs.is_empty()).then(|| Listing {
        introduction: format!(
            "The lines that the chapter prints of its runs, and the same lines of these runs, \
             which computed {}.",
            match options.arithmetic {
                Arithmetic::Numpy => "with the roundings of NumPy, as the book does",
                Arithmetic::F32 => "in f32: the book rounds in other places",
                Arithmetic::F64 => "in f64: the book rounds more often",
            }
        ),
        runs,
    })
}

fn listed(run: &Run, expected: &Expected, outcome: &Outcome) -> ListedRun {
    let ours = |epoch| {
        let mut records = outcome.history.records.iter();
        records.find(|record| record.epoch == epoch).map(Record::log_line)
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

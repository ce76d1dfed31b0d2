//! The chapter's lesson: which first weights and which learning rates learn, and which get stuck.

use nnfs_report::{Cell, Lesson, Verdict, VerdictKind};

use super::super::record::{Record, short};
use super::super::report::cut_short;
use super::super::training::History;
use super::runs::Run;

/// A network that leaves more of the targets' variance than this unexplained has not learned.
const UNEXPLAINED: f64 = 0.01;

/// A loss that has not fallen by this share over the second half of a training falls no more.
const STILL_FALLING: f64 = 0.1;

/// One that has learned is unsteady if its accuracy is below this half of the time.
const STEADY: f64 = 0.75;

/// The last logged epochs, which show whether it is steady.
const LAST: usize = 11;

const TEXT: &str = "Whether a network learns at all is decided by the size of its first weights and \
    by the learning rate. The chapter searches for a factor of the weights; the initializations of \
    Glorot and He take their size from the width of the layers instead. Learned:";

const CELLS: &str = "Each cell tells the accuracy at the last epoch, the share of predictions within \
    the tolerance. It jumps from epoch to epoch, so that a run that has learned may happen to end with \
    a lower one: learned means that 99 % of the targets' variance is explained, and that the accuracy \
    is 75 % or more at half of the last logged epochs.";

/// The runs by their first weights and their learning rates, in the order of their rates.
pub(crate) fn lesson(runs: &[Run], verdicts: &[VerdictKind]) -> Lesson {
    let mut rates: Vec<(f64, String)> = Vec::new();
    let mut rows: Vec<String> = Vec::new();
    for run in runs {
        let rate = (run.optimizer.learning_rate, column(run));
        if !rates.contains(&rate) {
            rates.push(rate);
        }
        if !rows.contains(&row(run)) {
            rows.push(row(run));
        }
    }
    rates.sort_by(|left, right| left.0.total_cmp(&right.0));
    let columns: Vec<String> = rates.into_iter().map(|(_, name)| name).collect();
    let place = |names: &[String], name| names.iter().position(|found| *found == name);
    let cell = |(index, run): (usize, &Run)| {
        let (row, column) = place(&rows, row(run)).zip(place(&columns, column(run)))?;
        Some(Cell { row, column, run: index })
    };
    Lesson {
        text: format!("{TEXT} {}. {CELLS}", learned(&rows, runs, verdicts)),
        row_name: "first weights".to_owned(),
        column_name: "learning rate".to_owned(),
        cells: runs.iter().enumerate().filter_map(cell).collect(),
        rows,
        columns,
        ..Lesson::default()
    }
}

/// How many of each row have learned, steadily or not.
fn learned(rows: &[String], runs: &[Run], verdicts: &[VerdictKind]) -> String {
    let of = |name: &String| {
        let row = runs.iter().zip(verdicts).filter(|(run, _)| row(run) == *name);
        let (learned, all) = row.fold((0, 0), |(learned, all), (_, verdict)| {
            let fits = matches!(verdict, VerdictKind::Learned | VerdictKind::Unsteady);
            (learned + usize::from(fits), all + 1)
        });
        format!("{learned} of {all} from {name}")
    };
    rows.iter().map(of).collect::<Vec<_>>().join("; ")
}

fn row(run: &Run) -> String {
    match run.hidden.len() {
        1 => format!("{}, one hidden layer", run.init),
        _ => run.init.to_string(),
    }
}

fn column(run: &Run) -> String {
    let optimizer = run.optimizer;
    match optimizer.decay {
        0.0 => optimizer.learning_rate.to_string(),
        decay => format!("{}, decay {decay}", optimizer.learning_rate),
    }
}

/// What came of a run that explains this share of the targets' variance.
pub(crate) fn verdict(history: &History, explained: f64) -> Verdict {
    if let Some(verdict) = cut_short(history) {
        return verdict;
    }
    let last = history.end.as_ref().expect("it has ended");
    let found = format!("accuracy {}, loss {}", percent(last.accuracy), short(last.loss()));
    if 1.0 - explained > UNEXPLAINED {
        return unlearned(history, last, &found, 1.0 - explained);
    }
    let from = history.records.len().saturating_sub(LAST);
    let mut accuracies: Vec<f64> =
        history.records[from..].iter().map(|record| record.accuracy).collect();
    accuracies.sort_by(f64::total_cmp);
    let (lowest, median) = (accuracies[0], accuracies[accuracies.len() / 2]);
    if median < STEADY {
        let highest = accuracies[accuracies.len() - 1];
        let text = format!(
            "It fits the curve, but over the last epochs its accuracy jumps between {} and {}: \
             {found} at the end.",
            percent(lowest),
            percent(highest),
        );
        return Verdict { kind: VerdictKind::Unsteady, text };
    }
    Verdict { kind: VerdictKind::Learned, text: format!("It fits the curve: {found} at the end.") }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn unlearned(history: &History, last: &Record, found: &str, unexplained: f64) -> Verdict {
    let half = &history.curve[history.curve.partition_point(|r| 2 * r.epoch < last.epoch)];
    let missing = format!("{} of the targets' variance is not explained", percent(unexplained));
    if last.loss() < (1.0 - STILL_FALLING) * half.loss() {
        let text = format!("Its loss is still falling: {found}; {missing}.");
        return Verdict { kind: VerdictKind::Learning, text };
    }
    let text = format!("Its loss does not fall any more: {found}; {missing}.");
    Verdict { kind: VerdictKind::Stuck, text }
}

#[cfg(test)]
mod tests {
    use super::super::book::{Expected, GoldenRow};
    use super::super::runs;
    use super::*;

    /// The chapter's run with the golden rows for records.
    fn history(run: u8, rows: usize) -> History {
        let golden = Expected::of(run).golden;
        let records: Vec<Record> = golden[..rows].iter().map(GoldenRow::record).collect();
        History {
            curve: records.clone(),
            frames: Vec::new(),
            end: Ok(records[rows - 1]),
            records,
            interrupted: false,
            seconds: 0.0,
        }
    }

    /// The loss is the mean squared error, and the targets' variance is a half.
    fn kind(run: u8, rows: usize) -> VerdictKind {
        let history = history(run, rows);
        let loss = history.records[rows - 1].loss();
        verdict(&history, 1.0 - loss / 0.5).kind
    }

    #[test]
    fn the_verdicts_are_those_of_the_chapter() {
        use VerdictKind::{Learned, Learning, Stuck, Unsteady};
        let kinds: Vec<VerdictKind> = (1..=9).map(|run| kind(run, 101)).collect();
        let expected = [Stuck, Stuck, Stuck, Stuck, Learned, Learned, Learned, Unsteady, Learned];
        assert_eq!(kinds, expected);
        assert_eq!(kind(6, 3), Learning);
        assert_eq!(kind(1, 1), Stuck);
        let stopped = History { interrupted: true, ..history(9, 50) };
        assert_eq!(verdict(&stopped, 1.0).kind, VerdictKind::Interrupted);
    }

    #[test]
    fn every_run_has_its_place() {
        let runs = [runs::chapter(), runs::extras()].concat();
        let Lesson { text, rows, columns, cells, .. } = lesson(&runs, &[VerdictKind::Learned; 13]);
        assert_eq!(
            rows,
            [
                "normal:0.01, one hidden layer",
                "normal:0.01",
                "normal:0.1",
                "glorot-uniform",
                "he-normal"
            ]
        );
        let decayed = ["0.001", "0.005, decay 0.001", "0.01, decay 0.001", "0.05, decay 0.001"];
        assert_eq!(columns, decayed);
        assert!(
            text.contains("Learned: 1 of 1 from normal:0.01, one hidden layer; 4 of 4 from"),
            "{text}"
        );
        assert_eq!(cells.len(), runs.len());
        let nine = cells.iter().find(|cell| cell.run == 8).unwrap();
        assert_eq!((nine.row, nine.column), (2, 1));
    }
}

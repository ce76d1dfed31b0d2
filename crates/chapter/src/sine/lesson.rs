//! The lesson of the chapter: with which first weights and which learning rates a network learns, and
//! with which it gets stuck.

use nnfs::model::Epoch;
use nnfs_report::{Cell, Lesson, Verdict, VerdictKind};

use super::runs::Run;
use crate::Trained;
use crate::log::{accuracy, short};
use crate::report::verdict_of_unfinished;

/// A network has learned if it leaves at most this fraction of the targets' variance unexplained.
const UNEXPLAINED: f64 = 0.01;

/// A loss is still falling if it fell by this fraction over the second half of the training.
const STILL_FALLING: f64 = 0.1;

/// A network that has learned is unsteady if its accuracy is below this in half of the last epochs.
const STEADY: f64 = 0.75;

/// How many of the last logged epochs are looked at for that.
const LAST: usize = 11;

const TEXT: &str = "The size of the first weights and the learning rate decide whether a network \
    learns at all. The chapter finds the factor of the weights by trial; the initializations of Glorot \
    and He compute it from the width of the layers. Learned:";

const CELLS: &str = "Each cell shows the accuracy at the last epoch: the fraction of predictions within \
    the tolerance. It jumps from epoch to epoch, so a run that has learned may end with a low one.";

/// The kinds of verdicts, in the order of the page.
const KINDS: [VerdictKind; 6] = [
    VerdictKind::Learned,
    VerdictKind::Unsteady,
    VerdictKind::Learning,
    VerdictKind::Stuck,
    VerdictKind::Diverged,
    VerdictKind::Interrupted,
];

/// The runs in a grid of first weights and learning rates, with the rates in ascending order.
pub fn lesson(runs: &[&Run], verdicts: &[VerdictKind]) -> Lesson {
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
    let cell = |(index, run): (usize, &&Run)| {
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
        verdicts: KINDS
            .into_iter()
            .filter(|kind| verdicts.contains(kind))
            .map(definition)
            .collect(),
    }
}

/// What a kind of verdict means.
fn definition(kind: VerdictKind) -> Verdict {
    let (explained, steady) = (100.0 * (1.0 - UNEXPLAINED), 100.0 * STEADY);
    let (falling, explains) = (100.0 * STILL_FALLING, "of the targets' variance");
    let text = match kind {
        VerdictKind::Learned => format!(
            "The predictions explain {explained} % or more {explains}, and the median accuracy of the \
             last {LAST} logged epochs is {steady} % or more.",
        ),
        VerdictKind::Unsteady => format!(
            "The predictions explain {explained} % or more {explains}, but the median accuracy of the \
             last {LAST} logged epochs is below {steady} %.",
        ),
        VerdictKind::Learning => format!(
            "The predictions explain less than {explained} % {explains}, but the loss fell by more than \
             {falling} % over the second half of the training.",
        ),
        VerdictKind::Stuck => format!(
            "The predictions explain less than {explained} % {explains}, and the loss fell by {falling} % \
             or less over the second half of the training.",
        ),
        VerdictKind::Diverged => "The numbers became too large to compute with.".to_owned(),
        _ => "The run was stopped before its last epoch.".to_owned(),
    };
    Verdict { kind, text }
}

/// How many runs of each row have learned, steadily or not.
fn learned(rows: &[String], runs: &[&Run], verdicts: &[VerdictKind]) -> String {
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

/// The verdict on a run that explains this fraction of the targets' variance.
pub fn verdict(trained: &Trained, explained: f64) -> Verdict {
    if let Some(verdict) = verdict_of_unfinished(trained) {
        return verdict;
    }
    let last = trained.last().expect("a training that is done has a last epoch");
    let found = format!("accuracy {}, loss {}", percent(accuracy(last)), short(last.loss()));
    if 1.0 - explained > UNEXPLAINED {
        return unlearned(trained, last, &found, 1.0 - explained);
    }
    let mut accuracies: Vec<f64> = trained.logged().rev().take(LAST).map(accuracy).collect();
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

fn unlearned(trained: &Trained, last: &Epoch, found: &str, unexplained: f64) -> Verdict {
    let epochs = &trained.epochs;
    let half = &epochs[epochs.partition_point(|epoch| 2 * epoch.epoch < last.epoch)];
    let missing = format!("{} of the targets' variance is not explained", percent(unexplained));
    if last.loss() < (1.0 - STILL_FALLING) * half.loss() {
        let text = format!("Its loss is still falling: {found}; {missing}.");
        return Verdict { kind: VerdictKind::Learning, text };
    }
    let text = format!("Its loss no longer falls: {found}; {missing}.");
    Verdict { kind: VerdictKind::Stuck, text }
}

#[cfg(test)]
mod tests {
    use nnfs::model::End;

    use super::super::book::{Expected, GoldenRow};
    use super::super::runs;
    use super::*;

    /// A run of the chapter that computed the golden values.
    fn trained(run: u8, rows: usize, end: End) -> Trained {
        let golden = Expected::of(run).golden;
        let epochs = golden[..rows].iter().map(GoldenRow::results).collect();
        Trained { epochs, frames: Vec::new(), end: Ok(end) }
    }

    /// The loss is the mean squared error, and the targets' variance is a half.
    fn kind(run: u8, rows: usize) -> VerdictKind {
        let trained = trained(run, rows, End::Done);
        let loss = trained.epochs[rows - 1].loss();
        verdict(&trained, 1.0 - loss / 0.5).kind
    }

    #[test]
    fn the_verdicts_are_those_of_the_chapter() {
        use VerdictKind::{Learned, Learning, Stuck, Unsteady};
        let kinds: Vec<VerdictKind> = (1..=9).map(|run| kind(run, 101)).collect();
        let expected = [Stuck, Stuck, Stuck, Stuck, Learned, Learned, Learned, Unsteady, Learned];
        assert_eq!(kinds, expected);
        assert_eq!(kind(6, 3), Learning);
        assert_eq!(kind(1, 1), Stuck);
        let stopped = trained(9, 50, End::StoppedByObserver);
        assert_eq!(verdict(&stopped, 1.0).kind, VerdictKind::Interrupted);
    }

    #[test]
    fn every_run_has_its_place() {
        let runs = [runs::chapter(), runs::extras()].concat();
        let mut verdicts = [VerdictKind::Learned; 13];
        verdicts[0] = VerdictKind::Stuck;
        let Lesson { text, rows, columns, cells, verdicts, .. } =
            lesson(&runs.iter().collect::<Vec<_>>(), &verdicts);
        let kinds: Vec<VerdictKind> = verdicts.iter().map(|verdict| verdict.kind).collect();
        assert_eq!(kinds, [VerdictKind::Learned, VerdictKind::Stuck]);
        assert!(verdicts[0].text.contains("explain 99 %"), "{}", verdicts[0].text);
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
            text.contains("Learned: 0 of 1 from normal:0.01, one hidden layer; 4 of 4 from"),
            "{text}"
        );
        assert_eq!(cells.len(), runs.len());
        let nine = cells.iter().find(|cell| cell.run == 8).unwrap();
        assert_eq!((nine.row, nine.column), (2, 1));
    }
}

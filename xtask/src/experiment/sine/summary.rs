//! The table at the end: what every run has come to.

use super::super::record::Record;
use super::book::{Expected, Line};
use super::runs::{Label, Run};
use super::train::Outcome;
use crate::table::table;

/// A row a run: its settings, its last epoch, and how many of the chapter's lines came out.
pub(crate) fn summary(runs: &[Run], outcomes: &[Outcome], epochs: u64) -> String {
    let columns = [
        ("run", true),
        ("network", false),
        ("init", false),
        ("optimizer", false),
        ("accuracy", true),
        ("loss", true),
        ("seconds", true),
        ("printed lines", false),
    ];
    let rows = runs.iter().zip(outcomes).map(|(run, outcome)| {
        let history = &outcome.history;
        let [accuracy, loss] = history.cells();
        vec![
            run.label.to_string(),
            run.network(),
            run.init.to_string(),
            run.optimizer.to_string(),
            accuracy,
            loss,
            format!("{:.1}", history.seconds),
            printed_lines(run.label, &history.records, epochs),
        ]
    });
    table(&columns, rows.collect())
}

/// `4/4`: how many of the lines in the chapter came out, of those that this many epochs reach.
///
/// Where the chapter prints other lines than its code, both are told.
fn printed_lines(label: Label, records: &[Record], epochs: u64) -> String {
    let Label::Chapter(run) = label else { return "-".to_owned() };
    let Expected { printed, really_printed, .. } = Expected::of(run);
    let share = |lines: &[Line]| {
        let reached = lines.iter().filter(|line| line.epoch < epochs);
        let found = |line: &&Line| {
            records
                .iter()
                .any(|record| record.epoch == line.epoch && record.log_line() == line.text)
        };
        format!("{}/{}", reached.clone().filter(found).count(), reached.count())
    };
    match really_printed {
        None => share(&printed),
        Some(lines) => format!("{} ({} as its code prints)", share(&printed), share(&lines)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::book::GoldenRow;
    use super::*;

    fn records(run: u8) -> Vec<Record> {
        Expected::of(run).golden.iter().map(GoldenRow::record).collect()
    }

    #[test]
    fn lines_are_counted_as_far_as_the_epochs_go() {
        let of = |run, epochs| printed_lines(Label::Chapter(run), &records(run), epochs);
        assert_eq!(of(8, 10_001), "13/13");
        assert_eq!(of(9, 10_001), "4/4");
        assert_eq!(of(9, 101), "2/2");
        assert_eq!(of(5, 10_001), "0/4 (4/4 as its code prints)");
        assert_eq!(printed_lines(Label::Chapter(9), &records(9)[..2], 10_001), "2/4");
        assert_eq!(printed_lines(Label::Chapter(2), &records(1), 10_001), "1/4");
        assert_eq!(printed_lines(Label::Extra, &records(1), 10_001), "-");
    }
}

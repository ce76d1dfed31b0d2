//! The table at the end.

use nnfs_chapter::Trained;
use nnfs_chapter::log;
use nnfs_chapter::sine::{Expected, Label, Line};
use nnfs_console::Alignment::{Left, Right};
use nnfs_console::table;

use super::Timed;

/// One row for each run: its settings, its last epoch, and how many lines of the chapter it printed.
pub(super) fn summary(finished: &[Timed], epochs: usize) -> String {
    let columns = [
        ("run", Right),
        ("network", Left),
        ("init", Left),
        ("optimizer", Left),
        ("accuracy", Right),
        ("loss", Right),
        ("seconds", Right),
        ("printed lines", Left),
    ];
    let rows = finished.iter().map(|Timed { run, trained, seconds }| {
        let [accuracy, loss] = trained.training.cells();
        vec![
            run.label.to_string(),
            run.network(),
            run.init.to_string(),
            run.optimizer.to_string(),
            accuracy,
            loss,
            format!("{seconds:.1}"),
            printed_lines(run.label, &trained.training, epochs),
        ]
    });
    table(&columns, &rows.collect::<Vec<_>>())
}

/// `4/4`: how many of the lines in the chapter the run printed, of those that so many epochs reach.
/// Under run 5, where the chapter prints other lines than its code, both numbers.
fn printed_lines(label: Label, trained: &Trained, epochs: usize) -> String {
    let Label::Chapter(run) = label else { return "-".to_owned() };
    let Expected { printed, really_printed, .. } = Expected::of(run);
    let share = |lines: &[Line]| {
        let reached = lines.iter().filter(|line| line.epoch < epochs);
        let found = |line: &&Line| {
            trained.logged().any(|epoch| epoch.epoch == line.epoch && log::line(epoch) == line.text)
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
    use nnfs::model::End;
    use nnfs_chapter::sine::GoldenRow;

    use super::*;

    /// A run that computed the first golden values.
    fn trained(run: u8, rows: usize) -> Trained {
        let golden = Expected::of(run).golden;
        let epochs = golden.iter().take(rows).map(GoldenRow::results).collect();
        Trained { epochs, frames: Vec::new(), end: Ok(End::Done) }
    }

    #[test]
    fn lines_are_counted_as_far_as_the_epochs_go() {
        let of = |run, epochs| printed_lines(Label::Chapter(run), &trained(run, 101), epochs);
        assert_eq!(of(8, 10_001), "13/13");
        assert_eq!(of(9, 10_001), "4/4");
        assert_eq!(of(9, 101), "2/2");
        assert_eq!(of(5, 10_001), "0/4 (4/4 as its code prints)");
        assert_eq!(printed_lines(Label::Chapter(9), &trained(9, 2), 10_001), "2/4");
        assert_eq!(printed_lines(Label::Chapter(2), &trained(1, 101), 10_001), "1/4");
        assert_eq!(printed_lines(Label::Extra, &trained(1, 101), 10_001), "-");
    }
}

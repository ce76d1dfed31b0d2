//! What the book prints and what its NumPy code computes, from the files in `data`.

use std::fmt::Debug;
use std::str::FromStr;

use nnfs::model::Epoch;

use crate::log;

/// Under run 5 the chapter prints the lines of run 9.
const MISPRINTED_RUN: u8 = 5;

/// An epoch as the NumPy program computes it.
#[derive(Debug, Clone, PartialEq)]
pub struct GoldenRow {
    /// Its number, from 0.
    pub epoch: usize,
    /// The accuracy before the step.
    pub accuracy: f64,
    /// The loss before the step.
    pub loss: f64,
    /// The learning rate of the step before.
    pub learning_rate: f64,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The number of its epoch.
    pub epoch: usize,
    /// The line.
    pub text: String,
}

/// What one of the nine runs has to compute.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The number of the run, from 1.
    pub run: u8,
    /// Every 100th epoch.
    pub golden: Vec<GoldenRow>,
    /// The lines in the chapter.
    pub printed: Vec<Line>,
    /// The lines that the chapter's code prints at these epochs, if they are different.
    pub really_printed: Option<Vec<Line>>,
}

impl Expected {
    /// What the run with this number has to compute.
    ///
    /// ```
    /// use nnfs_chapter::sine::Expected;
    /// let first = Expected::of(1);
    /// assert_eq!((first.golden[0].epoch, first.golden[1].epoch), (0, 100));
    /// ```
    ///
    /// # Panics
    /// If it is not one of the nine.
    pub fn of(run: u8) -> Self {
        let golden = golden(run);
        let printed = printed(run);
        let really_printed = (run == MISPRINTED_RUN).then(|| {
            let rows =
                golden.iter().filter(|row| printed.iter().any(|line| line.epoch == row.epoch));
            rows.map(GoldenRow::line).collect()
        });
        Self { run, golden, printed, really_printed }
    }
}

impl GoldenRow {
    /// The row as the results of an epoch.
    pub fn results(&self) -> Epoch {
        Epoch {
            data_loss: self.loss,
            metrics: vec![(log::ACCURACY.to_owned(), self.accuracy)],
            learning_rate: self.learning_rate,
            ..Epoch::new(self.epoch)
        }
    }

    /// The row as the chapter's code prints it.
    fn line(&self) -> Line {
        Line { epoch: self.epoch, text: log::line(&self.results()) }
    }
}

fn golden(run: u8) -> Vec<GoldenRow> {
    let files = [
        include_str!("../../data/golden/run-1.csv"),
        include_str!("../../data/golden/run-2.csv"),
        include_str!("../../data/golden/run-3.csv"),
        include_str!("../../data/golden/run-4.csv"),
        include_str!("../../data/golden/run-5.csv"),
        include_str!("../../data/golden/run-6.csv"),
        include_str!("../../data/golden/run-7.csv"),
        include_str!("../../data/golden/run-8.csv"),
        include_str!("../../data/golden/run-9.csv"),
    ];
    let rows = fields::<4>(files[usize::from(run) - 1], "epoch,accuracy,loss,learning_rate");
    rows.map(|[epoch, accuracy, loss, learning_rate]| GoldenRow {
        epoch: number(epoch),
        accuracy: number(accuracy),
        loss: number(loss),
        learning_rate: number(learning_rate),
    })
    .collect()
}

/// The lines of the chapter, made from the texts of their numbers.
fn printed(run: u8) -> Vec<Line> {
    let header = "run,epoch,acc,loss,data_loss,reg_loss,lr";
    let rows = fields::<7>(include_str!("../../data/printed_lines.csv"), header);
    rows.filter(|[number, ..]| *number == run.to_string())
        .map(|[_, epoch, acc, loss, data_loss, reg_loss, lr]| Line {
            epoch: number(epoch),
            text: format!(
                "epoch: {epoch}, acc: {acc}, loss: {loss} (data_loss: {data_loss}, \
                 reg_loss: {reg_loss}), lr: {lr}"
            ),
        })
        .collect()
}

/// The rows of a committed CSV file, which has this header and no quotes.
pub(crate) fn fields<'a, const N: usize>(
    text: &'a str,
    header: &str,
) -> impl Iterator<Item = [&'a str; N]> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(header), "the header of a committed file");
    lines.map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        fields.try_into().unwrap_or_else(|fields| panic!("expected {N} fields, found {fields:?}"))
    })
}

/// A number of a committed file.
pub(crate) fn number<N: FromStr<Err: Debug>>(text: &str) -> N {
    text.parse().unwrap_or_else(|error| panic!("{text:?} in a committed file: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_101_golden_rows_for_each_run_and_45_lines() {
        let runs: Vec<Expected> = (1..=9).map(Expected::of).collect();
        for Expected { golden, .. } in &runs {
            let epochs: Vec<usize> = golden.iter().map(|row| row.epoch).collect();
            assert_eq!(epochs, (0..=100).map(|index| 100 * index).collect::<Vec<_>>());
        }
        assert_eq!(runs.iter().map(|run| run.printed.len()).sum::<usize>(), 45);
    }

    /// The text of the chapter and the program agree, except for run 5.
    #[test]
    fn the_golden_rows_are_what_the_chapter_prints() {
        for run in (1..=9).filter(|&run| run != 5) {
            let Expected { golden, printed, really_printed, .. } = Expected::of(run);
            assert_eq!(really_printed, None, "run {run}");
            for line in printed {
                let row = golden.iter().find(|row| row.epoch == line.epoch).unwrap();
                assert_eq!(row.line(), line, "run {run}");
            }
        }
    }

    #[test]
    fn run_5_prints_something_else() {
        let Expected { printed, really_printed, .. } = Expected::of(5);
        let texts: Vec<String> =
            really_printed.unwrap().into_iter().map(|line| line.text).collect();
        assert_eq!(
            texts[0],
            "epoch: 0, acc: 0.002, loss: 0.500 (data_loss: 0.500, reg_loss: 0.000), lr: 0.005"
        );
        assert_eq!(texts.len(), 4);
        assert!(printed.iter().all(|line| !texts.contains(&line.text)));
        // The lines in the chapter are those of run 9.
        assert_eq!(printed, Expected::of(9).printed);
    }
}

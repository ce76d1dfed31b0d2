//! One logged epoch: the numbers, the line that the chapter prints of them, and a row of
//! `metrics.csv`.

use std::fmt::Write;

use nnfs_numpy::python_repr;

/// An epoch is logged when this divides its number, as in the chapter.
pub(crate) const LOG_EVERY: u64 = 100;

/// What was found at an epoch, before its step moved the parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Record {
    pub(crate) epoch: u64,
    pub(crate) accuracy: f64,
    pub(crate) data_loss: f64,
    pub(crate) regularization_loss: f64,
    /// That of the step before, which is what the chapter prints.
    pub(crate) learning_rate: f64,
    /// How the same parameters do on data that is not trained on, where there is any.
    pub(crate) test: Option<Score>,
}

/// How good predictions are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Score {
    pub(crate) accuracy: f64,
    pub(crate) loss: f64,
}

impl Record {
    /// What training makes small.
    pub(crate) fn loss(&self) -> f64 {
        self.data_loss + self.regularization_loss
    }

    /// Accuracy and loss, in words.
    pub(crate) fn verdict(&self) -> String {
        let loss = short(self.loss());
        format!("epoch {}: accuracy {:.3}, loss {loss}", self.epoch, self.accuracy)
    }

    /// The chapter's line, character for character.
    pub(crate) fn log_line(&self) -> String {
        format!(
            "epoch: {}, acc: {:.3}, loss: {:.3} (data_loss: {:.3}, reg_loss: {:.3}), lr: {}",
            self.epoch,
            self.accuracy,
            self.loss(),
            self.data_loss,
            self.regularization_loss,
            python_repr(self.learning_rate),
        )
    }

    /// A row of `metrics.csv`: `label,epoch,accuracy,data_loss,regularization_loss,loss,
    /// learning_rate`, and the test's accuracy and loss where there is a test. Every number in the
    /// fewest digits that read back as the same.
    fn csv_row(&self, label: &str) -> String {
        let mut numbers = vec![
            self.accuracy,
            self.data_loss,
            self.regularization_loss,
            self.loss(),
            self.learning_rate,
        ];
        numbers.extend(self.test.iter().flat_map(|test| [test.accuracy, test.loss]));
        let mut row = format!("{label},{}", self.epoch);
        for number in numbers {
            row.push(',');
            row.push_str(&python_repr(number));
        }
        row
    }
}

/// `run-N.log`: a line a logged epoch.
pub(crate) fn log(records: &[Record]) -> String {
    lines(records.iter().map(Record::log_line))
}

/// `metrics.csv`: the header, and then the rows of every run under its label.
pub(crate) fn metrics<'a>(
    header: &str,
    runs: impl IntoIterator<Item = (String, &'a [Record])>,
) -> String {
    let rows = runs.into_iter().flat_map(|(label, records)| {
        records.iter().map(move |record| record.csv_row(&label)).collect::<Vec<_>>()
    });
    lines(std::iter::once(header.to_owned()).chain(rows))
}

/// A loss in a few digits.
pub(crate) fn short(loss: f64) -> String {
    if loss == 0.0 || loss >= 1e-3 { format!("{loss:.4}") } else { format!("{loss:.2e}") }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |mut text, line| {
        writeln!(text, "{line}").expect("a string takes everything");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(test: Option<Score>) -> Record {
        Record {
            epoch: 10_000,
            accuracy: 0.0625,
            data_loss: 0.25,
            regularization_loss: 1.5e-5,
            learning_rate: 1e-5,
            test,
        }
    }

    /// Python: f'{0.0625:.3f}' is 0.062, and repr(1e-5) is 1e-05.
    #[test]
    fn a_line_is_that_of_python() {
        let line = "epoch: 10000, acc: 0.062, loss: 0.250 (data_loss: 0.250, reg_loss: 0.000), \
                    lr: 1e-05";
        assert_eq!(record(None).log_line(), line);
        assert_eq!(log(&[record(None)]), format!("{line}\n"));
    }

    #[test]
    fn a_row_has_every_digit() {
        let test = Some(Score { accuracy: 1.0, loss: 0.1 + 0.2 });
        let text = metrics("header", [("9".to_owned(), [record(None), record(test)].as_slice())]);
        assert_eq!(
            text,
            "header\n\
             9,10000,0.0625,0.25,1.5e-05,0.250015,1e-05\n\
             9,10000,0.0625,0.25,1.5e-05,0.250015,1e-05,1.0,0.30000000000000004\n"
        );
    }
}

//! Compares runs with the golden values of NumPy and with the printed lines of the chapter.

use std::fmt;

use nnfs::model::Epoch;
use nnfs::numpy::python_repr;

use super::book::{Expected, GoldenRow, Line};
use crate::log;

/// The largest relative difference between a loss and its golden value.
const LOSS_TOLERANCE: f64 = 1e-9;

/// How much was compared and found equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Passed {
    /// Runs.
    pub runs: usize,
    /// Epochs of the NumPy program.
    pub golden_rows: usize,
    /// Lines of the chapter.
    pub printed_lines: usize,
    /// Lines of run 5, as the code of the chapter prints them.
    pub really_printed_lines: Option<usize>,
}

/// The first difference.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("check failed: run {run}, epoch {epoch}: {what}: expected {expected}, found {found}")]
pub struct Difference {
    run: u8,
    epoch: usize,
    what: &'static str,
    expected: String,
    found: String,
}

impl Passed {
    /// Compares the first `epochs` epochs of a run, and counts them.
    ///
    /// `found` has the results of at least the logged epochs.
    ///
    /// # Errors
    /// The first difference; golden values are compared before lines.
    pub fn add(
        &mut self,
        expected: &Expected,
        found: &[Epoch],
        epochs: usize,
    ) -> Result<(), Difference> {
        let compared = Compared { run: expected.run, epochs: found };
        self.runs += 1;
        for row in expected.golden.iter().filter(|row| row.epoch < epochs) {
            compared.row(row)?;
            self.golden_rows += 1;
        }
        let (lines, count) = match &expected.really_printed {
            Some(lines) => (lines, self.really_printed_lines.get_or_insert_default()),
            None => (&expected.printed, &mut self.printed_lines),
        };
        for line in lines.iter().filter(|line| line.epoch < epochs) {
            compared.line(line)?;
            *count += 1;
        }
        Ok(())
    }
}

/// The epochs of a run that is compared.
struct Compared<'a> {
    run: u8,
    epochs: &'a [Epoch],
}

impl Compared<'_> {
    fn row(&self, row: &GoldenRow) -> Result<(), Difference> {
        let found = self.epoch(row.epoch)?;
        let accuracy = log::accuracy(found);
        let close = (found.loss() - row.loss).abs() <= LOSS_TOLERANCE * row.loss.abs();
        for (what, equal, expected, found) in [
            ("accuracy", accuracy == row.accuracy, row.accuracy, accuracy),
            ("loss", close, row.loss, found.loss()),
            (
                "learning rate",
                found.learning_rate == row.learning_rate,
                row.learning_rate,
                found.learning_rate,
            ),
        ] {
            if !equal {
                let (expected, found) = (python_repr(expected), python_repr(found));
                return Err(self.difference(row.epoch, what, expected, found));
            }
        }
        Ok(())
    }

    fn line(&self, line: &Line) -> Result<(), Difference> {
        let found = log::line(self.epoch(line.epoch)?);
        if found == line.text {
            return Ok(());
        }
        Err(self.difference(line.epoch, "printed line", line.text.clone(), found))
    }

    fn epoch(&self, epoch: usize) -> Result<&Epoch, Difference> {
        let found = self.epochs.iter().find(|found| found.epoch == epoch);
        found.ok_or_else(|| {
            self.difference(epoch, "logged epoch", "one".to_owned(), "none".to_owned())
        })
    }

    fn difference(
        &self,
        epoch: usize,
        what: &'static str,
        expected: String,
        found: String,
    ) -> Difference {
        Difference { run: self.run, epoch, what, expected, found }
    }
}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { runs, golden_rows, printed_lines, really_printed_lines } = self;
        let plural = if *runs == 1 { "" } else { "s" };
        write!(f, "check passed: {runs} run{plural}, {golden_rows} golden rows, ")?;
        write!(f, "{printed_lines} lines as printed")?;
        if let Some(lines) = really_printed_lines {
            write!(f, ", {lines} as run 5 really prints")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Epochs that agree with everything that is expected of a run.
    fn results(expected: &Expected) -> Vec<Epoch> {
        expected.golden.iter().map(GoldenRow::results).collect()
    }

    fn check(expected: &Expected, found: &[Epoch], epochs: usize) -> Result<Passed, String> {
        let mut passed = Passed::default();
        passed.add(expected, found, epochs).map_err(|difference| difference.to_string())?;
        Ok(passed)
    }

    #[test]
    fn all_nine_runs_pass() {
        let mut passed = Passed::default();
        for run in 1..=9 {
            let expected = Expected::of(run);
            passed.add(&expected, &results(&expected), 10_001).unwrap();
        }
        assert_eq!(
            passed.to_string(),
            "check passed: 9 runs, 909 golden rows, 41 lines as printed, 4 as run 5 really prints"
        );
    }

    #[test]
    fn short_runs_are_compared_as_far_as_they_go() {
        let expected = Expected::of(9);
        let found = results(&expected);
        assert_eq!(
            check(&expected, &found[..3], 201).unwrap().to_string(),
            "check passed: 1 run, 3 golden rows, 2 lines as printed"
        );
        assert_eq!(check(&expected, &found[..1], 1).unwrap().golden_rows, 1);
    }

    #[test]
    fn a_tampered_number_is_found() {
        let tampered = |change: fn(&mut Expected)| {
            let mut expected = Expected::of(3);
            let found = results(&expected);
            change(&mut expected);
            check(&expected, &found, 10_001).unwrap_err()
        };
        assert_eq!(
            tampered(|expected| expected.golden[2].loss *= 1.0 + 2e-9),
            "check failed: run 3, epoch 200: loss: expected 0.031000628552720757, \
             found 0.031000628490719502"
        );
        assert_eq!(
            tampered(|expected| expected.golden[100].accuracy = 0.565),
            "check failed: run 3, epoch 10000: accuracy: expected 0.565, found 0.564"
        );
        assert_eq!(
            tampered(|expected| expected.golden[0].learning_rate = 0.010000000000000002),
            "check failed: run 3, epoch 0: learning rate: expected 0.010000000000000002, \
             found 0.01"
        );
        assert_eq!(
            tampered(|expected| expected.printed[3].text.push('0')),
            "check failed: run 3, epoch 10000: printed line: expected epoch: 10000, acc: 0.564, \
             loss: 0.031 (data_loss: 0.031, reg_loss: 0.000), lr: 0.00090917356123283930, found \
             epoch: 10000, acc: 0.564, loss: 0.031 (data_loss: 0.031, reg_loss: 0.000), \
             lr: 0.0009091735612328393"
        );
    }

    #[test]
    fn a_loss_may_differ_in_its_last_digits() {
        let mut expected = Expected::of(3);
        let found = results(&expected);
        expected.golden[2].loss *= 1.0 + 1e-10;
        assert!(check(&expected, &found, 10_001).is_ok());
    }

    #[test]
    fn run_5_is_compared_with_what_its_code_prints() {
        let mut expected = Expected::of(5);
        let found = results(&expected);
        assert_eq!(check(&expected, &found, 10_001).unwrap().really_printed_lines, Some(4));
        expected.really_printed = None;
        let error = check(&expected, &found, 10_001).unwrap_err();
        assert!(error.starts_with("check failed: run 5, epoch 0: printed line"), "{error}");
    }

    #[test]
    fn a_run_that_ended_early_does_not_pass() {
        let expected = Expected::of(1);
        assert_eq!(
            check(&expected, &results(&expected)[..2], 10_001).unwrap_err(),
            "check failed: run 1, epoch 200: logged epoch: expected one, found none"
        );
        let nan = Epoch { data_loss: f64::NAN, ..results(&expected)[0].clone() };
        assert!(check(&expected, &[nan], 1).unwrap_err().contains("loss: expected 0.4999"));
    }
}

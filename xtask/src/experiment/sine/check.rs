//! `--check`: the runs against the golden rows and the chapter's printed lines.

use std::fmt;

use nnfs_numpy::python_repr;

use super::super::record::Record;
use super::book::{Expected, GoldenRow, Line};
use super::runs::count;

/// How far a loss may be from the golden one, relative to it.
const LOSS_TOLERANCE: f64 = 1e-9;

/// How much was compared, all of it equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Passed {
    pub(crate) runs: usize,
    pub(crate) golden_rows: usize,
    pub(crate) printed_lines: usize,
    /// Lines of run 5, as the chapter's code prints them.
    pub(crate) really_printed_lines: Option<usize>,
}

/// The first difference.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("check failed: run {run}, epoch {epoch}: {what}: expected {expected}, found {found}")]
pub(crate) struct Difference {
    run: u8,
    epoch: u64,
    what: &'static str,
    expected: String,
    found: String,
}

impl Passed {
    /// Compares the first `epochs` epochs of a run and adds them.
    ///
    /// # Errors
    /// If something differs; the golden rows come before the lines.
    pub(crate) fn add(
        &mut self,
        expected: &Expected,
        records: &[Record],
        epochs: u64,
    ) -> Result<(), Difference> {
        let compared = Compared { run: expected.run, records };
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

/// The records of a run that is compared.
struct Compared<'a> {
    run: u8,
    records: &'a [Record],
}

impl Compared<'_> {
    fn row(&self, row: &GoldenRow) -> Result<(), Difference> {
        let record = self.record(row.epoch)?;
        let close = (record.loss() - row.loss).abs() <= LOSS_TOLERANCE * row.loss.abs();
        for (what, equal, expected, found) in [
            ("accuracy", record.accuracy == row.accuracy, row.accuracy, record.accuracy),
            ("loss", close, row.loss, record.loss()),
            (
                "learning rate",
                record.learning_rate == row.learning_rate,
                row.learning_rate,
                record.learning_rate,
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
        let found = self.record(line.epoch)?.log_line();
        if found == line.text {
            return Ok(());
        }
        Err(self.difference(line.epoch, "printed line", line.text.clone(), found))
    }

    fn record(&self, epoch: u64) -> Result<&Record, Difference> {
        let record = self.records.iter().find(|record| record.epoch == epoch);
        record.ok_or_else(|| {
            self.difference(epoch, "logged epoch", "one".to_owned(), "none".to_owned())
        })
    }

    fn difference(
        &self,
        epoch: u64,
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
        write!(f, "check passed: {}, {golden_rows} golden rows, ", count(*runs))?;
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

    /// Records that agree with everything expected of a run.
    fn records(expected: &Expected) -> Vec<Record> {
        expected.golden.iter().map(GoldenRow::record).collect()
    }

    fn check(expected: &Expected, records: &[Record], epochs: u64) -> Result<Passed, String> {
        let mut passed = Passed::default();
        passed.add(expected, records, epochs).map_err(|difference| difference.to_string())?;
        Ok(passed)
    }

    #[test]
    fn all_nine_runs_pass() {
        let mut passed = Passed::default();
        for run in 1..=9 {
            let expected = Expected::of(run);
            passed.add(&expected, &records(&expected), 10_001).unwrap();
        }
        assert_eq!(
            passed.to_string(),
            "check passed: 9 runs, 909 golden rows, 41 lines as printed, 4 as run 5 really prints"
        );
    }

    #[test]
    fn short_runs_are_compared_as_far_as_they_go() {
        let expected = Expected::of(9);
        let records = records(&expected);
        assert_eq!(
            check(&expected, &records[..3], 201).unwrap().to_string(),
            "check passed: 1 run, 3 golden rows, 2 lines as printed"
        );
        assert_eq!(check(&expected, &records[..1], 1).unwrap().golden_rows, 1);
    }

    #[test]
    fn a_tampered_number_is_found() {
        let tampered = |change: fn(&mut Expected)| {
            let mut expected = Expected::of(3);
            let records = records(&expected);
            change(&mut expected);
            check(&expected, &records, 10_001).unwrap_err()
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
        let records = records(&expected);
        expected.golden[2].loss *= 1.0 + 1e-10;
        assert!(check(&expected, &records, 10_001).is_ok());
    }

    #[test]
    fn run_5_is_held_against_what_its_code_prints() {
        let mut expected = Expected::of(5);
        let records = records(&expected);
        assert_eq!(check(&expected, &records, 10_001).unwrap().really_printed_lines, Some(4));
        expected.really_printed = None;
        let error = check(&expected, &records, 10_001).unwrap_err();
        assert!(error.starts_with("check failed: run 5, epoch 0: printed line"), "{error}");
    }

    #[test]
    fn a_run_that_ended_early_does_not_pass() {
        let expected = Expected::of(1);
        assert_eq!(
            check(&expected, &records(&expected)[..2], 10_001).unwrap_err(),
            "check failed: run 1, epoch 200: logged epoch: expected one, found none"
        );
        let nan = Record { data_loss: f64::NAN, ..records(&expected)[0] };
        assert!(check(&expected, &[nan], 1).unwrap_err().contains("loss: expected 0.4999"));
    }
}

//! Predictions as a CSV file, row by row.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

use nnfs::datasets::{Encoder, Selector, Table};
use nnfs::files::{Dtype, Task};
use nnfs::model::Intervals;

use crate::prediction::{classes, targets};
use crate::{Error, Predictions, Predictor};

/// Numbers of predictions that are in memory at once.
const BLOCK: usize = 1 << 20;

/// Which columns a CSV file of predictions has, from left to right:
///
/// ```text
/// row              the line of the file where the row starts; not by default
/// kept columns     as they are in the table; none by default
/// targets          target, or target_NAME for each of several, as plain numbers or classes; for a table that has them
/// predictions      prediction, or prediction_NAME for each of several targets
/// intervals        low and high, or low_NAME and high_NAME for each of several targets; not by default
/// probabilities    probability_CLASS for each class of a classification
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CsvLayout {
    lines: bool,
    kept: Vec<String>,
    targets: bool,
    /// The level of the intervals.
    level: Option<f64>,
    probabilities: bool,
}

impl CsvLayout {
    /// Predictions and probabilities.
    ///
    /// ```
    /// use nnfs_tabular::CsvLayout;
    /// let layout = CsvLayout::new().with_lines().keep(["id"]).without_probabilities();
    /// ```
    pub fn new() -> Self {
        Self { lines: false, kept: Vec::new(), targets: false, level: None, probabilities: true }
    }

    /// Adds a column `row`: the line of the file where each row starts, counted from 1 with the header.
    #[must_use]
    pub fn with_lines(mut self) -> Self {
        self.lines = true;
        self
    }

    /// Copies these columns of the table to the front, such as an id.
    #[must_use]
    pub fn keep(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.kept = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Adds the targets of the table.
    #[must_use]
    pub fn with_targets(mut self) -> Self {
        self.targets = true;
        self
    }

    /// Adds the ends of the prediction intervals of a level, as
    /// [`Predictor::predict_intervals`] of the same rows.
    #[must_use]
    pub fn with_intervals(mut self, level: f64) -> Self {
        self.level = Some(level);
        self
    }

    /// Leaves out the probabilities.
    #[must_use]
    pub fn without_probabilities(mut self) -> Self {
        self.probabilities = false;
        self
    }

    /// Whether predictions have intervals.
    pub(crate) fn has_intervals(&self) -> bool {
        self.level.is_some()
    }

    /// The names of the columns.
    fn header(&self, encoder: &Encoder) -> Result<Vec<String>, Error> {
        let names = targets(encoder);
        let several = names.len() > 1;
        let headings = |what: &'static str| {
            let heading = move |name: &String| match several {
                true => format!("{what}_{name}"),
                false => what.to_owned(),
            };
            names.iter().map(heading)
        };
        let targets = headings("target").take(if self.targets { names.len() } else { 0 });
        let classes = if self.probabilities { classes(encoder) } else { &[] };
        let probabilities = classes.iter().map(|class| format!("probability_{class}"));
        let row = self.lines.then(|| "row".to_owned());
        let kept = row.into_iter().chain(self.kept.iter().cloned());
        let ends = |what| headings(what).take(if self.level.is_some() { names.len() } else { 0 });
        let intervals = ends("low").chain(ends("high"));
        let predicted = headings("prediction").chain(intervals).chain(probabilities);
        let header: Vec<String> = kept.chain(targets).chain(predicted).collect();
        // The names of classes are as they are; a kept column has to be found again.
        let mut seen = HashSet::new();
        let (before, after) = header.split_at(usize::from(self.lines) + self.kept.len());
        let twice = before.iter().find(|name| !seen.insert(*name) || after.contains(name));
        match twice {
            Some(column) => Err(Error::DuplicateColumn { column: column.clone() }),
            None => Ok(header),
        }
    }
}

impl Default for CsvLayout {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes a header, and then the rows of one block after another.
pub(crate) struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    lines: bool,
    /// The columns of the table that are copied exactly.
    kept: Vec<usize>,
    /// The columns of the targets.
    targets: Vec<usize>,
    probabilities: bool,
}

impl<W: Write> CsvWriter<W> {
    pub(crate) fn new(
        layout: &CsvLayout,
        encoder: &Encoder,
        table: Option<&Table>,
        out: W,
    ) -> Result<Self, Error> {
        let header = layout.header(encoder)?;
        let columns = |names: &[String]| -> Result<Vec<usize>, Error> {
            let Some(table) = table else { return Ok(Vec::new()) };
            let column = |name: &String| Ok(table.column(&Selector::Name(name.clone()))?);
            names.iter().map(column).collect()
        };
        let kept = columns(&layout.kept)?;
        let targets = columns(if layout.targets { targets(encoder) } else { &[] })?;
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(header).map_err(output)?;
        let CsvLayout { lines, probabilities, .. } = *layout;
        Ok(Self { writer, lines, kept, targets, probabilities })
    }

    /// The rows of a table, and what is predicted for them.
    pub(crate) fn write(
        &mut self,
        predictions: &Predictions,
        intervals: Option<&Intervals>,
        table: Option<&Table>,
    ) -> Result<(), Error> {
        let decoded = predictions.decoded()?;
        let ends = intervals.map(|Intervals { low, high }| -> Result<_, Error> {
            let encoder = predictions.encoder();
            Ok([encoder.decode(low)?, encoder.decode(high)?])
        });
        let ends = ends.transpose()?;
        let width = targets(predictions.encoder()).len();
        let classes = match table.filter(|_| !self.targets.is_empty()) {
            // A class that training has not seen stays as it is.
            Some(table) => predictions.encoder().labels(table).unwrap_or_default(),
            None => None,
        };
        let probabilities = predictions.probabilities().filter(|_| self.probabilities);
        for row in 0..predictions.rows() {
            let mut field = |text: &str| self.writer.write_field(text).map_err(output);
            if let Some(table) = table {
                if self.lines {
                    field(&table.line(row).to_string())?;
                }
                for &column in &self.kept {
                    field(&table.exact_value(row, column))?;
                }
                for &column in &self.targets {
                    let text = match &classes {
                        Some(classes) => {
                            predictions.encoder().target_names()[classes[row]].as_str().into()
                        }
                        None => number(table, row, column),
                    };
                    field(&text)?;
                }
            }
            for column in 0..width {
                field(&decoded.value(row, column))?;
            }
            for end in ends.iter().flatten() {
                for column in 0..width {
                    field(&end.value(row, column))?;
                }
            }
            if let Some(probabilities) = probabilities {
                for class in 0..probabilities.ncols() {
                    field(&predictions.text(probabilities[(row, class)]))?;
                }
            }
            self.writer.write_record(None::<&[u8]>).map_err(output)?;
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.writer.flush().map_err(Error::Output)
    }
}

/// The number of a target as the predictions beside it: as it is in the file if it is a plain number or missing, and
/// not with a unit or a decimal comma.
fn number(table: &Table, row: usize, column: usize) -> Cow<'_, str> {
    let text = table.value(row, column);
    match table.number(row, column) {
        Ok(number) if text.parse() != Ok(number) => number.to_string().into(),
        _ => text,
    }
}

fn output(error: csv::Error) -> Error {
    Error::Output(io::Error::from(error))
}

impl Predictor {
    /// Predicts the rows of a table and writes them as CSV, block by block: with many classes the
    /// predictions of all rows may not fit into memory.
    ///
    /// # Errors
    /// As [`Predictor::predict`], and with intervals as [`Predictor::predict_intervals`]; if the table does not
    /// have a column that the layout needs, or two columns of the file would have one name; and if it cannot be
    /// written.
    pub fn predict_to_csv(
        &self,
        table: &Table,
        layout: &CsvLayout,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        layout.level.map_or(Ok(()), |level| self.check_level(level))?;
        let encoder = self.pipeline().encoder().expect("a predictor has an encoder");
        let mut writer = CsvWriter::new(layout, encoder, Some(table), out)?;
        let rows: Vec<usize> = (0..table.rows()).collect();
        for block in rows.chunks((BLOCK / self.width()).max(1)) {
            let block = table.select_rows(block);
            let (predictions, intervals) = match layout.level {
                None => (self.predict_checked(&block, Vec::new())?, None),
                Some(level) => {
                    let (predictions, intervals) = self.predict_with_intervals(&block, level)?;
                    (predictions, Some(intervals))
                }
            };
            writer.write(&predictions, intervals.as_ref(), Some(&block))?;
        }
        writer.finish()
    }

    /// About how many bytes the predictions of some rows are as CSV.
    pub fn csv_bytes(&self, rows: usize, layout: &CsvLayout) -> u64 {
        // Probabilities of 1 in 1000 have 9 digits in single precision, and 17 in double precision.
        let digits = match self.pipeline().dtype() {
            Dtype::F32 => 13,
            Dtype::F64 => 22,
        };
        let is_classifier = self.pipeline().task() == Task::Classification;
        let numbers = if is_classifier && !layout.probabilities { 1 } else { self.width() };
        let numbers = if layout.level.is_some() { 3 * numbers } else { numbers };
        digits * (rows as u64) * (numbers as u64)
    }

    /// The number of probabilities or of predicted numbers.
    fn width(&self) -> usize {
        usize::max(self.classes().len(), self.targets().len())
    }
}

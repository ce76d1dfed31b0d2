//! Values in rows and columns.

mod builder;
mod cell;
mod error;
mod options;
#[cfg(feature = "csv")]
mod read;
mod short;

use std::collections::HashMap;

pub(crate) use builder::Builder;
pub(crate) use cell::Cell;
pub use error::{CsvError, Place};
pub use options::{CsvOptions, Selector};
pub(crate) use short::{list, shorten};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Numbers. They become one column of a tensor.
    Numeric,
    /// One of a limited number of words. Each word becomes a column of a tensor.
    Categorical,
}

#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    kind: Kind,
    /// Whether the kind was declared with [`CsvOptions::column`].
    declared: bool,
}

/// Values in rows and columns: the text of each value, and the [`Kind`] of each column.
///
/// A column is [`Kind::Numeric`] if every value is a number, and [`Kind::Categorical`] otherwise;
/// [`CsvOptions::column`] overrides that. Missing values (an empty value, `NaN`, `NA`, `N/A`, `null`,
/// `?`) do not decide the kind. They are an error as soon as their column is used, as are infinite
/// numbers in a numeric column; a column that is not used may hold anything. In a column that is
/// declared categorical only an empty value is missing: `NA` is a word there, such as the country
/// code of Namibia. Spaces around values and names are dropped.
///
/// An [`Encoder`](crate::Encoder) turns a table into tensors.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    source: String,
    columns: Vec<Column>,
    /// The text of all values, row after row, without separators.
    text: String,
    /// The end of each value in `text`.
    ends: Vec<usize>,
    /// The line in the file where each row starts, counted from 1.
    lines: Vec<usize>,
}

impl Table {
    /// A table of values in memory. Errors name `source` instead of a file, and the number of the row,
    /// counted from 1, instead of a line.
    ///
    /// ```
    /// use nnfs_datasets::{Kind, Table};
    /// let table = Table::from_rows("pets", &["age", "kind"], [["3", "cat"], ["7", "dog"]])?;
    /// assert_eq!(table.rows(), 2);
    /// assert_eq!(table.kind(0), Kind::Numeric);
    /// assert_eq!(table.value(1, 1), "dog");
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// If `rows` is empty, a row has more or fewer values than there are names, or two names are equal.
    pub fn from_rows<R>(
        source: &str,
        names: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> Result<Self, CsvError>
    where
        R: IntoIterator<Item: AsRef<str>>,
    {
        let mut builder = Builder::new(source, names.iter().copied())?;
        for (row, values) in rows.into_iter().enumerate() {
            builder.push(row + 1, values)?;
        }
        builder.finish(&[])
    }

    /// The name of the file.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The number of rows, without the header.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The kind of a column.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn kind(&self, column: usize) -> Kind {
        self.columns[column].kind
    }

    /// A value as it is in the file, without spaces around it.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn value(&self, row: usize, column: usize) -> &str {
        let (rows, columns) = (self.rows(), self.columns.len());
        assert!(
            row < rows && column < columns,
            "value: row {row}, column {column} of a table of {rows} rows, {columns} columns"
        );
        let index = row * columns + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    /// The line in the file where a row starts, counted from 1.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn line(&self, row: usize) -> usize {
        self.lines[row]
    }

    /// The index of a column.
    ///
    /// # Errors
    /// If there is no such column; the error lists the columns.
    pub fn column(&self, selector: &Selector) -> Result<usize, CsvError> {
        let found = match selector {
            Selector::Name(name) => self.columns.iter().position(|column| column.name == *name),
            Selector::Index(index) => Some(*index).filter(|&index| index < self.columns.len()),
        };
        found.ok_or_else(|| self.missing_column(selector))
    }

    /// Some of the rows, for example the parts of a [split](crate::train_test_split). They keep their
    /// lines, and the columns keep their kinds.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn select_rows(&self, rows: &[usize]) -> Self {
        let mut selected = Self {
            source: self.source.clone(),
            columns: self.columns.clone(),
            text: String::new(),
            ends: Vec::with_capacity(rows.len() * self.columns.len()),
            lines: rows.iter().map(|&row| self.lines[row]).collect(),
        };
        for &row in rows {
            for column in 0..self.columns.len() {
                selected.text.push_str(self.value(row, column));
                selected.ends.push(selected.text.len());
            }
        }
        selected
    }

    /// The index of each name, to look up many of them.
    pub(crate) fn positions(&self) -> HashMap<&str, usize> {
        self.names().enumerate().map(|(index, name)| (name, index)).collect()
    }

    /// Whether the kind of a column was declared.
    pub(crate) fn is_declared(&self, column: usize) -> bool {
        self.columns[column].declared
    }

    /// The place of a value in the file.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn place(&self, row: usize, column: usize) -> Place {
        Place::new(&self.source, self.lines[row], &self.columns[column].name)
    }

    pub(crate) fn missing_column(&self, selector: &Selector) -> CsvError {
        CsvError::MissingColumn {
            file: self.source.clone(),
            wanted: selector.to_string(),
            found: list(self.names()),
        }
    }

    /// The number at a place.
    pub(crate) fn number(&self, row: usize, column: usize) -> Result<f64, CsvError> {
        let value = self.value(row, column);
        let (place, found) = match Cell::of(value) {
            Cell::Number(number) => return Ok(number),
            _ => (self.place(row, column), shorten(value)),
        };
        Err(match Cell::of(value) {
            Cell::Missing => CsvError::MissingValue { place, found },
            Cell::Infinite => CsvError::NotFinite { place, found },
            Cell::Word | Cell::Number(_) => CsvError::NotANumber { place, found },
        })
    }

    /// The category at a place: any text that is not a missing value. In a column that is declared
    /// categorical, only an empty value is one.
    pub(crate) fn category(&self, row: usize, column: usize) -> Result<&str, CsvError> {
        let value = self.value(row, column);
        let Column { kind, declared, .. } = self.columns[column];
        let keeps_words = declared && kind == Kind::Categorical;
        if value.is_empty() || (!keeps_words && Cell::of(value) == Cell::Missing) {
            let (place, found) = (self.place(row, column), shorten(value));
            return Err(CsvError::MissingValue { place, found });
        }
        Ok(value)
    }
}

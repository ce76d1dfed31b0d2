//! Values in rows and columns.

mod builder;
mod cell;
mod column;
mod currency;
mod decimal;
mod error;
#[cfg(feature = "csv")]
mod file_checks;
#[cfg(feature = "csv")]
mod files;
mod grouping;
#[cfg(feature = "csv")]
mod header;
mod likeness;
mod lines;
mod mixed;
mod names_below;
mod notation;
mod note;
mod options;
mod padding;
mod place;
#[cfg(feature = "csv")]
mod read;
mod rows;
mod short;
mod similar;
mod unit;
mod values;
mod versions;
mod view;
mod written;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub(crate) use builder::Builder;
pub(crate) use cell::{Cell, is_placeholder};
use column::Column;
pub use column::Meaning;
pub(crate) use currency::is_currency;
pub use error::{CsvError, HeaderError, QuoteError};
use lines::Lines;
pub(crate) use notation::Notation;
pub use note::Note;
pub use options::{CsvOptions, Selector};
pub use place::Place;
pub(crate) use short::{list, shorten};
pub(crate) use unit::is_same_unit;
pub(crate) use values::Values;
pub(crate) use view::ColumnView;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Kind {
    /// Numbers. They become one column of a tensor.
    Numeric,
    /// One of a limited number of words. Each word becomes a column of a tensor.
    Categorical,
}

/// Values in rows and columns: the number or the text of each value, and the [`Kind`] of each column.
///
/// A column is [`Kind::Numeric`] if every value is a number, and [`Kind::Categorical`] otherwise;
/// [`CsvOptions::column`] overrides that. Missing values (an empty value, `NaN`, `NA`, `N/A`, `null`,
/// `?`) do not decide the kind; a missing target is an error. Where all other values are numbers, and in
/// a column of dates, `None`, `NaT`, `-`, `--`, `.`, `n.a.`, `#DIV/0!`, `#VALUE!`, `#REF!` and similar ones
/// are missing values too; among words they are words. A column that is not used may hold
/// anything. In a column that is
/// declared categorical only an empty value is missing: `NA` is a word there, such as the country
/// code of Namibia. Spaces around values and names do not count.
///
/// A column is stored as numbers, with one byte for each value that says how it is written, and each
/// different word once. Tables of [selected rows](Self::select_rows) share the columns.
///
/// | written | read |
/// |---|---|
/// | `45%`, `$ 5`, `5 kg` | the number, if all values have the same unit |
/// | `(2.5)`, `250-`, `−2.5` | a negative number |
/// | `1 234`, `1'234`, `1_234` | groups of three digits |
/// | `4.-`, `4.–`, `4:-`, `4/-` | a whole number: the dash is there instead of cents |
/// | `1.5D+00` | the exponent of Fortran |
/// | `1,5`, `6,898`, `1.234,5` | an error when the column is used, unless [`CsvOptions::decimal`] or [`CsvOptions::thousands`] gives their meaning |
///
/// [`notes`](Self::notes) lists what was read as a number but is not written plainly.
///
/// An [`Encoder`](crate::Encoder) turns a table into tensors.
#[derive(Clone)]
pub struct Table {
    data: Arc<Data>,
    /// The rows of this table among those of the data; `None` if it has all of them.
    rows: Option<Arc<[usize]>>,
}

/// What was read.
struct Data {
    source: String,
    notation: Notation,
    columns: Vec<Column>,
    lines: Lines,
    notes: Vec<Note>,
}

impl Table {
    fn new(data: Data) -> Self {
        Self { data: Arc::new(data), rows: None }
    }

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
    /// If `names` or `rows` is empty, or a row has more or fewer values than there are names.
    pub fn from_rows<R>(
        source: &str,
        names: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> Result<Self, CsvError>
    where
        R: IntoIterator<Item: AsRef<str>>,
    {
        if names.is_empty() {
            return Err(CsvError::NoColumns { file: source.to_owned(), what: "data" });
        }
        let mut builder = Builder::new(source, names.iter().copied());
        for (row, values) in rows.into_iter().enumerate() {
            builder.push(row + 1, values)?;
        }
        builder.finish(&[])
    }

    /// The name of the file.
    pub fn source(&self) -> &str {
        &self.data.source
    }

    /// What reading guessed, changed or left out.
    pub fn notes(&self) -> &[Note] {
        &self.data.notes
    }

    /// The number of rows, without the header.
    pub fn rows(&self) -> usize {
        self.rows.as_ref().map_or(self.data.lines.len(), |rows| rows.len())
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.data.columns.iter().map(|column| column.name.as_str())
    }

    /// The kind of a column.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn kind(&self, column: usize) -> Kind {
        self.data.columns[column].kind
    }

    /// A value as it is in the file, without spaces around it.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn value(&self, row: usize, column: usize) -> Cow<'_, str> {
        self.assert_value("value", row, column);
        self.data.columns[column].values.text(self.base(row), self.data.notation)
    }

    /// A value exactly as it is in the file, with the spaces around it.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn exact_value(&self, row: usize, column: usize) -> Cow<'_, str> {
        self.assert_value("exact_value", row, column);
        self.data.columns[column].values.exact_text(self.base(row), self.data.notation)
    }

    fn assert_value(&self, method: &str, row: usize, column: usize) {
        let (rows, columns) = (self.rows(), self.data.columns.len());
        assert!(
            row < rows && column < columns,
            "{method}: row {row}, column {column} of a table of {rows} rows, {columns} columns"
        );
    }

    /// The row of the data that is a row of this table.
    fn base(&self, row: usize) -> usize {
        self.rows.as_ref().map_or(row, |rows| rows[row])
    }

    /// The line in the file where a row starts, counted from 1.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn line(&self, row: usize) -> usize {
        self.data.lines.line(self.base(row))
    }

    /// The index of a column, without those that were left out.
    ///
    /// # Errors
    /// If there is no such column (the error lists the columns), or if several columns have the name.
    pub fn column(&self, selector: &Selector) -> Result<usize, CsvError> {
        let (first, second) = match selector {
            Selector::Index(position) => (self.at_position(*position), None),
            Selector::Name(name) => {
                let columns = self.names().enumerate();
                let mut found = columns.filter(|(_, found)| found == name).map(|(index, _)| index);
                (found.next(), found.next())
            }
        };
        let first = first.ok_or_else(|| self.missing_column(selector))?;
        second.map_or(Ok(first), |second| Err(self.duplicate_column(first, second)))
    }

    /// Some of the rows, for example the parts of a [split](crate::train_test_split). They keep their
    /// lines, and the columns keep their kinds. The columns are shared, not copied.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn select_rows(&self, rows: &[usize]) -> Self {
        let found = self.rows();
        if let Some(row) = rows.iter().find(|&&row| row >= found) {
            panic!("select_rows: row {row} of a table of {found} rows");
        }
        let rows = rows.iter().map(|&row| self.base(row)).collect();
        Self { data: self.data.clone(), rows: Some(rows) }
    }

    /// The place of a value in the file.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn place(&self, row: usize, column: usize) -> Place {
        Place::new(&self.data.source, self.line(row), &self.data.columns[column].name)
    }
}

/// The size and the names, not the values.
impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (source, rows, names) = (self.source(), self.rows(), list(self.names()));
        let mut table = f.debug_struct("Table");
        table.field("source", &source).field("rows", &rows).field("columns", &names).finish()
    }
}

/// Tables are equal if they have the same source, columns, lines and texts.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        let columns = |table: &Self| -> Vec<(String, Kind, bool)> {
            let columns = table.data.columns.iter();
            columns.map(|column| (column.name.clone(), column.kind, column.declared)).collect()
        };
        self.source() == other.source()
            && self.rows() == other.rows()
            && columns(self) == columns(other)
            && (0..self.rows()).all(|row| {
                self.line(row) == other.line(row)
                    && (0..self.data.columns.len())
                        .all(|column| self.value(row, column) == other.value(row, column))
            })
    }
}

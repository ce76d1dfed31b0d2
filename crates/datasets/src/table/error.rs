//! Why a table cannot be read, or made numbers of.

use std::fmt;

use super::short::shorten;

/// Where in a table a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the file.
    pub file: String,
    /// The line of the file, counted from 1; the header counts.
    pub line: usize,
    /// The name of the column, shortened if it is long.
    pub column: String,
}

impl Place {
    pub(crate) fn new(file: &str, line: usize, column: &str) -> Self {
        Self { file: file.to_owned(), line, column: shorten(column) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}, column {:?}", self.file, self.line, self.column)
    }
}

/// Why a table cannot be read, or made numbers of.
///
/// Every variant names the file, and the line and the column where there are any. Values and names
/// are shortened, so that a message stays short whatever the file holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// The file cannot be opened, read or written.
    #[error("{file}: {reason}")]
    Io {
        /// The name of the file.
        file: String,
        /// What the operating system says.
        reason: String,
        /// The same, for a program.
        kind: std::io::ErrorKind,
    },
    /// No byte of a file can part its values so.
    #[error("{file}: expected an ASCII delimiter that is no quote and ends no line, found {:?}", char::from(*.found))]
    Delimiter {
        /// The name of the file.
        file: String,
        /// What was given.
        found: u8,
    },
    /// A value is not text.
    #[error("{file}, line {line}, column {column}: expected UTF-8 text, found other bytes")]
    NotUtf8 {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// There is nothing in the file.
    #[error("{file}: expected rows, found none")]
    Empty {
        /// The name of the file.
        file: String,
    },
    /// There is nothing below the header.
    #[error("{file}: expected rows below the header, found none")]
    HeaderOnly {
        /// The name of the file.
        file: String,
    },
    /// A row has more or fewer values than there are columns.
    #[error("{file}, line {line}: expected {expected} values as in the first line, found {found}")]
    Ragged {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The number of columns.
        expected: usize,
        /// The number of values in the line.
        found: usize,
    },
    /// Two columns have one name.
    #[error(
        "{file}: expected a name for each column, found {name:?} for columns {first} and {second}"
    )]
    DuplicateColumn {
        /// The name of the file.
        file: String,
        /// The name of both.
        name: String,
        /// The first of the columns, counted from 1.
        first: usize,
        /// The second, counted from 1.
        second: usize,
    },
    /// There is no such column.
    #[error("{file}: expected a column {wanted}, found {found}")]
    MissingColumn {
        /// The name of the file.
        file: String,
        /// The name in quotes, or the index.
        wanted: String,
        /// The first columns that there are.
        found: String,
    },
    /// A column was chosen twice: as an input and as a target, say.
    #[error("{file}: expected columns that differ, found {column:?} chosen twice")]
    ChosenTwice {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
    },
    /// There are no inputs, or no targets.
    #[error("{file}: expected at least one column of {what}, found none")]
    NoColumns {
        /// The name of the file.
        file: String,
        /// Inputs or targets.
        what: &'static str,
    },
    /// A value is missing: nothing, NaN, NA, null and the like.
    #[error("{place}: expected a value, found {found:?}")]
    MissingValue {
        /// Where.
        place: Place,
        /// What stands there.
        found: String,
    },
    /// Text stands among numbers.
    #[error("{place}: expected a number, found {found:?}")]
    NotANumber {
        /// Where.
        place: Place,
        /// What stands there.
        found: String,
    },
    /// Some text stands among many numbers, in a column of which nobody has said what it holds.
    #[error(
        "{place}: expected a number as in most rows, found {found:?} (if words belong there, declare the column categorical)"
    )]
    MostlyNumbers {
        /// Where.
        place: Place,
        /// What stands there.
        found: String,
    },
    /// A number is infinite, or too large for double precision.
    #[error("{place}: expected a finite number, found {found:?}")]
    NotFinite {
        /// Where.
        place: Place,
        /// What stands there.
        found: String,
    },
    /// A number is finite, but too large for the kind of number of the tensor.
    #[error("{place}: expected a number that fits into the tensor, found {found:?} (f64 holds it)")]
    OutOfRange {
        /// Where.
        place: Place,
        /// The number in the file.
        found: String,
    },
    /// A category was not among the training rows.
    #[error("{place}: expected one of {known}, found {found:?}")]
    UnknownCategory {
        /// Where.
        place: Place,
        /// What stands there.
        found: String,
        /// The first of the categories that are known.
        known: String,
    },
    /// A column has so many categories that it is a name or a number rather than a category.
    #[error("{place}: expected at most {limit} categories, found more with {found:?}")]
    TooManyCategories {
        /// Where the first one too many stands.
        place: Place,
        /// The first one too many.
        found: String,
        /// How many are allowed.
        limit: usize,
    },
}

//! How to read a file, and how to name its columns.

use std::fmt;

use crate::NumberFormat;

#[cfg(feature = "csv")]
use super::{CsvError, Notation};
use super::{Kind, short::shorten};

/// A column, by name or by index. A text is a name, and a `usize` an index: `"age"` and `0` are selectors too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// The column with this name; without a header, names are `"0"`, `"1"` and so on.
    Name(String),
    /// The column at this position of the file, counted from 0. Columns that were left out count too, but not the
    /// names of rows that R writes, which the header does not name.
    Index(usize),
}

impl From<&str> for Selector {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<String> for Selector {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<usize> for Selector {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// For errors: the name, shortened and in quotes, or the index.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{:?}", shorten(name)),
            Self::Index(index) => write!(f, "with index {index}"),
        }
    }
}

/// How to read a CSV file. By default it has a header, the delimiter is found, numbers have a decimal
/// point, and the values of a column decide its kind.
///
/// ```
/// use nnfs_datasets::{CsvOptions, Kind};
/// let options = CsvOptions::new().header(false).delimiter(b';').column("3", Kind::Categorical);
/// let german = CsvOptions::new().decimal(',').thousands('.');
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvOptions {
    pub(super) header: bool,
    pub(super) delimiter: Option<u8>,
    pub(super) decimal: Option<char>,
    pub(super) thousands: Option<char>,
    pub(super) columns: Vec<(Selector, Kind)>,
    pub(super) threads: Option<usize>,
}

impl CsvOptions {
    /// The defaults: a header, the delimiter of the file, a decimal point, and no declared column.
    pub fn new() -> Self {
        Self {
            header: true,
            delimiter: None,
            decimal: None,
            thousands: None,
            columns: Vec::new(),
            threads: None,
        }
    }

    /// Sets whether the first line holds the names of the columns. Without it they are `"0"`, `"1"` and
    /// so on.
    #[must_use]
    pub fn header(mut self, header: bool) -> Self {
        self.header = header;
        self
    }

    /// Sets the byte that separates two values: `b','`, `b';'`, `b'\t'`.
    ///
    /// By default it is the one of comma, semicolon, tab and bar that gives all rows the same number of
    /// values, and a [`Note`](crate::Note) names it if it is not the comma.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Sets the decimal mark of numbers, a point or a comma.
    ///
    /// By default it is a point, or a comma if the point separates [`thousands`](Self::thousands).
    #[must_use]
    pub fn decimal(mut self, mark: char) -> Self {
        self.decimal = Some(mark);
        self
    }

    /// Sets the separator between groups of digits: `','` reads `1,234` as 1234, and `1,23,456` as
    /// 123456. Groups have three digits, or two before a last group of three.
    ///
    /// Spaces and apostrophes between groups are read without this option, because they have no other
    /// meaning.
    #[must_use]
    pub fn thousands(mut self, separator: char) -> Self {
        self.thousands = Some(separator);
        self
    }

    /// Reads numbers with the marks of a training, those of
    /// [`Encoder::number_format`](crate::Encoder::number_format).
    #[must_use]
    pub fn number_format(mut self, format: &NumberFormat) -> Self {
        (self.decimal, self.thousands) = (Some(format.decimal()), format.thousands());
        self
    }

    /// Declares the kind of a column, whatever its values look like. Postal codes, for example, are
    /// [`Kind::Categorical`].
    ///
    /// In a column that is declared categorical, only an empty value is missing; `NA` or `?` is a word.
    #[must_use]
    pub fn column(mut self, column: impl Into<Selector>, kind: Kind) -> Self {
        self.columns.push((column.into(), kind));
        self
    }

    /// Sets the number of threads that read a large file. The table does not depend on it. By default
    /// there is one for each processor.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads.max(1));
        self
    }

    /// The marks with which numbers are written.
    ///
    /// # Errors
    /// If two marks are equal, or a mark cannot be part of a number.
    #[cfg(feature = "csv")]
    pub(super) fn notation(&self, file: &str) -> Result<Notation, CsvError> {
        let error =
            |expected, found| Err(CsvError::Separator { file: file.to_owned(), expected, found });
        let decimal = match (self.decimal, self.thousands) {
            (Some(mark @ ('.' | ',')), _) => mark,
            (Some(mark), _) => return error("a point or a comma as decimal mark", mark),
            (None, Some('.')) => ',',
            (None, _) => '.',
        };
        match self.thousands {
            Some(mark) if mark == decimal => {
                error("a separator of thousands other than the decimal mark", mark)
            }
            Some(mark) if mark.is_alphanumeric() || "+-\"\n\r".contains(mark) => error(
                "a separator of thousands other than a letter, a digit, a sign or a quote",
                mark,
            ),
            thousands => Ok(Notation { decimal: decimal as u8, thousands }),
        }
    }
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self::new()
    }
}

//! How to read a file, and how to name its columns.

use std::fmt;

use super::{Kind, short::shorten};

/// A column, by name or by index.
///
/// ```
/// use nnfs_datasets::Selector;
/// assert_eq!(Selector::from("age"), Selector::Name("age".to_owned()));
/// assert_eq!(Selector::from(0), Selector::Index(0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// The column with this name; without a header, names are `"0"`, `"1"` and so on.
    Name(String),
    /// The column at this position, counted from 0.
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

/// How to read a CSV file. By default it has a header, commas separate the values, and the values of a
/// column decide its kind.
///
/// ```
/// use nnfs_datasets::{CsvOptions, Kind};
/// let options = CsvOptions::new().header(false).delimiter(b';').column("3", Kind::Categorical);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvOptions {
    pub(super) header: bool,
    pub(super) delimiter: u8,
    pub(super) columns: Vec<(Selector, Kind)>,
}

impl CsvOptions {
    /// The defaults: a header, commas, and no declared column.
    pub fn new() -> Self {
        Self { header: true, delimiter: b',', columns: Vec::new() }
    }

    /// Sets whether the first line holds the names of the columns. Without it they are `"0"`, `"1"` and
    /// so on.
    #[must_use]
    pub fn header(mut self, header: bool) -> Self {
        self.header = header;
        self
    }

    /// Sets the byte that separates two values: `b','`, `b';'`, `b'\t'`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
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
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self::new()
    }
}

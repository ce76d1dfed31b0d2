//! Where a value is.

use std::fmt;

use super::short::shorten;

/// The place of a value in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the file.
    pub file: String,
    /// The line of the file, counted from 1 and including the header.
    pub line: usize,
    /// The name of the column, shortened if it is long.
    pub column: String,
}

impl Place {
    pub(crate) fn new(file: &str, line: usize, column: &str) -> Self {
        Self { file: file.to_owned(), line, column: shorten(column) }
    }

    /// Whether the place is in a column of this name, of which it may have the start.
    ///
    /// ```
    /// use nnfs_datasets::Table;
    /// let table = Table::from_rows("t", &["x", &"y".repeat(50)], [["1", "2"]])?;
    /// assert!(table.place(0, 1).is_in(&"y".repeat(50)));
    /// assert!(!table.place(0, 1).is_in("y"));
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    pub fn is_in(&self, column: &str) -> bool {
        self.column == shorten(column)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}, column {:?}", self.file, self.line, self.column)
    }
}

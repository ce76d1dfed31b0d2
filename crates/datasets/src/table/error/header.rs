//! Errors of the first lines.

/// Why the first lines of a file are not the names of the columns and a row of values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// The first line has fewer names than all rows have values.
    #[error(
        "{file}, line {line}: expected {names} values, one for each name of the first line {header:?}, found \
         {values} in {row:?}; {}",
        wide_text(row)
    )]
    Width {
        /// The name of the file.
        file: String,
        /// The first line, shortened if it is long.
        header: String,
        /// The number of its names.
        names: usize,
        /// The line of the first row, counted from 1.
        line: usize,
        /// The line, shortened if it is long.
        row: String,
        /// The number of its values.
        values: usize,
    },
    /// The first row looks like a second line of names or units.
    #[error(
        "{file}, line {line}: expected values, found {found}, which looks like a second line of names or units; remove \
         it, or write a number in this row"
    )]
    Second {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The first values of the row.
        found: String,
    },
    /// The first lines are not part of the table.
    #[error(
        "{file}: expected the names of the columns in the first line, found {found:?}, and rows of more values from \
         line {line} on; remove the lines before the names"
    )]
    Preamble {
        /// The name of the file.
        file: String,
        /// The first line, shortened if it is long.
        found: String,
        /// The line from which on all rows have the same number of values, counted from 1.
        line: usize,
    },
}

/// Why a row may have more values than the first line has names.
fn wide_text(row: &str) -> &'static str {
    let has_late_quote = [", \"", "; \"", "\t \"", "| \""].iter().any(|late| row.contains(late));
    match has_late_quote {
        true => "remove the spaces before the quotes, so that these are around a value",
        false => {
            "write the missing names, or put values that have the delimiter in them in quotes, such as decimal commas \
             and dates"
        }
    }
}

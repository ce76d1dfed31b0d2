//! Errors of quotes.

/// Why quotes are not around a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuoteError {
    /// A quote joins lines that look like rows into one value.
    #[error(
        "{file}, line {line}: expected a quoted value that ends on its line, found one over {lines} \
         lines that look like rows; remove the quote, or write it twice inside quotes"
    )]
    Stray {
        /// The name of the file.
        file: String,
        /// The line where the row starts, counted from 1.
        line: usize,
        /// The number of lines of the row.
        lines: usize,
    },
    /// A quoted value has no end.
    #[error(
        "{file}, line {line}: expected a quote at the end of a quoted value, found the end of the file; the file may be \
         cut off, or a quote inside quotes is not written twice"
    )]
    Open {
        /// The name of the file.
        file: String,
        /// The line where the row starts, counted from 1.
        line: usize,
    },
}

//! Small tables, and what their encoders do.

use nnfs_datasets::{Coding, Columns, CsvError, Encoder, Finding, Missing, Table, Unknown};

/// A table of an input `x` and a target `y`, which are numbered from 0.
pub(crate) fn table<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Table {
    let rows = values.into_iter().enumerate();
    let rows = rows.map(|(row, value)| [value.as_ref().to_owned(), row.to_string()]);
    Table::from_rows("t", &["x", "y"], rows).unwrap()
}

/// An encoder with the target `y`.
pub(crate) fn fit(table: &Table) -> Result<Encoder, CsvError> {
    Encoder::fit(table, &Columns::regression(["y"]))
}

/// How the first input becomes numbers.
pub(crate) fn coding(encoder: &Encoder) -> &Coding {
    &encoder.input_columns()[0].coding
}

/// What is odd in a table, where nothing is refused.
pub(crate) fn check(encoder: &Encoder, table: &Table) -> Vec<Finding> {
    encoder.check(table, Missing::Fill, Unknown::Accept).unwrap()
}

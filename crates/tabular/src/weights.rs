//! A column of weights.

use nnfs::datasets::{Selector, Table};
use nnfs::tensor::{WeightError, sum_of_weights};

use crate::Error;

/// The weights of the rows of a table.
///
/// # Errors
/// If there is no such column, a value is not a number, or is negative or infinite, or all are 0.
pub(crate) fn column_of_weights(table: &Table, name: &str) -> Result<Vec<f64>, Error> {
    let column = table.column(&Selector::from(name))?;
    let rows = 0..table.rows();
    let weights = rows.map(|row| table.number(row, column)).collect::<Result<Vec<_>, _>>()?;
    sum_of_weights(&weights, table.rows()).map_err(|error| match error {
        WeightError::Value { row, found } => {
            Error::Weight { place: table.place(row, column), found }
        }
        source => {
            Error::Weights { file: table.source().to_owned(), column: name.to_owned(), source }
        }
    })?;
    Ok(weights)
}

/// The rows whose weight is above 0, if some have weight 0: those do not count.
pub(crate) fn counted_rows(table: &Table, weights: &[f64]) -> Option<Table> {
    let is_counted = |row: &usize| weights[*row] > 0.0;
    let rows: Vec<usize> = (0..table.rows()).filter(is_counted).collect();
    (rows.len() < table.rows()).then(|| table.select_rows(&rows))
}

/// The rows whose weight is above 0, and their weights, if a column of weights is given; otherwise all rows.
///
/// # Errors
/// As [`column_of_weights`].
pub(crate) fn weighted_rows(
    table: &Table,
    weight: Option<&str>,
) -> Result<(Table, Option<Vec<f64>>), Error> {
    let Some(weight) = weight else { return Ok((table.clone(), None)) };
    let mut weights = column_of_weights(table, weight)?;
    let counted = counted_rows(table, &weights).unwrap_or_else(|| table.clone());
    weights.retain(|&weight| weight > 0.0);
    Ok((counted, Some(weights)))
}

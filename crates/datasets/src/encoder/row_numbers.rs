//! Columns that number the rows of a table.

use super::{Coding, Encoder};
use crate::table::{ColumnView, CsvError, Table};

/// In a shorter table, numbers without a gap are often measurements.
const MIN_ROWS: usize = 10;

impl Encoder {
    /// The [input columns](Self::input_columns) that number the rows of a table, each with its smallest
    /// and its largest number: their numbers are n different integers without a gap, in any order, in a
    /// table of n rows. A table of less than 10 rows has none.
    ///
    /// Such a column is usually an index that was written with the table. It is not a measurement, but
    /// where the rows are sorted by their class it gives the class away.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Encoder, Table};
    /// let rows = (0..20).map(|row| [(row + 1).to_string(), (row * row).to_string()]);
    /// let table = Table::from_rows("squares", &["id", "square"], rows)?;
    /// let encoder = Encoder::fit(&table, &Columns::regression(["square"]))?;
    /// assert_eq!(encoder.row_numbers(&table)?, [(0, [1, 20])]);
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// If a column is missing.
    pub fn row_numbers(&self, table: &Table) -> Result<Vec<(usize, [i64; 2])>, CsvError> {
        let columns = super::find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        let of = |(index, column): (usize, usize)| match self.inputs[index].coding {
            Coding::Number => Some((index, numbers_of_rows(table.view(column))?)),
            _ => None,
        };
        Ok(columns.into_iter().enumerate().filter_map(of).collect())
    }
}

/// The smallest and the largest number of a column that numbers the rows.
fn numbers_of_rows(view: ColumnView<'_>) -> Option<[i64; 2]> {
    let rows = view.len();
    if rows < MIN_ROWS {
        return None;
    }
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for number in view.numbers() {
        (low, high) = (low.min(number), high.max(number));
        // Most other columns end here. NaN has a fraction, which is NaN.
        if number.fract() != 0.0 || high - low >= rows as f64 {
            return None;
        }
    }
    // Beyond this, double precision does not have all integers.
    if high - low + 1.0 != rows as f64 || low.abs().max(high.abs()) >= 2_f64.powi(53) {
        return None;
    }
    let mut is_seen = vec![false; rows];
    let is_new = |number: f64| !std::mem::replace(&mut is_seen[(number - low) as usize], true);
    view.numbers().all(is_new).then_some([low as i64, high as i64])
}

//! The rows of a table that have targets.

use super::{Columns, Target, class_at, find};
use crate::table::{CsvError, Table};

impl Columns {
    /// The rows that have all targets, in order.
    ///
    /// # Errors
    /// If a column does not exist or is chosen twice.
    pub fn rows_with_targets(&self, table: &Table) -> Result<Vec<usize>, CsvError> {
        let (_, targets) = self.resolve(table)?;
        let is_missing = |row, target| match self.classes {
            true => table.is_missing(row, target),
            false => table.is_missing_number(row, target),
        };
        let rows = 0..table.rows();
        Ok(rows.filter(|&row| !targets.iter().any(|&target| is_missing(row, target))).collect())
    }
}

impl Target {
    /// The rows that have all targets, in order. `NA` is a target if it is a class.
    ///
    /// # Errors
    /// If a column is missing.
    pub fn rows_with_targets(&self, table: &Table) -> Result<Vec<usize>, CsvError> {
        let rows = 0..table.rows();
        Ok(match self {
            Self::Numbers(names) => {
                let columns = find(table, names.iter().map(String::as_str))?;
                let has_all = |&row: &usize| {
                    !columns.iter().any(|&column| table.is_missing_number(row, column))
                };
                rows.filter(has_all).collect()
            }
            Self::Classes { name, labels } => {
                let column = find(table, [name.as_str()])?[0];
                let is_missing = |row| {
                    let class = class_at(table, row, column, labels);
                    matches!(class, Err(CsvError::MissingValue { .. }))
                };
                rows.filter(|&row| !is_missing(row)).collect()
            }
        })
    }
}

//! Numbers that may be codes.

use super::check::equal_integers;
use super::{Coding, Encoder, Target};
use crate::table::{CsvError, Place, Table, shorten};

impl Encoder {
    /// The [input columns](Self::input_columns) of numbers with zeros before them, such as `01067`, each with
    /// the first row of such a number. These are often codes, of which the numbers mean nothing.
    ///
    /// Two digits, as in `08`, are often months or hours, and do not count.
    ///
    /// # Errors
    /// If a column is missing.
    pub fn leading_zeros(&self, table: &Table) -> Result<Vec<(usize, usize)>, CsvError> {
        let columns = super::find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        let of = |(index, column): (usize, usize)| match self.inputs[index].coding {
            Coding::Number | Coding::NumberOrMissing => {
                Some((index, table.row_of_number(column, has_leading_zero)?))
            }
            _ => None,
        };
        Ok(columns.into_iter().enumerate().filter_map(of).collect())
    }

    /// The targets that become the same number as another one, because double precision has 53 bits: for
    /// each column the place and the text of the first such integer, and the text of the other one.
    ///
    /// # Errors
    /// If a column is missing.
    pub fn equal_targets(&self, table: &Table) -> Result<Vec<(Place, String, String)>, CsvError> {
        let Target::Numbers(names) = &self.target else { return Ok(Vec::new()) };
        let columns = super::find(table, names.iter().map(String::as_str))?;
        let of = |column| {
            let (row, other) = equal_integers(table, column)?;
            Some((table.place(row, column), shorten(&table.value(row, column)), shorten(&other)))
        };
        Ok(columns.into_iter().filter_map(of).collect())
    }
}

fn has_leading_zero(text: &str) -> bool {
    text.len() > 2 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

//! Columns that are read as they are, but may be meant in another way.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::{Coding, Encoder, Target, find};
use crate::dates::is_calendar_date;
use crate::table::{CsvError, Place, Table};

/// Categories or classes of a column that differ only in upper and lower case, or in how Unicode writes
/// their letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The first place of the second of them.
    pub place: Place,
    /// Two or more spellings, in order.
    pub spellings: Vec<String>,
}

impl Encoder {
    /// The [input columns](Self::input_columns) of integers that are all dates, written as 20230226: the
    /// index of each, and the first row with a number. The years are 1900 to 2100.
    ///
    /// Such numbers are not as far apart as the days: 20230301 is 73 more than 20230228.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Encoder, Table};
    /// let rows = [["20230226", "1"], ["20230301", "2"]];
    /// let table = Table::from_rows("t", &["day", "y"], rows)?;
    /// let encoder = Encoder::fit(&table, &Columns::regression(["y"]))?;
    /// assert_eq!(encoder.numbers_like_dates(&table)?, [(0, 0)]);
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// If a column is missing.
    pub fn numbers_like_dates(&self, table: &Table) -> Result<Vec<(usize, usize)>, CsvError> {
        let columns = find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        let first = |column| {
            let mut numbers = table.view(column).numbers();
            // Most columns end here. NaN is a missing number.
            let is_like = numbers.all(|number| number.is_nan() || is_calendar_date(number));
            let first = || table.view(column).numbers().position(|number| !number.is_nan());
            is_like.then(first)?
        };
        let of = |(index, column): (usize, usize)| match self.inputs[index].coding {
            Coding::Number | Coding::NumberOrMissing => Some((index, first(column)?)),
            _ => None,
        };
        Ok(columns.into_iter().enumerate().filter_map(of).collect())
    }

    /// The first categories of each input column, and classes of the target, that differ only in upper and
    /// lower case, or in how Unicode writes their letters: `TRUE`, `True`.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Encoder, Table};
    /// let rows = [["1", "yes"], ["2", "Yes"], ["3", "no"]];
    /// let table = Table::from_rows("t", &["x", "y"], rows)?;
    /// let encoder = Encoder::fit(&table, &Columns::classification("y"))?;
    /// assert_eq!(encoder.alike(&table)?[0].spellings, ["Yes", "yes"]);
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// If a column is missing.
    pub fn alike(&self, table: &Table) -> Result<Vec<Alike>, CsvError> {
        let inputs = self.inputs.iter().map(|input| {
            let labels = match &input.coding {
                Coding::OneHot(labels) => vec![labels],
                Coding::OneHotOrOther { frequent, rare } => vec![frequent, rare],
                _ => Vec::new(),
            };
            (input.name.as_str(), labels)
        });
        let target = match &self.target {
            Target::Classes { name, labels } => Some((name.as_str(), vec![labels])),
            Target::Numbers(_) => None,
        };
        let mut found = Vec::new();
        for (name, labels) in inputs.chain(target) {
            let words = labels.iter().flat_map(|labels| labels.names());
            let Some(spellings) = first_alike(words) else { continue };
            let column = find(table, [name])?[0];
            let is_second = |row: &usize| *table.value(*row, column) == *spellings[1];
            if let Some(row) = (0..table.rows()).find(is_second) {
                found.push(Alike { place: table.place(row, column), spellings });
            }
        }
        Ok(found)
    }
}

/// The first words that differ only in their case or in their Unicode form.
fn first_alike<'a>(words: impl Iterator<Item = &'a String>) -> Option<Vec<String>> {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for word in words {
        let key = word.to_lowercase().nfc().collect();
        groups.entry(key).or_default().push(word);
    }
    let mut group = groups.into_values().find(|group| group.len() > 1)?;
    group.sort_unstable();
    Some(group.into_iter().map(str::to_owned).collect())
}

//! Columns that are read as they are, but may be meant in another way.

use super::spelling::alike;
use super::{Coding, Encoder, Target, find};
use crate::dates::{is_calendar_date, is_calendar_month};
use crate::table::{CsvError, Place, Table};

/// Categories or classes of a column that have the same [`spelling_key`](crate::spelling_key), or the same truth
/// value: `0` and `False`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The first place of the second of them.
    pub place: Place,
    /// Two or more spellings, in order.
    pub spellings: Vec<String>,
}

impl Encoder {
    /// The [input columns](Self::input_columns) of integers that are all dates, written as 20230226, or all
    /// months, written as 202302: the index of each, and the first row with a number. The years are 1900 to 2100.
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
            // Most columns end here. NaN is a missing number.
            let are = |is_like: fn(f64) -> bool| {
                table.view(column).numbers().all(|number| number.is_nan() || is_like(number))
            };
            let first = || table.view(column).numbers().position(|number| !number.is_nan());
            (are(is_calendar_date) || are(is_calendar_month)).then(first)?
        };
        let of = |(index, column): (usize, usize)| match self.inputs[index].coding {
            Coding::Number | Coding::NumberOrMissing => Some((index, first(column)?)),
            _ => None,
        };
        Ok(columns.into_iter().enumerate().filter_map(of).collect())
    }

    /// The first categories of each input column, and classes of the target, that have the same
    /// [`spelling_key`](crate::spelling_key): `TRUE`, `True`. If all words are truth values, those that mean the same:
    /// `0`, `False`.
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
            let words = labels.iter().flat_map(|labels| labels.names()).map(String::as_str);
            let Some(spellings) = alike(words).into_iter().next() else { continue };
            let column = find(table, [name])?[0];
            let is_second = |row: &usize| *table.value(*row, column) == *spellings[1];
            if let Some(row) = (0..table.rows()).find(is_second) {
                let spellings = spellings.into_iter().map(str::to_owned).collect();
                found.push(Alike { place: table.place(row, column), spellings });
            }
        }
        Ok(found)
    }
}

impl Target {
    /// Two classes that have the same [`spelling_key`](crate::spelling_key), or the same truth value, if there are
    /// some.
    pub fn alike(&self) -> Option<[&str; 2]> {
        let Self::Classes { labels, .. } = self else { return None };
        let groups = alike(labels.names().iter().map(String::as_str));
        groups.first().map(|group| [group[0], group[1]])
    }
}

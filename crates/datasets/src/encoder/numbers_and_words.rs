//! Columns of numbers and words.

use super::fit::at;
use super::number_like::{are_durations, categories, may_be_numbers};
use super::prefix::without_prefix;
use super::shape::begins_like_number;
use super::{Encoder, find};
use crate::table::{Cell, CsvError, Place, Table};

/// An input column of categories most of which are plain numbers, beside words that are not: `1`, `2`, `3`,
/// `unknown`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumbersAndWords {
    /// The place of the first word.
    pub place: Place,
    /// The first word, shortened if it is long.
    pub found: String,
    /// The number of rows with a number.
    pub numbers: usize,
    /// The number of rows with a number or a word.
    pub rows: usize,
}

impl Encoder {
    /// The input columns whose categories are plain numbers and words that do not begin like numbers, if most
    /// categories are numbers: the words may mean that the number is missing. Columns that were declared
    /// categorical are left out. [`Encoder::number_like`] has columns with words that begin like numbers.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Encoder, Table};
    /// let rows = [["1", "1"], ["2", "2"], ["3", "3"], ["unknown", "4"], ["unknown", "5"], ["unknown", "6"]];
    /// let table = Table::from_rows("t", &["rooms", "y"], rows)?;
    /// let encoder = Encoder::fit(&table, &Columns::regression(["y"]))?;
    /// let found = &encoder.numbers_and_words(&table)?[0];
    /// assert_eq!((found.place.line, found.numbers, found.rows), (4, 3, 6));
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// If a column is missing.
    pub fn numbers_and_words(&self, table: &Table) -> Result<Vec<NumbersAndWords>, CsvError> {
        let mut found = Vec::new();
        for input in &self.inputs {
            let Some(words) = categories(&input.coding) else { continue };
            let column = find(table, [input.name.as_str()])?[0];
            if !table.is_declared(column) && !are_durations(&words) && may_be_numbers(&words) {
                found.extend(numbers_beside_words(table, column, &words));
            }
        }
        Ok(found)
    }
}

/// The numbers and the words of a column; `None` if a word begins like a number, or if there are only numbers or
/// only words.
pub(super) fn numbers_beside_words(
    table: &Table,
    column: usize,
    words: &[&str],
) -> Option<NumbersAndWords> {
    let (mut numbers, mut rows, mut first) = (0, 0, None);
    for row in 0..table.rows() {
        match table.cell(row, column) {
            Cell::Number(_) => numbers += 1,
            Cell::Word if begins_like_number(&table.value(row, column)) => return None,
            Cell::Word => {
                first.get_or_insert(row);
            }
            Cell::Missing | Cell::Infinite => continue,
        }
        rows += 1;
    }
    let (place, found) = at(table, first?, column);
    (numbers > 0 && without_prefix(words).is_none()).then_some(NumbersAndWords {
        place,
        found,
        numbers,
        rows,
    })
}

impl NumbersAndWords {
    pub(super) fn into_error(self) -> CsvError {
        let Self { place, found, numbers, rows } = self;
        CsvError::NumbersAndWords { place, found, numbers, rows }
    }
}

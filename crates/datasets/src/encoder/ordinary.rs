//! Words that are not ordinary words.

use super::prefix::without_prefix;
use super::repeat::Repeats;
use super::shape::begins_like_number;
use crate::dates::{self, is_duration, looks_like};
use crate::table::{Table, shorten};

impl Table {
    /// The first word of a column that may be meant as a date, a time, a duration or a number: it begins like a
    /// number, or looks like a date, or is a duration, or all words are numbers behind the same word. `None` if all
    /// are ordinary words, such as names of classes. A long word is shortened.
    ///
    /// ```
    /// use nnfs_datasets::Table;
    /// let rows = [["red", "1h 15min"], ["blue", "2h"]];
    /// let table = Table::from_rows("t", &["color", "time"], rows)?;
    /// assert_eq!(table.unusual_word(0), None);
    /// assert_eq!(table.unusual_word(1).as_deref(), Some("1h 15min"));
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such column.
    pub fn unusual_word(&self, column: usize) -> Option<String> {
        let repeats = Repeats::of(self, 0..self.rows(), column);
        let words: Vec<&str> = repeats.words().map(|(word, _)| word).collect();
        let rows: Vec<usize> = (0..self.rows()).collect();
        let are_all = without_prefix(&words).is_some()
            || !matches!(dates::fit(self, &rows, column, None), Ok(None));
        let is_unusual = |word: &str| {
            are_all || begins_like_number(word) || is_duration(word) || looks_like(word).is_some()
        };
        let unusual = repeats.first_rows().filter(|(word, _)| is_unusual(word));
        let row = unusual.map(|(_, row)| row).min()?;
        Some(shorten(&self.value(row, column)))
    }
}

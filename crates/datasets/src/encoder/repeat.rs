//! How often the values of a column repeat.

use std::borrow::Cow;
use std::collections::HashMap;

use super::fit::{CATEGORIES, at, plain_number};
use crate::labels::Decimal;
use crate::table::{CsvError, Table};

/// How often each word of a column occurs in some rows.
pub(super) struct Repeats<'a> {
    /// For each word, the number of its rows and the first of them.
    words: HashMap<Cow<'a, str>, (usize, usize)>,
    missing: usize,
}

impl<'a> Repeats<'a> {
    pub(super) fn of(table: &'a Table, rows: impl Iterator<Item = usize>, column: usize) -> Self {
        let view = table.view(column);
        // The number of rows of each code, and the first of them.
        let mut by_code = vec![(0, 0); view.codes()];
        let mut words: HashMap<Cow<'_, str>, (usize, usize)> = HashMap::new();
        for row in rows {
            let (found, first) = match view.code(row) {
                Some(code) => &mut by_code[code],
                None => words.entry(table.value(row, column)).or_default(),
            };
            if *found == 0 {
                *first = row;
            }
            *found += 1;
        }
        let mut missing = 0;
        let found = by_code.into_iter().enumerate().filter(|(_, (found, _))| *found > 0);
        for (code, (found, first)) in found {
            if table.is_missing(first, column) {
                missing += found;
            } else {
                words.insert(view.text(code).into(), (found, first));
            }
        }
        Self { words, missing }
    }

    /// Each word and the number of its rows.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, usize)> {
        self.words.iter().map(|(word, (rows, _))| (&**word, *rows))
    }

    /// Each word and its first row.
    pub(super) fn first_rows(&self) -> impl Iterator<Item = (&str, usize)> {
        self.words.iter().map(|(word, (_, row))| (&**word, *row))
    }

    /// The number of rows without a word.
    pub(super) fn missing(&self) -> usize {
        self.missing
    }

    /// The number of rows with a word.
    fn rows(&self) -> usize {
        self.words.values().map(|(rows, _)| rows).sum()
    }

    /// The number of words that occur once.
    fn once(&self) -> usize {
        self.words.values().filter(|(rows, _)| *rows == 1).count()
    }

    /// The first row whose word occurs once, or the first row.
    fn first_of_once(&self) -> usize {
        let once = self.words.values().filter(|(rows, _)| *rows == 1);
        once.map(|(_, row)| *row).min().unwrap_or(0)
    }

    /// Refuses more categories or classes than fit into memory.
    pub(super) fn check_count(
        &self,
        table: &Table,
        column: usize,
        are_classes: bool,
    ) -> Result<(), CsvError> {
        if self.words.len() <= CATEGORIES {
            return Ok(());
        }
        let mut first: Vec<usize> = self.words.values().map(|(_, row)| *row).collect();
        first.sort_unstable();
        let (place, found) = at(table, first[CATEGORIES], column);
        let limit = CATEGORIES;
        Err(match are_classes {
            true => CsvError::TooManyClasses { place, found, limit },
            false => CsvError::TooManyCategories { place, found, limit },
        })
    }
}

/// Refuses words that hardly repeat: names, identifiers and free text.
///
/// They would become many inputs, each of which is 1 in one or a few training rows, so that a network
/// learns these rows by heart and nothing for others.
pub(super) fn check_words(
    table: &Table,
    column: usize,
    repeats: &Repeats<'_>,
) -> Result<(), CsvError> {
    let (distinct, rows) = (repeats.words.len(), repeats.rows());
    let mostly_once = distinct >= 10 && 2 * repeats.once() >= rows;
    let few_rows_each = distinct > 50 && rows < 4 * distinct;
    if !(mostly_once || few_rows_each) {
        return Ok(());
    }
    Err(hardly_repeats(table, column, repeats))
}

/// The error for a column whose words hardly repeat.
fn hardly_repeats(table: &Table, column: usize, repeats: &Repeats<'_>) -> CsvError {
    let (distinct, rows) = (repeats.words.len(), repeats.rows());
    let (place, found) = at(table, repeats.first_of_once(), column);
    let name = table.names().nth(column).unwrap_or_default().to_owned();
    CsvError::HardlyRepeats { place, found, distinct, rows, columns: [(name, distinct)].into() }
}

/// Refuses targets that are no classes: numbers with a continuous range, and words that hardly repeat.
///
/// Numbers with a fraction are rarely classes, so that fewer of them are accepted than whole numbers.
pub(super) fn check_classes(
    table: &Table,
    column: usize,
    repeats: &Repeats<'_>,
    is_numeric: bool,
) -> Result<(), CsvError> {
    let (distinct, rows) = (repeats.words.len(), repeats.rows());
    let mostly_once = 2 * repeats.once() >= rows;
    let place = || at(table, repeats.first_of_once(), column);
    if !is_numeric {
        if distinct > 20 && mostly_once {
            // Perhaps they are numbers in another notation.
            table.check_notation(column)?;
            let (place, found) = place();
            return Err(CsvError::ClassesHardlyRepeat { place, found, distinct, rows });
        }
        return Ok(());
    }
    let is_integer = |(_, row)| {
        let number = Decimal::of(&plain_number(table, row, column));
        number.is_some_and(|decimal| decimal.is_integer())
    };
    let is_continuous = if repeats.first_rows().all(is_integer) {
        (distinct > 20 && mostly_once) || (distinct > 50 && rows < 10 * distinct)
    } else {
        (distinct > 5 && mostly_once) || (distinct > 10 && rows < 10 * distinct) || distinct > 50
    };
    if !is_continuous && distinct <= CATEGORIES {
        return Ok(());
    }
    let (place, found) = place();
    Err(CsvError::ContinuousClasses { place, found, distinct, rows })
}

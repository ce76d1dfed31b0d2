//! Words that are meant as dates or numbers, and would become one input each.

use std::collections::BTreeSet;

use super::fit::at;
use super::numbers_and_words::numbers_beside_words;
use super::prefix::without_prefix;
use super::repeat::Repeats;
use super::shape::{Shape, are_ranges, begins_like_number, is_code, shape};
use super::{Coding, Encoder, find};
use crate::dates::{self, DateError, is_duration, looks_like};
use crate::labels::Labels;
use crate::table::{Cell, CsvError, Place, Table, shorten};

/// Up to this number of different words, they may well be categories.
const FEW: usize = 12;

/// Up to this number of different pairs of numbers, they may be categories, such as sizes.
const FEW_PAIRS: usize = 50;

/// Numbers have few units. With more different endings the words are codes, such as `4D`, `21A`, `30G`.
const ENDINGS: usize = 4;

/// The length of the endings that may be units.
const ENDING: usize = 4;

/// Words of an input column that are written as numbers or durations are, and are taken as categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberLike {
    /// The place of the first of them.
    pub place: Place,
    /// The first of them, shortened if it is long.
    pub found: String,
    /// The number of different words of the column.
    pub distinct: usize,
}

/// Whether most of these words are durations.
pub(super) fn are_durations(words: &[&str]) -> bool {
    2 * words.iter().filter(|word| is_duration(word)).count() > words.len()
}

impl Encoder {
    /// The input columns whose categories may be meant as numbers. Most of their categories are of one kind:
    ///
    /// - one number with signs, a unit or a note, such as `5 KG` and `6 kg`;
    /// - a number behind the same word, such as `ca. 4.50`;
    /// - a duration, such as `PT1H30M`;
    /// - two numbers, such as `185/70`, if there are more than 12 categories.
    ///
    /// Columns that were declared categorical are left out, and so are ranges that do not overlap.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Encoder, Table};
    /// let rows = [["5 KG", "1"], ["6 kg", "2"], ["7 Kg", "3"]];
    /// let table = Table::from_rows("t", &["weight", "y"], rows)?;
    /// let encoder = Encoder::fit(&table, &Columns::regression(["y"]))?;
    /// let found = encoder.number_like(&table)?;
    /// assert_eq!((found[0].place.line, found[0].distinct), (1, 3));
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// If a column is missing.
    pub fn number_like(&self, table: &Table) -> Result<Vec<NumberLike>, CsvError> {
        let mut found = Vec::new();
        for input in &self.inputs {
            let Some(words) = categories(&input.coding) else { continue };
            let column = find(table, [input.name.as_str()])?[0];
            let are_durations = are_durations(&words);
            if table.is_declared(column) || !(are_durations || may_be_numbers(&words)) {
                continue;
            }
            let has_prefix = without_prefix(&words).is_some();
            let is_one = |row: &usize| {
                let word = table.value(*row, column);
                table.cell(*row, column) == Cell::Word
                    && match are_durations {
                        true => is_duration(&word),
                        // Most words have something in front of the number.
                        false => has_prefix || begins_like_number(&word),
                    }
            };
            if let Some(row) = (0..table.rows()).find(is_one) {
                let (place, found_word) = at(table, row, column);
                found.push(NumberLike { place, found: found_word, distinct: words.len() });
            }
        }
        Ok(found)
    }
}

/// The categories of a column of words, without that of a missing value.
pub(super) fn categories(coding: &Coding) -> Option<Vec<&str>> {
    let labels = match coding {
        Coding::OneHot(labels) => vec![labels],
        Coding::OneHotOrOther { frequent, rare } => vec![frequent, rare],
        _ => return None,
    };
    let words = labels.into_iter().flat_map(Labels::names).map(String::as_str);
    Some(words.filter(|word| !word.is_empty()).collect())
}

/// Whether words that are taken as categories may be meant as numbers.
pub(super) fn may_be_numbers(words: &[&str]) -> bool {
    if are_ranges(words) {
        return false;
    }
    match Kind::of(words) {
        Kind::Numbers { endings } => {
            let is_unit = |ending: &String| ending.chars().count() <= ENDING;
            // With a different ending for each number, as in `1st`, `2nd`, the endings are not units.
            let are_units = endings.iter().all(is_unit) && endings.len() < words.len();
            endings.len() <= 2 && (are_units || count_things(words, &endings))
        }
        Kind::Pairs => words.len() > FEW,
        Kind::Others => false,
    }
}

/// Whether words are numbers of things, which are named after a space: `1 bedroom`, `2 bedrooms`.
fn count_things(words: &[&str], endings: &BTreeSet<String>) -> bool {
    let is_apart = |word: &&str| match shape(word) {
        Shape::Number { ending } if !ending.is_empty() => {
            let number = word.trim_end().strip_suffix(ending);
            number.is_some_and(|number| number.ends_with(char::is_whitespace))
        }
        _ => true,
    };
    let is_plural = |singular: &String, plural: &String| {
        plural.strip_prefix(singular.as_str()).is_some_and(|end| end.len() <= 3)
    };
    let mut names = endings.iter();
    let is_one_name = match (names.next(), names.next()) {
        (Some(singular), Some(plural)) => is_plural(singular, plural),
        (name, _) => name.is_some(),
    };
    let is_name = |name: &String| name.chars().all(char::is_alphabetic);
    is_one_name && endings.iter().all(is_name) && words.iter().all(is_apart)
}

/// What most words of a column are.
enum Kind {
    /// One number each, with these endings.
    Numbers { endings: BTreeSet<String> },
    /// Two numbers each.
    Pairs,
    /// Anything else.
    Others,
}

impl Kind {
    fn of(words: &[&str]) -> Self {
        let numbers = without_prefix(words);
        let words = numbers.as_deref().unwrap_or(words);
        let (mut numbers, mut pairs, mut endings) = (0, 0, BTreeSet::new());
        for word in words {
            match shape(word) {
                Shape::Number { ending } => {
                    numbers += 1;
                    endings.insert(ending.to_lowercase());
                }
                Shape::Pair => pairs += 1,
                Shape::Other => {}
            }
        }
        endings.remove("");
        match () {
            () if 2 * numbers > words.len() && endings.len() <= ENDINGS => {
                Self::Numbers { endings }
            }
            () if 2 * pairs > words.len() => Self::Pairs,
            () => Self::Others,
        }
    }
}

/// Refuses a column with many different words if most of them look like dates, or nine of ten like dates or
/// durations. Among codes, such as `P1D`, `P1M` and `P1S`, some are written as durations are.
pub(super) fn check_dates(
    table: &Table,
    column: usize,
    repeats: &Repeats<'_>,
) -> Result<(), CsvError> {
    let distinct = repeats.words().count();
    let (mut dates, mut durations, mut first) = (0, 0, None);
    if distinct <= FEW {
        return Ok(());
    }
    for (word, row) in repeats.first_rows() {
        let is_date = looks_like(word).is_some();
        if is_date || is_duration(word) {
            dates += usize::from(is_date);
            durations += usize::from(!is_date);
            first = Some(first.map_or(row, |first: usize| first.min(row)));
        }
    }
    let are_most = 2 * dates > distinct || 10 * (dates + durations) >= 9 * distinct;
    let Some(row) = first.filter(|_| are_most) else { return Ok(()) };
    let (place, found) = at(table, row, column);
    Err(match looks_like(&table.value(row, column)) {
        Some(form) => DateError::OtherForm { place, found, form },
        None => DateError::Duration { place, found },
    }
    .into())
}

/// Refuses classes that are more than 12 different dates or durations.
pub(super) fn check_class_dates(
    table: &Table,
    column: usize,
    repeats: &Repeats<'_>,
) -> Result<(), CsvError> {
    let distinct = repeats.words().count();
    if distinct <= FEW {
        return Ok(());
    }
    check_dates(table, column, repeats)?;
    let rows: Vec<usize> = (0..table.rows()).collect();
    if matches!(dates::fit(table, &rows, column, None), Ok(None)) {
        return Ok(());
    }
    let first = repeats.first_rows().map(|(_, row)| row).min().unwrap_or(0);
    let (place, found) = at(table, first, column);
    Err(DateError::Classes { place, found, distinct }.into())
}

/// The error for a column of words that hardly repeat because they are numbers: `<0.1`, `$14.3K`, `14.3±0.5`,
/// `#1`, or in two to four units. The error for names would mislead. `None` for names, codes and ranges that do
/// not overlap.
pub(super) fn measures(table: &Table, column: usize, repeats: &Repeats<'_>) -> Option<CsvError> {
    let words: Vec<&str> = repeats.words().map(|(word, _)| word).collect();
    let most = |is_it: &dyn Fn(&str) -> bool| {
        2 * words.iter().filter(|word| is_it(word)).count() > words.len()
    };
    let are_measures = match Kind::of(&words) {
        Kind::Numbers { .. } | Kind::Pairs => !most(&is_code) && !are_ranges(&words),
        Kind::Others => most(&is_ranked),
    };
    are_measures.then(|| error(table, column, repeats, &words))
}

/// `#1`
fn is_ranked(word: &str) -> bool {
    let digits = word.strip_prefix('#').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Refuses a column with many different words most of which are numbers with marks, such as `<19`, `3/16`,
/// `24:30` and `3 kg`.
///
/// Ranges that do not overlap are categories: `0-4`, `5-9`, `10-14`. So are codes, such as `737-7H4` and
/// `21A`, and up to 50 different pairs of numbers, such as `185/70`.
pub(super) fn check_numbers(
    table: &Table,
    column: usize,
    repeats: &Repeats<'_>,
) -> Result<(), CsvError> {
    let words: Vec<&str> = repeats.words().map(|(word, _)| word).collect();
    let most = match Kind::of(&words) {
        Kind::Numbers { .. } => FEW,
        Kind::Pairs => FEW_PAIRS,
        Kind::Others => return Ok(()),
    };
    if words.len() <= most || are_ranges(&words) {
        return Ok(());
    }
    Err(error(table, column, repeats, &words))
}

/// The error for words that are numbers. A word that begins like a number shows it better than a plain number
/// beside it.
fn error(table: &Table, column: usize, repeats: &Repeats<'_>, words: &[&str]) -> CsvError {
    if let Some(found) = numbers_beside_words(table, column, words) {
        return found.into_error();
    }
    let has_prefix = without_prefix(words).is_some();
    let is_shown = |&(word, row): &(&str, usize)| {
        (has_prefix || begins_like_number(word) || is_ranked(word))
            && table.cell(row, column) == Cell::Word
    };
    let shown = repeats.first_rows().filter(is_shown).map(|(_, row)| row).min();
    let row = shown.or_else(|| repeats.first_rows().map(|(_, row)| row).min()).unwrap_or(0);
    table.mixed_units(row, column).unwrap_or_else(|| CsvError::NumberLikeWords {
        place: table.place(row, column),
        found: shorten(&table.value(row, column)),
        distinct: words.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_meant_as_numbers() {
        for words in [
            &["--3", "--4", "--5"][..],
            &["5 KG", "6 kg", "7 Kg"],
            &["3 kg", "8 g", "9 g"],
            &["<19", ">4", "7"],
            &["9*", "5*"],
            &["0x8", "0x10"],
            &["3/16", "5/16", "3 1/6"],
            &["٣", "٤٫٥"],
            &["３", "４"],
            &["ca. 4.50", "ca. 5", "ca. 6.20"],
            &["#42.50", "#7.10"],
            &["1 bedroom", "2 bedrooms"],
            &["1 child", "2 children", "3 children"],
            &["1", "2", "3", "unknown"],
        ] {
            assert!(may_be_numbers(words), "{words:?}");
        }
        for words in [
            &["1st", "2nd", "3rd"][..],
            &["a", "b", "3 kg"],
            &["<=20", "20-50", ">50"],
            &["0-4", "5-9", "10+"],
            &["0_no", "1_yes"],
            &["0blanks", "1blank", "2blanks"],
            &["4D", "21A", "30B", "40C", "10E", "3F"],
            &["1-0", "0-1", "2-2"],
            &["2 rooms", "3 beds"],
            &["Store 1", "Store 12", "Store 42"],
            &["E11.9", "E12.1", "E12.2"],
            &["#42.50", "#7"],
            &["ca. 4", "ca. 5", "ca. 6", "ca. 7", "a"],
            &["#42.50", "#7.10", "#8.1"],
        ] {
            assert!(!may_be_numbers(words), "{words:?}");
        }
    }

    #[test]
    fn most_words_are_more_than_half() {
        let may_be_numbers = |words: Vec<String>| {
            may_be_numbers(&words.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let words = |count| (0..count).map(|it| format!("{} x", char::from(b'a' + it)));
        let measures = |count| (0..count).map(|it| format!("{it} kg"));
        assert!(may_be_numbers(measures(3).chain(words(2)).collect()));
        assert!(!may_be_numbers(measures(2).chain(words(2)).collect()));
        // Up to 12 pairs are codes.
        let pairs = |count| (0..count).map(|it| format!("{}/7{}", 200 - 7 * it, it % 3));
        assert!(may_be_numbers(pairs(13).collect()));
        assert!(!may_be_numbers(pairs(12).collect()));
        assert!(may_be_numbers(pairs(8).chain(words(5)).collect()));
        assert!(!may_be_numbers(pairs(7).chain(words(7)).collect()));
    }
}

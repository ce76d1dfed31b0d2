//! Words that are meant as dates or numbers, and would become one input each.

use std::collections::BTreeSet;

use super::fit::at;
use super::prefix::without_prefix;
use super::repeat::Repeats;
use super::shape::{Shape, are_ranges, begins_like_number, shape};
use super::{Coding, Encoder, find};
use crate::dates::{DateError, is_duration, looks_like};
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

impl Encoder {
    /// The input columns whose categories may be meant as numbers: most of them are one number with signs,
    /// a unit or a note, such as `5 KG` and `6 kg`, or behind the same word, such as `ca. 4.50`, or durations, such as `PT1H30M`, or there are more than 12
    /// and most are two numbers, such as `185/70`. Columns that were declared categorical are left out, and so are ranges that do not
    /// overlap.
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
            let labels = match &input.coding {
                Coding::OneHot(labels) => vec![labels],
                Coding::OneHotOrOther { frequent, rare } => vec![frequent, rare],
                _ => continue,
            };
            let column = find(table, [input.name.as_str()])?[0];
            let words = labels.iter().flat_map(|labels| labels.names()).map(String::as_str);
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            let are_durations =
                2 * words.iter().filter(|word| is_duration(word)).count() > words.len();
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

/// Whether words that are taken as categories may be meant as numbers.
fn may_be_numbers(words: &[&str]) -> bool {
    if are_ranges(words) {
        return false;
    }
    match Kind::of(words) {
        Kind::Numbers { endings } => {
            let is_unit = |ending: &String| ending.chars().count() <= ENDING;
            // With a different ending for each number, as in `1st`, `2nd`, the endings are not units.
            endings.iter().all(is_unit) && endings.len() <= 2 && endings.len() < words.len()
        }
        Kind::Pairs => words.len() > FEW,
        Kind::Others => false,
    }
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

/// Refuses a column with many different words that are numbers in two to four units, such as `562 g` and
/// `4.8 kg`, or numbers behind the same word, such as `ca. 4.50`. Almost every word is different, as in a
/// column of names, but the error for names would mislead.
pub(super) fn check_measures(
    table: &Table,
    column: usize,
    repeats: &Repeats<'_>,
) -> Result<(), CsvError> {
    let words: Vec<&str> = repeats.words().map(|(word, _)| word).collect();
    match Kind::of(&words) {
        Kind::Numbers { endings } if endings.len() >= 2 || without_prefix(&words).is_some() => {
            check_numbers(table, column, repeats)
        }
        _ => Ok(()),
    }
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
    let has_prefix = without_prefix(&words).is_some();
    // A word shows it better than a plain number beside it.
    let is_shown = |&(word, row): &(&str, usize)| {
        (has_prefix || begins_like_number(word)) && table.cell(row, column) == Cell::Word
    };
    let shown = repeats.first_rows().filter(is_shown).map(|(_, row)| row).min();
    let Some(row) = shown.or_else(|| repeats.first_rows().map(|(_, row)| row).min()) else {
        return Ok(());
    };
    if let Some(error) = table.mixed_units(row, column) {
        return Err(error);
    }
    let (place, found) = (table.place(row, column), shorten(&table.value(row, column)));
    Err(CsvError::NumberLikeWords { place, found, distinct: words.len() })
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

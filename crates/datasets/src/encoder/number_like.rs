//! Words that are meant as dates or numbers, and would become one input each.

use super::fit::at;
use super::repeat::Repeats;
use crate::dates::looks_like;
use crate::table::{Cell, CsvError, Table};

/// Up to this number of different words, they may well be categories.
const FEW: usize = 12;

/// Refuses a column with many different words most of which look like dates.
pub(super) fn check_dates(
    table: &Table,
    column: usize,
    repeats: &Repeats<'_>,
) -> Result<(), CsvError> {
    let Some(row) = first_of_most(repeats, |word| looks_like(word).is_some()) else {
        return Ok(());
    };
    let form = looks_like(&table.value(row, column)).unwrap_or("a date");
    let (place, found) = at(table, row, column);
    Err(CsvError::LooksLikeDate { place, found, form })
}

/// Refuses a column with many different words most of which begin like numbers, such as `<19`, `3/16`,
/// `24:30` and `3 kg`. Ranges that do not overlap are categories: `0-4`, `5-9`, `10-14`.
pub(super) fn check_numbers(
    table: &Table,
    column: usize,
    repeats: &Repeats<'_>,
) -> Result<(), CsvError> {
    let Some(row) = first_of_most(repeats, begins_like_number) else { return Ok(()) };
    let words: Vec<&str> = repeats.words().map(|(word, _)| word).collect();
    if are_ranges(&words) {
        return Ok(());
    }
    // A word shows it better than a plain number beside it.
    let is_shown = |&(word, row): &(&str, usize)| {
        begins_like_number(word) && table.cell(row, column) == Cell::Word
    };
    let row = repeats.first_rows().filter(is_shown).map(|(_, row)| row).min().unwrap_or(row);
    let (place, found) = at(table, row, column);
    Err(CsvError::NumberLikeWords { place, found, distinct: words.len() })
}

/// The first row with a word of this kind, if there are many different words and most are of this kind.
fn first_of_most(repeats: &Repeats<'_>, is_one: impl Fn(&str) -> bool) -> Option<usize> {
    let distinct = repeats.words().count();
    if distinct <= FEW {
        return None;
    }
    let rows: Vec<usize> =
        repeats.first_rows().filter(|(word, _)| is_one(word)).map(|(_, row)| row).collect();
    (2 * rows.len() > distinct).then(|| rows.into_iter().min())?
}

/// Whether a word begins with a digit, behind signs such as `<`, `-` and `$`.
fn begins_like_number(word: &str) -> bool {
    let is_sign = |c: char| " <>=≤≥~≈±+-−–($€£¥".contains(c);
    let rest = word.trim_start_matches(is_sign);
    rest.strip_prefix(['.', ',']).unwrap_or(rest).starts_with(|c: char| c.is_ascii_digit())
}

/// Whether most words have two numbers, a lower and a higher one, and these ranges do not overlap.
fn are_ranges(words: &[&str]) -> bool {
    let mut ranges = Vec::new();
    for word in words {
        match numbers_of(word)[..] {
            [low, high] if low < high => ranges.push((low, high)),
            [_, _] => return false,
            _ => {}
        }
    }
    ranges.sort_by(|a: &(f64, f64), b| a.partial_cmp(b).expect("no number is NaN"));
    2 * ranges.len() > words.len() && ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

/// The numbers without a sign in a word, with commas between groups of digits or without.
fn numbers_of(word: &str) -> Vec<f64> {
    let plain = word.replace(',', "");
    let parts = plain.split(|c: char| !c.is_ascii_digit() && c != '.');
    parts.filter_map(|part| part.trim_matches('.').parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_do_not_overlap_are_categories() {
        let are = |words: &[&str]| are_ranges(words);
        assert!(are(&["0-4", "5-9", "10-14", "15+"]));
        assert!(are(&["0 to 5 years", "5 to 10 years", "over 10 years"]));
        assert!(are(&["$0 - $9,999", "$10,000 - $19,999", "$20,000+"]));
        assert!(!are(&["1-4", "2-0", "3-3"]));
        assert!(!are(&["3/16", "5/16", "8/16"]));
        assert!(!are(&["18-27", "20-30"]));
        assert!(!are(&["<19", ">4", "1-2"]));
    }

    #[test]
    fn words_that_begin_like_numbers() {
        for word in ["<19", "9*", "0x8", "3/16", "4'9", "24:30", "3 kg", "--3", "$ 5", ".5", "≥ 3"]
        {
            assert!(begins_like_number(word), "{word}");
        }
        for word in ["", "a1", "no. 5", "#5", "-", "é5", "."] {
            assert!(!begins_like_number(word), "{word}");
        }
    }
}

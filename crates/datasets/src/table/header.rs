//! A header that looks like a row of values.

use super::{Cell, Column, Kind, Notation};

/// The first name that shows that a file has no header, so that its first row was read as names.
///
/// ```text
/// name                                     column      is a sign of
/// a number                                 numbers     a row
/// a word that is also a value below        words       a row
/// a word                                   numbers     a header
/// ```
///
/// At least half of the columns have a sign of a row, and none has a sign of a header. Years, and numbers
/// that count the columns, may be names.
pub(super) fn first_value(columns: &[Column], notation: Notation) -> Option<&str> {
    let number = |column: &Column| notation.cell(&column.name).number();
    let is_header = |column: &Column| {
        column.kind == Kind::Numeric && !column.name.is_empty() && number(column).is_none()
    };
    if columns.iter().any(is_header) {
        return None;
    }
    let of_numbers = columns.iter().filter(|column| column.kind == Kind::Numeric);
    let numbers: Vec<f64> = of_numbers.filter_map(number).collect();
    let may_be_names = are_years(&numbers) || count_columns(&numbers);
    let is_value = |column: &&Column| match column.kind {
        Kind::Numeric => !may_be_names && number(column).is_some(),
        Kind::Categorical => {
            let texts = column.values.texts().iter().zip(column.values.cells());
            texts.into_iter().any(|(text, &cell)| cell == Cell::Word && **text == *column.name)
        }
    };
    let values: Vec<&Column> = columns.iter().filter(is_value).collect();
    let first = values.first()?;
    (2 * values.len() >= columns.len()).then_some(&*first.name)
}

/// The first row that repeats the header, as in a file that was put together from several. The table needs
/// a column of numbers: in a column of words, the name could be an ordinary value.
pub(super) fn repeated(columns: &[Column], notation: Notation) -> Option<usize> {
    if columns.len() < 2 || !columns.iter().any(|column| column.is_mostly_numbers) {
        return None;
    }
    let code_of_name =
        |column: &Column| column.values.texts().iter().position(|text| **text == *column.name);
    let (column, code) = columns.iter().find_map(|column| Some((column, code_of_name(column)?)))?;
    let has_all_names = |row: &usize| {
        columns.iter().all(|column| column.values.text(*row, notation) == column.name.as_str())
    };
    let mut rows = (0..column.values.len()).filter(|&row| column.values.code(row) == Some(code));
    rows.find(has_all_names)
}

fn are_years(numbers: &[f64]) -> bool {
    numbers.iter().all(|number| number.fract() == 0.0 && (1800.0..=2200.0).contains(number))
}

/// Whether numbers count the columns, as 0, 1, 2 or 10, 20, 30.
fn count_columns(numbers: &[f64]) -> bool {
    let [first, second, ..] = numbers else { return false };
    let step = second - first;
    numbers.iter().all(|number| number.fract() == 0.0)
        && step > 0.0
        && (step == 1.0 || numbers.len() > 2)
        && numbers.windows(2).all(|pair| pair[1] - pair[0] == step)
}

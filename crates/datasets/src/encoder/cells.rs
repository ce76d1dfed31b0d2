//! The inputs of one column.

use std::collections::HashMap;

use nnfs_tensor::Scalar;

use super::Coding;
use crate::labels::Labels;
use crate::table::{ColumnView, CsvError, Table, shorten};

/// What a word is to a coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// The frequent category with this index.
    Category(usize),
    /// A rare category of the training rows.
    Rare,
    /// Not a category of the training rows.
    Unknown,
    /// Missing, and the category of missing values, if there is one.
    Missing(Option<usize>),
}

/// What the words of a column are to a coding. Each word is looked up once.
pub(super) struct Words<'a> {
    table: &'a Table,
    column: usize,
    view: ColumnView<'a>,
    frequent: &'a Labels,
    rare: Option<&'a Labels>,
    /// The words of values that are not numbers.
    by_code: Vec<Option<Word>>,
    /// The words of the other values.
    by_text: HashMap<String, Word>,
}

impl<'a> Words<'a> {
    pub(super) fn new(
        table: &'a Table,
        column: usize,
        frequent: &'a Labels,
        rare: Option<&'a Labels>,
    ) -> Self {
        let view = table.view(column);
        let by_code = vec![None; view.codes()];
        Self { table, column, view, frequent, rare, by_code, by_text: HashMap::new() }
    }

    /// What the word of a row is. A word for a missing value, such as `NA`, is a category if it was one
    /// in the training rows.
    pub(super) fn at(&mut self, row: usize) -> Word {
        if let Some(code) = self.view.code(row) {
            if let Some(word) = self.by_code[code] {
                return word;
            }
            let word = self.look_up(row, self.view.text(code));
            self.by_code[code] = Some(word);
            return word;
        }
        let text = self.table.value(row, self.column);
        if let Some(&word) = self.by_text.get(&*text) {
            return word;
        }
        let word = self.look_up(row, &text);
        self.by_text.insert(text.into_owned(), word);
        word
    }

    fn look_up(&self, row: usize, text: &str) -> Word {
        let is_rare = || self.rare.is_some_and(|rare| rare.index(text).is_some());
        match self.frequent.index(text) {
            _ if text.is_empty() => Word::Missing(self.frequent.index("")),
            Some(index) => Word::Category(index),
            None if is_rare() => Word::Rare,
            None if self.table.is_missing(row, self.column) => {
                Word::Missing(self.frequent.index(""))
            }
            None => Word::Unknown,
        }
    }

    /// The input that is 1 in a row, if there is one.
    fn input_at(&mut self, row: usize) -> Option<usize> {
        match self.at(row) {
            Word::Category(index) | Word::Missing(Some(index)) => Some(index),
            // All others share the last input, if there are rare ones.
            Word::Rare | Word::Unknown | Word::Missing(None) => {
                self.rare.map(|_| self.frequent.len())
            }
        }
    }
}

/// Writes the inputs of a column: one slice of rows after the other, [`Coding::width`] of them, which are
/// 0 before.
pub(super) fn encode<T: Scalar>(
    table: &Table,
    column: usize,
    coding: &Coding,
    inputs: &mut [T],
) -> Result<(), CsvError> {
    let rows = table.rows();
    match coding {
        Coding::Constant { .. } => {}
        Coding::Number => numbers_or_nan_to(table, column, inputs)?,
        Coding::NumberOrMissing => {
            let (numbers, missing) = inputs.split_at_mut(rows);
            numbers_or_nan_to(table, column, numbers)?;
            for (missing, number) in missing.iter_mut().zip(numbers) {
                *missing = one_if(number.to_f64().is_nan());
            }
        }
        Coding::ConstantOrMissing { .. } => {
            numbers_or_nan_to(table, column, inputs)?;
            for input in inputs {
                *input = one_if(input.to_f64().is_nan());
            }
        }
        Coding::Date(dates) => dates.encode(table, column, inputs)?,
        Coding::OneHot(_) | Coding::OneHotOrOther { .. } => {
            for (row, index) in indices(table, column, coding).into_iter().enumerate() {
                if let Some(index) = index {
                    inputs[index * rows + row] = one_if(true);
                }
            }
        }
    }
    Ok(())
}

/// Calls `each` with the index and the numbers of every input of a column.
pub(super) fn for_each<E: From<CsvError>>(
    table: &Table,
    column: usize,
    coding: &Coding,
    mut each: impl FnMut(usize, &[f64]) -> Result<(), E>,
) -> Result<(), E> {
    let rows = table.rows();
    // There may be too many categories for a tensor of all of them.
    if let Coding::OneHot(_) | Coding::OneHotOrOther { .. } = coding {
        let indices = indices(table, column, coding);
        let mut inputs = vec![0.0; rows];
        for input in 0..coding.width() {
            for (value, &index) in inputs.iter_mut().zip(&indices) {
                *value = one_if(index == Some(input));
            }
            each(input, &inputs)?;
        }
        return Ok(());
    }
    let mut inputs = vec![0.0; coding.width() * rows];
    encode(table, column, coding, &mut inputs)?;
    for (input, values) in inputs.chunks_exact(rows.max(1)).enumerate() {
        each(input, values)?;
    }
    Ok(())
}

/// The input that is 1 in each row, if there is one, of a column of words.
fn indices(table: &Table, column: usize, coding: &Coding) -> Vec<Option<usize>> {
    let (frequent, rare) = match coding {
        Coding::OneHot(labels) => (labels, None),
        Coding::OneHotOrOther { frequent, rare } => (frequent, Some(rare)),
        _ => unreachable!("a coding of words"),
    };
    let mut words = Words::new(table, column, frequent, rare);
    (0..table.rows()).map(|row| words.input_at(row)).collect()
}

fn one_if<T: Scalar>(condition: bool) -> T {
    T::data(if condition { 1.0 } else { 0.0 })
}

/// The numbers of a column, rounded to `T`; NaN where they are missing.
fn numbers_or_nan_to<T: Scalar>(
    table: &Table,
    column: usize,
    to: &mut [T],
) -> Result<(), CsvError> {
    for (row, (to, value)) in to.iter_mut().zip(table.view(column).numbers()).enumerate() {
        *to = T::data(value);
        if !to.is_finite() {
            *to = match table.is_missing_number(row, column) {
                true => T::data(f64::NAN),
                false => number(table, row, column)?,
            };
        }
    }
    Ok(())
}

/// The numbers of a column, rounded to `T`.
pub(super) fn numbers_to<T: Scalar>(
    table: &Table,
    column: usize,
    to: &mut [T],
) -> Result<(), CsvError> {
    for (row, (to, value)) in to.iter_mut().zip(table.view(column).numbers()).enumerate() {
        *to = T::data(value);
        if !to.is_finite() {
            *to = number(table, row, column)?;
        }
    }
    Ok(())
}

/// The number at a place, rounded to `T`.
fn number<T: Scalar>(table: &Table, row: usize, column: usize) -> Result<T, CsvError> {
    let number = T::data(table.number(row, column)?);
    if number.is_finite() {
        return Ok(number);
    }
    let found = shorten(&table.value(row, column));
    Err(CsvError::OutOfRange { place: table.place(row, column), found })
}

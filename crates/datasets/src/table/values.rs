//! The values of one column.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::decimal::{self, Decimal};
use super::padding::Padding;
use super::{Cell, Notation};

/// The form of a value that is not a number. Its slot among the numbers is a NaN that holds its code.
const WORD: u8 = 255;

/// The form of a number that is not a plain decimal, such as `1e5` or `007`. Its code is in `odd`.
const ODD: u8 = 254;

/// The bits of a NaN without a code.
const NAN: u64 = 0x7ff8_0000_0000_0000;

/// The values of one column: for each a number and a byte from which its text can be made again.
///
/// | form | text | slot among the numbers |
/// |---|---|---|
/// | below [`decimal::ALL_FORMS`] | a decimal that is made again from the number | the number |
/// | `ODD` | another number: `texts[code]` | the number |
/// | `WORD` | missing, infinite or a word: `texts[code]` | a NaN that holds the code |
///
/// So the numbers are a slice with NaN where there is none, and each different text is there once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    numbers: Vec<f64>,
    forms: Vec<u8>,
    /// The rows of the odd numbers, in order, and the code of each.
    odd: Vec<(usize, usize)>,
    texts: Vec<Arc<str>>,
    /// What each text is.
    cells: Vec<Cell>,
    /// The code of each text.
    codes: HashMap<Arc<str>, usize>,
    padding: Padding,
}

impl Values {
    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.forms.len()
    }

    /// Adds a plain decimal.
    #[inline]
    pub(super) fn push_decimal(&mut self, decimal: Decimal) {
        self.numbers.push(decimal.number);
        self.forms.push(decimal.form);
    }

    /// Adds a text without spaces around it.
    pub(super) fn push(&mut self, text: &str, notation: Notation) {
        match decimal::read(text.as_bytes(), notation.decimal) {
            Some(decimal) if decimal.length == text.len() => self.push_decimal(decimal),
            _ => match decimal::read_exponential(text, notation.decimal) {
                Some(decimal) => self.push_decimal(decimal),
                None => self.push_text(text, notation),
            },
        }
    }

    /// Adds a text with spaces around it.
    pub(super) fn push_padded(
        &mut self,
        before: &str,
        text: &str,
        after: &str,
        notation: Notation,
    ) {
        self.padding.push(self.len(), before, after);
        self.push(text, notation);
    }

    fn push_text(&mut self, text: &str, notation: Notation) {
        let code = self.codes.get(text).copied();
        let code = code.unwrap_or_else(|| self.add_text(text.into(), notation.cell(text)));
        match self.cells[code] {
            Cell::Number(number) => {
                self.odd.push((self.len(), code));
                self.numbers.push(number);
                self.forms.push(ODD);
            }
            _ => {
                self.numbers.push(slot(code));
                self.forms.push(WORD);
            }
        }
    }

    fn add_text(&mut self, text: Arc<str>, cell: Cell) -> usize {
        let code = self.texts.len();
        self.texts.push(text.clone());
        self.cells.push(cell);
        self.codes.insert(text, code);
        code
    }

    /// Adds the rows of `other` below.
    #[cfg(feature = "csv")]
    pub(super) fn append(&mut self, other: &Self) {
        let codes: Vec<usize> = other
            .texts
            .iter()
            .zip(&other.cells)
            .map(|(text, &cell)| {
                let code = self.codes.get(text).copied();
                code.unwrap_or_else(|| self.add_text(text.clone(), cell))
            })
            .collect();
        let rows = self.len();
        self.padding.append(rows, &other.padding);
        self.odd.extend(other.odd.iter().map(|&(row, code)| (rows + row, codes[code])));
        if other.texts.is_empty() {
            self.numbers.extend_from_slice(&other.numbers);
        } else {
            let slots = other.numbers.iter().zip(&other.forms).map(|(&number, &form)| match form {
                WORD => slot(codes[code(number)]),
                _ => number,
            });
            self.numbers.extend(slots);
        }
        self.forms.extend_from_slice(&other.forms);
    }

    /// Forgets all rows, and keeps the memory.
    #[cfg(feature = "csv")]
    pub(super) fn clear(&mut self) {
        self.truncate(0);
        self.texts.clear();
        self.cells.clear();
        self.codes.clear();
        self.padding.clear();
    }

    /// Keeps the first rows.
    #[cfg(feature = "csv")]
    pub(super) fn truncate(&mut self, rows: usize) {
        self.numbers.truncate(rows);
        self.forms.truncate(rows);
        self.padding.truncate(rows);
        self.odd.truncate(self.odd.partition_point(|&(row, _)| row < rows));
    }

    /// Forgets what only adding rows needs.
    pub(super) fn shrink(&mut self) {
        self.codes = HashMap::new();
        self.numbers.shrink_to_fit();
        self.forms.shrink_to_fit();
        self.padding.shrink();
    }

    /// Whether every value is empty.
    pub(super) fn is_blank(&self) -> bool {
        self.forms.iter().all(|&form| form == WORD)
            && self.numbers.iter().all(|&number| self.texts[code(number)].is_empty())
    }

    /// The text of a value with the spaces around it.
    pub(super) fn exact_text(&self, row: usize, notation: Notation) -> Cow<'_, str> {
        let text = self.text(row, notation);
        match self.padding.around(row) {
            None => text,
            Some((before, after)) => Cow::Owned([before, &text, after].concat()),
        }
    }

    /// The text of a value, without spaces around it.
    pub(super) fn text(&self, row: usize, notation: Notation) -> Cow<'_, str> {
        let (number, form) = (self.numbers[row], self.forms[row]);
        match form {
            WORD => Cow::Borrowed(&*self.texts[code(number)]),
            ODD => Cow::Borrowed(&*self.texts[self.odd_code(row)]),
            _ => Cow::Owned(decimal::text(number, form, notation.decimal)),
        }
    }

    fn odd_code(&self, row: usize) -> usize {
        let at = self.odd.binary_search_by_key(&row, |&(row, _)| row);
        self.odd[at.expect("every odd number has a code")].1
    }

    /// The text of a number that is not a plain decimal.
    pub(super) fn odd_text(&self, row: usize) -> Option<&str> {
        (self.forms[row] == ODD).then(|| &*self.texts[self.odd_code(row)])
    }

    /// Whether a number is a plain decimal with digits after the point.
    pub(super) fn has_digits_after_point(&self, row: usize) -> bool {
        (1..32).contains(&self.forms[row])
    }

    /// What a value is.
    #[inline]
    pub(crate) fn cell(&self, row: usize) -> Cell {
        match self.forms[row] {
            WORD => self.cells[code(self.numbers[row])],
            _ => Cell::Number(self.numbers[row]),
        }
    }

    /// The finite number of each row, and NaN where a value is not one.
    pub(crate) fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    /// The code of a value that is not a number: equal texts have equal codes.
    pub(crate) fn code(&self, row: usize) -> Option<usize> {
        (self.forms[row] == WORD).then(|| code(self.numbers[row]))
    }

    /// The texts of all codes, some of which may not occur any more.
    pub(crate) fn texts(&self) -> &[Arc<str>] {
        &self.texts
    }

    /// What each code is.
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// For each code, how many values that are not numbers have it, and the first row.
    pub(super) fn occurrences(&self) -> Vec<Occurrence> {
        let mut found = vec![Occurrence { rows: 0, first: usize::MAX }; self.texts.len()];
        if found.is_empty() {
            return found;
        }
        for row in 0..self.len() {
            if let Some(code) = self.code(row) {
                found[code].rows += 1;
                found[code].first = found[code].first.min(row);
            }
        }
        found
    }

    /// Whether a plain number has decimals, apart from numbers like `1.234`, whose point may separate thousands.
    pub(super) fn has_decimals_other_than_thousands(&self) -> bool {
        let numbers = self.numbers.iter().zip(&self.forms);
        numbers.filter(|&(_, &form)| form < decimal::ALL_FORMS).any(|(&number, &form)| match form {
            0 => false,
            3 => !(1.0..1000.0).contains(&number.abs()),
            _ => true,
        })
    }

    /// The same, also of numbers that are not plain.
    pub(super) fn has_decimals(&self) -> bool {
        let is_odd = |&(row, _): &(usize, usize)| {
            self.point(row).is_some_and(|(_, decimals)| !matches!(decimals, 0 | 3))
        };
        self.has_decimals_other_than_thousands() || self.odd.iter().any(is_odd)
    }

    /// The rows and the texts of the numbers that are not plain decimals.
    pub(super) fn odd_texts(&self) -> impl Iterator<Item = (usize, &str)> {
        self.odd.iter().map(|&(row, code)| (row, &*self.texts[code]))
    }

    /// Whether some number may have three digits after the point.
    pub(super) fn may_have_three_decimals(&self) -> bool {
        !self.odd.is_empty() || self.forms.contains(&3)
    }

    /// A finite number and its number of digits after the point. `None` if it is not written with plain
    /// digits, apart from signs, units and spaces around them.
    pub(super) fn point(&self, row: usize) -> Option<(f64, usize)> {
        let (number, form) = (self.numbers[row], self.forms[row]);
        match form {
            0..32 => Some((number, form.into())),
            ODD => {
                let text = &*self.texts[self.odd_code(row)];
                let behind = text.trim_start_matches(|c: char| !c.is_ascii_digit());
                let digits = behind.trim_end_matches(|c: char| !c.is_ascii_digit());
                // As in `5.` and `5.-`, where the point is a decimal mark.
                if behind[digits.len()..].trim_start().starts_with('.') {
                    return None;
                }
                let decimal = decimal::read(digits.as_bytes(), b'.')?;
                let is_plain = decimal.length == digits.len() && decimal.form < 32;
                is_plain.then_some((number, decimal.form.into()))
            }
            _ => None,
        }
    }

    /// Makes missing values of the codes that are marked.
    pub(super) fn set_missing(&mut self, codes: &[bool]) {
        for (cell, _) in self.cells.iter_mut().zip(codes).filter(|(_, is_missing)| **is_missing) {
            *cell = Cell::Missing;
        }
    }

    /// Makes numbers of the values that are not: `numbers` has the number of each code, and NaN where a
    /// value stays as it is.
    pub(super) fn replace(&mut self, numbers: &[f64]) {
        for row in 0..self.len() {
            let Some(code) = self.code(row) else { continue };
            if !numbers[code].is_nan() {
                self.odd.push((row, code));
                self.numbers[row] = numbers[code];
                self.forms[row] = ODD;
            }
        }
        self.odd.sort_unstable();
        for (cell, &number) in self.cells.iter_mut().zip(numbers) {
            if !number.is_nan() {
                *cell = Cell::Number(number);
            }
        }
    }
}

/// The values of one code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence {
    /// The number of rows.
    pub(super) rows: usize,
    /// The first of them.
    pub(super) first: usize,
}

/// A NaN that holds a code.
fn slot(code: usize) -> f64 {
    f64::from_bits(NAN | code as u64)
}

/// The code that a NaN holds.
fn code(slot: f64) -> usize {
    (slot.to_bits() & !NAN) as usize
}

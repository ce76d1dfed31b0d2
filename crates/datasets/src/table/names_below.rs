//! Lines of names below the first line.

use super::{Cell, CsvError, HeaderError, Selector, Table, list};

/// How many rows may be names.
const ROWS: usize = 20;

impl Table {
    /// The line of one of the first rows that has this name and no number.
    pub(super) fn line_with_name(&self, selector: &Selector) -> Option<usize> {
        let Selector::Name(name) = selector else { return None };
        let columns = 0..self.names().len();
        let has_name = |row: &usize| {
            !name.is_empty()
                && columns.clone().any(|column| *self.value(*row, column) == **name)
                && columns.clone().all(|column| self.cell(*row, column).number().is_none())
        };
        (0..self.rows().min(ROWS)).find(has_name).map(|row| self.line(row))
    }

    /// The error; [`HeaderError::Second`] if it is about the first row, and this looks like a second line of names
    /// or units: it has no number, and a word in a column where all other rows have numbers.
    pub(crate) fn or_second_header(&self, error: CsvError) -> CsvError {
        let place = match &error {
            CsvError::NotANumber { place, .. }
            | CsvError::MostlyNumbers { place, .. }
            | CsvError::MissingValue { place, .. } => place,
            // A row without a target is often an ordinary one.
            CsvError::MissingTarget { place, found, .. } if !found.is_empty() => place,
            _ => return error,
        };
        let columns = 0..self.names().len();
        let is_unit = |column: usize| {
            let below = || (1..self.rows()).map(move |row| self.cell(row, column));
            self.cell(0, column) == Cell::Word
                && below().all(|cell| matches!(cell, Cell::Number(_) | Cell::Missing))
                && below().filter(|cell| cell.number().is_some()).count() > 1
        };
        let has_number = |column| self.cell(0, column).number().is_some();
        if place.line != self.line(0)
            || columns.clone().any(has_number)
            || !columns.clone().any(is_unit)
        {
            return error;
        }
        let values: Vec<_> = columns.map(|column| self.value(0, column)).collect();
        let found = list(values.iter().map(|value| &**value));
        HeaderError::Second { file: self.source().to_owned(), line: place.line, found }.into()
    }

    /// Whether all values of a column are numbers or missing, and at least one is a number.
    pub(crate) fn is_all_numbers(&self, column: usize) -> bool {
        let cells = || (0..self.rows()).map(|row| self.cell(row, column));
        cells().all(|cell| matches!(cell, Cell::Number(_) | Cell::Missing))
            && cells().any(|cell| cell.number().is_some())
    }
}

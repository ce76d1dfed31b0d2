//! Errors about numbers of which some have another decimal mark or another unit.

use super::unit::is_percent;
use super::written::{Reading, Written, read};
use super::{Cell, CsvError, Kind, Place, Table, is_currency, is_same_unit, shorten};

impl Table {
    /// The error, or [`CsvError::MixedDecimalMarks`] if a number needs another decimal mark and another of
    /// the columns has numbers with that of the table.
    pub(crate) fn with_mixed_marks(&self, error: CsvError, columns: &[usize]) -> CsvError {
        let CsvError::NumberFormat { place, found, meanings } = &error else { return error };
        if meanings.is_empty() {
            return self.marks_within_column(place, found).unwrap_or(error);
        }
        if meanings.iter().any(|meaning| meaning.decimal.is_none()) {
            return error;
        }
        let mark = char::from(self.data.notation.decimal);
        let is_decimal = |row: usize, column: usize| {
            self.cell(row, column).number().is_some()
                && has_decimals(&self.value(row, column), mark)
        };
        let others =
            columns.iter().filter(|&&column| !place.is_in(&self.data.columns[column].name));
        let mut others = others.filter_map(|&column| {
            Some(((0..self.rows()).find(|&row| is_decimal(row, column))?, column))
        });
        match others.next() {
            None => error,
            Some((row, column)) => CsvError::MixedDecimalMarks {
                place: place.clone(),
                found: found.clone(),
                other: self.place(row, column).into(),
                other_found: shorten(&self.value(row, column)).into(),
            },
        }
    }

    /// The error for a number whose marks do not fit those of another number of its column; `None` if there
    /// is no other number that shows it alone.
    fn marks_within_column(&self, place: &Place, found: &str) -> Option<CsvError> {
        let column = self.names().position(|name| place.is_in(name))?;
        let marks = |text: &str| {
            let written = read(text, self.data.notation)?;
            match (written.reading, written.no_cents) {
                (Reading::Other { comma, point }, _) => Some([comma.is_some(), point.is_some()]),
                (Reading::Number(_), Some(mark @ (',' | '.'))) => Some([mark == ',', mark == '.']),
                (Reading::Number(_), _) => None,
            }
        };
        let mark = char::from(self.data.notation.decimal);
        let plain = |text: &str| has_decimals(text, mark).then_some([mark == ',', mark == '.']);
        let here = marks(found)?;
        let differs = |row: &usize| {
            let text = self.value(*row, column);
            let there = match self.cell(*row, column) {
                Cell::Number(_) => plain(&text),
                Cell::Word => marks(&text),
                _ => None,
            };
            there.is_some_and(|there| !(0..2).any(|mark| here[mark] && there[mark]))
        };
        let row = (0..self.rows()).find(differs)?;
        Some(CsvError::MixedDecimalMarks {
            place: place.clone(),
            found: found.to_owned(),
            other: self.place(row, column).into(),
            other_found: shorten(&self.value(row, column)).into(),
        })
    }

    /// The error for a column with a number in a row whose unit or currency is not that of another row;
    /// `None` if there is no such other. It names the first two rows that differ.
    ///
    /// A plain number differs from a currency or a percentage. A number with another ending beside plain
    /// numbers, such as `12a`, is a typing error rather than a unit.
    pub(crate) fn mixed_units(&self, row: usize, column: usize) -> Option<CsvError> {
        let unit = |row| {
            let text = self.value(row, column);
            match self.cell(row, column) {
                Cell::Number(_) if read(&text, self.data.notation).is_none() => Some(None),
                Cell::Number(_) | Cell::Word => match read(&text, self.data.notation)? {
                    Written { reading: Reading::Number(_), unit, .. } => Some(unit),
                    Written { reading: Reading::Other { .. }, .. } => None,
                },
                Cell::Missing | Cell::Infinite => None,
            }
        };
        unit(row)?;
        let mut units = (0..self.rows()).filter_map(|row| Some((row, unit(row)?)));
        let (first, of_first) = units.next()?;
        let is_known = |unit: &Option<String>| {
            unit.as_deref().is_none_or(|it| is_currency(it) || is_percent(it))
        };
        let (second, of_second) =
            units.find(|(_, unit)| !is_same_unit(unit.as_deref(), of_first.as_deref()))?;
        let has_plain = of_first.is_none() || of_second.is_none();
        if has_plain && !(is_known(&of_first) && is_known(&of_second)) {
            return None;
        }
        let text = |row| shorten(&self.value(row, column));
        Some(CsvError::MixedUnits {
            place: self.place(second, column),
            found: text(second).into(),
            other: self.line(first),
            other_found: text(first).into(),
        })
    }

    /// The error for the first value of a column of words that is not missing and not a number; `None` if an earlier
    /// number has another unit than `expected`.
    pub(crate) fn first_word(&self, column: usize, expected: &str) -> Option<CsvError> {
        if self.kind(column) == Kind::Numeric {
            return None;
        }
        let rows = (0..self.rows()).filter(|&row| !self.is_missing_number(row, column));
        for row in rows.filter(|&row| self.cell(row, column) == Cell::Word) {
            match read(&self.value(row, column), self.data.notation) {
                Some(Written { reading: Reading::Number(_), unit, .. }) => {
                    if !is_same_unit(unit.as_deref(), Some(expected)) {
                        return None;
                    }
                }
                _ => return self.number(row, column).err(),
            }
        }
        None
    }
}

/// Whether a number has digits after the mark, so that it is the decimal mark. Three digits may also be a group.
fn has_decimals(text: &str, mark: char) -> bool {
    let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
    text.rsplit_once(mark).is_some_and(|(_, rest)| !matches!(digits(rest), 0 | 3))
}

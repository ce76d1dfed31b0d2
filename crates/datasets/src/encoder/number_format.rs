//! How the numbers of the training table are written.

use std::collections::BTreeMap;

use crate::table::{CsvError, Place, Table, is_currency, is_same_unit, shorten};

/// How the numbers of a table are written: the marks within them, and the unit of each column whose
/// numbers have one.
///
/// An [`Encoder`](crate::Encoder) keeps that of its training rows. Read new files with
/// [`CsvOptions::number_format`](crate::CsvOptions::number_format), so that their numbers mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
pub struct NumberFormat {
    decimal: char,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    thousands: Option<char>,
    /// The unit of each column that has one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "BTreeMap::is_empty"))]
    units: BTreeMap<String, String>,
}

/// Plain numbers.
impl Default for NumberFormat {
    fn default() -> Self {
        Self { decimal: '.', thousands: None, units: BTreeMap::new() }
    }
}

impl NumberFormat {
    /// The format of the numbers in some columns of a table.
    pub(super) fn of(table: &Table, columns: impl IntoIterator<Item = usize>) -> Self {
        let names: Vec<&str> = table.names().collect();
        let unit = |column: usize| {
            table.unit(column).map(|unit| (names[column].to_owned(), unit.to_owned()))
        };
        let (decimal, thousands) = table.marks();
        Self { decimal, thousands, units: columns.into_iter().filter_map(unit).collect() }
    }

    /// The decimal mark: a point or a comma.
    pub fn decimal(&self) -> char {
        self.decimal
    }

    /// The separator between groups of digits that was given, if one was.
    pub fn thousands(&self) -> Option<char> {
        self.thousands
    }

    /// The unit of a column, such as `%`, `$` or `kg`; `None` if its numbers have none.
    pub fn unit(&self, column: &str) -> Option<&str> {
        self.units.get(column).map(String::as_str)
    }

    /// Whether numbers are plain: a decimal point, no separator and no unit.
    #[cfg_attr(not(feature = "serde"), allow(dead_code))]
    pub(super) fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Compares the unit of a column of numbers with that of the training.
    ///
    /// Returns the place and the value where a currency is only left out or added.
    ///
    /// # Errors
    /// [`CsvError::OtherUnit`] if the numbers mean something else than in training.
    pub(super) fn check(
        &self,
        table: &Table,
        column: usize,
        name: &str,
    ) -> Result<Option<OtherUnit>, CsvError> {
        let (expected, unit) = (self.unit(name), table.unit(column));
        // One word in a column leaves all numbers with a unit as words. The error is about the word.
        if let Some(error) = expected.and_then(|unit| table.first_word(column, unit)) {
            return Err(error);
        }
        let is_same = is_same_unit(expected, unit);
        let Some(row) = (if is_same { None } else { first_row(table, column, unit) }) else {
            return Ok(None);
        };
        let (place, found) = (table.place(row, column), shorten(&table.value(row, column)));
        let (expected, unit) = (expected.map(str::to_owned), unit.map(str::to_owned));
        match (&expected, &unit) {
            (Some(currency), None) | (None, Some(currency)) if is_currency(currency) => {
                Ok(Some(OtherUnit { place, found, expected, unit }))
            }
            _ => {
                let (expected, unit) = (expected.map(Into::into), unit.map(Into::into));
                let found = found.into();
                Err(CsvError::OtherUnit { place, found, expected, unit })
            }
        }
    }
}

/// A value whose unit is not that of the training.
pub(super) struct OtherUnit {
    pub(super) place: Place,
    pub(super) found: String,
    pub(super) expected: Option<String>,
    pub(super) unit: Option<String>,
}

/// The first row with a number that has the unit, or with a number if there is no unit.
fn first_row(table: &Table, column: usize, unit: Option<&str>) -> Option<usize> {
    let mut numbers = (0..table.rows()).filter(|&row| !table.view(column).number(row).is_nan());
    match unit {
        Some(unit) => numbers.find(|&row| table.value(row, column).contains(unit)),
        None => numbers.next(),
    }
}

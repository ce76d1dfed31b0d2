//! What is odd in the inputs of a table.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::mem::discriminant;

use super::cells::{Word, Words};
use super::fit::same_number;
use super::number_format::OtherUnit;
use super::{Coding, Encoder, Input};
use crate::dates::{DateCoding, Lacks};
use crate::labels::{Decimal, Labels};
use crate::table::{Cell, CsvError, Kind, Place, Table, shorten};

/// From here on, double precision does not have all integers.
const LARGE: f64 = 9_007_199_254_740_992.0;

/// What to do where an input is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Missing {
    /// Fill numbers and dates from the training rows, and take a missing word as a category.
    #[default]
    Fill,
    /// Refuse the table.
    Refuse,
}

/// What to do with a category that training has not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unknown {
    /// Predict without it.
    #[default]
    Accept,
    /// Refuse the table.
    Refuse,
}

/// Unusual values of an input column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The index of the column among [`Encoder::input_columns`].
    pub input: usize,
    /// What they are.
    pub what: Found,
    /// The place of the first of them.
    pub place: Place,
    /// The first of them, shortened if it is long.
    pub found: String,
    /// In how many rows there are such values.
    pub rows: usize,
}

/// What a [`Finding`] is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// Missing values: numbers and dates are filled from the training rows, and words are a category.
    Missing,
    /// Categories that training has not seen.
    Unknown,
    /// Values other than the only one of the training rows, which have no influence.
    NotConstant {
        /// The value of the training rows; empty if it is missing.
        value: String,
    },
    /// Numbers of which training had a currency and these do not, or the other way round.
    OtherUnit {
        /// The unit in training; `None` for plain numbers.
        expected: Option<String>,
        /// The unit of these numbers.
        unit: Option<String>,
    },
    /// Dates without a time, of which training had the time of the day. They are read as 0:00.
    WithoutTime,
    /// Months, quarters or weeks without a day, of which training had the day of the week. They are read as their
    /// first day.
    WithoutDay,
    /// Integers that become the same number as another one, because double precision has 53 bits.
    SameNumber {
        /// The other one, shortened if it is long.
        other: String,
    },
}

impl Encoder {
    /// What is odd in the inputs of a table: missing values, unknown categories, values other than the
    /// only one of the training rows, and integers that become the same number. There is at most one
    /// finding of each sort for each column.
    ///
    /// [`inputs`](Self::inputs) accepts all of them.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Encoder, Found, Missing, Table, Unknown};
    /// let rows = [["1.5", "red", "yes"], ["2.5", "blue", "no"]];
    /// let table = Table::from_rows("pens", &["length", "color", "dry"], rows)?;
    /// let encoder = Encoder::fit(&table, &Columns::classification("dry"))?;
    ///
    /// let new = Table::from_rows("new", &["length", "color"], [["", "red"], ["2", "green"]])?;
    /// let findings = encoder.check(&new, Missing::Fill, Unknown::Accept)?;
    /// assert_eq!(findings[0].what, Found::Missing);
    /// assert_eq!((&*findings[1].found, findings[1].place.line), ("green", 2));
    ///
    /// let error = encoder.check(&new, Missing::Fill, Unknown::Refuse).unwrap_err();
    /// let expected = r#"new, line 2, column "color": expected one of "blue", "red", found "green""#;
    /// assert!(error.to_string().starts_with(expected), "{error}");
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// If a column is missing, if its numbers have another unit than in training, or if a value is missing
    /// or a category is unknown and that is refused.
    pub fn check(
        &self,
        table: &Table,
        missing: Missing,
        unknown: Unknown,
    ) -> Result<Vec<Finding>, CsvError> {
        let columns = super::find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        let mut findings = Vec::new();
        for (input, column) in columns.into_iter().enumerate() {
            let other_unit = self.check_numbers(table, &self.inputs[input], column)?;
            findings.extend(other_unit.map(|OtherUnit { place, found, expected, unit }| {
                let what = Found::OtherUnit { expected, unit };
                Finding { input, what, place, found, rows: table.rows() }
            }));
            let Input { coding, .. } = &self.inputs[input];
            let mut odd = Odd { table, input, column, missing, unknown, findings: Vec::new() };
            match coding {
                Coding::Number | Coding::NumberOrMissing => odd.check_numbers(None)?,
                Coding::ConstantOrMissing { value } => odd.check_numbers(Some(value))?,
                Coding::OneHot(labels) => odd.check_words(labels, None)?,
                Coding::OneHotOrOther { frequent, rare } => {
                    odd.check_words(frequent, Some(rare))?;
                }
                Coding::Date(dates) => odd.check_dates(dates)?,
                Coding::Constant { value, kind } => odd.check_constant(value, *kind)?,
            }
            findings.append(&mut odd.findings);
        }
        Ok(findings)
    }
}

impl Encoder {
    /// Refuses missing numbers and dates, which no scaler fills.
    ///
    /// # Errors
    /// [`CsvError::MissingValue`] at the first one; if a column is missing.
    pub fn refuse_missing_numbers(&self, table: &Table) -> Result<(), CsvError> {
        let columns = super::find(table, self.inputs.iter().map(|input| input.name.as_str()))?;
        for (Input { coding, .. }, column) in self.inputs.iter().zip(columns) {
            // The others give no NaN.
            let is_filled =
                matches!(coding, Coding::Number | Coding::NumberOrMissing | Coding::Date(_));
            let mut rows = 0..if is_filled { table.rows() } else { 0 };
            if let Some(row) = rows.find(|&row| table.is_missing_number(row, column)) {
                let (place, found) = super::fit::at(table, row, column);
                return Err(CsvError::MissingValue { place, found });
            }
        }
        Ok(())
    }
}

/// The first integer of a column that becomes the same number as another one: its row, and the other.
pub(super) fn equal_integers(table: &Table, column: usize) -> Option<(usize, String)> {
    let mut large = HashMap::new();
    table.view(column).numbers().enumerate().find_map(|(row, number)| {
        let is_large = number.abs() >= LARGE;
        let other = is_large.then(|| equal_integer(table, row, column, number, &mut large))??;
        Some((row, other))
    })
}

/// The other integer that has the same double as that of a row. `large` has those that were seen.
fn equal_integer(
    table: &Table,
    row: usize,
    column: usize,
    number: f64,
    large: &mut HashMap<u64, (Decimal, String)>,
) -> Option<String> {
    let text = table.value(row, column);
    let integer = Decimal::of(&text).filter(Decimal::is_integer)?;
    match large.entry(number.to_bits()) {
        Entry::Vacant(entry) => {
            entry.insert((integer, text.into_owned()));
            None
        }
        Entry::Occupied(entry) => {
            let (first, other) = entry.get();
            (*first != integer).then(|| other.clone())
        }
    }
}

/// A column, and what is odd in it so far.
struct Odd<'a> {
    table: &'a Table,
    input: usize,
    column: usize,
    missing: Missing,
    unknown: Unknown,
    findings: Vec<Finding>,
}

impl Odd<'_> {
    /// Numbers, which are constant where there is a `value`.
    fn check_numbers(&mut self, value: Option<&str>) -> Result<(), CsvError> {
        let constant = value.and_then(|value| Some((value, Cell::of(value).number()?)));
        let mut large = HashMap::new();
        for (row, number) in self.table.view(self.column).numbers().enumerate() {
            if number.is_nan() {
                if self.table.is_missing_number(row, self.column) {
                    self.add_missing(row)?;
                }
                continue;
            }
            if let Some((value, _)) =
                constant.filter(|(_, constant)| !same_number(number, *constant))
            {
                self.add_other(row, value);
            }
            if number.abs() >= LARGE {
                self.check_integer(row, number, &mut large);
            }
        }
        Ok(())
    }

    /// An integer that may have the same double as another one. `large` has those that were seen.
    fn check_integer(
        &mut self,
        row: usize,
        number: f64,
        large: &mut HashMap<u64, (Decimal, String)>,
    ) {
        if let Some(other) = equal_integer(self.table, row, self.column, number, large) {
            self.add(row, Found::SameNumber { other: shorten(&other) });
        }
    }

    fn check_words(&mut self, frequent: &Labels, rare: Option<&Labels>) -> Result<(), CsvError> {
        let mut words = Words::new(self.table, self.column, frequent, rare);
        for row in 0..self.table.rows() {
            match words.at(row) {
                Word::Category(_) | Word::Rare => {}
                Word::Missing(_) => self.add_missing(row)?,
                Word::Unknown => {
                    let known = || frequent.names().iter().filter(|name| !name.is_empty());
                    self.add_unknown(row, || known().map(String::as_str).collect())?;
                }
            }
        }
        Ok(())
    }

    fn check_dates(&mut self, dates: &DateCoding) -> Result<(), CsvError> {
        for row in 0..self.table.rows() {
            if self.table.is_missing_number(row, self.column) {
                self.add_missing(row)?;
                continue;
            }
            match dates.lacks(&self.table.value(row, self.column)) {
                Some(Lacks::Time) => self.add(row, Found::WithoutTime),
                Some(Lacks::Day) => self.add(row, Found::WithoutDay),
                None => {}
            }
        }
        Ok(())
    }

    fn check_constant(&mut self, value: &str, kind: Kind) -> Result<(), CsvError> {
        let number = Cell::of(value).number().filter(|_| kind == Kind::Numeric);
        let mut large = HashMap::new();
        for row in 0..self.table.rows() {
            let same = match (number, self.table.cell(row, self.column)) {
                (Some(number), Cell::Number(other)) => {
                    if other.abs() >= LARGE {
                        self.check_integer(row, other, &mut large);
                    }
                    same_number(number, other)
                }
                _ => !value.is_empty() && *self.table.value(row, self.column) == *value,
            };
            if same {
                continue;
            }
            let is_missing = match kind {
                Kind::Numeric => self.table.is_missing_number(row, self.column),
                Kind::Categorical => self.table.is_missing(row, self.column),
            };
            if is_missing {
                // Missing in all training rows, too.
                if !value.is_empty() || self.missing == Missing::Refuse {
                    self.add_missing(row)?;
                }
            } else if kind == Kind::Categorical && !value.is_empty() && self.refuses_unknown() {
                self.add_unknown(row, || vec![value])?;
            } else {
                self.add_other(row, value);
            }
        }
        Ok(())
    }

    fn refuses_unknown(&self) -> bool {
        self.unknown == Unknown::Refuse
    }

    fn add_missing(&mut self, row: usize) -> Result<(), CsvError> {
        if self.missing == Missing::Refuse {
            let (place, found) = self.first(row);
            return Err(CsvError::MissingValue { place, found });
        }
        self.add(row, Found::Missing);
        Ok(())
    }

    fn add_unknown<'a>(
        &mut self,
        row: usize,
        known: impl Fn() -> Vec<&'a str>,
    ) -> Result<(), CsvError> {
        if self.refuses_unknown() {
            let (place, found) = self.first(row);
            let known = crate::table::list(known().into_iter());
            return Err(CsvError::UnknownCategory { place, found, known });
        }
        self.add(row, Found::Unknown);
        Ok(())
    }

    fn add_other(&mut self, row: usize, value: &str) {
        self.add(row, Found::NotConstant { value: value.to_owned() });
    }

    /// Counts a row, and keeps the place of the first one.
    fn add(&mut self, row: usize, what: Found) {
        let same = |finding: &&mut Finding| discriminant(&finding.what) == discriminant(&what);
        match self.findings.iter_mut().find(same) {
            Some(finding) => finding.rows += 1,
            None => {
                let (place, found) = self.first(row);
                self.findings.push(Finding { input: self.input, what, place, found, rows: 1 });
            }
        }
    }

    fn first(&self, row: usize) -> (Place, String) {
        (self.table.place(row, self.column), shorten(&self.table.value(row, self.column)))
    }
}

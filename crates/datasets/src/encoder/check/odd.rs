//! What is odd in a column.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::mem::discriminant;

use super::super::cells::{Word, Words};
use super::super::fit::same_number;
use super::{Finding, Found, Missing, Unknown};
use crate::dates::{DateCoding, Lacks};
use crate::labels::{Decimal, Labels};
use crate::table::{Cell, CsvError, Kind, Place, Table, shorten};

/// From here on, double precision does not have all integers.
const LARGE: f64 = 9_007_199_254_740_992.0;

/// The first integer of a column that becomes the same number as another one: its row, and the other.
pub(in crate::encoder) fn equal_integers(table: &Table, column: usize) -> Option<(usize, String)> {
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
pub(super) struct Odd<'a> {
    table: &'a Table,
    input: usize,
    column: usize,
    missing: Missing,
    unknown: Unknown,
    findings: Vec<Finding>,
}

impl<'a> Odd<'a> {
    /// Nothing so far, in the column of an input.
    pub(super) fn new(
        table: &'a Table,
        (input, column): (usize, usize),
        missing: Missing,
        unknown: Unknown,
    ) -> Self {
        Self { table, input, column, missing, unknown, findings: Vec::new() }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Numbers, which are constant where there is a `value`.
    pub(super) fn check_numbers(&mut self, value: Option<&str>) -> Result<(), CsvError> {
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

    pub(super) fn check_words(
        &mut self,
        frequent: &Labels,
        rare: Option<&Labels>,
    ) -> Result<(), CsvError> {
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

    pub(super) fn check_dates(&mut self, dates: &DateCoding) -> Result<(), CsvError> {
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

    pub(super) fn check_constant(&mut self, value: &str, kind: Kind) -> Result<(), CsvError> {
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

    fn add_unknown<'b>(
        &mut self,
        row: usize,
        known: impl Fn() -> Vec<&'b str>,
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

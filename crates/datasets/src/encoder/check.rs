//! What is odd in the inputs of a table.

mod odd;

use odd::Odd;
pub(super) use odd::equal_integers;

use super::number_format::OtherUnit;
use super::{Coding, Encoder, Input};
use crate::table::{CsvError, Place, Table};

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
    /// only one of the training rows, integers that become the same number, and dates that lack a part of the
    /// dates of the training. There is at most one finding of each sort for each column.
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
            let mut odd = Odd::new(table, (input, column), missing, unknown);
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
            findings.extend(odd.into_findings());
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

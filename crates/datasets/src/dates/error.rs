//! Errors of dates and times.

use super::{DateKind, may_start_with_year};
use crate::table::Place;

/// Why a column of dates or times cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// Most values of a column are dates or times, and this one is not, or a model needs one here.
    #[error(
        "{place}: expected a date or a time, found {found:?}; leave the cell empty if the date is missing"
    )]
    NotADate {
        /// The place of the value.
        place: Place,
        /// The value.
        found: String,
    },
    /// A date has the day and the month in the other order than those of the training.
    #[error(
        "{place}: expected a date as {expected}, as in training, found {found:?}, which is {pattern}"
    )]
    OtherOrder {
        /// The place of the date.
        place: Place,
        /// The date.
        found: Box<str>,
        /// How a date should be written, for example as `day/month/year`.
        expected: Box<str>,
        /// How this one is written.
        pattern: Box<str>,
    },
    /// In some dates of a column the day must come first, and in others the month.
    #[error(
        "{place}: expected dates in one order, found {found:?} here, which is {pattern}, and {:?} in line {}, \
         which is {}; write all dates of the column in the same order",
        other.text, other.line, other.pattern
    )]
    MixedOrders {
        /// The place of a date whose order is not that of most others or, if both orders have as many dates, a date
        /// with the month first.
        place: Place,
        /// The date.
        found: Box<str>,
        /// How it is written, for example as `month/day/year`.
        pattern: Box<str>,
        /// A date that shows the other order.
        other: Box<OtherDate>,
    },
    /// The values of a column are dates whatever the order of day and month, or of a year of two digits.
    #[error(
        "{place}: expected dates that show whether the day or the month comes first, found {found:?}{}",
        ambiguity_text(found)
    )]
    Ambiguous {
        /// The place of the first value that means two days.
        place: Place,
        /// The value.
        found: String,
    },
    /// Most words of a column look like dates or times, but not in a form that is read with one meaning.
    #[error(
        "{place}: expected dates such as 2024-12-31, 31.12.2024, 31-Dec-2024, 2024-12 or 2024-12-31 14:30, \
         found {found:?}, which looks like {form}"
    )]
    OtherForm {
        /// The place of the first of them.
        place: Place,
        /// The word.
        found: String,
        /// What it looks like, for example `a date with the name of a time zone`.
        form: &'static str,
    },
    /// Words of a column are durations.
    #[error(
        "{place}: expected a number, a date or a time, found {found:?}, which looks like a duration; write \
         durations as numbers, for example of seconds"
    )]
    Duration {
        /// The place of the first of them.
        place: Place,
        /// The word.
        found: String,
    },
    /// The classes of a target are dates or times.
    #[error(
        "{place}: expected classes, found {distinct} different dates or times, such as {found:?}; predict numbers \
         instead, for example of days, or declare the column categorical if they are classes"
    )]
    Classes {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How many different ones there are.
        distinct: usize,
    },
    /// A column of dates has a time without a date, or a column of times has a date.
    #[error("{place}: expected {expected} as in the other rows or in training, found {found:?}")]
    OtherKind {
        /// The place of the value.
        place: Place,
        /// What the column holds.
        expected: DateKind,
        /// The value.
        found: String,
    },
}

/// A date in another order than a first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDate {
    /// Its line.
    pub line: usize,
    /// The date.
    pub text: String,
    /// How it is written, for example as `day/month/year`.
    pub pattern: String,
}

/// Why a date means two days.
fn ambiguity_text(found: &str) -> &'static str {
    match may_start_with_year(found) {
        true => ", where the year may be the first number, too; write years with four digits",
        false => " and no day after the 12th",
    }
}

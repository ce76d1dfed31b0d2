//! Dates and times as numbers.

mod durations;
mod error;
mod fit;
mod forms;
mod kind;
mod looks;
mod months;
mod parse;
mod pattern;

use std::f64::consts::TAU;
use std::fmt;

pub(crate) use durations::is_duration;
pub use error::{DateError, OtherDate};
pub(crate) use fit::fit;
pub use kind::DateKind;
pub(crate) use looks::{is_calendar_date, is_calendar_month, looks_like};
pub(crate) use months::is_month;
use nnfs_tensor::Scalar;

use crate::table::{CsvError, Place, Table, shorten};

/// What the first number of a date such as 3/4/2024 is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum DateOrder {
    /// The day: the 3rd of April.
    Day,
    /// The month: the 4th of March.
    Month,
}

/// How dates, times, or both become numbers.
///
/// ```text
/// date                  2024-12-31, 2024/12/31, 31.12.2024, 31/12/2024, 12/31/2024, 31-Dec-2024,
///                       31 December 2024, Dec 31, 2024, Tuesday, 31 December 2024, 31. Dez. 2024,
///                       31 de diciembre de 2024
/// month                 2024-12, 2024/12, 12/2024, Dec 2024
/// quarter               2024-Q4, 2024Q4, Q4 2024
/// week                  2024-W52, 2024-W52-2
/// time                  14:30, 14:30:59, 14:30:59.5, 2:30 PM
/// date and time         2024-12-31T14:30:59Z, 2024-12-31 14:30+02:00, 31.12.2024 14:30,
///                       20241231T1430, Tue Dec 31 14:30:59 2024, 2024-12-31 14:30 UTC
/// ```
///
/// Names of months are English, German, French, Spanish, Italian, Portuguese or Dutch. All texts of a column are read
/// in the same [order](Self::order) of day and month. A year of two digits is the last number, and is one from 1969 to
/// 2068. In 23/02/26 it may also be the first number: such dates are read if another row shows that it is the last, or
/// if an order is given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct DateCoding {
    /// What the first number of a date such as 3/4/2024 is.
    pub order: DateOrder,
    /// The numbers, one for each column of the tensor.
    pub parts: Vec<DatePart>,
    /// Whether the training rows show the order, or it was given. If not, a text that means two days is
    /// refused; see [`Encoder::with_date_order`](crate::Encoder::with_date_order).
    #[cfg_attr(feature = "serde", serde(default = "older_files_know_the_order"))]
    pub order_known: bool,
    /// What the training rows hold; `None` in older files, where both are read.
    #[cfg_attr(feature = "serde", serde(default))]
    pub holds: Option<DateKind>,
}

#[cfg(feature = "serde")]
fn older_files_know_the_order() -> bool {
    true
}

/// What a date lacks that the dates of the training have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lacks {
    /// The time of the day.
    Time,
    /// The day, as a month does.
    Day,
}

/// A number that a date, a time, or both give.
///
/// The position `p` in a period is 0 at its start and 1 at its end. As `sin(2 pi p)` and `cos(2 pi p)`, the
/// end of a period is next to the start of the next one. Positions are those of the local time as it is
/// written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DatePart {
    /// The days since 1970-01-01 00:00 UTC, with a fraction; of a time alone, since midnight.
    Elapsed,
    /// The sine of the position in the year.
    YearSine,
    /// The cosine of the position in the year.
    YearCosine,
    /// The sine of the position in the week, which starts on Monday.
    WeekSine,
    /// The cosine of the position in the week.
    WeekCosine,
    /// The sine of the position in the day.
    DaySine,
    /// The cosine of the position in the day.
    DayCosine,
    /// 1 if the date is missing, else 0.
    Missing,
}

/// A date, a time, or both.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Moment {
    /// Days since 1970-01-01; 0 without a date.
    days: i64,
    /// Seconds since midnight.
    seconds: f64,
    /// How many seconds the local time is ahead of UTC.
    offset: f64,
    /// Counted from 0.
    day_of_year: u32,
    days_of_year: u32,
    /// Counted from Monday, which is 0.
    weekday: u32,
    has_date: bool,
    /// Whether it has a day: a month does not.
    has_day: bool,
    has_time: bool,
    /// Whether the name of the month may be another word, as in `1-out-10` and `Set 2001`.
    may_be_words: bool,
}

impl Moment {
    fn kind(&self) -> DateKind {
        if self.has_date { DateKind::Date } else { DateKind::Time }
    }
}

impl DateOrder {
    fn other(self) -> Self {
        match self {
            Self::Day => Self::Month,
            Self::Month => Self::Day,
        }
    }
}

/// Whether the first number of a date may be a year of two digits, as in 23/02/26.
pub(crate) fn may_start_with_year(text: &str) -> bool {
    parse::may_start_with_year(text) == Some(true)
}

const DAY: f64 = 86_400.0;

impl DateCoding {
    /// The date or time at a place; `None` if it is missing.
    fn moment(&self, table: &Table, row: usize, column: usize) -> Result<Option<Moment>, CsvError> {
        let text = table.value(row, column);
        let at = || (table.place(row, column), shorten(&text));
        if !self.order_known && fit::is_ambiguous(&text) {
            let (place, found) = at();
            return Err(DateError::Ambiguous { place, found }.into());
        }
        let mut moment = parse::parse(&text, self.order);
        if moment.is_none() && !self.order_known {
            moment = parse::parse(&text, self.order.other());
        }
        let Some(moment) = moment else {
            if table.is_missing_number(row, column) {
                return Ok(None);
            }
            let (place, found) = at();
            return Err(self.other_date(place, found, &text));
        };
        match self.holds {
            Some(expected) if expected != moment.kind() => {
                let (place, found) = at();
                Err(DateError::OtherKind { place, expected, found }.into())
            }
            _ => Ok(Some(moment)),
        }
    }

    /// What a date lacks of the parts; `None` if it has all of them, or is not a date.
    pub(crate) fn lacks(&self, text: &str) -> Option<Lacks> {
        use DatePart::{DayCosine, DaySine, WeekCosine, WeekSine};
        let has = |parts: [DatePart; 2]| parts.iter().any(|part| self.parts.contains(part));
        let (needs_time, needs_day) = (has([DaySine, DayCosine]), has([WeekSine, WeekCosine]));
        // Most times have a colon, and a date with a time has a day.
        if !(needs_time || needs_day) || text.contains(':') {
            return None;
        }
        let other = || parse::parse(text, self.order.other());
        let moment = parse::parse(text, self.order).or_else(other)?;
        match moment {
            Moment { has_day: false, .. } => Some(Lacks::Day),
            Moment { has_time: false, .. } if needs_time => Some(Lacks::Time),
            _ => None,
        }
    }

    /// The same coding with the order of day and month of another table: what its rows show or, if they do
    /// not show it, what is given. If nothing is given, the order of the training rows comes first.
    ///
    /// # Errors
    /// If neither shows the order, and it is needed.
    pub(crate) fn with_order(
        &self,
        table: &Table,
        column: usize,
        given: Option<DateOrder>,
    ) -> Result<Self, CsvError> {
        let found = match given {
            None if self.order_known => None,
            _ => fit::order_of_rows(table, column, given)?,
        };
        Ok(match found {
            Some(order) => Self { order, order_known: true, ..self.clone() },
            None => self.clone(),
        })
    }

    /// How a text is read, for example as `day.month.year`; `None` if it is not a date or a time.
    pub fn pattern(&self, text: &str) -> Option<String> {
        pattern::pattern(text, self.order)
    }

    /// The year of a date that is written with two digits: 45 for `13.03.45 10:00 PM`. `None` for any other text.
    ///
    /// ```
    /// use nnfs_datasets::{DateCoding, DateKind, DateOrder, DatePart};
    /// let parts = vec![DatePart::Elapsed];
    /// let (order, holds) = (DateOrder::Day, Some(DateKind::Date));
    /// let coding = DateCoding { order, parts, order_known: true, holds };
    /// assert_eq!(coding.short_year("13.03.45 10:00 PM"), Some(45));
    /// assert_eq!(coding.short_year("13.03.2045"), None);
    /// ```
    pub fn short_year(&self, text: &str) -> Option<u32> {
        pattern::short_year(text, self.order)
    }

    /// The error for a text that is not a date in this order.
    fn other_date(&self, place: Place, found: String, text: &str) -> CsvError {
        let (other, swapped) = match self.order {
            DateOrder::Day => (DateOrder::Month, ["month", "day"]),
            DateOrder::Month => (DateOrder::Day, ["day", "month"]),
        };
        let Some(pattern) = pattern::pattern(text, other) else {
            return DateError::NotADate { place, found }.into();
        };
        let [first, second] = swapped;
        let expected = pattern.replacen(first, "-", 1).replacen(second, first, 1);
        let expected = expected.replacen('-', second, 1);
        let (expected, pattern) = (expected.into(), pattern.into());
        DateError::OtherOrder { place, found: found.into(), expected, pattern }.into()
    }

    /// Writes the numbers of a column: one slice of rows for each part.
    ///
    /// # Errors
    /// If a value is not missing and is not a date or a time, means two days, or is a time among dates or a
    /// date among times.
    pub(crate) fn encode<T: Scalar>(
        &self,
        table: &Table,
        column: usize,
        to: &mut [T],
    ) -> Result<(), CsvError> {
        let rows = table.rows();
        for row in 0..rows {
            let moment = self.moment(table, row, column)?;
            for (part, numbers) in self.parts.iter().zip(to.chunks_exact_mut(rows)) {
                numbers[row] = T::data(part.of(moment.as_ref()));
            }
        }
        Ok(())
    }

    /// The names of the columns of the tensor.
    pub(crate) fn input_names(&self, name: &str) -> Vec<String> {
        let of = |part: &DatePart| match part {
            DatePart::Elapsed => name.to_owned(),
            DatePart::Missing => format!("{name} is missing"),
            part => format!("{name} ({part})"),
        };
        self.parts.iter().map(of).collect()
    }
}

impl DatePart {
    /// The number of a moment; NaN if it is missing.
    pub(crate) fn of(self, moment: Option<&Moment>) -> f64 {
        let Some(moment) = moment else {
            return if self == Self::Missing { 1.0 } else { f64::NAN };
        };
        let day = moment.seconds / DAY;
        let year = || (f64::from(moment.day_of_year) + day) / f64::from(moment.days_of_year);
        let week = (f64::from(moment.weekday) + day) / 7.0;
        match self {
            Self::Elapsed => moment.days as f64 + (moment.seconds - moment.offset) / DAY,
            Self::YearSine => libm::sin(TAU * year()),
            Self::YearCosine => libm::cos(TAU * year()),
            Self::WeekSine => libm::sin(TAU * week),
            Self::WeekCosine => libm::cos(TAU * week),
            Self::DaySine => libm::sin(TAU * day),
            Self::DayCosine => libm::cos(TAU * day),
            Self::Missing => 0.0,
        }
    }
}

/// For the names of inputs.
impl fmt::Display for DatePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Elapsed => "days since 1970",
            Self::YearSine => "sine of the year",
            Self::YearCosine => "cosine of the year",
            Self::WeekSine => "sine of the week",
            Self::WeekCosine => "cosine of the week",
            Self::DaySine => "sine of the day",
            Self::DayCosine => "cosine of the day",
            Self::Missing => "is missing",
        })
    }
}

//! Dates, or times without a date.

use std::fmt;

use chrono::NaiveDate;

/// The minutes of a day.
const MINUTES: f64 = 1440.0;

/// What a column of dates or times holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum DateKind {
    /// Dates, with or without a time.
    Date,
    /// Times without a date.
    Time,
}

impl fmt::Display for DateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Date => "a date",
            Self::Time => "a time without a date",
        })
    }
}

impl DateKind {
    /// The date, or the time, of a number of [`DatePart::Elapsed`](crate::DatePart::Elapsed), to the minute. `None` if
    /// it is beyond the calendar or, for times, outside the day, or not finite.
    ///
    /// ```
    /// use nnfs_datasets::DateKind;
    /// assert_eq!(DateKind::Date.text(20_088.0).as_deref(), Some("2024-12-31"));
    /// assert_eq!(DateKind::Date.text(20_088.75).as_deref(), Some("2024-12-31 18:00"));
    /// assert_eq!(DateKind::Time.text(0.75).as_deref(), Some("18:00"));
    /// assert_eq!(DateKind::Time.text(0.9999).as_deref(), Some("23:59"));
    /// assert_eq!(DateKind::Time.text(-0.02), None);
    /// ```
    pub fn text(self, days: f64) -> Option<String> {
        let mut minutes = (days * MINUTES).round();
        if self == Self::Time && (0.0..1.0).contains(&days) {
            // The last half minute of the day is not the next day.
            minutes = minutes.min(MINUTES - 1.0);
        }
        let (day, minute) = (minutes.div_euclid(MINUTES), minutes.rem_euclid(MINUTES) as u32);
        let time = format!("{:02}:{:02}", minute / 60, minute % 60);
        match self {
            Self::Time => (day == 0.0).then_some(time),
            Self::Date => {
                let day = days.is_finite().then_some(day as i64)?;
                let date = NaiveDate::from_epoch_days(i32::try_from(day).ok()?)?;
                Some(if minute == 0 { date.to_string() } else { format!("{date} {time}") })
            }
        }
    }
}

//! Warnings as sentences.

use std::fmt;

use nnfs::datasets::{DateKind, Place, spelling_key};

use super::{Filling, Warning};
use crate::far::FAR;
use crate::parts::count;
use crate::scores::short;
use crate::shown::shown;

/// How many other forms of dates are named.
const FORMS: usize = 4;

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTestRows { file, fraction, rows } => write!(
                f,
                "{file}: a test fraction of {fraction} gives no test rows out of {}: the model will \
                 not be tested",
                count(*rows, "row"),
            ),
            Self::FewerFolds { file, expected, rows } => write!(
                f,
                "{file}: expected at most {rows} folds of {}, found {expected}: each row is a fold",
                count(*rows, "training row"),
            ),
            Self::RepeatedRows { file, count, rows } => write!(
                f,
                "{file}: {} another row in all inputs and targets: test rows and held-out rows are also \
                 among the training rows, so the scores are too good; remove the repeated rows",
                of(*count, *rows, "repeats", "repeat"),
            ),
            Self::NoTarget { place, cells, rows, .. } => write!(
                f,
                "{place}: {} no target, and {} left out",
                of(*cells, *rows, "has", "have"),
                if *cells == 1 { "is" } else { "are" },
            ),
            Self::Missing { place, found, filling, cells, rows } => {
                write_missing(f, place, found, *filling, (*cells, *rows))
            }
            Self::Dates { place, found, pattern, others } => {
                write_dates(f, place, (found, pattern), others)
            }
            Self::Constant { place, value } => write!(
                f,
                "{place}: the column is {} in all training rows, so it has no influence",
                constant(value),
            ),
            Self::RowNumbers { place, low, high } => write!(
                f,
                "{place}: the column numbers the rows from {low} to {high}; ignore it if it is not a \
                 measurement",
            ),
            Self::TwoDigitYears { place, found } => write!(
                f,
                "{place}: years of two digits are read as 1969 to 2068, so {found:?} is in the future and others are before \
                 2000; write years of four digits if this is wrong",
            ),
            Self::NumbersLikeDates { place, found } => write!(
                f,
                "{place}: the integers are all dates or months, as {found}, but are taken as numbers; write dates as \
                 2024-12-31 and months as 2024-12, or declare the column categorical",
            ),
            Self::NumberLike { place, found, distinct } => write!(
                f,
                "{place}: {distinct} different words that look like numbers or durations, such as {found:?}, \
                 are taken as categories; write plain numbers if they are numbers",
            ),
            Self::NumbersAndWords { place, found, numbers, rows } => write!(
                f,
                "{place}: {numbers} of {} are numbers, the others are words such as {found:?}, and all are taken as \
                 categories; leave these cells empty if the number is missing",
                count(*rows, "value"),
            ),
            Self::Alike { place, spellings } => write!(
                f,
                "{place}: {} are different, though they {}; write them alike if they mean the same",
                listed(spellings),
                difference(spellings),
            ),
            Self::RareWords { place, found, words } => write!(
                f,
                "{place}: {words} words occur in one training row each, the first is {found:?}; they share one \
                 input, so the model cannot tell them apart",
            ),
            Self::OnlyHeldOut { place, found } => write!(
                f,
                "{place}: {found:?} occurs only in held-out rows, so the network cannot learn from it",
            ),
            Self::InputOutliers { place, found, count, low, high, dates } => {
                let (thing, [low, high]) = (thing(*dates), limits(*low, *high, *dates));
                write!(
                    f,
                    "{place}: {} far from all others: {thing}s outside {low} to {high} are taken as the \
                     nearer of the two",
                    lies(found, *count, thing),
                )
            }
            Self::TargetOutliers { place, found, count } => write!(
                f,
                "{place}: {} far from all others: {} not learned from, and only the scores of test rows count \
                 such targets",
                lies(found, *count, "target"),
                if *count == 1 { "the row is" } else { "the rows are" },
            ),
            Self::TestOutliers { place, found, count } => write!(
                f,
                "{place}: {} far from those of the training rows: R2 and RMSE of the test rows depend \
                 mostly on {}",
                lies(found, *count, "target"),
                if *count == 1 { "it" } else { "them" },
            ),
            Self::MissingCode { place, found, count, is_target } => write!(
                f,
                "{place}: {found} occurs {count} times, far from all other values of the column; if it marks \
                 a missing value, leave these cells empty{}",
                if *is_target { ", and leave out the rows without a target" } else { "" },
            ),
            Self::Unknown { place, found, similar, cells, rows } => {
                let have = of(*cells, *rows, "has", "have");
                write!(
                    f,
                    "{place}: {have} a category that training has not seen, the first is {found:?}"
                )?;
                match similar {
                    Some(similar) => write!(f, " (training had {similar:?})"),
                    None => Ok(()),
                }
            }
            Self::NotConstant { place, found, value, cells, rows } => write!(
                f,
                "{place}: {} another value than {}, the only one of the training, the first is \
                 {found:?}; the column has no influence",
                of(*cells, *rows, "has", "have"),
                constant(value),
            ),
            Self::Limited { place, found, low, high, dates, cells, rows } => {
                let (thing, [low, high]) = (thing(*dates), limits(*low, *high, *dates));
                write!(
                    f,
                    "{place}: {} a {thing} outside {low} to {high}, the limits from the training rows, the \
                     first is {found:?}; it is taken as the nearer limit",
                    of(*cells, *rows, "has", "have"),
                )
            }
            Self::WithoutTime { place, found, cells, rows } => write!(
                f,
                "{place}: {} a date without a time, the first is {found:?}; it is read as 0:00, so write the \
                 time if it is another one",
                of(*cells, *rows, "has", "have"),
            ),
            Self::WithoutDay { place, found, cells, rows } => write!(
                f,
                "{place}: {} a date without a day, such as a month, the first is {found:?}; it is read as its first day, so \
                 write the day if it is another one",
                of(*cells, *rows, "has", "have"),
            ),
            Self::Far { place, found, cells, rows } => write!(
                f,
                "{place}: {} a value more than {FAR} standard deviations from the mean of the training \
                 rows, the first is {found:?}; predictions that far outside are not reliable",
                of(*cells, *rows, "has", "have"),
            ),
            Self::OtherUnit { place, found, expected, unit } => write!(
                f,
                "{place}: training had numbers {}, and these are numbers {}, the first is {found:?}; \
                 they are taken as the same",
                with_unit(expected.as_deref()),
                with_unit(unit.as_deref()),
            ),
            Self::NumbersLikeCodes { place, found } => write!(
                f,
                "{place}: {found:?} is taken as the number {}; declare the column categorical if it holds \
                 codes",
                shown_number(found),
            ),
            Self::SameAsTarget { place, target } => write!(
                f,
                "{place}: the column has the same information as the target \"{}\" in every row, so the scores do not \
                 show how well the other columns predict it; ignore it if new rows do not have it",
                shown(target),
            ),
            Self::TotalRow { place, found } => write!(
                f,
                "{place}: the last row is called {found:?}, and is a row like any other; remove it if it has sums or \
                 means of other rows",
            ),
            Self::ConstantTarget { place, found } => {
                write!(f, "{place}: all targets are {found}, so there is nothing to learn")
            }
            Self::LargeIntegers { place, found, other } => write!(
                f,
                "{place}: {found} and {other} become the same number, because double precision has 53 \
                 bits; declare the column categorical if it holds codes",
            ),
        }
    }
}

/// Missing values: how many of how many rows, and what is done with them.
fn write_missing(
    f: &mut fmt::Formatter<'_>,
    place: &Place,
    found: &str,
    filling: Filling,
    (cells, rows): (usize, usize),
) -> fmt::Result {
    let (values, verb) = (count(rows, "value"), if cells == 1 { "is" } else { "are" });
    write!(f, "{place}: {cells} of {values} {verb} missing")?;
    if !found.is_empty() {
        write!(f, ", the first is {found:?}")?;
    }
    write!(f, "; {filling}")?;
    // In such a column, only an empty text is missing.
    match filling {
        Filling::Category | Filling::Unknown if !found.is_empty() => {
            write!(f, " (a column that is declared categorical keeps such words)")
        }
        _ => Ok(()),
    }
}

/// How dates are read: the first one, and the first of each other form.
fn write_dates(
    f: &mut fmt::Formatter<'_>,
    place: &Place,
    (found, pattern): (&str, &str),
    others: &[(String, String)],
) -> fmt::Result {
    write!(f, "{place}: the column is read as dates or times, {found:?} as {pattern}")?;
    for (found, pattern) in others.iter().take(FORMS) {
        write!(f, ", {found:?} as {pattern}")?;
    }
    match others.len().saturating_sub(FORMS) {
        0 => {}
        more => write!(f, ", and {}", count(more, "more form"))?,
    }
    let patterns = || std::iter::once(pattern).chain(others.iter().map(|(_, it)| it.as_str()));
    let has_offset = |pattern: &str| pattern.contains("offset from UTC");
    if patterns().any(has_offset) && !patterns().all(has_offset) {
        write!(f, "; dates and times without an offset are taken as UTC")?;
    }
    Ok(())
}

/// The number of a text that is written as a code.
fn shown_number(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |number: f64| number.to_string())
}

/// What a column of numbers, dates or times holds.
fn thing(dates: Option<DateKind>) -> &'static str {
    match dates {
        None => "number",
        Some(DateKind::Date) => "date",
        Some(DateKind::Time) => "time",
    }
}

/// Two limits as numbers, dates or times.
fn limits(low: f64, high: f64, dates: Option<DateKind>) -> [String; 2] {
    let as_dates = dates.and_then(|kind| dates_within(low, high, kind));
    as_dates.unwrap_or_else(|| numbers(low, high))
}

/// The first and the last date or time within two limits: whole days, if there are many, and whole minutes of a day.
fn dates_within(low: f64, high: f64, kind: DateKind) -> Option<[String; 2]> {
    const MINUTES: f64 = 1440.0;
    let [low, high] = match kind {
        DateKind::Time => {
            let (first, last) = ((low * MINUTES).ceil(), (high * MINUTES).floor());
            [first.max(0.0), last.min(MINUTES - 1.0)].map(|minute| minute / MINUTES)
        }
        DateKind::Date if high - low > 10.0 => [low.ceil(), high.floor()],
        DateKind::Date => [low, high],
    };
    Some([kind.text(low)?, kind.text(high)?])
}

/// Two numbers with at least as many digits as show a hundredth of their distance.
fn numbers(low: f64, high: f64) -> [String; 2] {
    let texts = [low, high].map(short);
    let fine = (high - low) / 100.0;
    let is_shown = texts
        .iter()
        .zip([low, high])
        .all(|(text, limit)| text.parse().is_ok_and(|shown: f64| (shown - limit).abs() <= fine));
    let can_be_plain = low.abs().max(high.abs()) < 1e15 && fine >= 1e-15;
    if is_shown || !can_be_plain {
        return texts;
    }
    let decimals = (-fine.log10().floor()).max(0.0) as usize;
    [low, high].map(|limit| format!("{limit:.decimals$}"))
}

/// `with the unit "$"`, `without a unit`.
fn with_unit(unit: Option<&str>) -> String {
    unit.map_or_else(|| "without a unit".to_owned(), |unit| format!("with the unit {unit:?}"))
}

/// What is alike about words.
fn difference(spellings: &[String]) -> &'static str {
    let keys: Vec<String> = spellings.iter().map(|word| spelling_key(word)).collect();
    match keys.iter().all(|key| *key == keys[0]) {
        true => {
            "differ only in upper and lower case, in white space or in how Unicode writes their letters"
        }
        false => "may be the same truth value",
    }
}

/// `"TRUE", "True"`, at most five.
fn listed(words: &[String]) -> String {
    let quoted: Vec<String> =
        words.iter().take(5).map(|word| format!("{:?}", shown(word))).collect();
    quoted.join(", ")
}

/// `5 lies`, `5 and 1 more number lie`.
fn lies(found: &str, count: usize, thing: &str) -> String {
    match count {
        1 => format!("{found} lies"),
        count => {
            let more = count - 1;
            format!("{found} and {more} more {thing}{} lie", if more == 1 { "" } else { "s" })
        }
    }
}

/// `1 of 60 rows is`, `2 of 60 rows are`.
fn of(cells: usize, rows: usize, singular: &str, plural: &str) -> String {
    format!("{cells} of {} {}", count(rows, "row"), if cells == 1 { singular } else { plural })
}

/// The value of a constant column.
fn constant(value: &str) -> String {
    if value.is_empty() { "missing".to_owned() } else { format!("\"{}\"", shown(value)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_the_digits_that_show_their_distance() {
        for (low, high, expected) in [
            (1_700_000_000.0, 1_700_086_400.0, ["1700000000", "1700086400"]),
            (100.00123, 100.00167, ["100.001230", "100.001670"]),
            (-3.5, 3.5, ["-3.500", "3.500"]),
            (0.0, 0.0, ["0.0000", "0.0000"]),
            (1.0, 1e30, ["1.000", "1.000e30"]),
        ] {
            assert_eq!(limits(low, high, None), expected);
        }
    }

    #[test]
    fn limits_of_dates_are_the_first_and_the_last_within_them() {
        let (date, time) = (Some(DateKind::Date), Some(DateKind::Time));
        assert_eq!(limits(19_486.3, 20_230.7, date), ["2023-05-10", "2025-05-22"]);
        assert_eq!(limits(19_486.25, 19_487.0, date), ["2023-05-09 06:00", "2023-05-10"]);
        assert_eq!(limits(0.25, 0.75, time), ["06:00", "18:00"]);
        // Beyond the calendar.
        assert_eq!(limits(-1e300, 0.0, date), ["-1.000e300", "0.0000"]);
    }
}

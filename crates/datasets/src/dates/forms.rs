//! Months, quarters, weeks and other forms that are not a day of a month with separators.

use chrono::{NaiveDate, Weekday};

use super::Moment;
use super::months::{Name, has_point, named};
use super::parse::{YEARS, date, digits, moment_of, parse_date, parse_time, split_offset};

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The moment that a text means, and how it is read. All of these forms have one meaning.
///
/// ```text
/// month                 10/2020, 10-2020, Oct 2020, 2020-Oct
/// quarter               2012-Q1, 2012Q1, Q1 2012
/// week of ISO 8601      2023-W08, 2023W08, 2023-W08-3
/// without separators    20230319T0200, 20230319T020059Z
/// Chinese, Korean       2020年10月2日, 2020년 10월 2일
/// with the weekday      Fri Oct 02 20:43:26 2020, Fri, 02 Oct 2020 20:43:26 GMT
/// ```
pub(super) fn parse(text: &str) -> Option<(Moment, &'static str)> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let by_name = "a date with the name of the month";
    None.or_else(|| Some((month(text)?, "month and year")))
        .or_else(|| Some((named_month(text)?, "a month by its name")))
        .or_else(|| Some((quarter(text)?, "the first day of a quarter")))
        .or_else(|| Some((week(text)?, "a week of ISO 8601")))
        .or_else(|| {
            Some((without_separators(text)?, "year, month, day and a time without separators"))
        })
        .or_else(|| Some((with_weekday(text)?, by_name)))
        .or_else(|| Some((with_signs(text)?, "year, month and day")))
}

/// The first day of a period without a day.
fn period(year: u32, month: u32) -> Option<Moment> {
    Some(Moment { has_day: false, ..date(year, month, 1)? })
}

/// `10/2020`
fn month(text: &str) -> Option<Moment> {
    let (month, year) = text.split_once(['/', '-'])?;
    period(digits(year, 4, 4)?, digits(month, 1, 2)?)
}

/// `Oct 2020`, `2020-Oct`, from the year 1500 to 2200.
fn named_month(text: &str) -> Option<Moment> {
    let (first, second) = text.split_once([' ', '-', '/', ',', '.'])?;
    let (first, second) = (first.trim(), second.trim());
    // `octubre de 2020`
    let second = second.strip_prefix("de ").unwrap_or(second);
    let (month, year) = match digits(first, 4, 4) {
        Some(_) => (second, first),
        None => (first, second),
    };
    let year = digits(year, 4, 4).filter(|year| YEARS.contains(year))?;
    let named = named(month)?;
    let may_be_words = named.name == Name::Beginning && !has_point(text, month);
    Some(Moment { may_be_words, ..period(year, named.number)? })
}

/// `2012-Q1`, `Q1 2012`
fn quarter(text: &str) -> Option<Moment> {
    let at = text.find(['Q', 'q'])?;
    let is_separator = |c: char| matches!(c, ' ' | '-' | '/');
    let (before, after) = (text[..at].trim_end_matches(is_separator), &text[at + 1..]);
    let (quarter, year) = match before {
        "" => {
            let (quarter, year) = after.split_at_checked(1)?;
            (quarter, year.trim_start_matches(is_separator))
        }
        year => (after, year),
    };
    let quarter = digits(quarter, 1, 1).filter(|quarter| (1..=4).contains(quarter))?;
    period(digits(year, 4, 4)?, 3 * quarter - 2)
}

/// `2023-W08`, `2023W08`, `2023-W08-3`
fn week(text: &str) -> Option<Moment> {
    let (year, week) = text.split_once("-W").or_else(|| text.split_once('W'))?;
    let (week, day) = match week.split_once('-') {
        Some((week, day)) => (week, Some(digits(day, 1, 1)?)),
        None => (week, None),
    };
    let weekday = match day {
        None => Weekday::Mon,
        Some(day) => Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?,
    };
    let year = i32::try_from(digits(year, 4, 4)?).ok()?;
    let date = NaiveDate::from_isoywd_opt(year, digits(week, 2, 2)?, weekday)?;
    Some(Moment { has_day: day.is_some(), ..moment_of(date) })
}

/// `20230319T0200`
fn without_separators(text: &str) -> Option<Moment> {
    let (day, time) = text.split_once('T')?;
    digits(day, 8, 8)?;
    let date = date(digits(&day[..4], 4, 4)?, digits(&day[4..6], 2, 2)?, digits(&day[6..], 2, 2)?)?;
    let (time, offset) = split_offset(time)?;
    let whole = time.split(['.', ',']).next()?;
    let with_colons = match whole.len() {
        4 => format!("{}:{}", &time.get(..2)?, time.get(2..)?),
        6 => format!("{}:{}:{}", time.get(..2)?, time.get(2..4)?, time.get(4..)?),
        _ => return None,
    };
    Some(Moment { seconds: parse_time(&with_colons)?, offset, has_time: true, ..date })
}

/// `Fri Oct 02 20:43:26 2020`, `Fri, 02 Oct 2020 20:43:26 GMT`, `Friday, 2 October 2020`
fn with_weekday(text: &str) -> Option<Moment> {
    let (weekday, rest) = text.split_once([' ', ','])?;
    let is_weekday = weekday.len() >= 3
        && WEEKDAYS.iter().any(|name| {
            name.get(..weekday.len()).is_some_and(|start| start.eq_ignore_ascii_case(weekday))
        });
    let rest = rest.trim_start_matches([' ', ',']);
    if !is_weekday || !rest.contains(char::is_alphabetic) {
        return None;
    }
    // The C library has the year behind the time.
    let (before, year) = rest.rsplit_once(' ')?;
    let (day, time) = before.trim_end().rsplit_once(' ')?;
    if digits(year, 4, 4).is_some() && time.contains(':') {
        let date = parse_date(&format!("{} {year}", day.trim_end()), super::DateOrder::Day)?;
        return Some(Moment { seconds: parse_time(time)?, has_time: true, ..date });
    }
    super::parse::parse_plain(rest, super::DateOrder::Day)
}

/// `2020年10月2日`
fn with_signs(text: &str) -> Option<Moment> {
    let (year, rest) = text.split_once(['年', '년'])?;
    let (month, rest) = rest.split_once(['月', '월'])?;
    let day = rest.strip_suffix(['日', '일'])?.trim_start();
    date(digits(year, 4, 4)?, digits(month.trim_start(), 1, 2)?, digits(day, 1, 2)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::DatePart;

    #[test]
    fn forms_with_one_meaning() {
        for (text, days) in [
            ("10/2020", 18_536.0), // 2020-10-01
            ("10-2020", 18_536.0),
            ("Oct 2020", 18_536.0),
            ("October, 2020", 18_536.0),
            ("2020-Oct", 18_536.0),
            ("Okt. 2020", 18_536.0),
            ("2020年10月1日", 18_536.0),
            ("2020년 10월 01일", 18_536.0),
            ("octubre de 2020", 18_536.0),
            ("2020-Q4", 18_536.0),
            ("2020Q4", 18_536.0),
            ("Q4 2020", 18_536.0),
            ("2020-W40", 18_533.0), // Monday, 2020-09-28
            ("2020W40", 18_533.0),
            ("2020-W40-4", 18_536.0),
            ("20201001T1200", 18_536.5),
            ("20201001T120000.0Z", 18_536.5),
            ("20201001T1200+0100", 18_536.5 - 1.0 / 24.0),
            ("Thu Oct 01 12:00:00 2020", 18_536.5),
            ("Thu Oct  1 12:00:00 2020", 18_536.5),
            ("Thu, 01 Oct 2020 12:00:00 GMT", 18_536.5),
            ("Thu, 01 Oct 2020 12:00:00 +0000", 18_536.5),
            ("Thursday, 1 October 2020", 18_536.0),
            ("Thursday, October 1, 2020", 18_536.0),
        ] {
            let found = parse(text).map(|(moment, _)| DatePart::Elapsed.of(Some(&moment)));
            assert_eq!(found, Some(days), "{text}");
        }
        for text in [
            "13/2020",
            "10/20",
            "Oct 20",
            "Oct 1001",
            "Set 2201",
            "2020-Q5",
            "Q1",
            "Q1 20",
            "2020-W54",
            "2020-W40-8",
            "2020W4",
            "20201301T1200",
            "20201001T12",
            "20201001",
            "Fri",
            "Fri 13",
            "Mond 1",
            "Thu 2020-10-01",
            "Wien 1100",
            "é2020W40",
            "20201001Té200",
            "Q\u{e9}1",
            "W",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

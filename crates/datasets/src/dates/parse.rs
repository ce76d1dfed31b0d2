//! From texts to moments.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use super::months::{Name, has_decimals, has_point, named};
use super::{DateOrder, Moment, forms};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;

/// The years of dates that are recognized by the name of the month alone.
pub(super) const YEARS: RangeInclusive<u32> = 1500..=2200;

/// The moment that a text without spaces around it means, or `None` if it is not a date or time.
///
/// `order` decides what 3/4/2024 means.
pub(super) fn parse(text: &str, order: DateOrder) -> Option<Moment> {
    parse_plain(text, order).or_else(|| forms::parse(text).map(|(moment, _)| moment))
}

/// A date with separators, a time, or both.
pub(super) fn parse_plain(text: &str, order: DateOrder) -> Option<Moment> {
    let (date, time) = split(text)?;
    let mut moment = match date {
        "" => Moment::default(),
        date => parse_date(date, order)?,
    };
    if let Some(time) = time {
        let (time, offset) = split_offset(time)?;
        moment.seconds = parse_time(time)?;
        moment.offset = offset;
        moment.has_time = true;
    }
    (moment.has_date || moment.has_time).then_some(moment)
}

/// Whether the first of three numbers may be a year of two digits, as in 23/02/26; `None` if the year does
/// not have two digits, or if points show that it is the last.
pub(super) fn may_start_with_year(text: &str) -> Option<bool> {
    let (text, _) = split(text)?;
    let separator =
        text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '-' | '/'))?;
    let mut parts = text.split(separator);
    let [first, month, day] = [parts.next()?, parts.next()?, parts.next()?];
    let _ = digits(day, 2, 2).filter(|_| parts.next().is_none() && first.len() <= 2)?;
    let date = || date(digits(first, 2, 2)? + 2000, digits(month, 1, 2)?, digits(day, 2, 2)?);
    Some(date().is_some())
}

/// The text of the date, which may be empty, and that of the time. A time begins after a `T` between
/// digits, or with the first word with a colon.
pub(super) fn split(text: &str) -> Option<(&str, Option<&str>)> {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    if let Some(at) = text.find('T')
        && is_digit(text.as_bytes().get(at + 1))
        && at.checked_sub(1).is_some_and(|before| is_digit(text.as_bytes().get(before)))
    {
        return Some((&text[..at], Some(&text[at + 1..])));
    }
    let Some(colon) = text.find(':') else { return Some((text, None)) };
    let start = text[..colon].rfind(' ').map_or(0, |space| space + 1);
    Some((text[..start].trim_end().trim_end_matches(','), Some(&text[start..])))
}

pub(super) fn parse_date(text: &str, order: DateOrder) -> Option<Moment> {
    let mut parts = [""; 3];
    let mut count = 0;
    let separator = match text.chars().any(char::is_alphabetic) {
        true if has_decimals(text) => return None,
        // The words of `31 Dec 2024`, `31-Dec-2024`, `31. Dezember 2024` or `December 31, 2024`.
        true => None,
        false => Some(text.bytes().find(|byte| !byte.is_ascii_digit())?),
    };
    let is_separator = |c: char| match separator {
        Some(separator) => c == char::from(separator),
        None => matches!(c, ' ' | '-' | ',' | '/' | '.'),
    };
    for part in text.split(is_separator) {
        // A comma and a space are one separator, as are a point and a space in `31. 12. 2024`.
        let part = part.trim_start();
        // `31 de diciembre de 2024`
        if separator.is_none() && matches!(part, "" | "de" | "del" | "di") {
            continue;
        }
        *parts.get_mut(count)? = part;
        count += 1;
    }
    match (separator, parts, count) {
        (Some(b'-' | b'/' | b'.'), [year, month, day], 3) if year.len() == 4 => {
            date(digits(year, 4, 4)?, digits(month, 1, 2)?, digits(day, 1, 2)?)
        }
        (Some(b'-' | b'/' | b'.'), [first, second, year], 3) => {
            let (day, month) = match order {
                DateOrder::Day => (first, second),
                DateOrder::Month => (second, first),
            };
            date(any_year(year)?, digits(month, 1, 2)?, digits(day, 1, 2)?)
        }
        (Some(b'-' | b'/'), [year, month, _], 2) => {
            let first = date(digits(year, 4, 4)?, digits(month, 2, 2)?, 1)?;
            Some(Moment { has_day: false, ..first })
        }
        (None, [first, second, year], 3) => {
            let day_first = first.as_bytes()[0].is_ascii_digit();
            let (day, month) = if day_first { (first, second) } else { (second, first) };
            let named = named(month)?;
            let is_whole = digits(year, 4, 4).is_some_and(|year| YEARS.contains(&year));
            let may_be_words = match named.name {
                Name::English => false,
                // No other language of these writes the month first.
                _ if !day_first => !has_point(text, month),
                Name::Other => false,
                Name::Beginning => !is_whole && !has_point(text, month),
            };
            Some(Moment { may_be_words, ..date(any_year(year)?, named.number, ordinal(day)?)? })
        }
        _ => None,
    }
}

/// A year of four digits, or one of two digits from 1969 to 2068, as POSIX reads it.
fn any_year(text: &str) -> Option<u32> {
    let short = || digits(text, 2, 2).map(|year| if year < 69 { 2000 + year } else { 1900 + year });
    digits(text, 4, 4).or_else(short)
}

/// The day of `31`, `1st`, `1er` or `1º`.
fn ordinal(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (day, ending) = text.split_at(end);
    let is_known = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "º");
    digits(day, 1, 2).filter(|_| is_known)
}

/// The number of a text of so many digits.
pub(super) fn digits(text: &str, least: usize, most: usize) -> Option<u32> {
    let valid = (least..=most).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    valid.then(|| text.parse().ok())?
}

pub(super) fn date(year: u32, month: u32, day: u32) -> Option<Moment> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(moment_of)
}

/// The start of a day.
pub(super) fn moment_of(date: NaiveDate) -> Moment {
    Moment {
        days: date.to_epoch_days().into(),
        seconds: 0.0,
        offset: 0.0,
        day_of_year: date.ordinal0(),
        days_of_year: if date.leap_year() { 366 } else { 365 },
        weekday: date.weekday().num_days_from_monday(),
        has_date: true,
        has_day: true,
        has_time: false,
        may_be_words: false,
    }
}

/// A time without its distance from UTC, and this distance in seconds.
pub(super) fn split_offset(text: &str) -> Option<(&str, f64)> {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, 0.0));
    }
    if let Some(time) = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT")) {
        return Some((time.trim_end(), 0.0));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Some((text, 0.0)) };
    let sign = if text.as_bytes()[at] == b'-' { -1.0 } else { 1.0 };
    let offset = &text[at + 1..];
    let (hours, minutes) = match offset.split_once(':') {
        Some(parts) => parts,
        None => offset.split_at_checked(2)?,
    };
    let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2, 2)? };
    let (hours, minutes) = (digits(hours, 2, 2)?, Some(minutes).filter(|it| *it < 60)?);
    let seconds = sign * (f64::from(hours) * HOUR + f64::from(minutes) * MINUTE);
    (hours < 24).then(|| (text[..at].trim_end(), seconds))
}

/// The seconds since midnight of `14:30`, `14:30:59.5` or `2:30 PM`.
pub(super) fn parse_time(text: &str) -> Option<f64> {
    let (clock, half) = match text.len().checked_sub(2).and_then(|at| text.split_at_checked(at)) {
        Some((clock, half)) if half.eq_ignore_ascii_case("am") => (clock.trim_end(), Some(0)),
        Some((clock, half)) if half.eq_ignore_ascii_case("pm") => (clock.trim_end(), Some(12)),
        _ => (text, None),
    };
    let mut parts = clock.splitn(3, ':');
    let hours = digits(parts.next()?, 1, 2)?;
    let minutes = digits(parts.next()?, 2, 2).filter(|it| *it < 60)?;
    let seconds = parts.next().map_or(Some(0.0), parse_seconds)?;
    let hours = match half {
        None => Some(hours).filter(|it| *it < 24)?,
        Some(half) => Some(hours).filter(|it| (1..=12).contains(it))? % 12 + half,
    };
    Some(f64::from(hours) * HOUR + f64::from(minutes) * MINUTE + seconds)
}

/// Seconds with a fraction after a point or a comma. A leap second is the 60th.
fn parse_seconds(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number =
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|it| it.is_ascii_digit());
    let whole = digits(whole, 2, 2).filter(|it| *it <= 60)?;
    is_number.then(|| format!("{whole}.{fraction}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDateTime, TimeDelta};
    use proptest::prelude::*;

    use super::*;
    use crate::dates::DatePart;

    /// The days since 1970.
    fn elapsed(text: &str, order: DateOrder) -> Option<f64> {
        parse(text, order).map(|moment| DatePart::Elapsed.of(Some(&moment)))
    }

    #[test]
    fn the_usual_forms_are_dates() {
        let last_day = 20_088.0; // 2024-12-31
        for text in [
            "2024-12-31",
            "2024/12/31",
            "2024.12.31",
            "31.12.2024",
            "31. 12. 2024",
            "31/12/2024",
            "31-12-2024",
            "31-Dec-2024",
            "31 dec 2024",
            "31 December 2024",
            "Dec 31, 2024",
            "December 31 2024",
            "2024-12-31T00:00:00Z",
            "2024-12-31 00:00",
            "2024-12-31T02:00+02:00",
            "2024-12-30T22:00:00.000-0200",
            "31.12.2024 00:00:00,5",
            "31.12.2024, 12:00 AM",
            "31.12.24",
            "31/12/24",
            "31-Dec-24",
            "Dec 31, 24",
            "2024-12-31 00:00 UTC",
            "31. Dezember 2024",
            "31-Dez-2024",
            "31.Dez.2024",
            "31 décembre 2024",
            "31 déc. 2024",
            "31 de diciembre de 2024",
            "31 de dez. de 2024",
            "31 dicembre 2024",
            "December 31st, 2024",
        ] {
            let days = elapsed(text, DateOrder::Day).unwrap_or_else(|| panic!("{text}"));
            assert!((days - last_day).abs() < 1e-5, "{text}: {days}");
        }
        assert_eq!(elapsed("12/31/2024", DateOrder::Month), Some(last_day));
        assert_eq!(elapsed("3/4/2024", DateOrder::Month), Some(19_786.0)); // 4 March
        assert_eq!(elapsed("3/4/2024", DateOrder::Day), Some(19_816.0)); // 3 April
        assert_eq!(elapsed("2024-12", DateOrder::Day), Some(20_058.0));
        assert_eq!(elapsed("1969-12-31T12:00:00Z", DateOrder::Day), Some(-0.5));
    }

    #[test]
    fn the_usual_forms_are_times() {
        for (text, hours) in [
            ("14:30", 14.5),
            ("2:30 PM", 14.5),
            ("02:30pm", 14.5),
            ("12:00 am", 0.0),
            ("12:15 PM", 12.25),
            ("23:59:60", 24.0),
            ("06:00:00.0000", 6.0),
            ("06:00Z", 6.0),
        ] {
            assert_eq!(elapsed(text, DateOrder::Day), Some(hours / 24.0), "{text}");
        }
    }

    #[test]
    fn other_texts_are_neither() {
        for text in [
            "",
            "-",
            "T",
            ":",
            "12",
            "2024",
            "1.5",
            "12.2024",
            "1/2",
            "2024-13-01",
            "2023-02-29",
            "32.12.2024",
            "2024-12-31-01",
            "24:00",
            "13:00 PM",
            "0:15 AM",
            "12:60",
            "1:5",
            "2024-12-31T",
            "2024-12-31T1",
            "2024-12-31 14:30+25:00",
            "12:30+1",
            "31 Foo 2024",
            "Ma 3 2024",
            "31 Décamber 2024",
            "é4:30",
            "10-20",
            "1-2-3",
            "192.168.0.1",
            "Mayor 3 2024",
            "A-1-2024",
            "2024-12-31 hello",
            "٣:٣٠",
            "+1-2-2024",
            "20241231",
            "1/2/3/2024",
            "a:b:c:d",
            "12:30:1e1",
            "Mag 3.10",
            "Dec 1.25",
            "1.25 Dec",
        ] {
            assert_eq!(parse(text, DateOrder::Day), None, "{text:?}");
        }
    }

    /// The forms in the notation of chrono, and whether the month is before the day.
    const FORMS: [(&str, bool); 12] = [
        ("%Y-%m-%dT%H:%M:%S", false),
        ("%Y-%m-%d %H:%M:%S%.f", false),
        ("%Y-%m-%d %H:%M:%SZ", false),
        ("%Y/%m/%d %H:%M:%S", false),
        ("%d.%m.%Y %H:%M:%S", false),
        ("%-d.%-m.%Y %-H:%M:%S", false),
        ("%d/%m/%Y %H:%M:%S", false),
        ("%m/%d/%Y %I:%M:%S %p", true),
        ("%d-%b-%Y %H:%M:%S", false),
        ("%d %B %Y %H:%M:%S", false),
        ("%b %d, %Y %H:%M:%S", false),
        ("%d-%m-%Y %H:%M:%S", false),
    ];

    fn moments() -> impl Strategy<Value = NaiveDateTime> {
        // From the year 1000 to 9999.
        (-30_610_224_000_i64..253_402_300_800)
            .prop_map(|seconds| NaiveDateTime::default() + TimeDelta::try_seconds(seconds).unwrap())
    }

    proptest! {
        #[test]
        fn what_the_library_writes_is_read_back(moment in moments(), form in 0..FORMS.len()) {
            let (form, month_first) = FORMS[form];
            let text = moment.format(form).to_string();
            let order = if month_first { DateOrder::Month } else { DateOrder::Day };
            let found = parse(&text, order);
            let seconds = moment.and_utc().timestamp();
            let expected = Moment {
                days: seconds.div_euclid(86_400),
                seconds: seconds.rem_euclid(86_400) as f64,
                offset: 0.0,
                day_of_year: moment.ordinal0(),
                days_of_year: if moment.date().leap_year() { 366 } else { 365 },
                weekday: moment.weekday().num_days_from_monday(),
                has_date: true,
                has_day: true,
                has_time: true,
                may_be_words: false,
            };
            prop_assert_eq!(found, Some(expected), "{}", text);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,20}", date in "[0-9TZ:/. +,-]{0,20}") {
            for order in [DateOrder::Day, DateOrder::Month] {
                parse(&text, order);
                parse(&date, order);
            }
        }
    }
}

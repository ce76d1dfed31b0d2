//! Texts that look like dates or times but are not in a form that is read.

use super::DateOrder;
use super::months::{Name, has_decimals, named};
use super::parse::{YEARS, date, digits, parse};

/// What a text looks like; `None` if it does not look like a date.
pub(crate) fn looks_like(text: &str) -> Option<&'static str> {
    let digit = text.bytes().position(|byte| byte.is_ascii_digit())?;
    if text.len() > 60 || digit > 20 {
        return None;
    }
    let is_date = |order| parse(text, order).is_some_and(|moment| !moment.may_be_words);
    if [DateOrder::Day, DateOrder::Month].into_iter().any(is_date) {
        return Some("a date, but not all words are dates in the same order");
    }
    // `2023-01-05 10:46 CET`
    if let Some((before, zone)) = text.rsplit_once(' ')
        && (2..=5).contains(&zone.len())
        && zone.bytes().all(|byte| byte.is_ascii_uppercase())
        && before.contains(':')
        && parse(before, DateOrder::Day).or_else(|| parse(before, DateOrder::Month)).is_some()
    {
        return Some("a time with the name of a time zone; write the zone as +01:00");
    }
    let date = text.split([':', 'T']).next()?;
    let parts = |text: &str| -> Vec<String> {
        let is_separator = |c: char| matches!(c, ' ' | '-' | '/' | '.' | ',' | '\'');
        text.split(is_separator).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let all = parts(text);
    // In other languages the short names are ordinary words: `Set 1`, `Gen 2`.
    let is_month = |part: &str| named(part).is_some_and(|month| month.name == Name::English);
    if all.iter().any(|part| is_month(part)) {
        if has_decimals(date) {
            return None;
        }
        // `5` or `5th`
        let is_number = |part: &str| {
            let ending = part.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = &part[..part.len() - ending.len()];
            let is_year = || digits(number, 4, 4).is_some_and(|year| YEARS.contains(&year));
            (digits(number, 1, 2).is_some() || is_year())
                && matches!(ending, "" | "st" | "nd" | "rd" | "th" | "de")
        };
        let is_known = |part: &String| is_month(part) || is_number(part);
        return match &all[..] {
            [_, _] if all.iter().all(is_known) => {
                Some("a month with a day or with a year of two digits; write 2024-12 or 2024-12-31")
            }
            [_, _, _, ..] if all.iter().take(4).filter(|part| is_known(part)).count() >= 3 => {
                Some("a date with the name of the month")
            }
            _ => None,
        };
    }
    if is_day_and_month(text) {
        return Some("a day and a month without a year; write 2024-12-31");
    }
    three_numbers(&parts(date))
        .then_some("a date with the year, the month and the day in another order")
}

/// Whether a text is a day and a month with a point behind each: `29.06.`
fn is_day_and_month(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').map(str::trim).collect();
    let [day, month, ""] = parts[..] else { return false };
    let number = |part| digits(part, 1, 2);
    let (Some(day), Some(month)) = (number(day), number(month)) else { return false };
    (1..=31).contains(&day) && (1..=12).contains(&month)
}

/// Whether a number is a date from 1900 to 2100 without separators: 20230226.
pub(crate) fn is_calendar_date(number: f64) -> bool {
    if !(19_000_101.0..=21_001_231.0).contains(&number) || number.fract() != 0.0 {
        return false;
    }
    let number = number as u32;
    date(number / 10_000, number / 100 % 100, number % 100).is_some()
}

/// Whether a number is a month from 1900 to 2100 without separators: 202302.
pub(crate) fn is_calendar_month(number: f64) -> bool {
    (190_001.0..=210_012.0).contains(&number)
        && number.fract() == 0.0
        && (1..=12).contains(&(number as u32 % 100))
}

/// Whether numbers are a year, a month and a day in some order, before a time or not.
fn three_numbers(parts: &[String]) -> bool {
    let [first, second, third, rest @ ..] = parts else { return false };
    // The hour of a time.
    let is_hour = matches!(rest, []) || matches!(rest, [hour] if digits(hour, 1, 2).is_some());
    let lengths = [first, second, third].map(String::len);
    let has_year = matches!(lengths, [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 2 | 4] | [2, 1 | 2, 1]);
    let numbers = [first, second, third].map(|part| digits(part, 1, 4));
    let [Some(first), Some(second), Some(third)] = numbers else { return false };
    let are = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
    let pair = |a, b| are(a, b) || are(b, a);
    is_hour && has_year && (pair(first, second) || pair(second, third))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_other_forms_look_like_dates() {
        for text in [
            "Oct-20",
            "Jan 5",
            "1-Mar",
            "5. Jan",
            "Jan '23",
            "2023-30-03",
            "99-04-13",
            "2023-01-05 10:46 CET",
            "5 of Jan 2023",
            "Jan 5de 2023 10:00",
            "2023-30-03 10:46",
            "29.06.",
            "5. 3.",
        ] {
            let is_read = parse(text, DateOrder::Day).is_some();
            assert!(looks_like(text).is_some() && !is_read, "{text:?}");
        }
        for text in [
            "",
            "a",
            "3/16",
            "24:30",
            "18-25",
            "4'9",
            "10.0.0.1",
            "March",
            "May Street 5",
            "Mayor 5",
            "1-800-555",
            "2023",
            "5 kg",
            "45-67-89",
            "29.06",
            "29.13.",
            "Decker 12",
            "Set 1",
            "Gen 20",
            "Marc 5",
            "Mars 5",
            "Mag 3.1",
            "Mag 3.10",
            "Dec 1.25",
            "Dec 1001",
            "Set 1001",
            "Set 2001",
            "Set 1 10",
            "1-out-10",
            "B 2023",
            "é",
            "12 é 3",
        ] {
            assert_eq!(looks_like(text), None, "{text:?}");
        }
    }
}

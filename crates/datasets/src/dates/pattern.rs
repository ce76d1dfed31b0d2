//! How a text is read, in words.

use super::parse::{parse_plain, split, split_offset};
use super::{DateOrder, forms};

/// How a text is read, for example as `day.month.year`.
pub(super) fn pattern(text: &str, order: DateOrder) -> Option<String> {
    let Some(moment) = parse_plain(text, order) else {
        return forms::parse(text).map(|(_, how)| how.to_owned());
    };
    let (date, time) = split(text)?;
    let has_offset =
        |time: &str| split_offset(time).is_some_and(|(rest, _)| rest.len() < time.len());
    let offset = if time.is_some_and(has_offset) { " with an offset from UTC" } else { "" };
    let short_year =
        if digits_of_short_year(date).is_some() { " with a year from 1969 to 2068" } else { "" };
    let year_first = date.as_bytes().iter().take(4).all(u8::is_ascii_digit);
    let words = match (order, moment.has_day) {
        _ if !moment.has_date => return Some(format!("a time{offset}")),
        _ if date.chars().any(char::is_alphabetic) => {
            return Some(format!("a date with the name of the month{short_year}"));
        }
        (_, false) => vec!["year", "month"],
        (_, true) if year_first => vec!["year", "month", "day"],
        (DateOrder::Day, true) => vec!["day", "month", "year"],
        (DateOrder::Month, true) => vec!["month", "day", "year"],
    };
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    let date = words.join(&separator.to_string());
    let time = if moment.has_time { " and a time" } else { "" };
    Some(format!("{date}{time}{offset}{short_year}"))
}

/// The year of a date, if it is written with two digits.
pub(super) fn short_year(text: &str, order: DateOrder) -> Option<u32> {
    let moment = parse_plain(text, order)?;
    let (date, _) = split(text)?;
    digits_of_short_year(date).filter(|_| moment.has_day)?.parse().ok()
}

/// The digits of the year of a date, which is the last of three parts, if there are two.
fn digits_of_short_year(date: &str) -> Option<&str> {
    let last = date.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next();
    let first = date.bytes().take_while(u8::is_ascii_digit).count();
    last.filter(|last| last.len() == 2 && first < 4)
}

//! The units of numbers: currencies, percent signs, and others such as `kg`.

use super::currency::{currency_before, has_currency_sign, is_currency};
use super::written::{DASHES, Written, without_cents};

/// The mark of a unit that is not a currency or a percent sign, in [`Written::marks`].
pub(super) const UNIT: &str = "a unit";

/// Whether two columns or values have the same unit, or none. All percent signs are the same.
pub(crate) fn is_same_unit(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || (is_percent(a) && is_percent(b)),
        (None, None) => true,
        _ => false,
    }
}

/// Whether a unit is a percent sign.
pub(crate) fn is_percent(unit: &str) -> bool {
    matches!(unit, "%" | "％" | "٪")
}

/// A currency or a percent sign before a number.
pub(super) fn unit_before(text: &str) -> Option<&str> {
    let is_sign = |&c: &char| is_percent(c.encode_utf8(&mut [0; 4]));
    let percent = || text.chars().next().filter(is_sign).map(char::len_utf8);
    currency_before(text).or_else(percent).map(|length| &text[..length])
}

/// What follows the last digit: a currency, a percent sign or a unit such as `kg` or `m/s²`.
pub(super) fn unit_after(text: &str) -> Option<&str> {
    let last = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let dash =
        text.rfind(DASHES).map_or(0, |at| text.len() - text[at..].trim_start_matches(DASHES).len());
    // A dash for no cents is part of the number.
    let end = if dash > last && without_cents(&text[..dash]).is_some() { dash } else { last };
    let unit = &text[end..];
    let fits = |c: char| {
        c.is_alphabetic()
            || c.is_whitespace()
            || "/°²³%‰％٪µ*·.$".contains(c)
            || has_currency_sign(c)
    };
    // A point alone is the end of the number.
    let is_unit = unit.chars().any(|c| !c.is_whitespace() && !".*·/".contains(c));
    // Letters of a unit, or one currency or percent sign.
    let is_unit = is_unit && (is_currency(unit.trim()) || !unit.contains(has_currency_sign));
    let is_unit = is_unit && (is_percent(unit.trim()) || !unit.contains(['%', '％', '٪']));
    (is_unit && unit.chars().all(fits) && unit.chars().count() <= 12).then_some(unit)
}

/// Sets the unit of a number. `None` if it has one already.
pub(super) fn set_unit(written: &mut Written, unit: &str) -> Option<()> {
    let unit = unit.trim();
    written.marks.push(match unit {
        _ if is_percent(unit) => "a percent sign",
        _ if is_currency(unit) => "a currency",
        _ => UNIT,
    });
    written.unit.replace(unit.to_owned()).is_none().then_some(())
}

/// Whether a single digit behind a currency may be a grade: `Rs1`, or `Euro 6`, which is a standard of cars.
pub(super) fn may_be_grade(unit: &str, number: &str) -> bool {
    let is_close = number.starts_with(|c: char| c.is_ascii_digit());
    number.trim_start().len() == 1 && (is_close || unit.eq_ignore_ascii_case("euro"))
}

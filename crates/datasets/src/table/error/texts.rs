//! Parts of the messages.

use crate::table::column::Meaning;
use crate::table::short::shorten;

/// The columns after the first, and how many different words each has.
pub(super) fn others_text(columns: &[(String, usize)]) -> String {
    let Some((_, others @ [_, ..])) = columns.split_first() else { return String::new() };
    let others: Vec<String> = others
        .iter()
        .map(|(name, distinct)| format!("{:?} ({distinct} different words)", shorten(name)))
        .collect();
    match others.len() {
        1 => format!("; so does column {}", others[0]),
        _ => format!("; so do columns {}", others.join(", ")),
    }
}

/// What to do if a word for a missing value is a class.
pub(super) fn class_text(found: &str, is_class: bool) -> String {
    match is_class && !found.is_empty() {
        true => format!(", or declare the column categorical if {found:?} is a class"),
        false => String::new(),
    }
}

/// `with the unit "%"`, `without a unit`.
pub(super) fn unit_text(unit: &Option<Box<str>>) -> String {
    unit.as_ref().map_or("without a unit".to_owned(), |unit| format!("with the unit {unit:?}"))
}

/// What to do with a number before a word that may be its unit.
pub(super) fn lone_unit_text(found: &str) -> String {
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-');
    let unit = found.trim_start_matches(is_of_number);
    let number = &found[..found.len() - unit.len()];
    let is_word =
        |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '/' | '%' | '°' | '²' | '³');
    let unit = unit.trim();
    match number.ends_with(|c: char| c.is_ascii_digit()) && unit.chars().all(is_word) {
        true if !unit.is_empty() => {
            format!("; write the number without {unit:?}, in the unit of the other rows")
        }
        _ => String::new(),
    }
}

/// What a number means in other notations.
pub(super) fn meanings_text(meanings: &[Meaning]) -> String {
    if meanings.is_empty() {
        return "while other values of the column are written in another way".to_owned();
    }
    let meanings: Vec<String> = meanings.iter().map(ToString::to_string).collect();
    format!("which is {}", meanings.join(", or "))
}

/// What words are that may be meant as numbers.
pub(super) fn number_like_text(found: &str) -> &'static str {
    let sign = |c: char| !c.is_alphanumeric() && c != '#';
    match found.trim_start_matches(sign).starts_with(char::is_numeric) {
        true => "begin like numbers",
        false => "are numbers behind a word or a sign",
    }
}

/// Where the name of a missing column is.
pub(super) fn line_text(line: Option<usize>) -> String {
    let of = |line| {
        format!(
            "; the name is in line {line}; if that line has the names of the columns, remove the lines above it"
        )
    };
    line.map_or_else(String::new, of)
}

/// The column that may be meant instead of a missing one.
pub(super) fn meant_text(meant: &Option<Box<str>>) -> String {
    meant.as_ref().map_or_else(String::new, |name| format!("; did you mean {name:?}?"))
}

/// `60 rows has`, for the end of `1 of 60 rows has`.
pub(super) fn rows_have(missing: usize, rows: usize) -> String {
    format!(
        "{rows} row{} {}",
        if rows == 1 { "" } else { "s" },
        if missing == 1 { "has" } else { "have" }
    )
}

/// `1 value`, `2 values`.
pub(super) fn values_text(count: usize) -> String {
    format!("{count} value{}", if count == 1 { "" } else { "s" })
}

/// `1 row without a value`, `2 rows without a value`.
pub(super) fn empty_rows_text(count: usize) -> String {
    format!("{count} row{} without a value", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_after_a_number_may_be_a_unit() {
        for (found, unit) in [
            ("1900 km", "km"),
            ("-1.5kg", "kg"),
            ("1,900 EUR", "EUR"),
            ("20 m²", "m²"),
            ("5 km/h", "km/h"),
        ] {
            let text =
                format!("; write the number without {unit:?}, in the unit of the other rows");
            assert_eq!(lone_unit_text(found), text, "{found}");
        }
        for found in ["n.v.", "km", "", "5 to 6", "12 Jan 2024", "-", "-km", "5", "#3", ">5"] {
            assert_eq!(lone_unit_text(found), "", "{found}");
        }
    }
}

//! The marks with which the numbers of a table are written.

use super::Cell;

/// The decimal mark and the separator of thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Notation {
    /// A point or a comma.
    pub(super) decimal: u8,
    /// The separator between groups of digits, if there may be one.
    pub(super) thousands: Option<char>,
}

impl Notation {
    /// A decimal point, and no separator of thousands.
    pub(super) const PLAIN: Self = Self { decimal: b'.', thousands: None };

    /// What a text is, which has no spaces around it.
    pub(crate) fn cell(self, text: &str) -> Cell {
        let plain = match self.decimal {
            b'.' => Cell::of(text),
            // A point is not part of a number here.
            _ if text.contains('.') => Cell::Word,
            _ => match Cell::of(&text.replacen(char::from(self.decimal), ".", 1)) {
                Cell::Missing if text.contains(char::from(self.decimal)) => Cell::Word,
                cell => cell,
            },
        };
        match (plain, self.thousands) {
            (Cell::Word, Some(separator)) => {
                self.grouped(text, separator).map_or(Cell::Word, Cell::Number)
            }
            _ => plain,
        }
    }

    /// The number of a text with a separator between groups of digits: `1,234,567.5`, or `12,34,567` as
    /// in India.
    pub(super) fn grouped(self, text: &str, separator: char) -> Option<f64> {
        let decimal = char::from(self.decimal);
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let end = unsigned.find([decimal, 'e', 'E']).unwrap_or(unsigned.len());
        let (whole, rest) = unsigned.split_at(end);
        if !are_groups(whole, separator) {
            return None;
        }
        let digits = whole.replace(separator, "");
        let number = format!("{digits}{}", rest.replacen(decimal, ".", 1));
        let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite())?;
        Some(if text.starts_with('-') { -number } else { number })
    }
}

/// Whether digits are in groups: one to three digits, then two or three in each group, and three in the
/// last.
fn are_groups(whole: &str, separator: char) -> bool {
    let groups: Vec<&str> = whole.split(separator).collect();
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let [first, middle @ .., last] = groups.as_slice() else { return false };
    // Groups of three everywhere, or of two except the last.
    let middle_of = |length| middle.iter().all(|group: &&str| group.len() == length);
    let thousands = (1..=3).contains(&first.len()) && middle_of(3);
    let indian = (1..=2).contains(&first.len()) && middle_of(2);
    digits && last.len() == 3 && !first.starts_with('0') && (thousands || indian)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comma() {
        let comma = Notation { decimal: b',', thousands: None };
        for (text, cell) in [
            ("1,5", Cell::Number(1.5)),
            ("-,5e3", Cell::Number(-500.0)),
            ("7", Cell::Number(7.0)),
            ("", Cell::Missing),
            ("NA", Cell::Missing),
            ("1.5", Cell::Word),
            ("1.234,5", Cell::Word),
            ("1,234,5", Cell::Word),
            ("a,b", Cell::Word),
        ] {
            assert_eq!(comma.cell(text), cell, "{text:?}");
        }
        let points = Notation { thousands: Some('.'), ..comma };
        for (text, number) in [("1.234,5", 1234.5), ("-1.234.567", -1_234_567.0), ("1.234", 1234.0)]
        {
            assert_eq!(points.cell(text), Cell::Number(number), "{text:?}");
        }
        assert_eq!(points.cell("1.23"), Cell::Word);
    }

    #[test]
    fn groups_of_digits() {
        let commas = Notation { thousands: Some(','), ..Notation::PLAIN };
        for (text, number) in [
            ("6,898", 6898.0),
            ("-6,898.25", -6898.25),
            ("1,23,456", 123_456.0),
            ("12,34,567", 1_234_567.0),
            ("1,234,567e2", 123_456_700.0),
        ] {
            assert_eq!(commas.cell(text), Cell::Number(number), "{text:?}");
        }
        for word in ["1,5", "1,23", "0,123", ",123", "1,,234", "1234,567", "1,234,56", "1.5,234"] {
            assert_eq!(commas.cell(word), Cell::Word, "{word:?}");
        }
    }
}

//! The kinds of a single value.

/// Words for a missing value, in upper or lower case. An empty value and NaN are missing too.
const MISSING: [&str; 6] = ["na", "n/a", "#n/a", "<na>", "null", "?"];

/// What programs write for a missing number or date, in upper or lower case: Python, spreadsheets,
/// statistical offices and databases. Among words these are words.
const PLACEHOLDERS: [&str; 25] = [
    "none", "nat", "nil", "missing", "-", "--", "---", "\u{2013}", "\u{2014}", ".", "..", "n.a.",
    "n.a", "#na", "#n/a n/a", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "#div/0!", "#value!",
    "#ref!", "#num!", "#null!", "\\n",
];

/// Whether a text means a missing value where all others are numbers or dates.
pub(crate) fn is_placeholder(text: &str) -> bool {
    PLACEHOLDERS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The kind of a single value of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    /// A finite number.
    Number(f64),
    /// An infinite number, or a number too large for double precision.
    Infinite,
    /// A missing value: empty, NaN, NA, null and similar words.
    Missing,
    /// Anything else.
    Word,
}

impl Cell {
    /// The value of a finite number.
    pub(crate) fn number(self) -> Option<f64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// The kind of `text`, which has no spaces around it.
    pub(crate) fn of(text: &str) -> Self {
        match text.parse::<f64>() {
            Ok(number) if number.is_nan() => Self::Missing,
            Ok(number) if number.is_finite() => Self::Number(number),
            Ok(_) => Self::Infinite,
            Err(_) if text.is_empty() => Self::Missing,
            Err(_) if MISSING.iter().any(|word| word.eq_ignore_ascii_case(text)) => Self::Missing,
            Err(_) => Self::Word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_words_and_nothing() {
        for (text, cell) in [
            ("1", Cell::Number(1.0)),
            ("+1.5e-3", Cell::Number(0.0015)),
            (".5", Cell::Number(0.5)),
            ("inf", Cell::Infinite),
            ("-Infinity", Cell::Infinite),
            ("1e999", Cell::Infinite),
            ("", Cell::Missing),
            ("nan", Cell::Missing),
            ("-NaN", Cell::Missing),
            ("NA", Cell::Missing),
            ("n/a", Cell::Missing),
            ("NULL", Cell::Missing),
            ("?", Cell::Missing),
            ("1,5", Cell::Word),
            ("1_000", Cell::Word),
            ("None", Cell::Word),
            ("0x10", Cell::Word),
        ] {
            assert_eq!(Cell::of(text), cell, "{text:?}");
        }
    }
}

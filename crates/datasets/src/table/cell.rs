//! What a single value of a table is.

/// How a missing value is written, apart from nothing at all and NaN; in any case of letters.
const MISSING: [&str; 6] = ["na", "n/a", "#n/a", "<na>", "null", "?"];

/// What a single value of a table is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    /// A finite number.
    Number(f64),
    /// An infinite number, or one beyond double precision.
    Infinite,
    /// No value: nothing, NaN, NA, null and the like.
    Missing,
    /// Anything else.
    Word,
}

impl Cell {
    /// What `text` is; spaces around it are gone already.
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

//! Numbers as written, without rounding.

use crate::table::Cell;

/// The value of a number as it is written, without rounding to double precision.
///
/// ```text
/// value = (-1)^negative * digits * 10^exponent
/// ```
///
/// `digits` has no zero at its start or end, so equal values are equal structs: `1`, `1.0` and `01`, but
/// not 9007199254740992 and 9007199254740993, which have the same double.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// The value of a text; `None` if it is not a finite number.
    pub(crate) fn of(text: &str) -> Option<Self> {
        if !matches!(Cell::of(text), Cell::Number(_)) {
            return None;
        }
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let negative = mantissa.starts_with('-');
        let (whole, fraction) = mantissa
            .trim_start_matches(['+', '-'])
            .split_once('.')
            .unwrap_or((mantissa.trim_start_matches(['+', '-']), ""));
        let digits = format!("{whole}{fraction}");
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let shown = digits.trim_start_matches('0').trim_end_matches('0');
        if shown.is_empty() {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        let exponent = exponent.parse::<i64>().ok()?;
        let exponent = exponent.checked_add(zeros as i64)?.checked_sub(fraction.len() as i64)?;
        Some(Self { negative, digits: shown.to_owned(), exponent })
    }

    /// Whether it is a whole number.
    pub(crate) fn is_integer(&self) -> bool {
        self.exponent >= 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_value_are_equal() {
        for same in [
            &["1", "1.0", "01", "+1", "1.", "1e0", "10e-1", "0.1E1", "100e-2"][..],
            &["0", "-0", "0.0", ".0", "0e5", "-0.00e-3"],
            &["-1250", "-1.25e3", "-1250.000"],
            &[".5", "0.50", "5e-1"],
        ] {
            for text in same {
                assert_eq!(Decimal::of(text), Decimal::of(same[0]), "{text}");
                assert!(Decimal::of(text).is_some(), "{text}");
            }
        }
    }

    #[test]
    fn texts_of_different_values_differ() {
        let texts = ["1", "-1", "10", "0.1", "9007199254740992", "9007199254740993", "1e-400"];
        for (index, text) in texts.iter().enumerate() {
            for other in &texts[..index] {
                assert_ne!(Decimal::of(text), Decimal::of(other), "{text} {other}");
            }
        }
    }

    #[test]
    fn words_have_no_value() {
        for text in ["", "a", "nan", "inf", "1e999", "1,5", "-", "e5", "1e99999999999999999999"] {
            assert_eq!(Decimal::of(text), None, "{text}");
        }
        assert!(Decimal::of("2.50e1").unwrap().is_integer());
        assert!(!Decimal::of("2.5").unwrap().is_integer());
    }
}

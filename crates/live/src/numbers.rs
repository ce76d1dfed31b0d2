//! Numbers that a user typed. They are checked before they become a `usize` or an `f32`, so that an error has
//! the number that was typed.

use nnfs::tensor::SettingError;
use serde_json::Value;

/// The sizes of numbers with which every arithmetic of the page can compute: an `f32` is from about 1e-38 to
/// 3e38 in size.
const SIZES: std::ops::RangeInclusive<f64> = 1e-30..=1e30;

/// The most characters of a wrong value in an error.
const SHOWN: usize = 40;

/// A whole number of JSON, also one that is written as 1e12, from `least` to `most`.
pub(crate) fn whole(what: &str, found: &Value, least: usize, most: usize) -> Result<usize, String> {
    let of_float = |number: f64| (number >= 0.0 && number.fract() == 0.0).then_some(number as u64);
    let number = found.as_u64().or_else(|| found.as_f64().and_then(of_float));
    // More than `usize` has is too much, or as good as its maximum.
    let number = number.map(|number| usize::try_from(number).unwrap_or(usize::MAX));
    if let Some(number) = number.filter(|number| (least..=most).contains(number)) {
        return Ok(number);
    }
    let range = match most {
        usize::MAX => format!("of at least {least}"),
        _ => format!("from {least} to {most}"),
    };
    Err(format!("{what} must be a whole number {range}, found {}", shown(found)))
}

/// An error unless a number is 0 or has a size with which every arithmetic can compute.
pub(crate) fn check_size(what: &str, found: f64) -> Result<(), String> {
    if found == 0.0 || SIZES.contains(&found.abs()) {
        return Ok(());
    }
    let (least, most) = (plain(*SIZES.start()), plain(*SIZES.end()));
    Err(format!("{what} must be 0 or from {least} to {most}, found {}", plain(found)))
}

/// The error of a setting, without the many digits of a very large or very small number.
// `map_err` passes an error by value.
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn setting(error: SettingError) -> String {
    let SettingError { name, expected, found } = error;
    format!("{name} must be {expected}, found {}", plain(found))
}

/// A number without many zeros.
pub(crate) fn plain(number: f64) -> String {
    let is_short = number == 0.0 || (1e-5..1e15).contains(&number.abs());
    if is_short { number.to_string() } else { format!("{number:e}") }
}

/// A value of JSON in an error.
pub(crate) fn shown(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if value.is_f64() => plain(number),
        _ => value.to_string().chars().take(SHOWN).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_is_checked_before_it_is_cut() {
        for (found, expected) in
            [(json!(7), 7), (json!(7.0), 7), (json!(1e3), 1000), (json!(-0.0), 0)]
        {
            assert_eq!(whole("count", &found, 0, 1000), Ok(expected));
        }
        for (found, word) in [
            (json!(1_000_000_000_000_u64), "found 1000000000000"),
            (json!(1e21), "found 1e21"),
            (json!(4_294_967_297_u64), "found 4294967297"),
            (json!(2.5), "found 2.5"),
            (json!(-1), "found -1"),
            (json!(null), "found null"),
            (json!("7"), "found \"7\""),
        ] {
            let error = whole("count", &found, 1, 1000).unwrap_err();
            assert_eq!(error, format!("count must be a whole number from 1 to 1000, {word}"));
        }
        assert_eq!(whole("count", &json!(1e300), 0, usize::MAX), Ok(usize::MAX));
        assert!(whole("count", &json!(-1), 0, usize::MAX).unwrap_err().contains("of at least 0"));
    }

    #[test]
    fn a_number_that_f32_cannot_hold_is_named() {
        for size in [0.0, 1e-30, -1.5, 1e9, 1e30] {
            assert_eq!(check_size("rate", size), Ok(()));
        }
        for (found, text) in [(1e300, "1e300"), (-1e300, "-1e300"), (1e-300, "1e-300")] {
            let error = check_size("rate", found).unwrap_err();
            assert_eq!(error, format!("rate must be 0 or from 1e-30 to 1e30, found {text}"));
        }
        assert!(check_size("rate", f64::NAN).is_err());
    }
}

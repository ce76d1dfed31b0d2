//! Numbers of charts, rounded to five digits: no screen shows more.

use serde::{Serialize, Serializer};

/// Serializes a number, or `None`.
pub(crate) fn drawn<S: Serializer>(
    number: &(impl Into<Option<f64>> + Copy),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let number: Option<f64> = (*number).into();
    number.map(Drawn).serialize(serializer)
}

/// Serializes a list of numbers.
pub(crate) fn drawn_list<S: Serializer>(numbers: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(numbers.iter().copied().map(Drawn))
}

/// The largest number that a chart shows.
const LARGEST: f64 = 1e300;

struct Drawn(f64);

impl Serialize for Drawn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // With a larger number, the length of an axis could be infinite.
        if self.0.is_nan() || self.0.abs() > LARGEST {
            // JSON has no NaN and no infinity.
            return serializer.serialize_none();
        }
        let rounded = round(self.0);
        // `3` is shorter than `3.0`.
        if rounded == f64::from(rounded as i32) {
            return serializer.serialize_i32(rounded as i32);
        }
        serializer.serialize_f64(rounded)
    }
}

/// Rounds to five digits, as `format!("{number:.4e}")` does.
///
/// Formatting and parsing every number took most of the time of a page. A quotient or product of a whole
/// number and a power of ten is rounded once, because both are exact.
fn round(number: f64) -> f64 {
    let size = number.abs();
    if size < 1e5 && size.fract() == 0.0 {
        return number;
    }
    if !(1e-10..1e15).contains(&size) {
        return format!("{number:.4e}").parse().expect("a number was written");
    }
    let digits = 4 - size.log10().floor() as i32;
    let power = POWERS[digits.unsigned_abs() as usize];
    if digits < 0 { (number / power).round() * power } else { (number * power).round() / power }
}

const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// A number of a text, with as many digits as the page writes: four, all before the decimal point, or three
/// with an exponent.
///
/// ```
/// # use nnfs_report::short;
/// let texts = [0.97754, 123.4567, 20971.2865, 25.0, 0.000_123_4, 4_684_603.99].map(short);
/// assert_eq!(texts, ["0.9775", "123.5", "20971", "25", "1.23e-4", "4.68e6"]);
/// ```
pub fn short(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 || !number.is_finite() {
        return (number + 0.0).to_string();
    }
    if (1e3..1e6).contains(&size) {
        return format!("{number:.0}");
    }
    if (1e-3..1e3).contains(&size) {
        let rounded: f64 = format!("{number:.3e}").parse().expect("a number was written");
        return rounded.to_string();
    }
    let text = format!("{number:.2e}");
    let (digits, exponent) = text.split_once('e').expect("an exponent was written");
    format!("{}e{exponent}", digits.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounding gives the number that is closest among those with five digits.
    #[test]
    fn rounding_gives_what_writing_does() {
        for number in (1..20_000).map(|n| f64::from(n) * 0.618_034) {
            for exponent in -17..20 {
                let number = if exponent % 2 == 0 { number } else { -number };
                let number = number * 10_f64.powi(exponent);
                let written: f64 = format!("{number:.4e}").parse().unwrap();
                assert_eq!(round(number).to_bits(), written.to_bits(), "{number:e}");
            }
        }
    }

    #[derive(Serialize)]
    struct Both {
        #[serde(serialize_with = "drawn_list")]
        list: Vec<f64>,
        #[serde(serialize_with = "drawn")]
        one: Option<f64>,
        #[serde(serialize_with = "drawn")]
        sure: f64,
    }

    #[test]
    fn five_digits_are_kept() {
        let list =
            vec![0.123_456_78, -123_456.78, 3.0, -0.0, 1e-300, 1e300, 1e301, f64::NAN, 1.0 / 0.0];
        let text = serde_json::to_string(&Both { list, one: None, sure: 2.0 / 3.0 }).unwrap();
        let expected = "[0.12346,-123460,3,0,1e-300,1e+300,null,null,null]";
        assert_eq!(text, format!(r#"{{"list":{expected},"one":null,"sure":0.66667}}"#));
    }
}

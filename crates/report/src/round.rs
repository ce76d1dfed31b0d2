//! Numbers that are drawn and not read: five digits are finer than any screen.

use serde::{Serialize, Serializer};

/// One number, or none.
pub(crate) fn drawn<S: Serializer>(
    number: &(impl Into<Option<f64>> + Copy),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let number: Option<f64> = (*number).into();
    number.map(Drawn).serialize(serializer)
}

/// Many numbers.
pub(crate) fn drawn_list<S: Serializer>(numbers: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(numbers.iter().copied().map(Drawn))
}

struct Drawn(f64);

impl Serialize for Drawn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.0.is_finite() {
            // What JSON knows for a number that is none.
            return serializer.serialize_none();
        }
        let rounded: f64 = format!("{:.4e}", self.0).parse().expect("a number was written");
        // `3` is shorter than `3.0`.
        if rounded == f64::from(rounded as i32) {
            return serializer.serialize_i32(rounded as i32);
        }
        serializer.serialize_f64(rounded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let list = vec![0.123_456_78, -123_456.78, 3.0, -0.0, 1e-300, 1e300, f64::NAN, 1.0 / 0.0];
        let text = serde_json::to_string(&Both { list, one: None, sure: 2.0 / 3.0 }).unwrap();
        let expected = "[0.12346,-123460,3,0,1e-300,1e+300,null,null]";
        assert_eq!(text, format!(r#"{{"list":{expected},"one":null,"sure":0.66667}}"#));
    }
}

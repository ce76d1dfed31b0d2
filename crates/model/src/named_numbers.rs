//! Numbers with names in files, where a metric may be infinite or NaN and JSON knows neither.

use serde::{Deserialize, Deserializer, Serializer};

/// A number, or the name of one that JSON does not have.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Named(Name),
}

#[derive(serde::Serialize, serde::Deserialize)]
enum Name {
    #[serde(rename = "inf")]
    Infinity,
    #[serde(rename = "-inf")]
    NegativeInfinity,
    NaN,
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        match value {
            f64::INFINITY => Self::Named(Name::Infinity),
            f64::NEG_INFINITY => Self::Named(Name::NegativeInfinity),
            value if value.is_nan() => Self::Named(Name::NaN),
            value => Self::Finite(value),
        }
    }
}

impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        match number {
            Number::Finite(value) => value,
            Number::Named(Name::Infinity) => Self::INFINITY,
            Number::Named(Name::NegativeInfinity) => Self::NEG_INFINITY,
            Number::Named(Name::NaN) => Self::NAN,
        }
    }
}

pub(crate) fn serialize<S: Serializer>(
    numbers: &[(String, f64)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let numbers = numbers.iter().map(|(name, value)| (name, Number::from(*value)));
    serializer.collect_seq(numbers)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, f64)>, D::Error> {
    let numbers: Vec<(String, Number)> = Vec::deserialize(deserializer)?;
    Ok(numbers.into_iter().map(|(name, number)| (name, number.into())).collect())
}

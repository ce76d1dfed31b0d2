//! Losses and metrics in files: they may be infinite or NaN, which JSON does not have.

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

/// A single number.
pub(crate) mod number {
    use super::{Deserialize, Deserializer, Number, Serializer};

    // serde gives a reference to the field.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(&Number::from(*value), serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Number::deserialize(deserializer)?.into())
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

//! A value of a row that was not read from a file.

use std::borrow::Cow;

use nnfs::datasets::{Coding, Kind};

/// A value of a row: a number, a word, or nothing.
///
/// ```
/// use nnfs_tabular::Value;
/// assert_eq!(Value::from(55.5), Value::Number(55.5));
/// assert_eq!(Value::from(55_u64), Value::Integer(55));
/// assert_eq!(Value::from("hill"), Value::Word("hill".into()));
/// assert_eq!(Value::from(None::<f64>), Value::Missing);
/// ```
///
/// A column of numbers also takes a word that is a number, and a column of words takes a number as the word with its
/// fewest digits: 1.0 is the word `1`. A code such as `01` and a date or a time are words.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A number. NaN is a missing value, and an infinite number is an error when the row is predicted.
    Number(f64),
    /// An integer. As a word it has all its digits; a column of numbers rounds it to double precision.
    Integer(i128),
    /// True or false, as the column has it: 1 and 0 in a column of numbers; in a column of words the word of the
    /// training rows that is `true` or `false` in upper or lower case, such as `True` of pandas, or `1` and `0`.
    Bool(bool),
    /// A word, a date, or a number as text.
    Word(Cow<'a, str>),
    /// The value is missing.
    Missing,
}

impl Value<'_> {
    /// As in a file that the column with this coding was trained on. `coding` is `None` for a column that is not
    /// an input.
    pub(crate) fn text<'t>(&'t self, coding: Option<&'t Coding>) -> Cow<'t, str> {
        match self {
            // The sum makes 0 of -0.
            Self::Number(number) => (number + 0.0).to_string().into(),
            Self::Integer(integer) => integer.to_string().into(),
            Self::Bool(value) => text_of_bool(*value, coding),
            Self::Word(word) => word.trim().into(),
            Self::Missing => "".into(),
        }
    }
}

/// `True`, `true`, `1` or the like, as the column spells it.
fn text_of_bool(value: bool, coding: Option<&Coding>) -> Cow<'_, str> {
    let (word, digit) = if value { ("true", "1") } else { ("false", "0") };
    let words: &[&[String]] = match coding {
        None => &[],
        Some(Coding::OneHot(labels)) => &[labels.names()],
        Some(Coding::OneHotOrOther { frequent, rare }) => &[frequent.names(), rare.names()],
        Some(Coding::Constant { value, kind: Kind::Categorical }) => &[std::slice::from_ref(value)],
        Some(_) => return digit.into(),
    };
    let find = |is_it: &dyn Fn(&str) -> bool| words.iter().copied().flatten().find(|it| is_it(it));
    let found = find(&|it| it.eq_ignore_ascii_case(word)).or_else(|| find(&|it| it == digit));
    found.map_or(word, String::as_str).into()
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<f32> for Value<'_> {
    /// The number with the fewest digits that is this one in single precision: 0.1 for `0.1_f32`, as in a file.
    fn from(number: f32) -> Self {
        Self::Number(number.to_string().parse().unwrap_or_else(|_| number.into()))
    }
}

impl From<i32> for Value<'_> {
    fn from(integer: i32) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<i64> for Value<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<u32> for Value<'_> {
    fn from(integer: u32) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<u64> for Value<'_> {
    fn from(integer: u64) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<usize> for Value<'_> {
    fn from(integer: usize) -> Self {
        // No platform has more than 64 bits.
        Self::Integer(integer as i128)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(word: &'a str) -> Self {
        Self::Word(word.into())
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(word: &'a String) -> Self {
        Self::Word(word.into())
    }
}

impl From<String> for Value<'_> {
    fn from(word: String) -> Self {
        Self::Word(word.into())
    }
}

impl<'a, V: Into<Value<'a>>> From<Option<V>> for Value<'a> {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_word_with_its_fewest_digits() {
        for (value, word) in [
            (Value::from(0.1_f32), "0.1"),
            (Value::from(0.1), "0.1"),
            (Value::from(16_777_216.0_f32), "16777216"),
            (Value::from(-0.0), "0"),
            (Value::from(-0.0_f32), "0"),
            (Value::from(1.0), "1"),
            (Value::from(f32::INFINITY), "inf"),
            (Value::from(f32::NAN), "NaN"),
        ] {
            assert_eq!(value.text(None), word);
        }
        assert_eq!(Value::from(1.5_f32), Value::Number(1.5));
    }
}

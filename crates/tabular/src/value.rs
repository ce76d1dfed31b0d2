//! A value of a row that was not read from a file.

use std::borrow::Cow;

/// A value of a row: a number, a word, or nothing.
///
/// ```
/// use nnfs_tabular::Value;
/// assert_eq!(Value::from(55), Value::Number(55.0));
/// assert_eq!(Value::from("hill"), Value::Word("hill"));
/// assert_eq!(Value::from(None::<f64>), Value::Missing);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// A number.
    Number(f64),
    /// A word, or a number as text.
    Word(&'a str),
    /// The value is missing.
    Missing,
}

impl<'a> Value<'a> {
    /// As in a file: the fewest digits that are read back as the same number.
    pub(crate) fn text(self) -> Cow<'a, str> {
        match self {
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Word(word) => Cow::Borrowed(word.trim()),
            Self::Missing => Cow::Borrowed(""),
        }
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(word: &'a str) -> Self {
        Self::Word(word)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(word: &'a String) -> Self {
        Self::Word(word)
    }
}

impl<'a, V: Into<Value<'a>>> From<Option<V>> for Value<'a> {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

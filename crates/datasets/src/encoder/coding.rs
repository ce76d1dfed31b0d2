//! How the values of a column become numbers.

use crate::dates::DateCoding;
use crate::labels::Labels;
use crate::table::Kind;

/// An input column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Input {
    /// The name of the column.
    pub name: String,
    /// How its values become numbers.
    pub coding: Coding,
}

/// How the values of a column become numbers.
///
/// Among words, a missing value is the empty category `""`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[non_exhaustive]
pub enum Coding {
    /// The values are numbers and become one column of the tensor. A missing value becomes NaN.
    #[cfg_attr(feature = "serde", serde(alias = "number"))]
    Number,
    /// The values are numbers, some of which are missing in the training rows. They become two columns
    /// of the tensor: the number, or NaN where it is missing; and 1 where it is missing, 0 elsewhere.
    NumberOrMissing,
    /// Each category becomes one column of the tensor: 1 in the column of the value, 0 elsewhere. An
    /// unknown category is 0 in all of them.
    #[cfg_attr(feature = "serde", serde(alias = "one_hot"))]
    OneHot(#[cfg_attr(feature = "serde", serde(with = "words"))] Labels),
    /// Each frequent category becomes one column of the tensor, and all other categories share one more,
    /// which is the last.
    OneHotOrOther {
        /// The frequent categories.
        #[cfg_attr(feature = "serde", serde(with = "words"))]
        frequent: Labels,
        /// The rare categories of the training rows.
        #[cfg_attr(feature = "serde", serde(with = "words"))]
        rare: Labels,
    },
    /// The values are dates, times, or both, and become one column of the tensor for each part. Where the value is
    /// missing, [`DatePart::Missing`](crate::DatePart::Missing) is 1, and the other parts are NaN.
    Date(DateCoding),
    /// The value is the same in all training rows, so that nothing can be learned from it. It becomes no
    /// column of the tensor.
    Constant {
        /// The value as text; empty if it is missing in all training rows.
        value: String,
        /// What the column holds. Numbers are compared as numbers.
        kind: Kind,
    },
    /// The values are numbers, all the same in the training rows where they are not missing. They become
    /// one column of the tensor: 1 where the value is missing, 0 elsewhere.
    ConstantOrMissing {
        /// The number as text.
        value: String,
    },
}

impl Coding {
    /// Whether the values of the column are numbers.
    pub(super) fn is_of_numbers(&self) -> bool {
        match self {
            Self::Number | Self::NumberOrMissing | Self::ConstantOrMissing { .. } => true,
            Self::Constant { kind, .. } => *kind == Kind::Numeric,
            Self::OneHot(_) | Self::OneHotOrOther { .. } | Self::Date(_) => false,
        }
    }

    /// The number of columns of the tensor.
    pub fn width(&self) -> usize {
        match self {
            Self::Constant { .. } => 0,
            Self::Number | Self::ConstantOrMissing { .. } => 1,
            Self::NumberOrMissing => 2,
            Self::OneHot(labels) => labels.len(),
            Self::Date(dates) => dates.parts.len(),
            Self::OneHotOrOther { frequent, .. } => frequent.len() + 1,
        }
    }

    /// The names of the columns of the tensor: `name`, `name is missing`, `name=category`, `name=other`, or
    /// those of the parts of a date.
    pub(super) fn input_names(&self, name: &str) -> Vec<String> {
        let missing = || format!("{name} is missing");
        let categories = |labels: &Labels| -> Vec<String> {
            let of = |category: &String| match category.as_str() {
                "" => missing(),
                category => format!("{name}={category}"),
            };
            labels.names().iter().map(of).collect()
        };
        match self {
            Self::Constant { .. } => Vec::new(),
            Self::Number => vec![name.to_owned()],
            Self::ConstantOrMissing { .. } => vec![missing()],
            Self::NumberOrMissing => vec![name.to_owned(), missing()],
            Self::OneHot(labels) => categories(labels),
            Self::Date(dates) => dates.input_names(name),
            Self::OneHotOrOther { frequent, .. } => {
                let mut names = categories(frequent);
                // A category may be called `other`.
                let is_taken = frequent.index("other").is_some();
                names.push(format!("{name}={}", if is_taken { "(other)" } else { "other" }));
                names
            }
        }
    }
}

/// Categories as a list of words: `1` and `01` are two of them.
#[cfg(feature = "serde")]
mod words {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::labels::Labels;

    pub(super) fn serialize<S: Serializer>(labels: &Labels, to: S) -> Result<S::Ok, S::Error> {
        labels.names().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Labels, D::Error> {
        Labels::from_words(&Vec::<String>::deserialize(from)?).map_err(D::Error::custom)
    }
}

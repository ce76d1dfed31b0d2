//! What is done about missing values.

use std::fmt;

/// What is done where a value of an input column is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Filling {
    /// The number is taken as the mean of the training rows.
    Mean {
        /// Whether another input is 1 where the number is missing.
        marked: bool,
    },
    /// Every number of the date or time is taken as its mean in the training rows.
    DateMeans {
        /// Whether another input is 1 where the date is missing.
        marked: bool,
    },
    /// The numbers are all the same in the training rows, and an input is 1 where the number is missing.
    Mark,
    /// A missing word is a category of its column.
    Category,
    /// A missing word is a category that training has not seen.
    Unknown,
    /// Nothing: the column has no influence.
    Nothing,
}

/// For the end of a sentence about missing values.
impl fmt::Display for Filling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mean { marked: false } => {
                "a missing number is filled with the mean of the training rows"
            }
            Self::Mean { marked: true } => {
                "a missing number is filled with the mean of the training rows, and another input marks it"
            }
            Self::DateMeans { marked: false } => {
                "a missing date is filled with the means of the training rows"
            }
            Self::DateMeans { marked: true } => {
                "a missing date is filled with the means of the training rows, and another input marks it"
            }
            Self::Mark => "an input marks the missing numbers; all others are the same",
            Self::Category => "a missing word is taken as a category",
            Self::Unknown => "a missing word is taken as a category that training has not seen",
            Self::Nothing => "the column has no influence",
        })
    }
}

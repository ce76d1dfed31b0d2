//! What is odd in a table but does not keep a network from learning it.

use std::fmt;

use nnfs::datasets::Place;

use crate::far::FAR;
use crate::parts::count;
use crate::scores::short;
use crate::shown::shown;

/// How many other forms of dates are named.
const FORMS: usize = 4;

/// What is odd in a table but does not keep a network from learning or predicting it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// A test fraction above 0 gives no test rows.
    NoTestRows {
        /// The name of the file.
        file: String,
        /// The test fraction.
        fraction: f64,
        /// The number of rows.
        rows: usize,
    },
    /// Values of an input column are missing.
    Missing {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// What is done with them.
        filling: Filling,
        /// How many there are.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// An input column of words holds dates or times, and becomes several inputs.
    Dates {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How it is read, for example as `day.month.year`.
        pattern: String,
        /// The first value of each other form, and how it is read.
        others: Vec<(String, String)>,
    },
    /// An input column has the same value in all training rows, so that it has no influence.
    Constant {
        /// The place of the value in the first training row.
        place: Place,
        /// The value; empty if it is missing.
        value: String,
    },
    /// An input column numbers the rows of the table: its numbers are different integers without a gap.
    RowNumbers {
        /// The place of the number of the first row.
        place: Place,
        /// The smallest number.
        low: i64,
        /// The largest number.
        high: i64,
    },
    /// The integers of an input column are all dates, written as 20230226. They are taken as numbers.
    NumbersLikeDates {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
    },
    /// Words of an input column begin like numbers, and are taken as categories.
    NumberLike {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// The number of different words of the column.
        distinct: usize,
    },
    /// Categories or classes differ only in upper and lower case, or in how Unicode writes their letters.
    Alike {
        /// The first place of the second of them.
        place: Place,
        /// Two or more spellings.
        spellings: Vec<String>,
    },
    /// A category or a value occurs only in held-out rows, so that nothing is learned from it.
    OnlyHeldOut {
        /// Where it occurs first.
        place: Place,
        /// The value.
        found: String,
    },
    /// Numbers of an input lie far from all others. They are scaled as the nearer limit.
    InputOutliers {
        /// The first of them.
        place: Place,
        /// Its value.
        found: String,
        /// How many there are.
        count: usize,
        /// The lower limit.
        low: f64,
        /// The upper limit.
        high: f64,
    },
    /// Targets of training rows, or of validation rows, lie far from all others. The rows are left out.
    TargetOutliers {
        /// The first of them.
        place: Place,
        /// Its value.
        found: String,
        /// How many there are.
        count: usize,
    },
    /// Targets of test rows lie far from those of the training rows. The scores include them.
    TestOutliers {
        /// The first of them.
        place: Place,
        /// Its value.
        found: String,
        /// How many there are.
        count: usize,
    },
    /// Rows that are predicted have categories that training has not seen.
    Unknown {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// A category of the training that differs from it in upper and lower case only.
        similar: Option<String>,
        /// How many rows have one.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Rows that are predicted have other values than the only one of the training rows.
    NotConstant {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// The value of the training rows; empty if it is missing.
        value: String,
        /// How many rows have one.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Rows that are predicted have numbers outside the limits of an input that had outliers in training.
    Limited {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// The lower limit.
        low: f64,
        /// The upper limit.
        high: f64,
        /// How many rows have one.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Rows that are predicted have numbers, or dates, more than 30 standard deviations from the mean of the
    /// training rows.
    Far {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How many rows have one.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// The numbers of a column had a currency in training and these do not, or the other way round. They
    /// are taken as the same.
    OtherUnit {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// The unit in training; `None` for plain numbers.
        expected: Option<String>,
        /// The unit of these numbers.
        unit: Option<String>,
    },
    /// Numbers of an input column have zeros before them, as codes have.
    LeadingZeros {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
    },
    /// All targets of a column are equal, so that there is nothing to learn.
    ConstantTarget {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
    },
    /// Different integers of an input or target column become one number, because double precision has 53 bits.
    LargeIntegers {
        /// The place of the second of them.
        place: Place,
        /// The second of them.
        found: String,
        /// The first of them.
        other: String,
    },
}

impl Warning {
    /// The name of the column, shortened if it is long; `None` for a warning of the whole table.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::NoTestRows { .. } => None,
            Self::Missing { place, .. }
            | Self::Dates { place, .. }
            | Self::Constant { place, .. }
            | Self::OnlyHeldOut { place, .. }
            | Self::InputOutliers { place, .. }
            | Self::TargetOutliers { place, .. }
            | Self::TestOutliers { place, .. }
            | Self::Unknown { place, .. }
            | Self::NotConstant { place, .. }
            | Self::RowNumbers { place, .. }
            | Self::NumbersLikeDates { place, .. }
            | Self::NumberLike { place, .. }
            | Self::Alike { place, .. }
            | Self::Limited { place, .. }
            | Self::Far { place, .. }
            | Self::OtherUnit { place, .. }
            | Self::LeadingZeros { place, .. }
            | Self::ConstantTarget { place, .. }
            | Self::LargeIntegers { place, .. } => Some(&place.column),
        }
    }
}

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

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTestRows { file, fraction, rows } => write!(
                f,
                "{file}: a test fraction of {fraction} gives no test rows out of {}: the model will \
                 not be tested",
                count(*rows, "row"),
            ),
            Self::Missing { place, found, filling, cells, rows } => {
                let (values, verb) =
                    (count(*rows, "value"), if *cells == 1 { "is" } else { "are" });
                write!(f, "{place}: {cells} of {values} {verb} missing")?;
                if !found.is_empty() {
                    write!(f, ", the first is {found:?}")?;
                }
                write!(f, "; {filling}")?;
                // In such a column, only an empty text is missing.
                match filling {
                    Filling::Category | Filling::Unknown if !found.is_empty() => {
                        write!(f, " (a column that is declared categorical keeps such words)")
                    }
                    _ => Ok(()),
                }
            }
            Self::Dates { place, found, pattern, others } => {
                write!(f, "{place}: the column is read as dates or times, {found:?} as {pattern}")?;
                for (found, pattern) in others.iter().take(FORMS) {
                    write!(f, ", {found:?} as {pattern}")?;
                }
                match others.len().saturating_sub(FORMS) {
                    0 => {}
                    more => write!(f, ", and {}", count(more, "more form"))?,
                }
                let patterns = || std::iter::once(pattern).chain(others.iter().map(|(_, it)| it));
                let has_offset = |pattern: &&String| pattern.contains("offset from UTC");
                if patterns().any(|it| has_offset(&it)) && !patterns().all(|it| has_offset(&it)) {
                    write!(f, "; dates and times without an offset are taken as UTC")?;
                }
                Ok(())
            }
            Self::Constant { place, value } => write!(
                f,
                "{place}: the column is {} in all training rows, so it has no influence",
                constant(value),
            ),
            Self::RowNumbers { place, low, high } => write!(
                f,
                "{place}: the column numbers the rows from {low} to {high}; ignore it if it is not a \
                 measurement",
            ),
            Self::NumbersLikeDates { place, found } => write!(
                f,
                "{place}: the integers are all dates, as {found}, but are taken as numbers; write dates as \
                 2024-12-31, or declare the column categorical",
            ),
            Self::NumberLike { place, found, distinct } => write!(
                f,
                "{place}: {distinct} different words that begin like numbers, such as {found:?}, are taken \
                 as categories; write plain numbers if they are numbers",
            ),
            Self::Alike { place, spellings } => write!(
                f,
                "{place}: {} are different, though they differ only in upper and lower case or in how \
                 Unicode writes their letters; write them alike if they mean the same",
                listed(spellings),
            ),
            Self::OnlyHeldOut { place, found } => write!(
                f,
                "{place}: {found:?} occurs only in held-out rows, so the network cannot learn from it",
            ),
            Self::InputOutliers { place, found, count, low, high } => write!(
                f,
                "{place}: {} far from all others: numbers outside {} to {} are taken as the nearer of \
                 the two",
                lies(found, *count, "number"),
                short(*low),
                short(*high),
            ),
            Self::TargetOutliers { place, found, count } => write!(
                f,
                "{place}: {} far from all others: {} not learned from",
                lies(found, *count, "target"),
                if *count == 1 { "the row is" } else { "the rows are" },
            ),
            Self::TestOutliers { place, found, count } => write!(
                f,
                "{place}: {} far from those of the training rows: R2 and RMSE of the test rows depend \
                 mostly on {}",
                lies(found, *count, "target"),
                if *count == 1 { "it" } else { "them" },
            ),
            Self::Unknown { place, found, similar, cells, rows } => {
                let have = of(*cells, *rows, "has", "have");
                write!(
                    f,
                    "{place}: {have} a category that training has not seen, the first is {found:?}"
                )?;
                match similar {
                    Some(similar) => write!(f, " (training had {similar:?})"),
                    None => Ok(()),
                }
            }
            Self::NotConstant { place, found, value, cells, rows } => write!(
                f,
                "{place}: {} another value than {}, the only one of the training, the first is \
                 {found:?}; the column has no influence",
                of(*cells, *rows, "has", "have"),
                constant(value),
            ),
            Self::Limited { place, found, low, high, cells, rows } => write!(
                f,
                "{place}: {} a number outside {} to {}, the limits from the training rows, the first is \
                 {found:?}; it is taken as the nearer limit",
                of(*cells, *rows, "has", "have"),
                short(*low),
                short(*high),
            ),
            Self::Far { place, found, cells, rows } => write!(
                f,
                "{place}: {} a value more than {FAR} standard deviations from the mean of the training \
                 rows, the first is {found:?}; predictions that far outside are not reliable",
                of(*cells, *rows, "has", "have"),
            ),
            Self::OtherUnit { place, found, expected, unit } => write!(
                f,
                "{place}: training had numbers {}, and these are numbers {}, the first is {found:?}; \
                 they are taken as the same",
                with_unit(expected.as_deref()),
                with_unit(unit.as_deref()),
            ),
            Self::LeadingZeros { place, found } => write!(
                f,
                "{place}: {found:?} is taken as the number {}; declare the column categorical if it holds \
                 codes",
                shown_number(found),
            ),
            Self::ConstantTarget { place, found } => {
                write!(f, "{place}: all targets are {found}, so there is nothing to learn")
            }
            Self::LargeIntegers { place, found, other } => write!(
                f,
                "{place}: {found} and {other} become the same number, because double precision has 53 \
                 bits; declare the column categorical if it holds codes",
            ),
        }
    }
}

/// A number without the zeros before it.
fn shown_number(text: &str) -> &str {
    let number = text.trim_start_matches('0');
    if number.is_empty() { "0" } else { number }
}

/// `with the unit "$"`, `without a unit`.
fn with_unit(unit: Option<&str>) -> String {
    unit.map_or_else(|| "without a unit".to_owned(), |unit| format!("with the unit {unit:?}"))
}

/// `"TRUE", "True"`, at most five.
fn listed(words: &[String]) -> String {
    let quoted: Vec<String> =
        words.iter().take(5).map(|word| format!("{:?}", shown(word))).collect();
    quoted.join(", ")
}

/// `5 lies`, `5 and 1 more number lie`.
fn lies(found: &str, count: usize, thing: &str) -> String {
    match count {
        1 => format!("{found} lies"),
        count => {
            let more = count - 1;
            format!("{found} and {more} more {thing}{} lie", if more == 1 { "" } else { "s" })
        }
    }
}

/// `1 of 60 rows is`, `2 of 60 rows are`.
fn of(cells: usize, rows: usize, singular: &str, plural: &str) -> String {
    format!("{cells} of {} {}", count(rows, "row"), if cells == 1 { singular } else { plural })
}

/// The value of a constant column.
fn constant(value: &str) -> String {
    if value.is_empty() { "missing".to_owned() } else { format!("\"{}\"", shown(value)) }
}

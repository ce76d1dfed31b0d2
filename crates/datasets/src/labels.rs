//! The names of classes, and the index of each.

mod decimal;

use std::cmp::Ordering;
use std::collections::HashMap;

pub(crate) use decimal::Decimal;
use nnfs_tensor::{Scalar, ShapeError, Tensor, argmax, shape_text};

use crate::one_hot;
use crate::table::{Cell, list, shorten};

/// The names of classes in order. The index of a class is its position, counted from 0.
///
/// Names that are all finite numbers are sorted and compared as numbers: `1`, `1.0` and `01` are one
/// class, and its name is the shortest of them. Other names are sorted and compared by their characters.
///
/// ```
/// use nnfs_datasets::Labels;
/// use nnfs_tensor::Tensor;
/// let labels = Labels::new(["dog", "cat", "dog"]);
/// assert_eq!(labels.names(), ["cat", "dog"]);
/// assert_eq!(labels.encode(&["dog", "cat"])?, [1, 0]);
///
/// let predictions = Tensor::from_row_slice(2, 2, &[0.9, 0.1, 0.3, 0.7]);
/// assert_eq!(labels.decode(&predictions)?, ["cat", "dog"]);
///
/// let numbers = Labels::new(["10", "9", "9.0"]);
/// assert_eq!(numbers.names(), ["9", "10"]);
/// assert_eq!(numbers.index("10.0"), Some(1));
/// # Ok::<(), nnfs_datasets::LabelError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Saved", into = "Saved"))]
pub struct Labels {
    names: Vec<String>,
    /// Whether all names are numbers, and sorted as such.
    numeric: bool,
    /// Whether different texts of one number are one class.
    by_value: bool,
}

impl Labels {
    /// Sorts the names and drops duplicates. Names that are all numbers are compared as numbers.
    ///
    /// Numbers are compared as they are written, without rounding: 9007199254740992 and
    /// 9007199254740993 are two classes.
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut labels = Self::words(names);
        if !labels.numeric || labels.is_empty() {
            return labels;
        }
        // The shortest name of each value, and the first of those that are equally short.
        let mut shortest: HashMap<Decimal, String> = HashMap::with_capacity(labels.len());
        for name in labels.names.drain(..) {
            let value = Decimal::of(&name).expect("the names are numbers");
            let kept = shortest.entry(value).or_insert_with(|| name.clone());
            if (name.len(), &name) < (kept.len(), kept) {
                *kept = name;
            }
        }
        labels.names.extend(shortest.into_values());
        labels.names.sort_by(|a, b| compare(a, b, true));
        labels.by_value = true;
        labels
    }

    /// Sorts the names and drops duplicates. Names are words, whatever they look like: `1` and `01` are
    /// two classes.
    ///
    /// ```
    /// use nnfs_datasets::Labels;
    /// let codes = Labels::words(["01", "1"]);
    /// assert_eq!(codes.names(), ["01", "1"]);
    /// assert_eq!(codes.index("1.0"), None);
    /// ```
    pub fn words(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        let numeric = names.iter().all(|name| Decimal::of(name).is_some());
        names.sort_by(|a, b| compare(a, b, numeric));
        names.dedup();
        Self { names, numeric, by_value: false }
    }

    /// The number of classes.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no classes.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether different texts of one number are one class.
    pub(crate) fn compares_numbers(&self) -> bool {
        self.by_value
    }

    /// The names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The index of a class, if there is such a class.
    pub fn index(&self, name: &str) -> Option<usize> {
        let value = number(name);
        if self.numeric && value.is_none() {
            return None;
        }
        let same = self.names.binary_search_by(|probe| compare(probe, name, self.numeric)).ok();
        if same.is_some() || !self.by_value {
            return same;
        }
        // Several names may round to one double.
        let start = self.names.partition_point(|probe| number(probe) < value);
        let rounded = self.names[start..].iter().take_while(|probe| number(probe) == value);
        let decimal = Decimal::of(name)?;
        let found =
            rounded.enumerate().find(|(_, probe)| Decimal::of(probe).as_ref() == Some(&decimal));
        found.map(|(index, _)| start + index)
    }

    /// The index of the class of each name.
    ///
    /// # Errors
    /// If a name is not a class; the error names the first such row.
    pub fn encode<S: AsRef<str>>(&self, names: &[S]) -> Result<Vec<usize>, LabelError> {
        let index = |(row, name): (usize, &S)| {
            self.index(name.as_ref()).ok_or_else(|| LabelError::Unknown {
                row,
                found: shorten(name.as_ref()),
                known: self.known(),
            })
        };
        names.iter().enumerate().map(index).collect()
    }

    /// Names as one-hot targets, (names, classes): 1 in the column of the class, 0 elsewhere.
    ///
    /// # Errors
    /// If a name is not a class.
    pub fn one_hot<T: Scalar>(&self, names: &[impl AsRef<str>]) -> Result<Tensor<T>, LabelError> {
        let indices = self.encode(names)?;
        Ok(one_hot(&indices, self.len()).expect("every index is that of a class"))
    }

    /// The class with the largest value in each row of predictions; the first of equal values, as
    /// [`argmax_rows`](nnfs_tensor::argmax_rows).
    ///
    /// # Errors
    /// If there is not one column for each class, or if a row has a NaN.
    pub fn decode<T: Scalar>(&self, predictions: &Tensor<T>) -> Result<Vec<&str>, LabelError> {
        let classes = self.len();
        if predictions.ncols() != classes || classes == 0 {
            let expected = format!("{} columns, one for each class", classes.max(1));
            return Err(ShapeError::new("predictions", expected, shape_text(predictions)).into());
        }
        let name = |row| {
            // A NaN counts as the largest value of its row.
            let class = argmax(predictions, row);
            if predictions[(row, class)].to_f64().is_nan() {
                return Err(LabelError::Nan { row, column: class });
            }
            Ok(self.names[class].as_str())
        };
        (0..predictions.nrows()).map(name).collect()
    }

    /// The first of the names, for an error.
    pub(crate) fn known(&self) -> String {
        list(self.names.iter().map(String::as_str))
    }
}

/// What is saved: a list of names in order, or `{"words": [...]}` for numbers that are words.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum Saved {
    Names(Vec<String>),
    Words(SavedWords),
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedWords {
    words: Vec<String>,
}

#[cfg(feature = "serde")]
impl From<Labels> for Saved {
    fn from(Labels { names, numeric, by_value }: Labels) -> Self {
        if numeric && !by_value && !names.is_empty() {
            Self::Words(SavedWords { words: names })
        } else {
            Self::Names(names)
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Saved> for Labels {
    type Error = LabelError;

    fn try_from(saved: Saved) -> Result<Self, LabelError> {
        match saved {
            Saved::Names(names) => names.try_into(),
            Saved::Words(SavedWords { words }) => Self::from_words(&words),
        }
    }
}

impl From<Labels> for Vec<String> {
    fn from(labels: Labels) -> Self {
        labels.names
    }
}

/// Saved names, which are in order. Numbers are compared as numbers, unless two are equal.
impl TryFrom<Vec<String>> for Labels {
    type Error = LabelError;

    fn try_from(names: Vec<String>) -> Result<Self, LabelError> {
        let labels = Self::new(names.iter().map(String::as_str));
        if labels.names == names { Ok(labels) } else { Self::from_words(&names) }
    }
}

impl Labels {
    /// Saved words, which are in order.
    pub(crate) fn from_words(names: &[String]) -> Result<Self, LabelError> {
        let labels = Self::words(names.iter().map(String::as_str));
        if labels.names == names { Ok(labels) } else { Err(LabelError::Order) }
    }
}

/// Why labels cannot be encoded or decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// A label is not the index of a class.
    #[error(
        "label of row {row} (from 0): expected less than {classes} (the number of classes), found {found}"
    )]
    OutOfRange {
        /// The row of the label, counted from 0.
        row: usize,
        /// The label.
        found: usize,
        /// The number of classes.
        classes: usize,
    },
    /// A name is not a class.
    #[error("label of row {row} (from 0): expected one of {known}, found {found:?}")]
    Unknown {
        /// The row of the name, counted from 0.
        row: usize,
        /// The name, shortened if it is long.
        found: String,
        /// The first of the classes.
        known: String,
    },
    /// Predictions do not have one column for each class.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A prediction is NaN, so that no class is the most likely.
    #[error("predictions: expected numbers, found NaN in row {row}, column {column} (from 0)")]
    Nan {
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
    },
    /// Saved labels are not in order, or a label is there twice.
    #[error("labels: expected a sorted list without duplicates")]
    Order,
}

/// The value of a finite number.
fn number(name: &str) -> Option<f64> {
    match Cell::of(name) {
        Cell::Number(number) => Some(number),
        _ => None,
    }
}

/// Compares by value and then by characters, or by characters alone.
fn compare(a: &str, b: &str, numeric: bool) -> Ordering {
    let values = if numeric { number(a).zip(number(b)) } else { None };
    let by_value = values.map_or(Ordering::Equal, |(a, b)| a.total_cmp(&b));
    by_value.then_with(|| a.cmp(b))
}

//! The result of a check.

use std::fmt;

use nnfs_tensor::ShapeError;

/// The result of a check that passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The number of entries that agree with the numeric derivative.
    pub checked: usize,
    /// The number of entries at a kink, where there is no derivative, or where the function is too rough for
    /// a decision. They are between the slopes of the two sides.
    pub skipped: usize,
    /// The checked entry that was closest to its allowed error.
    pub worst: Option<Entry>,
}

/// An entry of a tensor, with its derivative computed in both ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The tensor: `inputs`, `parameter 0` (in the order of `for_each_parameter`), `predictions` or
    /// `values`.
    pub tensor: String,
    /// The row of the entry, from 0.
    pub row: usize,
    /// The column of the entry, from 0.
    pub column: usize,
    /// The derivative from the backward pass.
    pub analytic: f64,
    /// The derivative from the function values. At a kink: the mean of the slopes of the two sides.
    pub numeric: f64,
    /// `|analytic - numeric|`
    pub error: f64,
    /// The allowed error: the tolerance and the uncertainty of the numeric derivative.
    pub allowed: f64,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tensor, row, column, analytic, numeric, .. } = self;
        write!(
            f,
            "{tensor}, row {row}, column {column}: backward gives {analytic:e}, \
             central differences give {numeric:e}"
        )
    }
}

/// Why a check did not pass.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GradientError {
    /// The backward pass and the numeric derivative differ.
    #[error(
        "wrong gradient in {wrong} of {total} entries, worst in {entry} \
         (error {:.1e}, allowed {:.1e})",
        entry.error,
        entry.allowed
    )]
    Wrong {
        /// The entry whose error is the largest multiple of its allowed error.
        entry: Entry,
        /// The number of wrong entries.
        wrong: usize,
        /// The number of entries.
        total: usize,
    },
    /// Too many entries are at a kink.
    #[error(
        "{skipped} of {total} entries are at a kink and were skipped, but only a share of {allowed} may \
         be: choose values away from the kinks"
    )]
    TooManyKinks {
        /// The number of skipped entries.
        skipped: usize,
        /// The number of entries.
        total: usize,
        /// The share that may be skipped.
        allowed: f64,
    },
    /// A derivative is infinite or NaN.
    #[error("a derivative is not finite in {0}")]
    NonFinite(Entry),
    /// The function is infinite or NaN where it should be differentiated.
    #[error("{what} must be finite where the gradient is checked, found {found}")]
    NonFiniteValue {
        /// The value: a tensor, `outputs`, `gradient`, `penalty`, `loss` or `function`.
        what: String,
        /// The value that was found.
        found: f64,
    },
    /// A shape does not fit: that of an argument, or that of a result of the layer or loss.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Two layers from `build` differ.
    #[error(
        "two layers from `build` differ in {0}: `build` must use the same parameters and the same seed"
    )]
    Unsteady(&'static str),
    /// The layer or loss breaks the contract of its trait.
    #[error("broken contract: {0}")]
    Contract(String),
}

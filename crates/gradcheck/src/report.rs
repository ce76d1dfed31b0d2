//! What a check found.

use std::fmt;

use nnfs_tensor::ShapeError;

/// A check that found nothing wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How many entries agree with the numeric derivative.
    pub checked: usize,
    /// How many entries lie at a kink, where there is no derivative to agree with, or where the
    /// function is too rough to tell. They lie between the slopes of the two sides.
    pub skipped: usize,
    /// Of the checked entries the one that came closest to its allowed error.
    pub worst: Option<Entry>,
}

/// One entry of one tensor, and its derivative computed in both ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Which tensor: `inputs`, `parameter 0` (in the order of `for_each_parameter`),
    /// `predictions` or `values`.
    pub tensor: String,
    /// The row of the entry, from 0.
    pub row: usize,
    /// The column of the entry, from 0.
    pub column: usize,
    /// What `backward` claims.
    pub analytic: f64,
    /// What the function values give. At a kink: the middle between the slopes of its two sides.
    pub numeric: f64,
    /// `|analytic - numeric|`
    pub error: f64,
    /// The error that would still pass: tolerance, and the uncertainty of the numeric derivative.
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
    /// `backward` and the numeric derivative differ.
    #[error(
        "wrong gradient in {wrong} of {total} entries, worst in {entry} \
         (error {:.1e}, allowed {:.1e})",
        entry.error,
        entry.allowed
    )]
    Wrong {
        /// The entry whose error is the largest multiple of what is allowed there.
        entry: Entry,
        /// How many entries are wrong.
        wrong: usize,
        /// How many entries there are.
        total: usize,
    },
    /// The function has a kink at too many entries for the check to prove anything.
    #[error(
        "{skipped} of {total} entries lie at a kink and were skipped, allowed is a share of \
         {allowed}: choose values away from the kinks"
    )]
    TooManyKinks {
        /// How many entries were skipped.
        skipped: usize,
        /// How many entries there are.
        total: usize,
        /// The share that may be skipped.
        allowed: f64,
    },
    /// A derivative is infinite or NaN.
    #[error("a derivative is not finite in {0}")]
    NonFinite(Entry),
    /// The function is infinite or NaN at the very values where it should be differentiated.
    #[error("{what} must be finite where the gradient is checked, found {found}")]
    NonFiniteValue {
        /// Which value: a tensor, `outputs`, `gradient`, `penalty`, `loss` or `function`.
        what: String,
        /// What was found.
        found: f64,
    },
    /// A shape does not fit: of an argument, or of what the layer or loss made of it.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Two layers that were built one after the other do not compute the same.
    #[error(
        "two layers in a row from `build` differ in {0}: give each the same parameters and the \
         same seed"
    )]
    Unsteady(&'static str),
    /// The layer or loss does not do what its trait promises.
    #[error("broken contract: {0}")]
    Contract(String),
}

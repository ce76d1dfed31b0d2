//! The result of a check.

use std::fmt;

use nnfs_tensor::ShapeError;

/// What a check found. It prints as a table with a line for each tensor.
///
/// ```text
/// gradient of  entries  at kinks  difference  tolerance  verdict
/// inputs             6         0     2.2e-12     1.6e-7  right
/// parameter 0        6         0     3.0e-12     2.2e-7  right
/// parameter 1        3         0     1.7e-12     2.6e-7  right
/// ```
///
/// `difference` and `tolerance` are those of the entry whose difference is the largest part of its tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The number of entries that agree with the numeric derivative.
    pub checked: usize,
    /// The number of entries at a kink, where there is no derivative, or where the function is too rough for
    /// a decision. They are between the slopes of the two sides.
    pub skipped: usize,
    /// The entry whose error is the largest multiple of its allowed error, among those that are not skipped.
    pub worst: Option<Entry>,
    /// The same for each tensor.
    pub tensors: Vec<TensorReport>,
}

/// What a check found in one tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorReport {
    /// The tensor, as in [`Entry::tensor`].
    pub tensor: String,
    /// The number of entries that agree with the numeric derivative.
    pub checked: usize,
    /// The number of entries at a kink.
    pub skipped: usize,
    /// The number of entries that differ from the numeric derivative.
    pub wrong: usize,
    /// The entry whose error is the largest multiple of its allowed error, among those that are not skipped.
    pub worst: Option<Entry>,
}

impl Report {
    pub(crate) fn of(tensors: Vec<TensorReport>) -> Self {
        let worst = tensors.iter().filter_map(|tensor| tensor.worst.as_ref());
        let worst =
            worst.reduce(|worst, entry| if entry.share() > worst.share() { entry } else { worst });
        Self {
            checked: tensors.iter().map(|tensor| tensor.checked).sum(),
            skipped: tensors.iter().map(|tensor| tensor.skipped).sum(),
            worst: worst.cloned(),
            tensors,
        }
    }

    /// The number of entries that differ from the numeric derivative. A check that passed has none.
    pub fn wrong(&self) -> usize {
        self.tensors.iter().map(|tensor| tensor.wrong).sum()
    }
}

impl TensorReport {
    /// The number of entries.
    pub fn entries(&self) -> usize {
        self.checked + self.skipped + self.wrong
    }

    /// `right`, `wrong`, or `not checked` if all entries are at a kink.
    pub fn verdict(&self) -> &'static str {
        match (self.wrong, self.checked) {
            (0, 0) => "not checked",
            (0, _) => "right",
            _ => "wrong",
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.tensors.iter().map(|tensor| tensor.tensor.chars().count());
        let width = names.max().unwrap_or(0).max("gradient of".len());
        write!(f, "{:<width$}  entries  at kinks  difference  tolerance  verdict", "gradient of")?;
        for tensor in &self.tensors {
            let [difference, tolerance] = match &tensor.worst {
                Some(worst) => [worst.error, worst.allowed].map(|number| format!("{number:.1e}")),
                None => ["-".to_owned(), "-".to_owned()],
            };
            write!(
                f,
                "\n{:<width$}  {:>7}  {:>8}  {difference:>10}  {tolerance:>9}  {}",
                tensor.tensor,
                tensor.entries(),
                tensor.skipped,
                tensor.verdict()
            )?;
        }
        Ok(())
    }
}

/// An entry of a tensor, with its derivative computed in both ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The tensor: `inputs`, `parameter 0` (in the order of `for_each_parameter`; in a model
    /// `layer 0 (dense), parameter 0`), `predictions` or `values`.
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

impl Entry {
    /// The error as a multiple of the allowed error.
    pub(crate) fn share(&self) -> f64 {
        if self.error > 0.0 { self.error / self.allowed } else { 0.0 }
    }
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
#[non_exhaustive]
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
        /// What was found in each tensor.
        report: Box<Report>,
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
        /// What was found in each tensor.
        report: Box<Report>,
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

impl GradientError {
    /// What the check found in each tensor, if it compared all entries.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Wrong { report, .. } | Self::TooManyKinks { report, .. } => Some(report),
            _ => None,
        }
    }
}

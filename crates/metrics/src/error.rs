//! Why a metric cannot be told.

use nnfs_tensor::{Scalar, SettingError, ShapeError, Tensor, shape_text};

/// Why a metric cannot be told.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MetricError {
    /// Predictions and targets do not fit together.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A threshold, divisor or tolerance is out of its range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// There is nothing to take a mean of.
    #[error("{what}: expected at least one entry, found {found}")]
    Empty {
        /// Which tensors.
        what: &'static str,
        /// Their shape.
        found: String,
    },
    /// R2 of a single sample compares it with itself.
    #[error("R2: expected at least 2 samples, found 1")]
    SingleSample,
    /// Targets without a spread have no tolerance in proportion to it.
    #[error("tolerance: expected targets that differ from each other, found {value} only")]
    Constant {
        /// The value of every target.
        value: f64,
    },
}

/// Both tensors have one shape, and it has entries.
pub(crate) fn check<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<(), MetricError> {
    if predictions.shape() != targets.shape() {
        let expected = format!("{} as the targets", shape_text(targets));
        return Err(ShapeError::new("predictions", expected, shape_text(predictions)).into());
    }
    check_not_empty("predictions and targets", targets)
}

/// The tensor has entries.
pub(crate) fn check_not_empty<T: Scalar>(
    what: &'static str,
    tensor: &Tensor<T>,
) -> Result<(), MetricError> {
    if tensor.is_empty() {
        return Err(MetricError::Empty { what, found: shape_text(tensor) });
    }
    Ok(())
}

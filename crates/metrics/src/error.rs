//! The errors of metrics.

use nnfs_tensor::{Scalar, SettingError, ShapeError, Tensor, shape_text};

/// Why a metric cannot be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MetricError {
    /// The shapes of predictions and targets differ.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A threshold, divisor or tolerance is out of range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The mean of an empty tensor does not exist.
    #[error("{what}: expected at least one entry, found {found}")]
    Empty {
        /// Which tensors.
        what: &'static str,
        /// Their shape.
        found: String,
    },
    /// R2 of a single sample would compare the sample with itself.
    #[error("R2: expected at least 2 samples, found 1")]
    SingleSample,
    /// All targets are equal, so there is no tolerance in proportion to their deviation.
    #[error("tolerance: expected targets that differ from each other, found {value} only")]
    Constant {
        /// The value of every target.
        value: f64,
    },
}

/// Checks that both tensors have the same shape, and that there are entries.
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

/// Checks that the tensor has entries.
pub(crate) fn check_not_empty<T: Scalar>(
    what: &'static str,
    tensor: &Tensor<T>,
) -> Result<(), MetricError> {
    if tensor.is_empty() {
        return Err(MetricError::Empty { what, found: shape_text(tensor) });
    }
    Ok(())
}

//! The errors of metrics.

use nnfs_tensor::{Scalar, SettingError, ShapeError, Tensor, WeightError, argmax, shape_text};

use crate::weights::Weights;

/// Why a metric cannot be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
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
    /// The weights of the samples are not what they should be.
    #[error(transparent)]
    Weights(#[from] WeightError),
    /// Values that are ordered or counted hold a NaN.
    #[error("{what}: expected numbers, found NaN in row {row} (from 0)")]
    Nan {
        /// Which values.
        what: &'static str,
        /// The sample, from 0.
        row: usize,
    },
    /// A target is not 0 or 1.
    #[error(
        "{metric}: expected targets of 0 and 1, found {found} in row {row}, column {column} (from 0)"
    )]
    Target {
        /// Which metric.
        metric: &'static str,
        /// The sample, from 0.
        row: usize,
        /// The output, from 0.
        column: usize,
        /// The target.
        found: f64,
    },
    /// A row of the targets has no class.
    #[error(
        "classes: expected a target above 0 in each row, found none in row {row} (from 0); remove the row, or give it \
         weight 0"
    )]
    NoClass {
        /// The sample, from 0.
        row: usize,
    },
    /// A number is above 0, and so not the logarithm of a probability.
    #[error(
        "log loss: expected logarithms of probabilities, which are at most 0, found {found} in row {row}, \
         column {column} (from 0); `log_softmax` and `log_sigmoid` compute them from logits"
    )]
    Logarithm {
        /// The sample, from 0.
        row: usize,
        /// The class, from 0.
        column: usize,
        /// The number.
        found: f64,
    },
    /// The ROC curve compares two classes, and only one has samples.
    #[error("ROC AUC: expected samples of both classes, found those of one")]
    SingleClass,
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

/// Checks that the targets of the rows that count are 0 or 1.
pub(crate) fn check_zeros_and_ones<T: Scalar>(
    metric: &'static str,
    targets: &Tensor<T>,
    weights: Weights<'_>,
) -> Result<(), MetricError> {
    for (row, _) in weights.rows() {
        for column in 0..targets.ncols() {
            let found = targets[(row, column)].to_f64();
            if found != 0.0 && found != 1.0 {
                return Err(MetricError::Target { metric, row, column, found });
            }
        }
    }
    Ok(())
}

/// Checks that each row that counts has a class. A row with a NaN passes: its caller handles NaN.
pub(crate) fn check_each_has_a_class<T: Scalar>(
    targets: &Tensor<T>,
    weights: Weights<'_>,
) -> Result<(), MetricError> {
    let has_none = |&(row, _): &(usize, f64)| targets[(row, argmax(targets, row))].to_f64() <= 0.0;
    match weights.rows().find(has_none) {
        Some((row, _)) => Err(MetricError::NoClass { row }),
        None => Ok(()),
    }
}

/// Checks that there is a column for each of several classes.
pub(crate) fn check_classes<T: Scalar>(predictions: &Tensor<T>) -> Result<(), MetricError> {
    if predictions.ncols() > 1 {
        return Ok(());
    }
    let expected = "at least 2 columns, one for each class";
    Err(ShapeError::new("predictions", expected, shape_text(predictions)).into())
}

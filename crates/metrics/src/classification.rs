//! The accuracy of predicted classes.

use nnfs_tensor::{Scalar, SettingError, Tensor, argmax};

use crate::MetricError;
use crate::error::{check, check_classes, check_each_has_a_class};
use crate::weights::Weights;

/// The fraction of samples whose largest prediction is in the column of the class.
///
/// ```text
/// accuracy = mean(argmax(p) == argmax(t))      over the rows
/// ```
///
/// Both tensors are (samples, classes) and the targets one-hot (`one_hot` of `nnfs-datasets` makes
/// them from labels). The first of equal predictions counts, as in
/// [`argmax_rows`](nnfs_tensor::argmax_rows). A row with a NaN is never right.
///
/// ```
/// use nnfs_metrics::categorical_accuracy;
/// use nnfs_tensor::Tensor;
/// let targets = Tensor::from_row_slice(2, 3, &[1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
/// let predictions = Tensor::from_row_slice(2, 3, &[0.7, 0.1, 0.2, 0.2, 0.5, 0.3]);
/// assert_eq!(categorical_accuracy(&predictions, &targets)?, 0.5);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ, the tensors are empty, or they have only one column. The largest entry of a single
/// column is always the right one, so use [`binary_accuracy`] there. [`MetricError::NoClass`] if no target of a
/// row is above 0.
pub fn categorical_accuracy<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    weighted_categorical_accuracy(predictions, targets, None)
}

/// [`categorical_accuracy`] with a weight for each sample.
///
/// ```text
/// accuracy = sum(w * (argmax(p) == argmax(t))) / sum(w)
/// ```
///
/// # Errors
/// As [`categorical_accuracy`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
pub fn weighted_categorical_accuracy<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    check_classes(predictions)?;
    let weights = Weights::of(weights, targets.nrows())?;
    check_each_has_a_class(targets, weights)?;
    Ok(weights.mean(|row| {
        let (predicted, class) = (argmax(predictions, row), argmax(targets, row));
        // The argmax of a row with a NaN is the NaN, so checking these two entries is enough.
        let numbers = !is_nan(predictions[(row, predicted)]) && !is_nan(targets[(row, class)]);
        f64::from(numbers && predicted == class)
    }))
}

/// The fraction of entries on the right side of the threshold.
///
/// ```text
/// accuracy = mean((p > threshold) == (t > 0.5))
/// ```
///
/// Targets are 0 or 1, and every entry is counted separately. The threshold of the book is 0.5 for
/// probabilities; for logits it is 0. A prediction equal to the threshold means class 0. A NaN is
/// never right.
///
/// ```
/// use nnfs_metrics::binary_accuracy;
/// use nnfs_tensor::Tensor;
/// let targets = Tensor::from_column_slice(4, 1, &[0.0, 0.0, 1.0, 1.0]);
/// let predictions = Tensor::from_column_slice(4, 1, &[0.1, 0.6, 0.7, 0.9]);
/// assert_eq!(binary_accuracy(&predictions, &targets, 0.5)?, 0.75);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ, there are no entries, or the threshold is not finite.
pub fn binary_accuracy<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    threshold: f64,
) -> Result<f64, MetricError> {
    weighted_binary_accuracy(predictions, targets, threshold, None)
}

/// [`binary_accuracy`] with a weight for each sample.
///
/// ```text
/// accuracy = sum(w * mean of the row((p > threshold) == (t > 0.5))) / sum(w)
/// ```
///
/// # Errors
/// As [`binary_accuracy`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
pub fn weighted_binary_accuracy<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    threshold: f64,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    SettingError::check("threshold", threshold, "finite", threshold.is_finite())?;
    check(predictions, targets)?;
    let (rows, columns) = targets.shape();
    let weights = Weights::of(weights, rows)?;
    let right_entries = weights.rows().map(|(row, weight)| {
        let right = |&column: &usize| {
            is_right(predictions[(row, column)], targets[(row, column)], threshold)
        };
        weight * (0..columns).filter(right).count() as f64
    });
    Ok(right_entries.sum::<f64>() / (weights.sum() * columns as f64))
}

fn is_right<T: Scalar>(prediction: T, target: T, threshold: f64) -> bool {
    let numbers = !is_nan(prediction) && !is_nan(target);
    numbers && (prediction.to_f64() > threshold) == (target.to_f64() > 0.5)
}

pub(crate) fn is_nan<T: Scalar>(value: T) -> bool {
    value.to_f64().is_nan()
}

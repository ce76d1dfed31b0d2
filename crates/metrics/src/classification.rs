//! Metrics for predictions of classes.

use nnfs_tensor::{Scalar, SettingError, ShapeError, Tensor, argmax, shape_text};

use crate::MetricError;
use crate::error::check;

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
/// column is always the right one, so use [`binary_accuracy`] there.
pub fn categorical_accuracy<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let (rows, columns) = targets.shape();
    if columns == 1 {
        let expected = "at least 2 columns, one for each class";
        return Err(ShapeError::new("predictions", expected, shape_text(predictions)).into());
    }
    let right = (0..rows).filter(|&row| {
        let (predicted, class) = (argmax(predictions, row), argmax(targets, row));
        // The argmax of a row with a NaN is the NaN, so checking these two entries is enough.
        let numbers = !is_nan(predictions[(row, predicted)]) && !is_nan(targets[(row, class)]);
        numbers && predicted == class
    });
    Ok(right.count() as f64 / rows as f64)
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
    SettingError::check("threshold", threshold, "finite", threshold.is_finite())?;
    check(predictions, targets)?;
    let pairs = predictions.as_slice().iter().zip(targets.as_slice());
    let right = pairs.filter(|&(&prediction, &target)| {
        let numbers = !is_nan(prediction) && !is_nan(target);
        numbers && (prediction.to_f64() > threshold) == (target.to_f64() > 0.5)
    });
    Ok(right.count() as f64 / targets.len() as f64)
}

fn is_nan<T: Scalar>(value: T) -> bool {
    value.to_f64().is_nan()
}

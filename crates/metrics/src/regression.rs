//! Metrics for predictions of numbers.

use nnfs_tensor::{Scalar, Tensor};

use crate::MetricError;
use crate::error::check;

/// `prediction - target` of every entry, in double precision.
fn errors<T: Scalar>(predictions: &Tensor<T>, targets: &Tensor<T>) -> impl Iterator<Item = f64> {
    let pairs = predictions.as_slice().iter().zip(targets.as_slice());
    pairs.map(|(prediction, target)| prediction.to_f64() - target.to_f64())
}

/// The mean distance from the targets, over all entries.
///
/// ```text
/// MAE = mean(|p - t|)
/// ```
///
/// A NaN anywhere gives NaN.
///
/// ```
/// use nnfs_metrics::mean_absolute_error;
/// use nnfs_tensor::Tensor;
/// let predictions = Tensor::from_column_slice(2, 1, &[1.0, -3.0]);
/// assert_eq!(mean_absolute_error(&predictions, &Tensor::zeros(2, 1))?, 2.0);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ or there are no entries.
pub fn mean_absolute_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let sum: f64 = errors(predictions, targets).map(f64::abs).sum();
    Ok(sum / targets.len() as f64)
}

/// The square root of the mean squared error, over all entries.
///
/// ```text
/// RMSE = sqrt(mean((p - t)^2))
/// ```
///
/// Its square is the mean squared error loss, also if a sample has several targets. (For several
/// columns, scikit-learn takes the mean of their roots.) A NaN anywhere gives NaN.
///
/// ```
/// use nnfs_metrics::root_mean_squared_error;
/// use nnfs_tensor::Tensor;
/// let predictions = Tensor::from_column_slice(2, 1, &[1.0, -7.0]);
/// assert_eq!(root_mean_squared_error(&predictions, &Tensor::zeros(2, 1))?, 5.0);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ or there are no entries.
pub fn root_mean_squared_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let sum: f64 = errors(predictions, targets).map(|error| error * error).sum();
    Ok((sum / targets.len() as f64).sqrt())
}

/// The largest distance from a target, over all entries.
///
/// ```text
/// max error = max(|p - t|)
/// ```
///
/// A NaN anywhere gives NaN.
///
/// ```
/// use nnfs_metrics::max_error;
/// use nnfs_tensor::Tensor;
/// let predictions = Tensor::from_column_slice(2, 1, &[1.0, -3.0]);
/// assert_eq!(max_error(&predictions, &Tensor::zeros(2, 1))?, 3.0);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ or there are no entries.
pub fn max_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let mut largest = 0.0;
    for error in errors(predictions, targets).map(f64::abs) {
        // `f64::max` would ignore a NaN. Every comparison with NaN is false, so a NaN is kept.
        if error > largest || error.is_nan() {
            largest = error;
        }
    }
    Ok(largest)
}

/// The coefficient of determination: 1 for perfect predictions, 0 for predictions as good as the mean
/// of the targets, below 0 for worse ones.
///
/// ```text
/// R2 = 1 - sum((t - p)^2) / sum((t - mean(t))^2)      of each column, then the mean over columns
/// ```
///
/// This is scikit-learn's `r2_score` with `multioutput='uniform_average'`. A column of equal targets
/// has no variance to explain: it counts as 1 if every prediction is perfect, and as 0 otherwise.
/// (scikit-learn has the same rule, but does not recognize a column such as three times 0.1, whose
/// mean is rounded.) A NaN anywhere gives NaN.
///
/// ```
/// use nnfs_metrics::r2;
/// use nnfs_tensor::Tensor;
/// let targets = Tensor::from_column_slice(3, 1, &[1.0, 2.0, 3.0]);
/// let predictions = Tensor::from_column_slice(3, 1, &[1.0, 2.0, 4.0]);
/// assert_eq!(r2(&predictions, &targets)?, 0.5);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ, there are no entries, or there is only one sample.
pub fn r2<T: Scalar>(predictions: &Tensor<T>, targets: &Tensor<T>) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let (rows, columns) = targets.shape();
    if rows == 1 {
        return Err(MetricError::SingleSample);
    }
    // The storage is column-major: a chunk of `rows` values is a column.
    let predictions = predictions.as_slice().chunks_exact(rows);
    let targets = targets.as_slice().chunks_exact(rows);
    let sum: f64 = predictions.zip(targets).map(|(p, t)| r2_of_column(p, t)).sum();
    Ok(sum / columns as f64)
}

fn r2_of_column<T: Scalar>(predictions: &[T], targets: &[T]) -> f64 {
    // Distances from the first target. For equal targets they are exactly 0, and so is their mean.
    let first = targets[0].to_f64();
    let from_first = |target: &T| target.to_f64() - first;
    let mean = targets.iter().map(from_first).sum::<f64>() / targets.len() as f64;

    let (mut residual, mut total) = (0.0, 0.0);
    for (prediction, target) in predictions.iter().zip(targets) {
        residual += (target.to_f64() - prediction.to_f64()).powi(2);
        total += (from_first(target) - mean).powi(2);
    }
    if total == 0.0 && residual == 0.0 {
        1.0
    } else if total == 0.0 && residual > 0.0 {
        0.0
    } else {
        1.0 - residual / total
    }
}

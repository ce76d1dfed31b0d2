//! Metrics for predictions of numbers.

use nnfs_tensor::{Scalar, Tensor};

use crate::MetricError;
use crate::error::check;
use crate::weights::Weights;

/// `sum(w_i * f(p_ij - t_ij)) / (J * sum(w_i))` over all entries of J columns, in double precision.
fn mean_of_errors<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
    f: impl Fn(f64) -> f64,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let (rows, columns) = targets.shape();
    let weights = Weights::of(weights, rows)?;
    let mut sum = 0.0;
    for column in 0..columns {
        for (row, weight) in weights.rows() {
            let (p, t) = (predictions[(row, column)], targets[(row, column)]);
            sum += weight * f(p.to_f64() - t.to_f64());
        }
    }
    Ok(sum / (weights.sum() * columns as f64))
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
    weighted_mean_absolute_error(predictions, targets, None)
}

/// [`mean_absolute_error`] with a weight for each sample.
///
/// ```text
/// MAE = sum_ij w_i * |p_ij - t_ij| / (J * sum_i w_i)      over J columns
/// ```
///
/// # Errors
/// As [`mean_absolute_error`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
pub fn weighted_mean_absolute_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    mean_of_errors(predictions, targets, weights, f64::abs)
}

/// The mean squared error, over all entries.
///
/// ```text
/// MSE = mean((p - t)^2)
/// ```
///
/// It is the value of the loss `MeanSquaredError`. A NaN anywhere gives NaN.
///
/// ```
/// use nnfs_metrics::mean_squared_error;
/// use nnfs_tensor::Tensor;
/// let predictions = Tensor::from_column_slice(2, 1, &[1.0, -7.0]);
/// assert_eq!(mean_squared_error(&predictions, &Tensor::zeros(2, 1))?, 25.0);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ or there are no entries.
pub fn mean_squared_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    weighted_mean_squared_error(predictions, targets, None)
}

/// [`mean_squared_error`] with a weight for each sample.
///
/// ```text
/// MSE = sum_ij w_i * (p_ij - t_ij)^2 / (J * sum_i w_i)      over J columns
/// ```
///
/// # Errors
/// As [`mean_squared_error`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
pub fn weighted_mean_squared_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    mean_of_errors(predictions, targets, weights, |error| error * error)
}

/// The square root of the [mean squared error](mean_squared_error), over all entries.
///
/// ```text
/// RMSE = sqrt(mean((p - t)^2))
/// ```
///
/// For several columns, scikit-learn takes the mean of their roots. A NaN anywhere gives NaN.
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
    weighted_root_mean_squared_error(predictions, targets, None)
}

/// [`root_mean_squared_error`] with a weight for each sample.
///
/// ```text
/// RMSE = sqrt(sum_ij w_i * (p_ij - t_ij)^2 / (J * sum_i w_i))      over J columns
/// ```
///
/// # Errors
/// As [`root_mean_squared_error`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
pub fn weighted_root_mean_squared_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    Ok(weighted_mean_squared_error(predictions, targets, weights)?.sqrt())
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
    for (prediction, target) in predictions.iter().zip(targets.iter()) {
        let error = (prediction.to_f64() - target.to_f64()).abs();
        // `f64::max` would ignore a NaN. Every comparison with NaN is false, so a NaN is kept.
        if error > largest || error.is_nan() {
            largest = error;
        }
    }
    Ok(largest)
}

/// The median distance from the targets of each column, then the mean over columns. Half of the
/// predictions are nearer, and a few that are far off do not count.
///
/// ```text
/// MedAE = median(|p - t|)
/// ```
///
/// The median of an even number of distances is the mean of the two in the middle. It is
/// `median_absolute_error` of scikit-learn. A NaN anywhere gives NaN.
///
/// ```
/// use nnfs_metrics::median_absolute_error;
/// use nnfs_tensor::Tensor;
/// let predictions = Tensor::from_column_slice(4, 1, &[1.0, -3.0, 2.0, 1000.0]);
/// assert_eq!(median_absolute_error(&predictions, &Tensor::zeros(4, 1))?, 2.5);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ or there are no entries.
pub fn median_absolute_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    weighted_median_absolute_error(predictions, targets, None)
}

/// [`median_absolute_error`] with a weight for each sample.
///
/// ```text
/// MedAE = the smallest distance d with  sum of w over |p - t| <= d  >= sum(w) / 2
/// ```
/// Where both sides are equal, it is the mean of d and the next distance.
///
/// # Errors
/// As [`median_absolute_error`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
pub fn weighted_median_absolute_error<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let (rows, columns) = targets.shape();
    let weights = Weights::of(weights, rows)?;
    let median_of_column = |column| {
        let distance =
            |row| (predictions[(row, column)].to_f64() - targets[(row, column)].to_f64()).abs();
        median(weights.rows().map(|(row, weight)| (distance(row), weight)).collect())
    };
    Ok((0..columns).map(median_of_column).sum::<f64>() / columns as f64)
}

/// The weighted median of (value, weight) with weights above 0.
fn median(mut values: Vec<(f64, f64)>) -> f64 {
    if values.iter().any(|(value, _)| value.is_nan()) {
        return f64::NAN;
    }
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    // The sums of weights are rounded.
    let rounding = f64::EPSILON * values.len() as f64 * half;
    let mut below = 0.0;
    for (index, &(value, weight)) in values.iter().enumerate() {
        below += weight;
        if below >= half - rounding {
            let next = values.get(index + 1).filter(|_| below <= half + rounding);
            return next.map_or(value, |&(next, _)| (value + next) / 2.0);
        }
    }
    f64::NAN
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
    weighted_r2(predictions, targets, None)
}

/// [`r2`] with a weight for each sample.
///
/// ```text
/// R2 = 1 - sum(w * (t - p)^2) / sum(w * (t - m)^2)      m = sum(w * t) / sum(w)
/// ```
///
/// # Errors
/// As [`r2`], or if the weights are not what [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects. A
/// sample of weight 0 is not counted.
pub fn weighted_r2<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let (rows, columns) = targets.shape();
    let weights = Weights::of(weights, rows)?;
    if weights.rows().nth(1).is_none() {
        return Err(MetricError::SingleSample);
    }
    // The storage is column-major: a chunk of `rows` values is a column.
    let predictions = predictions.as_slice().chunks_exact(rows);
    let targets = targets.as_slice().chunks_exact(rows);
    let sum: f64 = predictions.zip(targets).map(|(p, t)| r2_of_column(p, t, weights)).sum();
    Ok(sum / columns as f64)
}

fn r2_of_column<T: Scalar>(predictions: &[T], targets: &[T], weights: Weights<'_>) -> f64 {
    // Distances from the first target. For equal targets they are exactly 0, and so is their mean.
    let first = weights.rows().next().map_or(0.0, |(row, _)| targets[row].to_f64());
    let from_first = |row: usize| targets[row].to_f64() - first;
    let mean = weights.mean(from_first);

    let (mut residual, mut total) = (0.0, 0.0);
    for (row, weight) in weights.rows() {
        residual += weight * (targets[row].to_f64() - predictions[row].to_f64()).powi(2);
        total += weight * (from_first(row) - mean).powi(2);
    }
    if total == 0.0 && residual == 0.0 {
        1.0
    } else if total == 0.0 && residual > 0.0 {
        0.0
    } else {
        1.0 - residual / total
    }
}

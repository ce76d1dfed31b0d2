//! The accuracy of a regression: the fraction of predictions that are close enough.

use nnfs_tensor::{Scalar, SettingError, Tensor, zip_sum};

use crate::MetricError;
use crate::error::{check, check_not_empty};

/// The distance from the target below which a prediction counts as right.
///
/// ```
/// use nnfs_metrics::{Tolerance, accuracy_within};
/// use nnfs_tensor::Tensor;
/// let targets = Tensor::from_column_slice(2, 1, &[-1.0, 1.0]);
/// let tolerance = Tolerance::from_targets(&targets, Tolerance::CHAPTER_DIVISOR)?;
/// assert_eq!(tolerance.value(), 0.004);
///
/// let predictions = Tensor::from_column_slice(2, 1, &[-1.003, 1.005]);
/// assert_eq!(accuracy_within(&predictions, &targets, tolerance)?, 0.5);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance(f64);

impl Tolerance {
    /// The divisor of chapter 17: a 250th of the targets' standard deviation.
    pub const CHAPTER_DIVISOR: f64 = 250.0;

    /// A fraction of the standard deviation of the targets. Chapter 17 calls it the precision.
    ///
    /// ```text
    /// tolerance = std(targets) / divisor,  std = sqrt(mean((t - mean(t))^2))
    /// ```
    ///
    /// The standard deviation is that of the population (`np.std`), over all entries. The larger
    /// the divisor, the stricter the accuracy.
    ///
    /// # Errors
    /// If `targets` is empty, or if all targets are the same number: the tolerance would be 0. Also if the divisor
    /// or the tolerance is not a finite number above 0.
    pub fn from_targets<T: Scalar>(targets: &Tensor<T>, divisor: f64) -> Result<Self, MetricError> {
        let divisor = SettingError::check_positive("divisor of the tolerance", divisor)?;
        check_not_empty("targets", targets)?;
        let first = targets[0];
        if targets.iter().all(|&target| target == first) {
            return Err(MetricError::Constant { value: first.to_f64() });
        }
        Ok(Self::absolute(standard_deviation(targets) / divisor)?)
    }

    /// A tolerance in the unit of the targets.
    ///
    /// ```
    /// use nnfs_metrics::Tolerance;
    /// assert_eq!(Tolerance::absolute(0.1)?.value(), 0.1);
    /// assert!(Tolerance::absolute(0.0).is_err());
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// If the value is not finite and above 0.
    pub fn absolute(value: f64) -> Result<Self, SettingError> {
        SettingError::check_positive("tolerance", value).map(Self)
    }

    /// The smallest difference that counts as wrong.
    pub fn value(self) -> f64 {
        self.0
    }
}

/// The standard deviation of the population of all entries.
fn standard_deviation<T: Scalar>(values: &Tensor<T>) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().map(|value| value.to_f64()).sum::<f64>() / count;
    let squares = values.iter().map(|value| (value.to_f64() - mean).powi(2));
    (squares.sum::<f64>() / count).sqrt()
}

/// The fraction of entries that are closer to their target than the tolerance.
///
/// ```text
/// accuracy = mean(|p - t| < tolerance)
/// ```
///
/// A difference equal to the tolerance is wrong, and so is a NaN. Every entry is counted separately,
/// also if a sample has several. This is the accuracy of chapter 17. It allocates nothing.
///
/// # Errors
/// If the shapes differ or there are no entries.
pub fn accuracy_within<T: Scalar>(
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
    tolerance: Tolerance,
) -> Result<f64, MetricError> {
    check(predictions, targets)?;
    let right = zip_sum(predictions, targets, |p, t| {
        f64::from((p.to_f64() - t.to_f64()).abs() < tolerance.value())
    });
    Ok(right / targets.len() as f64)
}

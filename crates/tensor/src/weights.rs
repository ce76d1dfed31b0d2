//! The weights of samples.

use std::ops::RangeInclusive;

/// Numbers that cannot be the weights of samples.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightError {
    /// There is not one weight for each row.
    #[error("weights: expected {expected}, one for each row, found {found}")]
    Count {
        /// The number of rows.
        expected: usize,
        /// The number of weights.
        found: usize,
    },
    /// A weight is negative, infinite or NaN.
    #[error("weights: expected finite numbers of at least 0, found {found} in row {row} (from 0)")]
    Value {
        /// The row, from 0.
        row: usize,
        /// The weight.
        found: f64,
    },
    /// Every weight is 0, so that no row is left.
    #[error("weights: expected at least one above 0, found only zeros")]
    AllZero,
    /// The sum of the weights is so large or so small that products with it may overflow or lose digits.
    #[error(
        "weights: expected a sum from 1e-200 to 1e200, found {found:e}; divide all weights by their largest"
    )]
    Sum {
        /// The sum.
        found: f64,
    },
}

/// The sums for which products with the weights of samples keep their digits.
const SUMS: RangeInclusive<f64> = 1e-200..=1e200;

/// Checks the weights of samples, and returns their sum.
///
/// A sample of weight 2 counts as two equal samples, and one of weight 0 does not count. Every formula
/// divides by the sum of the weights, so that only their ratios matter.
///
/// ```
/// use nnfs_tensor::{WeightError, sum_of_weights};
/// assert_eq!(sum_of_weights(&[2.0, 0.0, 0.5], 3), Ok(2.5));
/// let error = WeightError::Value { row: 1, found: -1.0 };
/// assert_eq!(sum_of_weights(&[2.0, -1.0], 2), Err(error));
/// ```
///
/// # Errors
/// If there is not one weight for each of the `rows`, a weight is negative, infinite or NaN, all are 0,
/// or their sum is below 1e-200 or above 1e200.
pub fn sum_of_weights(weights: &[f64], rows: usize) -> Result<f64, WeightError> {
    if weights.len() != rows {
        return Err(WeightError::Count { expected: rows, found: weights.len() });
    }
    let is_bad = |weight: &f64| !weight.is_finite() || *weight < 0.0;
    if let Some(row) = weights.iter().position(is_bad) {
        return Err(WeightError::Value { row, found: weights[row] });
    }
    match weights.iter().sum::<f64>() {
        0.0 => Err(WeightError::AllZero),
        sum if SUMS.contains(&sum) => Ok(sum),
        found => Err(WeightError::Sum { found }),
    }
}

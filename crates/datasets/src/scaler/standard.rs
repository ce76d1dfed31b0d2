//! Mean 0 and standard deviation 1.

use nnfs_tensor::{Scalar, Tensor, sum_of_weights};

use super::{Scale, ScalerError, check_parts, divisor, summarize};

/// Brings each column to mean 0 and standard deviation 1.
///
/// ```text
/// mean = sum(x) / n
/// deviation = sqrt(sum((x - mean)^2) / n)
/// z = (x - mean) / deviation
/// x = mean + z * deviation
/// ```
///
/// The sums go over the `n` numbers of the column. NaN is a missing number: it is not counted, and its z
/// is 0, that of the mean. A column without a number has mean 0 and deviation 1.
///
/// The deviation is that of the population (a division by n, not by n - 1), as in scikit-learn's
/// `StandardScaler`. It is 1 for a column whose numbers are equal but for rounding, so that z is 0.
/// Mean and deviation are computed in one pass and in double precision, by Welford's method, which
/// keeps its accuracy where the mean is much larger than the deviation.
///
/// Fit it to the training rows only, and transform the other rows with the same scaler.
///
/// ```
/// use nnfs_datasets::{Scale, StandardScaler};
/// use nnfs_tensor::Tensor;
/// let raw = Tensor::<f64>::from_column_slice(2, 2, &[1.0, 3.0, 5.0, 5.0]);
/// let scaler = StandardScaler::fit(&raw)?;
/// let z: Tensor<f64> = scaler.transform(&raw)?;
/// assert_eq!(z.as_slice(), [-1.0, 1.0, 0.0, 0.0]);
/// assert_eq!(scaler.inverse(&z)?, raw);
/// # Ok::<(), nnfs_datasets::ScalerError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts"))]
pub struct StandardScaler {
    means: Vec<f64>,
    deviations: Vec<f64>,
}

impl StandardScaler {
    /// Computes the mean and the deviation of each column.
    ///
    /// # Errors
    /// - The tensor is empty.
    /// - A value is infinite.
    /// - The variance of a column overflows or underflows in double precision.
    pub fn fit<T: Scalar>(tensor: &Tensor<T>) -> Result<Self, ScalerError> {
        Self::fit_with(tensor, |_| 1.0)
    }

    /// Computes the weighted mean and deviation of each column: a row of weight 2 counts as two equal rows.
    ///
    /// ```text
    /// mean = sum(w * x) / sum(w)
    /// deviation = sqrt(sum(w * (x - mean)^2) / sum(w))
    /// ```
    ///
    /// ```
    /// use nnfs_datasets::StandardScaler;
    /// use nnfs_tensor::Tensor;
    /// let raw = Tensor::<f64>::from_column_slice(2, 1, &[1.0, 4.0]);
    /// assert_eq!(StandardScaler::fit_weighted(&raw, &[2.0, 1.0])?.means(), [2.0]);
    /// # Ok::<(), nnfs_datasets::ScalerError>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](Self::fit), or if there is not one weight for each row, a weight is negative or not
    /// finite, or all are 0.
    pub fn fit_weighted<T: Scalar>(
        tensor: &Tensor<T>,
        weights: &[f64],
    ) -> Result<Self, ScalerError> {
        sum_of_weights(weights, tensor.nrows())?;
        Self::fit_with(tensor, |row| weights[row])
    }

    fn fit_with<T: Scalar>(
        tensor: &Tensor<T>,
        weight: impl Fn(usize) -> f64,
    ) -> Result<Self, ScalerError> {
        let start = || (0.0_f64, 0.0_f64, 0.0_f64);
        // B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
        // Technometrics 4 (1962). With weights: D. H. D. West, "Updating mean and variance estimates: an
        // improved method", Communications of the ACM 22 (1979).
        let summaries = summarize(tensor, start, |(count, mean, squares), row, value| {
            let weight = weight(row);
            // A row of weight 0 does not count, and a division by a count of 0 is not a number.
            if weight > 0.0 {
                *count += weight;
                let before = value - *mean;
                *mean += weight * before / *count;
                *squares += weight * before * (value - *mean);
            }
        })?;
        let mut scaler = Self { means: Vec::new(), deviations: Vec::new() };
        for (column, (count, mean, squares)) in summaries.into_iter().enumerate() {
            let deviation = if count > 0.0 { (squares / count).sqrt() } else { 0.0 };
            if !(mean.is_finite() && deviation.is_finite()) {
                return Err(ScalerError::TooWide { column });
            }
            if squares < f64::MIN_POSITIVE * count && differ(tensor, column, &weight) {
                return Err(ScalerError::TooNarrow { column });
            }
            scaler.means.push(mean);
            scaler.deviations.push(divisor(deviation, mean.abs()));
        }
        Ok(scaler)
    }

    /// Fits a scaler and transforms the tensor: `(scaler, scaled)`.
    ///
    /// ```
    /// use nnfs_datasets::StandardScaler;
    /// use nnfs_tensor::Tensor;
    /// let raw = Tensor::<f64>::from_column_slice(2, 1, &[10.0, 30.0]);
    /// let (_, z): (_, Tensor<f32>) = StandardScaler::fit_transform(&raw)?;
    /// assert_eq!(z.as_slice(), [-1.0, 1.0]);
    /// # Ok::<(), nnfs_datasets::ScalerError>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_transform<T: Scalar, U: Scalar>(
        tensor: &Tensor<T>,
    ) -> Result<(Self, Tensor<U>), ScalerError> {
        let scaler = Self::fit(tensor)?;
        let scaled = scaler.transform(tensor)?;
        Ok((scaler, scaled))
    }

    /// A scaler from saved numbers, one mean and one deviation for each column.
    ///
    /// ```
    /// use nnfs_datasets::{Scale, StandardScaler};
    /// let scaler = StandardScaler::from_parts(vec![10.0], vec![20.0])?;
    /// assert_eq!(scaler.scale(0, 15.0), 0.25);
    /// # Ok::<(), nnfs_datasets::ScalerError>(())
    /// ```
    ///
    /// # Errors
    /// If there are not as many means as deviations, a mean is not finite, or a deviation is not finite
    /// and above 0.
    pub fn from_parts(means: Vec<f64>, deviations: Vec<f64>) -> Result<Self, ScalerError> {
        check_parts(&means, &deviations, ["means", "deviations"])?;
        Ok(Self { means, deviations })
    }

    /// The mean of each column.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// The divisor of each column: its standard deviation, or 1 if that is 0.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }
}

/// Whether the numbers of a column differ by more than rounding, and by enough to divide by.
fn differ<T: Scalar>(tensor: &Tensor<T>, column: usize, weight: impl Fn(usize) -> f64) -> bool {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (row, value) in tensor.column(column).iter().enumerate() {
        let value = value.to_f64();
        if !value.is_nan() && weight(row) > 0.0 {
            (low, high) = (low.min(value), high.max(value));
        }
    }
    let width = high - low;
    divisor(width, low.abs().max(high.abs())) == width
}

impl Scale for StandardScaler {
    fn width(&self) -> usize {
        self.means.len()
    }

    fn scale(&self, column: usize, x: f64) -> f64 {
        if x.is_nan() {
            return 0.0;
        }
        (x - self.means[column]) / self.deviations[column]
    }

    fn unscale(&self, column: usize, z: f64) -> f64 {
        self.means[column] + z * self.deviations[column]
    }
}

/// What is saved, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    means: Vec<f64>,
    deviations: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for StandardScaler {
    type Error = ScalerError;

    fn try_from(parts: Parts) -> Result<Self, ScalerError> {
        Self::from_parts(parts.means, parts.deviations)
    }
}

//! Mean 0 and standard deviation 1.

use nnfs_tensor::{Scalar, Tensor};

use super::{ScalerError, check_parts, divisor, map_mut, map_to, summarize};

/// Brings each column to mean 0 and standard deviation 1.
///
/// ```text
/// mean = sum(x) / n
/// deviation = sqrt(sum((x - mean)^2) / n)
/// z = (x - mean) / deviation
/// ```
///
/// The deviation is that of the population (a division by n, not n - 1), as in scikit-learn's
/// `StandardScaler`. Where all values of a column are the same, but for rounding, it is 1, so that z is 0. Mean and
/// deviation are taken in one pass and in double precision, by Welford's method, which loses
/// nothing where the mean is large beside the deviation.
///
/// Fit it to the training rows alone, and transform the others with the same.
///
/// ```
/// use nnfs_datasets::StandardScaler;
/// use nnfs_tensor::Tensor;
/// let mut inputs = Tensor::<f64>::from_column_slice(2, 2, &[1.0, 3.0, 5.0, 5.0]);
/// let scaler = StandardScaler::fit(&inputs)?;
/// scaler.transform_mut(&mut inputs)?;
/// assert_eq!(inputs.as_slice(), [-1.0, 1.0, 0.0, 0.0]);
/// scaler.inverse_mut(&mut inputs)?;
/// assert_eq!(inputs.as_slice(), [1.0, 3.0, 5.0, 5.0]);
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
    /// Takes the mean and the deviation of each column.
    ///
    /// # Errors
    /// If there are no rows, a value is not finite, or a deviation is too large for double
    /// precision.
    pub fn fit<T: Scalar>(tensor: &Tensor<T>) -> Result<Self, ScalerError> {
        let start = || (0.0_f64, 0.0_f64, 0.0_f64);
        // B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
        // Technometrics 4 (1962).
        let summaries = summarize(tensor, start, |(count, mean, squares), value| {
            *count += 1.0;
            let before = value - *mean;
            *mean += before / *count;
            *squares += before * (value - *mean);
        })?;
        let mut scaler = Self { means: Vec::new(), deviations: Vec::new() };
        for (column, (count, mean, squares)) in summaries.into_iter().enumerate() {
            let deviation = (squares / count).sqrt();
            if !(mean.is_finite() && deviation.is_finite()) {
                return Err(ScalerError::TooWide { column });
            }
            scaler.means.push(mean);
            scaler.deviations.push(divisor(deviation, mean.abs()));
        }
        Ok(scaler)
    }

    /// A scaler of parameters that were saved, one mean and one deviation a column.
    ///
    /// # Errors
    /// If there are not as many of both, a mean is not finite, or a deviation is not finite and
    /// above 0.
    pub fn from_parts(means: Vec<f64>, deviations: Vec<f64>) -> Result<Self, ScalerError> {
        check_parts(&means, &deviations, ["means", "deviations"])?;
        Ok(Self { means, deviations })
    }

    /// The mean of each column.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// What each column is divided by: its standard deviation, or 1 if that is 0.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }

    /// Fits to a tensor and scales it: `(scaler, scaled)`.
    ///
    /// The tensor is best in `f64`, also for a network in `f32`: the digits of a number like
    /// 1700000001 are beyond `f32` until the scaling takes most of it away.
    ///
    /// ```
    /// use nnfs_datasets::StandardScaler;
    /// use nnfs_tensor::Tensor;
    /// let times = Tensor::<f64>::from_column_slice(2, 1, &[1700000001.0, 1700000003.0]);
    /// let (scaler, inputs): (_, Tensor<f32>) = StandardScaler::fit_transform(&times)?;
    /// assert_eq!(inputs.as_slice(), [-1.0, 1.0]);
    /// # Ok::<(), nnfs_datasets::ScalerError>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_transform<T: Scalar, U: Scalar>(
        tensor: &Tensor<T>,
    ) -> Result<(Self, Tensor<U>), ScalerError> {
        let (scaler, mut outputs) = (Self::fit(tensor)?, Tensor::default());
        scaler.transform_to(tensor, &mut outputs)?;
        Ok((scaler, outputs))
    }

    /// `z = (x - mean) / deviation`, in place.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn transform_mut<T: Scalar>(&self, tensor: &mut Tensor<T>) -> Result<(), ScalerError> {
        map_mut(tensor, self.means.len(), |column, value| self.scaled(column, value))
    }

    /// `z = (x - mean) / deviation`, written into `outputs`, which takes the shape of `tensor`; its
    /// numbers may be of another kind.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn transform_to<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
        outputs: &mut Tensor<U>,
    ) -> Result<(), ScalerError> {
        map_to(tensor, outputs, self.means.len(), |column, value| self.scaled(column, value))
    }

    /// `x = mean + z * deviation`, in place.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn inverse_mut<T: Scalar>(&self, tensor: &mut Tensor<T>) -> Result<(), ScalerError> {
        map_mut(tensor, self.means.len(), |column, value| self.undone(column, value))
    }

    /// `x = mean + z * deviation`, written into `outputs`, which takes the shape of `tensor`; its
    /// numbers may be of another kind.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn inverse_to<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
        outputs: &mut Tensor<U>,
    ) -> Result<(), ScalerError> {
        map_to(tensor, outputs, self.means.len(), |column, value| self.undone(column, value))
    }

    fn scaled(&self, column: usize, value: f64) -> f64 {
        (value - self.means[column]) / self.deviations[column]
    }

    fn undone(&self, column: usize, value: f64) -> f64 {
        self.means[column] + value * self.deviations[column]
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

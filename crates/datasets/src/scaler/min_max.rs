//! Between 0 and 1, or in a range of your own.

use nnfs_tensor::{Scalar, SettingError, Tensor};

use super::{ScalerError, check_parts, divisor, map_mut, map_to, summarize};

/// Brings each column to a range: [0, 1], or one of your own.
///
/// ```text
/// spread = max(x) - min(x)
/// z = low + (x - min(x)) / spread * (high - low)
/// ```
///
/// Where all values of a column are the same, but for rounding, the spread is 1, so that z is `low`. Values that the
/// scaler was not fitted to may lie outside the range.
///
/// ```
/// use nnfs_datasets::MinMaxScaler;
/// use nnfs_tensor::Tensor;
/// let mut inputs = Tensor::<f64>::from_column_slice(3, 1, &[10.0, 15.0, 20.0]);
/// let scaler = MinMaxScaler::fit(&inputs)?.range(-1.0, 1.0)?;
/// scaler.transform_mut(&mut inputs)?;
/// assert_eq!(inputs.as_slice(), [-1.0, 0.0, 1.0]);
/// # Ok::<(), nnfs_datasets::ScalerError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts"))]
pub struct MinMaxScaler {
    minimums: Vec<f64>,
    spreads: Vec<f64>,
    low: f64,
    high: f64,
}

impl MinMaxScaler {
    /// Takes the smallest and the largest value of each column; the range is [0, 1].
    ///
    /// # Errors
    /// If there are no rows, a value is not finite, or a spread is too large for double precision.
    pub fn fit<T: Scalar>(tensor: &Tensor<T>) -> Result<Self, ScalerError> {
        let start = || (f64::INFINITY, f64::NEG_INFINITY);
        let summaries = summarize(tensor, start, |(least, most), value| {
            *least = least.min(value);
            *most = most.max(value);
        })?;
        let mut scaler = Self { minimums: Vec::new(), spreads: Vec::new(), low: 0.0, high: 1.0 };
        for (column, (least, most)) in summaries.into_iter().enumerate() {
            let spread = most - least;
            if !spread.is_finite() {
                return Err(ScalerError::TooWide { column });
            }
            scaler.minimums.push(least);
            scaler.spreads.push(divisor(spread, least.abs().max(most.abs())));
        }
        Ok(scaler)
    }

    /// A scaler of parameters that were saved, one minimum and one spread a column; its range is
    /// [0, 1].
    ///
    /// # Errors
    /// If there are not as many of both, a minimum is not finite, or a spread is not finite and
    /// above 0.
    pub fn from_parts(minimums: Vec<f64>, spreads: Vec<f64>) -> Result<Self, ScalerError> {
        check_parts(&minimums, &spreads, ["minimums", "spreads"])?;
        Ok(Self { minimums, spreads, low: 0.0, high: 1.0 })
    }

    /// Chooses another range than [0, 1].
    ///
    /// # Errors
    /// If the ends are not finite numbers, `low` below `high`.
    pub fn range(self, low: f64, high: f64) -> Result<Self, ScalerError> {
        SettingError::check("low end", low, "finite", low.is_finite())?;
        let valid = high > low && (high - low).is_finite();
        SettingError::check("high end", high, "finite and above the low end", valid)?;
        Ok(Self { low, high, ..self })
    }

    /// The smallest value of each column.
    pub fn minimums(&self) -> &[f64] {
        &self.minimums
    }

    /// What each column is divided by: its largest value less its smallest, or 1 if that is 0.
    pub fn spreads(&self) -> &[f64] {
        &self.spreads
    }

    /// The ends of the range.
    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Fits to a tensor and scales it: `(scaler, scaled)`.
    ///
    /// The tensor is best in `f64`, also for a network in `f32`: the digits of a number like
    /// 1700000001 are beyond `f32` until the scaling takes most of it away.
    ///
    /// ```
    /// use nnfs_datasets::MinMaxScaler;
    /// use nnfs_tensor::Tensor;
    /// let times = Tensor::<f64>::from_column_slice(2, 1, &[1700000001.0, 1700000003.0]);
    /// let (scaler, inputs): (_, Tensor<f32>) = MinMaxScaler::fit_transform(&times)?;
    /// assert_eq!(inputs.as_slice(), [0.0, 1.0]);
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

    /// `z = low + (x - min) / spread * (high - low)`, in place.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn transform_mut<T: Scalar>(&self, tensor: &mut Tensor<T>) -> Result<(), ScalerError> {
        map_mut(tensor, self.minimums.len(), |column, value| self.scaled(column, value))
    }

    /// `z = low + (x - min) / spread * (high - low)`, written into `outputs`, which takes the shape of `tensor`; its
    /// numbers may be of another kind.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn transform_to<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
        outputs: &mut Tensor<U>,
    ) -> Result<(), ScalerError> {
        map_to(tensor, outputs, self.minimums.len(), |column, value| self.scaled(column, value))
    }

    /// `x = min + (z - low) / (high - low) * spread`, in place.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn inverse_mut<T: Scalar>(&self, tensor: &mut Tensor<T>) -> Result<(), ScalerError> {
        map_mut(tensor, self.minimums.len(), |column, value| self.undone(column, value))
    }

    /// `x = min + (z - low) / (high - low) * spread`, written into `outputs`, which takes the shape of `tensor`; its
    /// numbers may be of another kind.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn inverse_to<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
        outputs: &mut Tensor<U>,
    ) -> Result<(), ScalerError> {
        map_to(tensor, outputs, self.minimums.len(), |column, value| self.undone(column, value))
    }

    fn scaled(&self, column: usize, value: f64) -> f64 {
        let share = (value - self.minimums[column]) / self.spreads[column];
        self.low + share * (self.high - self.low)
    }

    fn undone(&self, column: usize, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        self.minimums[column] + share * self.spreads[column]
    }
}

/// What is saved, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    minimums: Vec<f64>,
    spreads: Vec<f64>,
    low: f64,
    high: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for MinMaxScaler {
    type Error = ScalerError;

    fn try_from(Parts { minimums, spreads, low, high }: Parts) -> Result<Self, ScalerError> {
        Self::from_parts(minimums, spreads)?.range(low, high)
    }
}

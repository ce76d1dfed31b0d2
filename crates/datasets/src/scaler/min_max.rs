//! From the smallest and the largest number of a column to a range.

use nnfs_tensor::{Scalar, SettingError, Tensor};

use super::{Scale, ScalerError, check_parts, divisor, summarize};

/// Brings each column to the range [0, 1], or to another range from `low` to `high`.
///
/// ```text
/// width = max(x) - min(x)
/// z = low + (x - min(x)) / width * (high - low)
/// x = min(x) + (z - low) / (high - low) * width
/// ```
///
/// The width is 1 for a column whose numbers are equal but for rounding, so that z is `low`. Numbers
/// that the scaler was not fitted to may be scaled to numbers outside the range.
///
/// NaN is a missing number: fitting ignores it, and it is scaled to the middle of the range,
/// `low + (high - low) / 2`. A column without a number has minimum 0 and width 1.
///
/// ```
/// use nnfs_datasets::{MinMaxScaler, Scale};
/// use nnfs_tensor::Tensor;
/// let raw = Tensor::<f64>::from_column_slice(3, 1, &[10.0, 15.0, 20.0]);
/// let scaler = MinMaxScaler::fit(&raw)?.range(-1.0, 1.0)?;
/// let z: Tensor<f64> = scaler.transform(&raw)?;
/// assert_eq!(z.as_slice(), [-1.0, 0.0, 1.0]);
/// # Ok::<(), nnfs_datasets::ScalerError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts"))]
pub struct MinMaxScaler {
    minimums: Vec<f64>,
    #[cfg_attr(feature = "serde", serde(rename = "spreads"))]
    widths: Vec<f64>,
    low: f64,
    high: f64,
}

impl MinMaxScaler {
    /// Finds the smallest and the largest number of each column; the range is [0, 1].
    ///
    /// # Errors
    /// If the tensor has no rows, a value is infinite, or the range of a column overflows double
    /// precision.
    pub fn fit<T: Scalar>(tensor: &Tensor<T>) -> Result<Self, ScalerError> {
        let start = || (f64::INFINITY, f64::NEG_INFINITY);
        let summaries = summarize(tensor, start, |(least, most), _, value| {
            *least = least.min(value);
            *most = most.max(value);
        })?;
        let mut scaler = Self { minimums: Vec::new(), widths: Vec::new(), low: 0.0, high: 1.0 };
        for (column, (least, most)) in summaries.into_iter().enumerate() {
            // Without a number they are as they started: infinity, and its negative.
            let (least, most) = if least > most { (0.0, 0.0) } else { (least, most) };
            let width = most - least;
            if !width.is_finite() {
                return Err(ScalerError::TooWide { column });
            }
            scaler.minimums.push(least);
            scaler.widths.push(divisor(width, least.abs().max(most.abs())));
        }
        Ok(scaler)
    }

    /// Fits a scaler and transforms the tensor: `(scaler, scaled)`.
    ///
    /// ```
    /// use nnfs_datasets::MinMaxScaler;
    /// use nnfs_tensor::Tensor;
    /// let raw = Tensor::<f64>::from_column_slice(2, 1, &[10.0, 30.0]);
    /// let (_, z): (_, Tensor<f32>) = MinMaxScaler::fit_transform(&raw)?;
    /// assert_eq!(z.as_slice(), [0.0, 1.0]);
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

    /// A scaler from saved numbers, one minimum and one width for each column; the range is [0, 1].
    ///
    /// ```
    /// use nnfs_datasets::{Scale, MinMaxScaler};
    /// let scaler = MinMaxScaler::from_parts(vec![10.0], vec![20.0])?;
    /// assert_eq!(scaler.scale(0, 15.0), 0.25);
    /// # Ok::<(), nnfs_datasets::ScalerError>(())
    /// ```
    ///
    /// # Errors
    /// If there are not as many minimums as widths, a minimum is not finite, or a width is not finite
    /// and above 0.
    pub fn from_parts(minimums: Vec<f64>, widths: Vec<f64>) -> Result<Self, ScalerError> {
        check_parts(&minimums, &widths, ["minimums", "widths"])?;
        Ok(Self { minimums, widths, low: 0.0, high: 1.0 })
    }

    /// Sets another range than [0, 1].
    ///
    /// # Errors
    /// If an end is not finite, or `low` is not below `high`.
    pub fn range(self, low: f64, high: f64) -> Result<Self, ScalerError> {
        SettingError::check("low end", low, "finite", low.is_finite())?;
        let valid = high > low && (high - low).is_finite();
        SettingError::check("high end", high, "finite and above the low end", valid)?;
        Ok(Self { low, high, ..self })
    }

    /// The smallest number of each column.
    pub fn minimums(&self) -> &[f64] {
        &self.minimums
    }

    /// The divisor of each column: its largest number minus its smallest, or 1 if that is 0.
    pub fn widths(&self) -> &[f64] {
        &self.widths
    }

    /// The ends of the range.
    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}

impl Scale for MinMaxScaler {
    fn width(&self) -> usize {
        self.minimums.len()
    }

    fn scale(&self, column: usize, x: f64) -> f64 {
        let share = match x.is_nan() {
            true => 0.5,
            false => (x - self.minimums[column]) / self.widths[column],
        };
        self.low + share * (self.high - self.low)
    }

    fn unscale(&self, column: usize, z: f64) -> f64 {
        let share = (z - self.low) / (self.high - self.low);
        self.minimums[column] + share * self.widths[column]
    }
}

/// What is saved, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    minimums: Vec<f64>,
    #[serde(rename = "spreads")]
    widths: Vec<f64>,
    low: f64,
    high: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for MinMaxScaler {
    type Error = ScalerError;

    fn try_from(Parts { minimums, widths, low, high }: Parts) -> Result<Self, ScalerError> {
        Self::from_parts(minimums, widths)?.range(low, high)
    }
}

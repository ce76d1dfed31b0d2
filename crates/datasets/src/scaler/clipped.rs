//! Mean 0 and standard deviation 1 of the bulk, and limits for the rest.

use nnfs_tensor::{Scalar, SettingError, ShapeError, Tensor};

use super::{Bulk, Scale, ScalerError, StandardScaler};

/// How many standard deviations the limits lie outside the bulk.
const MARGIN: f64 = 3.0;

/// A [`StandardScaler`] for columns with outliers: it is fitted without them, and brings them to limits.
///
/// ```text
/// mean, deviation: those of the bulk
/// low = min(bulk) - 3 * deviation
/// high = max(bulk) + 3 * deviation
/// z = (min(max(x, low), high) - mean) / deviation
/// x = mean + z * deviation
/// ```
///
/// A column without outliers has no limits, and its numbers are those of a `StandardScaler`. [`Bulk`]
/// says which numbers are outliers. The margin keeps a code such as -9999 apart from the smallest number
/// of the bulk, so that a network can learn what the code means.
///
/// The inverse is that of a `StandardScaler`. Clipped numbers are not restored.
///
/// ```
/// use nnfs_datasets::{ClippedScaler, Scale};
/// use nnfs_tensor::Tensor;
/// let mut numbers = vec![-1.0, 1.0].repeat(20);
/// numbers.push(1e12);
/// let scaler = ClippedScaler::fit(&Tensor::from_column_slice(41, 1, &numbers))?;
/// assert_eq!(scaler.limits(), [Some((-4.0, 4.0))]);
/// assert_eq!((scaler.scale(0, 0.5), scaler.scale(0, 1e12)), (0.5, 4.0));
/// # Ok::<(), nnfs_datasets::ScalerError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(into = "Parts", try_from = "Parts"))]
pub struct ClippedScaler {
    standard: StandardScaler,
    limits: Vec<Option<(f64, f64)>>,
}

impl ClippedScaler {
    /// Finds the bulk of each column, its mean and its deviation, and limits where there are outliers.
    ///
    /// # Errors
    /// As [`StandardScaler::fit`].
    pub fn fit<T: Scalar>(tensor: &Tensor<T>) -> Result<Self, ScalerError> {
        let mut numbers: Tensor<f64> = tensor.map(Scalar::to_f64);
        let mut bulks = Vec::with_capacity(tensor.ncols());
        for mut column in numbers.column_iter_mut() {
            let bulk = Bulk::of_with_codes(column.as_slice());
            // Infinite numbers are left for `StandardScaler::fit` to find.
            column
                .iter_mut()
                .filter(|x| x.is_finite() && bulk.is_outlier(**x))
                .for_each(|x| *x = f64::NAN);
            bulks.push(bulk);
        }
        let standard = StandardScaler::fit(&numbers)?;
        let limits = bulks.iter().zip(standard.deviations());
        let limits = limits.map(|(bulk, &deviation)| {
            (bulk.outliers() > 0).then(|| Self::limits_of(bulk, deviation))
        });
        Ok(Self { limits: limits.collect(), standard })
    }

    /// A scaler from its parts: the scaler of the bulk, and for each column the limits `(low, high)`,
    /// if it has any.
    ///
    /// ```
    /// use nnfs_datasets::{ClippedScaler, Scale, StandardScaler};
    /// let standard = StandardScaler::from_parts(vec![10.0], vec![2.0])?;
    /// let scaler = ClippedScaler::from_parts(standard, vec![Some((0.0, 20.0))])?;
    /// assert_eq!((scaler.scale(0, 12.0), scaler.scale(0, 1000.0)), (1.0, 5.0));
    /// # Ok::<(), nnfs_datasets::ScalerError>(())
    /// ```
    ///
    /// # Errors
    /// If there are not as many limits as columns, a limit is not finite, or `low` is above `high`.
    pub fn from_parts(
        standard: StandardScaler,
        limits: Vec<Option<(f64, f64)>>,
    ) -> Result<Self, ScalerError> {
        let width = standard.width();
        if limits.len() != width {
            let expected = format!("{width} as means");
            return Err(ShapeError::new("limits", expected, limits.len().to_string()).into());
        }
        for &(low, high) in limits.iter().flatten() {
            SettingError::check("lower limit", low, "finite", low.is_finite())?;
            let valid = high.is_finite() && low <= high;
            SettingError::check("upper limit", high, "finite and not below the lower", valid)?;
        }
        Ok(Self { standard, limits })
    }

    /// The limits of a column with this bulk, whose standard deviation is `deviation`.
    pub fn limits_of(bulk: &Bulk, deviation: f64) -> (f64, f64) {
        let low = bulk.low() - MARGIN * deviation;
        let high = bulk.high() + MARGIN * deviation;
        (low.max(f64::MIN), high.min(f64::MAX))
    }

    /// The mean of the bulk of each column.
    pub fn means(&self) -> &[f64] {
        self.standard.means()
    }

    /// The divisor of each column: the standard deviation of its bulk, or 1 if that is 0.
    pub fn deviations(&self) -> &[f64] {
        self.standard.deviations()
    }

    /// The limits `(low, high)` of each column that has any.
    pub fn limits(&self) -> &[Option<(f64, f64)>] {
        &self.limits
    }
}

impl Scale for ClippedScaler {
    fn width(&self) -> usize {
        self.standard.width()
    }

    fn scale(&self, column: usize, x: f64) -> f64 {
        let clipped = self.limits[column].map_or(x, |(low, high)| x.clamp(low, high));
        self.standard.scale(column, clipped)
    }

    fn unscale(&self, column: usize, z: f64) -> f64 {
        self.standard.unscale(column, z)
    }
}

/// What is saved, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    means: Vec<f64>,
    deviations: Vec<f64>,
    limits: Vec<Option<(f64, f64)>>,
}

#[cfg(feature = "serde")]
impl From<ClippedScaler> for Parts {
    fn from(ClippedScaler { standard, limits }: ClippedScaler) -> Self {
        let (means, deviations) = (standard.means().to_vec(), standard.deviations().to_vec());
        Self { means, deviations, limits }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for ClippedScaler {
    type Error = ScalerError;

    fn try_from(Parts { means, deviations, limits }: Parts) -> Result<Self, ScalerError> {
        Self::from_parts(StandardScaler::from_parts(means, deviations)?, limits)
    }
}

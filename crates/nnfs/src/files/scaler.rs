//! A scaler of any kind.

use nnfs_datasets::{MinMaxScaler, ScalerError, StandardScaler};
use nnfs_tensor::{Scalar, ShapeError, Tensor};

/// A scaler of any kind, in a [`Pipeline`](super::Pipeline).
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaler {
    /// To mean 0 and standard deviation 1.
    Standard(StandardScaler),
    /// To a range.
    MinMax(MinMaxScaler),
}

impl Scaler {
    /// The number of columns.
    pub fn width(&self) -> usize {
        match self {
            Self::Standard(scaler) => scaler.means().len(),
            Self::MinMax(scaler) => scaler.minimums().len(),
        }
    }

    /// Scales each column into `outputs`, which may have another number type.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn transform_to<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
        outputs: &mut Tensor<U>,
    ) -> Result<(), ScalerError> {
        match self {
            Self::Standard(scaler) => scaler.transform_to(tensor, outputs),
            Self::MinMax(scaler) => scaler.transform_to(tensor, outputs),
        }
    }

    /// Undoes [`transform_to`](Self::transform_to).
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    pub fn inverse_to<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
        outputs: &mut Tensor<U>,
    ) -> Result<(), ScalerError> {
        match self {
            Self::Standard(scaler) => scaler.inverse_to(tensor, outputs),
            Self::MinMax(scaler) => scaler.inverse_to(tensor, outputs),
        }
    }

    pub(super) fn check_width(&self, what: &str, expected: usize) -> Result<(), ShapeError> {
        check_width(what, expected, self.width())
    }
}

pub(super) fn check_width(what: &str, expected: usize, found: usize) -> Result<(), ShapeError> {
    if expected == found {
        return Ok(());
    }
    Err(ShapeError::new(what, format!("{expected} columns, as the model"), found.to_string()))
}

impl From<StandardScaler> for Scaler {
    fn from(scaler: StandardScaler) -> Self {
        Self::Standard(scaler)
    }
}

impl From<MinMaxScaler> for Scaler {
    fn from(scaler: MinMaxScaler) -> Self {
        Self::MinMax(scaler)
    }
}

//! A scaler of any kind.

use nnfs_datasets::{ClippedScaler, MinMaxScaler, Scale, StandardScaler};
use nnfs_tensor::ShapeError;

/// A scaler of any kind, in a [`Pipeline`](super::Pipeline).
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaler {
    /// To mean 0 and standard deviation 1.
    Standard(StandardScaler),
    /// To mean 0 and standard deviation 1, within limits.
    Clipped(ClippedScaler),
    /// To a range.
    MinMax(MinMaxScaler),
}

impl Scale for Scaler {
    fn width(&self) -> usize {
        match self {
            Self::Standard(scaler) => scaler.width(),
            Self::Clipped(scaler) => scaler.width(),
            Self::MinMax(scaler) => scaler.width(),
        }
    }

    fn scale(&self, column: usize, x: f64) -> f64 {
        match self {
            Self::Standard(scaler) => scaler.scale(column, x),
            Self::Clipped(scaler) => scaler.scale(column, x),
            Self::MinMax(scaler) => scaler.scale(column, x),
        }
    }

    fn unscale(&self, column: usize, z: f64) -> f64 {
        match self {
            Self::Standard(scaler) => scaler.unscale(column, z),
            Self::Clipped(scaler) => scaler.unscale(column, z),
            Self::MinMax(scaler) => scaler.unscale(column, z),
        }
    }
}

impl Scaler {
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

impl From<ClippedScaler> for Scaler {
    fn from(scaler: ClippedScaler) -> Self {
        Self::Clipped(scaler)
    }
}

impl From<MinMaxScaler> for Scaler {
    fn from(scaler: MinMaxScaler) -> Self {
        Self::MinMax(scaler)
    }
}

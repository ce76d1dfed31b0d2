//! The errors of scalers.

use nnfs_tensor::{SettingError, ShapeError, WeightError};

/// Why a scaler cannot be fitted, or cannot transform a tensor.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScalerError {
    /// The tensor has another number of columns than the scaler.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A range or a parameter is out of its range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The weights of the rows are not what they should be.
    #[error(transparent)]
    Weights(#[from] WeightError),
    /// The tensor has no rows.
    #[error("scaler: expected at least one row, found {found}")]
    Empty {
        /// The shape of the tensor.
        found: String,
    },
    /// A value is infinite.
    #[error(
        "scaler: expected finite numbers, found {found} in row {row}, column {column} (from 0)"
    )]
    NotFinite {
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
        /// The value.
        found: f64,
    },
    /// The numbers of a column differ, but the squares of their differences are 0 in double precision.
    #[error(
        "scaler: the numbers in column {column} (from 0) are too close together for double precision; multiply them"
    )]
    TooNarrow {
        /// The column, counted from 0.
        column: usize,
    },
    /// The deviation or the range of a column is too large for double precision.
    #[error(
        "scaler: the numbers in column {column} (from 0) are too far apart for double precision"
    )]
    TooWide {
        /// The column, counted from 0.
        column: usize,
    },
}

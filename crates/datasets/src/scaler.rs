//! Columns of numbers brought to one scale, and back.

mod min_max;
mod standard;

pub use min_max::MinMaxScaler;
use nnfs_tensor::{Scalar, SettingError, ShapeError, Tensor, resize_mut, shape_text};
pub use standard::StandardScaler;

/// Why a scaler cannot be made, or not be used for a tensor.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScalerError {
    /// A tensor does not have the columns of the one that the scaler was fitted to.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A range or a parameter is out of its range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// There is nothing to fit to.
    #[error("scaler: expected at least one row, found {found}")]
    Empty {
        /// The shape of the tensor.
        found: String,
    },
    /// A value is NaN or infinite.
    #[error("scaler: expected finite numbers, found {found} in row {row}, column {column}")]
    NotFinite {
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
        /// The value.
        found: f64,
    },
    /// The values of a column are so far apart that their spread is beyond double precision.
    #[error(
        "scaler: expected values whose spread is a finite number, found more in column {column}"
    )]
    TooWide {
        /// The column, counted from 0.
        column: usize,
    },
}

/// Takes each column of a tensor with rows of finite numbers through `summary`.
fn summarize<T: Scalar, S>(
    tensor: &Tensor<T>,
    start: impl Fn() -> S,
    add: impl Fn(&mut S, f64),
) -> Result<Vec<S>, ScalerError> {
    if tensor.nrows() == 0 {
        return Err(ScalerError::Empty { found: shape_text(tensor) });
    }
    let mut summaries = Vec::with_capacity(tensor.ncols());
    for (column, values) in tensor.column_iter().enumerate() {
        let mut summary = start();
        for (row, value) in values.iter().enumerate() {
            let found = value.to_f64();
            if !found.is_finite() {
                return Err(ScalerError::NotFinite { row, column, found });
            }
            add(&mut summary, found);
        }
        summaries.push(summary);
    }
    Ok(summaries)
}

/// Replaces each value by `map` of its column and itself, computed in double precision.
fn map_mut<T: Scalar>(
    tensor: &mut Tensor<T>,
    columns: usize,
    map: impl Fn(usize, f64) -> f64,
) -> Result<(), ScalerError> {
    check_columns(tensor, columns)?;
    for (column, mut values) in tensor.column_iter_mut().enumerate() {
        for value in &mut values {
            *value = T::data(map(column, value.to_f64()));
        }
    }
    Ok(())
}

/// As [`map_mut`], written into `outputs`, whose numbers may be of another kind: they are rounded
/// once, at the end.
fn map_to<T: Scalar, U: Scalar>(
    tensor: &Tensor<T>,
    outputs: &mut Tensor<U>,
    columns: usize,
    map: impl Fn(usize, f64) -> f64,
) -> Result<(), ScalerError> {
    check_columns(tensor, columns)?;
    resize_mut(outputs, tensor.nrows(), tensor.ncols());
    for (column, mut values) in outputs.column_iter_mut().enumerate() {
        for (output, value) in values.iter_mut().zip(&tensor.column(column)) {
            *output = U::data(map(column, value.to_f64()));
        }
    }
    Ok(())
}

fn check_columns<T: Scalar>(tensor: &Tensor<T>, columns: usize) -> Result<(), ScalerError> {
    if tensor.ncols() == columns {
        return Ok(());
    }
    let expected = format!("{columns} columns as the scaler was fitted to");
    Err(ShapeError::new("tensor", expected, shape_text(tensor)).into())
}

/// A number to divide by: 1 for a column whose values, of about this size, are all the same, or
/// differ by no more than the rounding of some computation (or by so little that a division by it
/// would overflow).
fn divisor(spread: f64, size: f64) -> f64 {
    let rounding = 8.0 * f64::EPSILON * size;
    if spread < f64::MIN_POSITIVE.max(rounding) { 1.0 } else { spread }
}

/// One divisor for each of `columns`, all finite and above 0.
fn check_parts(first: &[f64], second: &[f64], names: [&'static str; 2]) -> Result<(), ScalerError> {
    if first.len() != second.len() {
        let expected = format!("{} as {}", first.len(), names[0]);
        return Err(ShapeError::new(names[1], expected, second.len().to_string()).into());
    }
    for &value in first {
        SettingError::check(names[0], value, "finite", value.is_finite())?;
    }
    for &value in second {
        SettingError::check_positive(names[1], value)?;
    }
    Ok(())
}

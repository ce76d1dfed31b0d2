//! Columns of numbers brought to one scale, and back.

mod bulk;
mod clipped;
mod error;
mod min_max;
mod standard;

pub use bulk::Bulk;
pub use clipped::ClippedScaler;
pub use error::ScalerError;
pub use min_max::MinMaxScaler;
use nnfs_tensor::{Scalar, SettingError, ShapeError, Tensor, resize_mut, shape_text};
pub use standard::StandardScaler;

/// A scaler: one invertible function for each column of a tensor.
///
/// A scaler is fitted to the training rows and then transforms all other rows with the same numbers.
/// Everything is computed in double precision and rounded once, at the end. So take the numbers before
/// scaling in `f64`, also for a network in `f32`: `f32` does not have the digits of 1700000001, a time
/// in seconds.
///
/// NaN is a missing number. Fitting ignores it, and it is scaled to the center of its column: 0, or the
/// middle of the range of a [`MinMaxScaler`]. So a missing number is filled from the training rows. A
/// column without a number has the center 0 and the divisor 1.
///
/// ```
/// use nnfs_datasets::{Scale, StandardScaler};
/// use nnfs_tensor::Tensor;
/// let raw = Tensor::<f64>::from_column_slice(2, 1, &[1700000001.0, 1700000003.0]);
/// let scaler = StandardScaler::fit(&raw)?;
/// let z: Tensor<f32> = scaler.transform(&raw)?;
/// assert_eq!(z.as_slice(), [-1.0, 1.0]);
/// assert_eq!(scaler.inverse(&z)?, raw);
/// # Ok::<(), nnfs_datasets::ScalerError>(())
/// ```
pub trait Scale {
    /// The number of columns.
    fn width(&self) -> usize;

    /// A number of a column, scaled; the center of the column for NaN, a missing number.
    fn scale(&self, column: usize, x: f64) -> f64;

    /// The number of a column that is scaled to `z`: the inverse of [`scale`](Self::scale).
    fn unscale(&self, column: usize, z: f64) -> f64;

    /// The tensor with each number scaled.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    fn transform<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
    ) -> Result<Tensor<U>, ScalerError> {
        let mut outputs = Tensor::default();
        self.transform_to(tensor, &mut outputs)?;
        Ok(outputs)
    }

    /// [`transform`](Self::transform) into a buffer, which takes the shape that it needs.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    fn transform_to<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
        outputs: &mut Tensor<U>,
    ) -> Result<(), ScalerError> {
        map_to(tensor, outputs, self.width(), |column, x| self.scale(column, x))
    }

    /// [`transform`](Self::transform) in place.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    fn transform_mut<T: Scalar>(&self, tensor: &mut Tensor<T>) -> Result<(), ScalerError> {
        map_mut(tensor, self.width(), |column, x| self.scale(column, x))
    }

    /// The tensor with the scaling of each number undone.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    fn inverse<T: Scalar, U: Scalar>(&self, tensor: &Tensor<T>) -> Result<Tensor<U>, ScalerError> {
        let mut outputs = Tensor::default();
        self.inverse_to(tensor, &mut outputs)?;
        Ok(outputs)
    }

    /// [`inverse`](Self::inverse) into a buffer, which takes the shape that it needs.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    fn inverse_to<T: Scalar, U: Scalar>(
        &self,
        tensor: &Tensor<T>,
        outputs: &mut Tensor<U>,
    ) -> Result<(), ScalerError> {
        map_to(tensor, outputs, self.width(), |column, z| self.unscale(column, z))
    }

    /// [`inverse`](Self::inverse) in place.
    ///
    /// # Errors
    /// If the tensor has another number of columns.
    fn inverse_mut<T: Scalar>(&self, tensor: &mut Tensor<T>) -> Result<(), ScalerError> {
        map_mut(tensor, self.width(), |column, z| self.unscale(column, z))
    }
}

/// Replaces each number of each column by `f(column, number)`.
fn map_mut<T: Scalar>(
    tensor: &mut Tensor<T>,
    width: usize,
    f: impl Fn(usize, f64) -> f64,
) -> Result<(), ScalerError> {
    check_columns(tensor, width)?;
    for (column, mut values) in tensor.column_iter_mut().enumerate() {
        for value in &mut values {
            *value = T::data(f(column, value.to_f64()));
        }
    }
    Ok(())
}

/// Writes `f(column, number)` for each number of each column.
fn map_to<T: Scalar, U: Scalar>(
    tensor: &Tensor<T>,
    outputs: &mut Tensor<U>,
    width: usize,
    f: impl Fn(usize, f64) -> f64,
) -> Result<(), ScalerError> {
    check_columns(tensor, width)?;
    resize_mut(outputs, tensor.nrows(), tensor.ncols());
    for (column, mut values) in outputs.column_iter_mut().enumerate() {
        for (output, value) in values.iter_mut().zip(&tensor.column(column)) {
            *output = U::data(f(column, value.to_f64()));
        }
    }
    Ok(())
}

fn check_columns<T: Scalar>(tensor: &Tensor<T>, width: usize) -> Result<(), ScalerError> {
    if tensor.ncols() == width {
        return Ok(());
    }
    let expected = format!("{width} columns as the scaler was fitted to");
    Err(ShapeError::new("tensor", expected, shape_text(tensor)).into())
}

/// One summary for each column of a tensor: `start`, with `add` for each row and its number. NaN is a missing
/// number and is left out.
fn summarize<T: Scalar, S>(
    tensor: &Tensor<T>,
    start: impl Fn() -> S,
    add: impl Fn(&mut S, usize, f64),
) -> Result<Vec<S>, ScalerError> {
    if tensor.nrows() == 0 {
        return Err(ScalerError::Empty { found: shape_text(tensor) });
    }
    let mut summaries = Vec::with_capacity(tensor.ncols());
    for (column, values) in tensor.column_iter().enumerate() {
        let mut summary = start();
        for (row, value) in values.iter().enumerate() {
            let found = value.to_f64();
            if found.is_finite() {
                add(&mut summary, row, found);
            } else if !found.is_nan() {
                return Err(ScalerError::NotFinite { row, column, found });
            }
        }
        summaries.push(summary);
    }
    Ok(summaries)
}

/// The divisor for a column with this deviation or range, whose numbers are about as large as `size`.
///
/// It is 1 where the numbers are equal, differ only by rounding, or differ so little that a division
/// would overflow.
fn divisor(width: f64, size: f64) -> f64 {
    let rounding = 8.0 * f64::EPSILON * size;
    if width < f64::MIN_POSITIVE.max(rounding) { 1.0 } else { width }
}

/// Checks the numbers of a saved scaler: one offset and one divisor for each column.
fn check_parts(
    offsets: &[f64],
    divisors: &[f64],
    names: [&'static str; 2],
) -> Result<(), ScalerError> {
    if offsets.len() != divisors.len() {
        let expected = format!("{} as {}", offsets.len(), names[0]);
        return Err(ShapeError::new(names[1], expected, divisors.len().to_string()).into());
    }
    for &offset in offsets {
        SettingError::check(names[0], offset, "finite", offset.is_finite())?;
    }
    for &divisor in divisors {
        SettingError::check_positive(names[1], divisor)?;
    }
    Ok(())
}

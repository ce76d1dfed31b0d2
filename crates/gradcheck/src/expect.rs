//! Requirements on tensors, and their errors.

use nnfs_tensor::{ShapeError, Tensor, shape_text};

use crate::GradientError;

/// Whether shapes and values are the same. NaN is equal to NaN.
pub(crate) fn same(left: &Tensor<f64>, right: &Tensor<f64>) -> bool {
    let equal = |(left, right): (&f64, &f64)| left == right || (left.is_nan() && right.is_nan());
    left.shape() == right.shape() && left.iter().zip(right).all(equal)
}

pub(crate) fn broken<T>(promise: impl Into<String>) -> Result<T, GradientError> {
    Err(GradientError::Contract(promise.into()))
}

pub(crate) fn check_finite(
    what: &str,
    values: impl IntoIterator<Item = f64>,
) -> Result<(), GradientError> {
    match values.into_iter().find(|value| !value.is_finite()) {
        Some(found) => Err(GradientError::NonFiniteValue { what: what.to_owned(), found }),
        None => Ok(()),
    }
}

pub(crate) fn check_shape(
    what: &str,
    found: &Tensor<f64>,
    expected: &str,
) -> Result<(), ShapeError> {
    let found = shape_text(found);
    if found == expected { Ok(()) } else { Err(ShapeError::new(what, expected, found)) }
}

pub(crate) fn check_same_shape(
    what: &str,
    found: &Tensor<f64>,
    expected: &Tensor<f64>,
) -> Result<(), ShapeError> {
    check_shape(what, found, &shape_text(expected))
}

/// A check without entries would pass without testing anything.
pub(crate) fn check_not_empty(what: &str, tensor: &Tensor<f64>) -> Result<(), ShapeError> {
    if tensor.is_empty() {
        return Err(ShapeError::new(what, "at least one entry", shape_text(tensor)));
    }
    Ok(())
}

//! Softmax of rows, for the activation and for the cross-entropy on logits.

use crate::{Scalar, Tensor, resize_mut};

/// Writes the softmax of every row of `logits` into `probabilities`.
///
/// ```text
/// p_ij = exp(x_ij - max_j x_ij) / sum_j exp(x_ij - max_j x_ij)
/// ```
/// Subtracting the largest value first does not change the result; it keeps `exp` from overflowing.
/// `probabilities` takes the shape that it needs.
///
/// ```
/// use nnfs_tensor::{Tensor, softmax_rows_to};
/// let mut probabilities = Tensor::default();
/// softmax_rows_to(&Tensor::from_row_slice(1, 2, &[1000.0, 1000.0]), &mut probabilities);
/// assert_eq!(probabilities.as_slice(), [0.5, 0.5]);
/// ```
pub fn softmax_rows_to<T: Scalar>(logits: &Tensor<T>, probabilities: &mut Tensor<T>) {
    resize_mut(probabilities, logits.nrows(), logits.ncols());
    probabilities.copy_from(logits);
    softmax_rows_mut(probabilities);
}

/// [`softmax_rows_mut`] of a single row, to the same bits.
///
/// ```
/// use nnfs_tensor::softmax_row_mut;
/// let mut row = [3.0, 3.0];
/// softmax_row_mut(&mut row);
/// assert_eq!(row, [0.5, 0.5]);
/// ```
pub fn softmax_row_mut<T: Scalar>(row: &mut [T]) {
    nnfs_kernel::softmax_rows_mut(row, 1, T::exp_mut);
}

/// [`softmax_rows_to`] in place: turns logits into probabilities.
pub fn softmax_rows_mut<T: Scalar>(values: &mut Tensor<T>) {
    let rows = values.nrows();
    nnfs_kernel::softmax_rows_mut(values.as_mut_slice(), rows, T::exp_mut);
}

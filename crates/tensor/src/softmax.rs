//! Softmax of rows, for the activation and for the cross-entropy on logits.

use std::ops::Range;

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

/// [`softmax_rows_to`] in place: turns logits into probabilities.
pub fn softmax_rows_mut<T: Scalar>(values: &mut Tensor<T>) {
    let rows = values.nrows();
    for first in (0..rows).step_by(BLOCK) {
        softmax_block_mut(values, first..rows.min(first + BLOCK));
    }
}

/// Rows that are computed together. The numbers of a column are side by side in memory.
const BLOCK: usize = 64;

fn softmax_block_mut<T: Scalar>(values: &mut Tensor<T>, rows: Range<usize>) {
    let (mut largest, mut sums) = ([T::ZERO; BLOCK], [T::ZERO; BLOCK]);
    for column in 0..values.ncols() {
        let is_first = column == 0;
        let column = values.column(column);
        let x = &column.as_slice()[rows.clone()];
        for (largest, &x) in largest.iter_mut().zip(x) {
            *largest = if is_first || x > *largest { x } else { *largest };
        }
    }
    for column in 0..values.ncols() {
        let mut column = values.column_mut(column);
        let x = &mut column.as_mut_slice()[rows.clone()];
        for (x, &largest) in x.iter_mut().zip(&largest) {
            *x = *x - largest;
        }
        T::exp_mut(x);
        for (sum, &exponential) in sums.iter_mut().zip(&*x) {
            // Not `+=`, which keeps the kind of the book's numbers.
            *sum = sum.add(exponential);
        }
    }
    for column in 0..values.ncols() {
        let mut column = values.column_mut(column);
        let exponentials = &mut column.as_mut_slice()[rows.clone()];
        for (exponential, &sum) in exponentials.iter_mut().zip(&sums) {
            *exponential = *exponential / sum;
        }
    }
}

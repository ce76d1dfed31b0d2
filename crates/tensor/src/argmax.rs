//! The largest entry of each row, for metrics and for predictions of classes.

use crate::{Scalar, Tensor};

/// The column of the largest entry of each row: the class that each row predicts.
///
/// As in `np.argmax(axis=1)`, the first of several largest entries wins, and a NaN counts as the largest
/// of all.
///
/// ```
/// use nnfs_tensor::{Tensor, argmax_rows};
/// let predictions = Tensor::from_row_slice(2, 3, &[0.2, 0.7, 0.1, 0.4, 0.2, 0.4]);
/// assert_eq!(argmax_rows(&predictions), [1, 0]);
/// ```
///
/// # Panics
/// If there are rows but no columns.
pub fn argmax_rows<T: Scalar>(values: &Tensor<T>) -> Vec<usize> {
    let (rows, columns) = values.shape();
    assert!(rows == 0 || columns > 0, "argmax_rows: {rows} rows have no columns");
    (0..rows).map(|row| argmax(values, row)).collect()
}

/// [`argmax_rows`] of one row.
///
/// # Panics
/// If there is no such row, or it has no columns.
pub fn argmax<T: Scalar>(values: &Tensor<T>, row: usize) -> usize {
    let (rows, columns) = values.shape();
    assert!(row < rows && columns > 0, "argmax: no row {row} in {rows}x{columns}");
    let is_nan = |value: T| value.to_f64().is_nan();
    let mut largest = 0;
    for column in 1..columns {
        let (best, value) = (values[(row, largest)], values[(row, column)]);
        if !is_nan(best) && (value > best || is_nan(value)) {
            largest = column;
        }
    }
    largest
}

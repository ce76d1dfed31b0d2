//! Softmax of the rows of a column-major matrix.

use std::ops::{Div, Range, Sub};

use crate::Kernels;

/// Rows that are computed together. The numbers of a column are side by side in memory.
const BLOCK: usize = 64;

/// Replaces every row `x` by its softmax.
///
/// ```text
/// exp(x_j - max x) / sum_j exp(x_j - max x)
/// ```
/// `exp_mut` replaces numbers by their exponentials. The exponentials of a row are added one after another.
///
/// # Panics
/// If the numbers are not whole columns of `rows` numbers.
pub fn softmax_rows_mut<T>(values: &mut [T], rows: usize, exp_mut: impl Fn(&mut [T]))
where
    T: Kernels + Sub<Output = T> + Div<Output = T>,
{
    if values.is_empty() {
        return;
    }
    assert!(rows > 0 && values.len().is_multiple_of(rows), "whole columns of {rows} rows");
    for first in (0..rows).step_by(BLOCK) {
        block_mut(values, rows, first..rows.min(first + BLOCK), &exp_mut);
    }
}

fn block_mut<T>(values: &mut [T], stride: usize, rows: Range<usize>, exp_mut: &impl Fn(&mut [T]))
where
    T: Kernels + Sub<Output = T> + Div<Output = T>,
{
    let (mut largest, mut sums) = ([T::ZERO; BLOCK], [T::ZERO; BLOCK]);
    for (index, column) in values.chunks_exact(stride).enumerate() {
        for (largest, &x) in largest.iter_mut().zip(&column[rows.clone()]) {
            *largest = if index == 0 || x > *largest { x } else { *largest };
        }
    }
    for column in values.chunks_exact_mut(stride) {
        let x = &mut column[rows.clone()];
        for (x, &largest) in x.iter_mut().zip(&largest) {
            *x = *x - largest;
        }
        exp_mut(x);
        for (sum, &exponential) in sums.iter_mut().zip(&*x) {
            // Not `+=`, which keeps the kind of the book's numbers.
            *sum = sum.add(exponential);
        }
    }
    for column in values.chunks_exact_mut(stride) {
        for (exponential, &sum) in column[rows.clone()].iter_mut().zip(&sums) {
            *exponential = *exponential / sum;
        }
    }
}

//! The product of the book: `np.dot` in double precision, rounded to float32 once.
//!
//! ```text
//! c_ij = float32(sum over k of a_ik * b_kj)        k from first to last, in double precision
//! ```
//!
//! Every sum is added in the order of k, and a multiplication and an addition are never fused, so
//! that the bits do not depend on the machine: vector registers only hold several sums (several i)
//! side by side. The same Rust code is compiled once for each width of register.

use nnfs_tensor::Strided;

use crate::NumpyScalar;

/// Edge of the square blocks that are unpacked to plain `f64`: three of them fit into a core's
/// caches, and on the stack, so that nothing is allocated.
const BLOCK: usize = 64;

/// `BLOCK` lines of `BLOCK` values.
type Block = [[f64; BLOCK]; BLOCK];

/// `outputs = left * right`, column-major.
pub(crate) fn product(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
) {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            // SAFETY: the CPU has AVX-512.
            #[allow(unsafe_code)]
            return unsafe { product_avx512(left, right, outputs) };
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has AVX2.
            #[allow(unsafe_code)]
            return unsafe { product_avx2(left, right, outputs) };
        }
    }
    product_portable(left, right, outputs);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn product_avx512(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
) {
    product_portable(left, right, outputs);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn product_avx2(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
) {
    product_portable(left, right, outputs);
}

/// The product, block by block. Inlined into each of its callers, and so compiled for each.
#[inline(always)]
fn product_portable(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
) {
    let (rows, inner, columns) = (left.rows(), left.columns(), right.columns());
    let mut left_block: Block = [[0.0; BLOCK]; BLOCK];
    let mut right_block: Block = [[0.0; BLOCK]; BLOCK];
    for first_column in (0..columns).step_by(BLOCK) {
        for first_row in (0..rows).step_by(BLOCK) {
            let height = BLOCK.min(rows - first_row);
            let width = BLOCK.min(columns - first_column);
            // The sums stand in lines of the longer side: a product with one row is as fast as
            // one with one column.
            let upright = height >= width;
            let mut sums: Block = [[0.0; BLOCK]; BLOCK];
            for first in (0..inner).step_by(BLOCK) {
                let depth = BLOCK.min(inner - first);
                let left = left.transpose();
                unpack(left, (first, first_row), (depth, height), &mut left_block);
                // With one block along k, the right one serves for all rows.
                if inner > BLOCK || first_row == 0 {
                    unpack(right, (first, first_column), (depth, width), &mut right_block);
                }
                // What lies beyond height and width stems from earlier blocks; the sums over it
                // are never read.
                if upright {
                    add_products(&left_block[..depth], &right_block[..depth], &mut sums[..width]);
                } else {
                    add_products(&right_block[..depth], &left_block[..depth], &mut sums[..height]);
                }
            }
            for column in 0..width {
                let start = (first_column + column) * rows + first_row;
                for (row, output) in outputs[start..start + height].iter_mut().enumerate() {
                    let sum = if upright { sums[column][row] } else { sums[row][column] };
                    *output = NumpyScalar::float32(sum);
                }
            }
        }
    }
}

/// `block[k][i]` = the value at row `first_row + k` and column `first_column + i`.
#[inline(always)]
fn unpack(
    matrix: Strided<'_, NumpyScalar>,
    (first_row, first_column): (usize, usize),
    (rows, columns): (usize, usize),
    block: &mut Block,
) {
    if matrix.column_stride() == 1 {
        for (k, line) in block[..rows].iter_mut().enumerate() {
            let data = matrix.data_from(first_row + k, first_column);
            for (value, number) in line[..columns].iter_mut().zip(data) {
                *value = number.value();
            }
        }
    } else {
        for i in 0..columns {
            let data = matrix.data_from(first_row, first_column + i);
            let data = data.iter().step_by(matrix.row_stride());
            for (line, number) in block[..rows].iter_mut().zip(data) {
                line[i] = number.value();
            }
        }
    }
}

/// `sums[j][i] += long[k][i] * short[k][j]` for every k, one after another.
///
/// Four k at a time, so that a sum is loaded and stored once for four products.
#[inline(always)]
fn add_products(long: &[[f64; BLOCK]], short: &[[f64; BLOCK]], sums: &mut [[f64; BLOCK]]) {
    let (long_fours, long_rest) = long.as_chunks::<4>();
    let (short_fours, short_rest) = short.as_chunks::<4>();
    for (j, line) in sums.iter_mut().enumerate() {
        for ([a, b, c, d], short) in long_fours.iter().zip(short_fours) {
            let factors = [short[0][j], short[1][j], short[2][j], short[3][j]];
            for (i, sum) in line.iter_mut().enumerate() {
                let after_two = *sum + a[i] * factors[0] + b[i] * factors[1];
                *sum = after_two + c[i] * factors[2] + d[i] * factors[3];
            }
        }
        for (long, short) in long_rest.iter().zip(short_rest) {
            for (sum, &value) in line.iter_mut().zip(long) {
                *sum += value * short[j];
            }
        }
    }
}

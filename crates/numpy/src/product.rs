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

/// `BLOCK` columns of `BLOCK` values.
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
    product_blocks::<8, 2>(left, right, outputs);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn product_avx512(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
) {
    product_blocks::<16, 8>(left, right, outputs);
}

/// Without `fma` among the features, and in Rust a fused operation is never made of two.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn product_avx2(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
) {
    product_blocks::<8, 4>(left, right, outputs);
}

/// The product, block by block; a tile of `ROWS` x `COLUMNS` sums is held in registers.
#[inline(always)]
fn product_blocks<const ROWS: usize, const COLUMNS: usize>(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
) {
    let (rows, inner, columns) = (left.rows(), left.columns(), right.columns());
    let mut left_block: Block = [[0.0; BLOCK]; BLOCK];
    let mut right_block: Block = [[0.0; BLOCK]; BLOCK];
    for first_row in (0..rows).step_by(BLOCK) {
        for first_column in (0..columns).step_by(BLOCK) {
            let height = BLOCK.min(rows - first_row);
            let width = BLOCK.min(columns - first_column);
            let mut sums: Block = [[0.0; BLOCK]; BLOCK];
            for first in (0..inner).step_by(BLOCK) {
                let depth = BLOCK.min(inner - first);
                // Sums for rows and columns beyond the edge are computed from what an earlier
                // block left there, and never read.
                for k in 0..depth {
                    for (i, value) in left_block[k][..height].iter_mut().enumerate() {
                        *value = left.at(first_row + i, first + k).value();
                    }
                    for (j, value) in right_block[k][..width].iter_mut().enumerate() {
                        *value = right.at(first + k, first_column + j).value();
                    }
                }
                for j in (0..width).step_by(COLUMNS) {
                    for i in (0..height).step_by(ROWS) {
                        add_tile::<ROWS, COLUMNS>(
                            &left_block[..depth],
                            &right_block[..depth],
                            &mut sums,
                            (i, j),
                        );
                    }
                }
            }
            for (j, column) in sums[..width].iter().enumerate() {
                let start = (first_column + j) * rows + first_row;
                let outputs = &mut outputs[start..start + height];
                for (output, &sum) in outputs.iter_mut().zip(column) {
                    *output = NumpyScalar::float32(sum);
                }
            }
        }
    }
}

/// Adds the products of two blocks to a tile of the sums, k after k.
#[inline(always)]
fn add_tile<const ROWS: usize, const COLUMNS: usize>(
    left: &[[f64; BLOCK]],
    right: &[[f64; BLOCK]],
    sums: &mut Block,
    (i, j): (usize, usize),
) {
    let mut tile = [[0.0; ROWS]; COLUMNS];
    for (column, sums) in tile.iter_mut().zip(&sums[j..j + COLUMNS]) {
        column.copy_from_slice(&sums[i..i + ROWS]);
    }
    for (left, right) in left.iter().zip(right) {
        let left: &[f64; ROWS] = left[i..i + ROWS].try_into().expect("ROWS values");
        let right: &[f64; COLUMNS] = right[j..j + COLUMNS].try_into().expect("COLUMNS values");
        for (column, &factor) in tile.iter_mut().zip(right) {
            for (sum, &value) in column.iter_mut().zip(left) {
                *sum += value * factor;
            }
        }
    }
    for (column, sums) in tile.iter().zip(&mut sums[j..j + COLUMNS]) {
        sums[i..i + ROWS].copy_from_slice(column);
    }
}

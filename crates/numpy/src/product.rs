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
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
        {
            // SAFETY: the CPU has AVX2 and FMA.
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

/// `fma` is here so that the tests can show that it is not used: Rust never fuses by itself.
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
            let sum = |row: usize, column: usize| {
                if upright { sums[column][row] } else { sums[row][column] }
            };
            for column in 0..width {
                let start = (first_column + column) * rows + first_row;
                for (row, output) in outputs[start..start + height].iter_mut().enumerate() {
                    *output = NumpyScalar::float32(sum(row, column));
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

#[cfg(test)]
mod tests {
    use nnfs_tensor::Tensor;
    use proptest::prelude::*;

    use super::*;
    use crate::RandomState;

    /// A kernel, under the name of the CPU features that it is compiled for.
    type Kernel = fn(Strided<'_, NumpyScalar>, Strided<'_, NumpyScalar>, &mut [NumpyScalar]);

    /// Every code path that this CPU can run.
    #[allow(unsafe_code)]
    fn kernels() -> Vec<(&'static str, Kernel)> {
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
        let mut kernels: Vec<(&'static str, Kernel)> = vec![
            ("portable", |left, right, outputs| product_portable(left, right, outputs)),
            ("dispatched", |left, right, outputs| product(left, right, outputs)),
        ];
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2")
                && std::arch::is_x86_feature_detected!("fma")
            {
                // SAFETY: the CPU has AVX2 and FMA.
                kernels.push(("avx2 with fma", |left, right, outputs| unsafe {
                    product_avx2(left, right, outputs);
                }));
            }
            if std::arch::is_x86_feature_detected!("avx512f") {
                // SAFETY: the CPU has AVX-512.
                kernels.push(("avx512", |left, right, outputs| unsafe {
                    product_avx512(left, right, outputs);
                }));
            }
        }
        kernels
    }

    /// Numbers of all sizes, in float64.
    fn tensor(random: &mut RandomState, rows: usize, columns: usize) -> Tensor<NumpyScalar> {
        Tensor::from_fn(rows, columns, |_, _| {
            let size = random.uniform(-20.0, 20.0).exp();
            NumpyScalar::float64(size * random.standard_normal())
        })
    }

    /// Lets the products of neighbouring k cancel almost completely. Then what remains of a sum
    /// is the rounding of its terms, and another order of additions or a fused operation shows in
    /// the bits even after the rounding to float32.
    fn cancel_neighbours(left: &mut Tensor<NumpyScalar>, right: &mut Tensor<NumpyScalar>) {
        for k in (1..left.ncols()).step_by(2) {
            for i in 0..left.nrows() {
                left[(i, k)] = -left[(i, k - 1)];
            }
            for j in 0..right.nrows() {
                right[(j, k)] = right[(j, k - 1)] * NumpyScalar::float64(1.0 + 1e-15);
            }
        }
    }

    proptest! {
        #[test]
        fn every_code_path_gives_the_same_bits(
            rows in 0..150_usize, inner in 0..150_usize, columns in 0..150_usize, seed: u32,
        ) {
            let mut random = RandomState::new(seed);
            let mut left = tensor(&mut random, rows, inner);
            let mut right = tensor(&mut random, columns, inner);
            cancel_neighbours(&mut left, &mut right);
            let (left, right) = (Strided::new(&left), Strided::new(&right).transpose());

            let results = kernels().into_iter().map(|(name, kernel)| {
                let mut outputs = vec![NumpyScalar::default(); rows * columns];
                kernel(left, right, &mut outputs);
                (name, outputs.iter().map(|output| output.value().to_bits()).collect::<Vec<_>>())
            });
            let results: Vec<_> = results.collect();
            for (name, bits) in &results[1..] {
                prop_assert!(bits == &results[0].1, "{name} differs from portable");
            }
        }
    }
}

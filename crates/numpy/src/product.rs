//! The product of the book: `np.dot` in double precision, rounded to float32 once.
//!
//! ```text
//! c_ij = float32(sum over k of a_ik * b_kj)        k from first to last, in double precision
//! ```
//!
//! Every sum is added in the order of k, and every product and every sum is rounded, so that the bits
//! do not depend on the machine: a vector register holds several sums (several i), not parts of one
//! sum. The same Rust code is compiled once for each register width.
//!
//! A fused multiply-add rounds once where the book rounds twice. It is used only where this makes no
//! difference: the product of two float32 numbers has at most 48 bits, and a float64 has 53, so the
//! product is exact.

use nnfs_kernel::{Epilogue, Strided};

use crate::block::{BLOCK, Block, Sums, add_products, unpack};
use crate::{Kind, NumpyScalar};

/// `outputs = epilogue(left * right)`, column-major.
pub(crate) fn product(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
    epilogue: Epilogue<'_, NumpyScalar>,
) {
    #[cfg(all(target_arch = "x86_64", not(nnfs_instructions = "portable")))]
    {
        let has_fma = std::arch::is_x86_feature_detected!("fma");
        let has_avx512 =
            cfg!(not(nnfs_instructions = "avx2")) && std::arch::is_x86_feature_detected!("avx512f");
        if has_avx512 && has_fma {
            // SAFETY: the CPU has AVX-512 and FMA.
            #[allow(unsafe_code)]
            return unsafe { product_avx512(left, right, outputs, epilogue) };
        }
        if std::arch::is_x86_feature_detected!("avx2") && has_fma {
            // SAFETY: the CPU has AVX2 and FMA.
            #[allow(unsafe_code)]
            return unsafe { product_avx2(left, right, outputs, epilogue) };
        }
    }
    product_portable(left, right, outputs, epilogue);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,fma")]
fn product_avx512(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
    epilogue: Epilogue<'_, NumpyScalar>,
) {
    product_in_blocks::<32, 4, true>(left, right, outputs, epilogue);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn product_avx2(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
    epilogue: Epilogue<'_, NumpyScalar>,
) {
    product_in_blocks::<8, 4, true>(left, right, outputs, epilogue);
}

fn product_portable(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
    epilogue: Epilogue<'_, NumpyScalar>,
) {
    product_in_blocks::<4, 4, false>(left, right, outputs, epilogue);
}

/// The product, block by block. Inlined into each of its callers, and so compiled for each.
///
/// `LONG` by `SHORT` sums stay in registers at a time; `FMA` is whether the CPU has that
/// instruction.
#[inline(always)]
fn product_in_blocks<const LONG: usize, const SHORT: usize, const FMA: bool>(
    left: Strided<'_, NumpyScalar>,
    right: Strided<'_, NumpyScalar>,
    outputs: &mut [NumpyScalar],
    epilogue: Epilogue<'_, NumpyScalar>,
) {
    let (rows, inner) = (left.rows(), left.columns());
    // The lines of sums run along the longer side, so that a product with one row is as fast as one
    // with one column.
    let upright = rows >= right.columns();
    let (long, short) = (left.transpose(), right);
    let (long, short) = if upright { (long, short) } else { (short, long) };
    let mut long_block: Block = [0.0; BLOCK * BLOCK];
    let mut short_block: Block = [0.0; BLOCK * BLOCK];
    let mut sums: Sums = [[0.0; BLOCK]; BLOCK];
    let mut short_is_single = false;
    for first_line in (0..short.columns()).step_by(BLOCK) {
        for first_place in (0..long.columns()).step_by(BLOCK) {
            let lines = BLOCK.min(short.columns() - first_line);
            let length = BLOCK.min(long.columns() - first_place);
            for first in (0..inner).step_by(BLOCK) {
                let depth = BLOCK.min(inner - first);
                let at = (first, first_place);
                let long_is_single = unpack::<LONG>(long, at, (depth, length), &mut long_block);
                // With one block along k, the short one serves for all long ones.
                if inner > BLOCK || first_place == 0 {
                    let at = (first, first_line);
                    short_is_single = unpack::<SHORT>(short, at, (depth, lines), &mut short_block);
                }
                let blocks = (&long_block, &short_block);
                let shape = (length, lines, depth);
                let is_first = first == 0;
                if FMA && long_is_single && short_is_single {
                    add_products::<LONG, SHORT, true>(blocks, shape, is_first, &mut sums);
                } else {
                    add_products::<LONG, SHORT, false>(blocks, shape, is_first, &mut sums);
                }
            }
            if upright {
                for (line, sums) in sums[..lines].iter().enumerate() {
                    let column = first_line + line;
                    let outputs = &mut outputs[column * rows + first_place..][..length];
                    Ending::new(epilogue, column).write(outputs, sums.iter().copied());
                }
            } else {
                for place in 0..length {
                    let column = first_place + place;
                    let outputs = &mut outputs[column * rows + first_line..][..lines];
                    let sums = sums.iter().map(|line| line[place]);
                    Ending::new(epilogue, column).write(outputs, sums);
                }
            }
        }
    }
}

/// What is left to do for the sums of one column.
#[derive(Debug, Clone, Copy)]
struct Ending {
    addend: f64,
    is_relu: bool,
}

impl Ending {
    fn new(epilogue: Epilogue<'_, NumpyScalar>, column: usize) -> Self {
        match epilogue {
            // Not 0, which would turn -0 into 0.
            Epilogue::None => Self { addend: -0.0, is_relu: false },
            Epilogue::Bias(biases) => Self { addend: addend(biases[column]), is_relu: false },
            Epilogue::BiasRelu(biases) => Self { addend: addend(biases[column]), is_relu: true },
        }
    }

    /// Rounds the sums, and then does as [`Epilogue::apply`].
    #[inline(always)]
    fn write(self, outputs: &mut [NumpyScalar], sums: impl Iterator<Item = f64>) {
        for (output, sum) in outputs.iter_mut().zip(sums) {
            let result = (f64::from(sum as f32) + self.addend) as f32;
            let result = if self.is_relu && result <= 0.0 { 0.0 } else { result };
            *output = NumpyScalar::from(result);
        }
    }
}

/// What a float32 array has added when a bias is added in place: a Python float adopts its kind.
fn addend(bias: NumpyScalar) -> f64 {
    match bias.kind() {
        Kind::Float64 => bias.value(),
        Kind::Float32 | Kind::Python => f64::from(bias.value() as f32),
    }
}

#[cfg(test)]
mod tests {
    use nnfs_tensor::Tensor;
    use proptest::prelude::*;

    use super::*;
    use crate::RandomState;

    /// A kernel, under the name of the CPU features that it is compiled for.
    type Kernel = fn(
        Strided<'_, NumpyScalar>,
        Strided<'_, NumpyScalar>,
        &mut [NumpyScalar],
        Epilogue<'_, NumpyScalar>,
    );

    /// Every code path that this CPU can run. The first, portable one never fuses.
    #[allow(unsafe_code)]
    fn kernels() -> Vec<(&'static str, Kernel)> {
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
        let mut kernels: Vec<(&'static str, Kernel)> =
            vec![("portable", product_portable), ("dispatched", product)];
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("fma") {
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the CPU has AVX2 and FMA.
                kernels.push(("avx2", |left, right, outputs, epilogue| unsafe {
                    product_avx2(left, right, outputs, epilogue);
                }));
            }
            if std::arch::is_x86_feature_detected!("avx512f") {
                // SAFETY: the CPU has AVX-512 and FMA.
                kernels.push(("avx512", |left, right, outputs, epilogue| unsafe {
                    product_avx512(left, right, outputs, epilogue);
                }));
            }
        }
        kernels
    }

    /// Numbers of all sizes, all in float32 or all in float64.
    fn tensor(
        random: &mut RandomState,
        (rows, columns): (usize, usize),
        is_single: bool,
    ) -> Tensor<NumpyScalar> {
        let kind = if is_single { NumpyScalar::float32 } else { NumpyScalar::float64 };
        Tensor::from_fn(rows, columns, |_, _| {
            kind(random.uniform(-20.0, 20.0).exp() * random.standard_normal())
        })
    }

    fn strided(tensor: &Tensor<NumpyScalar>) -> Strided<'_, NumpyScalar> {
        Strided::new(tensor.as_slice(), tensor.nrows(), tensor.ncols())
    }

    /// Lets the second half of the products cancel the first half. What remains of a sum is the
    /// rounding of its terms, and another order of additions, or a fused operation on float64
    /// numbers, shows in the bits even after the rounding to float32.
    fn cancel_halves(left: &mut Tensor<NumpyScalar>, right: &mut Tensor<NumpyScalar>) {
        let half = left.ncols() / 2;
        for k in half..2 * half {
            for i in 0..left.nrows() {
                left[(i, k)] = -left[(i, k - half)];
            }
            for j in 0..right.nrows() {
                right[(j, k)] = right[(j, k - half)];
            }
        }
    }

    /// Biases of every kind.
    fn biases(random: &mut RandomState, count: usize) -> Vec<NumpyScalar> {
        let kinds = [NumpyScalar::python, NumpyScalar::float32, NumpyScalar::float64];
        (0..count).map(|index| kinds[index % 3](random.standard_normal())).collect()
    }

    fn bits(outputs: &[NumpyScalar]) -> Vec<(u64, Kind)> {
        outputs.iter().map(|output| (output.value().to_bits(), output.kind())).collect()
    }

    proptest! {
        #[test]
        fn every_code_path_gives_the_same_bits(
            rows in 0..150_usize, inner in 0..150_usize, columns in 0..150_usize,
            left_is_single: bool, right_is_single: bool, seed: u32,
        ) {
            let mut random = RandomState::new(seed);
            let mut left = tensor(&mut random, (rows, inner), left_is_single);
            let mut right = tensor(&mut random, (columns, inner), right_is_single);
            cancel_halves(&mut left, &mut right);
            let (left, right) = (strided(&left), strided(&right).transpose());
            let biases = biases(&mut random, columns);

            for epilogue in [Epilogue::None, Epilogue::Bias(&biases), Epilogue::BiasRelu(&biases)] {
                let mut expected = vec![NumpyScalar::float64(f64::NAN); rows * columns];
                product_portable(left, right, &mut expected, Epilogue::None);
                epilogue.apply(&mut expected, rows);
                for (name, kernel) in kernels() {
                    let mut outputs = vec![NumpyScalar::float64(f64::NAN); rows * columns];
                    kernel(left, right, &mut outputs, epilogue);
                    prop_assert!(bits(&outputs) == bits(&expected), "{name} differs: {epilogue:?}");
                }
            }
        }

        #[test]
        fn fusing_changes_nothing_for_float32(left: f32, right: f32, sum: f64) {
            let (left, right) = (f64::from(left), f64::from(right));
            let (fused, book) = (left.mul_add(right, sum), sum + left * right);
            prop_assert!(fused.to_bits() == book.to_bits() || fused.is_nan() && book.is_nan());
        }
    }

    #[test]
    fn a_sum_that_is_rounded_to_minus_zero_keeps_its_sign() {
        let left = Tensor::from_element(40, 1, NumpyScalar::float32(-1e-30));
        let right = Tensor::from_element(1, 1, NumpyScalar::float32(1e-30));
        let (left, right) = (strided(&left), strided(&right));
        for (name, kernel) in kernels() {
            let mut outputs = [NumpyScalar::python(1.0); 40];
            kernel(left, right, &mut outputs, Epilogue::None);
            let minus_zero = bits(&[NumpyScalar::float32(-0.0); 40]);
            assert_eq!(bits(&outputs), minus_zero, "{name}");
            kernel(left, right, &mut outputs, Epilogue::BiasRelu(&[NumpyScalar::float32(-0.0)]));
            assert_eq!(bits(&outputs), bits(&[NumpyScalar::float32(0.0); 40]), "{name}");
        }
    }
}

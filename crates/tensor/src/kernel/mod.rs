//! The products of `f32` and `f64`, written for the registers of the CPU that runs them.
//!
//! All `unsafe` code for these two kinds of number is in here. It holds
//!
//! - `vector`: a register of an instruction set, and the few operations that are needed of it;
//! - `tile`: a product whose left rows lie side by side (forward, input gradient), unpacked;
//! - `packed`: the same for a right operand that is too large for the caches, in packed blocks;
//! - `transposed`: a product with a transposed left (weight gradient), by blocks of samples;
//! - `dot`: sums, and products that are dot products;
//! - `threads`: a product shared among threads;
//! - `vectorize`: elementwise loops, compiled for each instruction set;
//! - here: which of them a product is, and which CPU it runs on.
//!
//! Each is written once, generic over the register, and compiled once for each instruction set
//! (`#[target_feature]`); a product asks the CPU which one it has. Sums are added along the inner
//! dimension in an order that depends on the instruction set and on which of the paths above is
//! taken (a batch of one sample takes another than a larger one), not on where an output stands.

#![allow(unsafe_code)]

mod dot;
mod packed;
mod threads;
mod tile;
mod transposed;
mod vector;
mod vectorize;

use self::dot::{dot, sum_columns};
use self::packed::{Packed, multiply_packed};
use self::threads::share;
use self::tile::{Operands, multiply};
use self::transposed::{multiply_transposed, multiply_transposed_packed};
use self::vector::Vector;
pub use self::vectorize::{Loop, vectorize};
use crate::{Finish, Strided};

/// What a CPU can do.
#[cfg(target_arch = "x86_64")]
enum Instructions {
    Avx512,
    Avx2,
    Portable,
}

#[cfg(target_arch = "x86_64")]
impl Instructions {
    /// The answer is asked for once a process and then remembered by the standard library.
    fn of_this_cpu() -> Self {
        let has_avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl");
        if has_avx512 {
            Self::Avx512
        } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            Self::Avx2
        } else {
            Self::Portable
        }
    }
}

/// A kind of number that these kernels know.
pub(crate) trait Number: crate::Scalar {}
impl Number for f32 {}
impl Number for f64 {}

/// `outputs = finish(left * right)`, column-major, with the registers `V` of `LANES` numbers. `PACKED`
/// is for a right operand that is too large for the caches; a frame for its blocks would slow down
/// the small products.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
unsafe fn product<
    'a,
    T: Number,
    V: Vector<Number = T>,
    const LANES: usize,
    const COLUMNS: usize,
    const PACKED: bool,
>(
    mut left: Strided<'a, T>,
    mut right: Strided<'a, T>,
    outputs: &mut [T],
    finish: Finish<'_, T>,
) {
    let (rows, inner, columns) = (left.rows(), left.columns(), right.columns());
    assert_eq!(inner, right.rows(), "inner dimensions");
    assert_eq!(outputs.len(), rows * columns, "number of outputs");
    if let Finish::Bias(biases) | Finish::BiasRelu(biases) = finish {
        assert_eq!(biases.len(), columns, "number of biases");
    }
    if outputs.is_empty() {
        return;
    }
    if inner == 0 {
        outputs.fill(T::from_f64(0.0));
        finish.apply(outputs, rows);
        return;
    }
    // A single row is a single column of the transposed product.
    let (mut rows, mut columns) = (rows, columns);
    let is_row = rows == 1 && columns > 1;
    if is_row {
        (left, right) = (right.transpose(), left.transpose());
        (rows, columns) = (columns, rows);
    }
    let is_plain = left.row_stride() == 1;
    let in_kernel = if is_plain && !is_row { finish } else { Finish::Plain };
    let operands = Operands {
        left: left.data().as_ptr(),
        left_column_stride: if is_plain { left.column_stride() } else { left.row_stride() },
        right: right.data().as_ptr(),
        right_row_stride: right.row_stride(),
        right_column_stride: right.column_stride(),
        outputs: outputs.as_mut_ptr(),
        output_column_stride: rows,
        inner,
        accumulate: false,
    };
    // SAFETY: a `Strided` is made of a whole tensor, or of some of its columns, so every element
    // inside its rows and columns is inside its data, and one of its strides is 1. There are `rows * columns` outputs, and as
    // a mutable slice they overlap nothing else.
    unsafe {
        if is_plain && PACKED {
            multiply_packed::<V, COLUMNS>(operands, rows, columns, in_kernel);
        } else if is_plain {
            multiply::<V, COLUMNS>(operands, rows, columns, in_kernel);
        } else if columns == 1 && right.row_stride() == 1 {
            for (row, output) in outputs.iter_mut().enumerate() {
                let line = operands.left.add(row * operands.left_column_stride);
                *output = dot::<T, V, LANES>(line, operands.right, inner);
            }
        } else if PACKED {
            multiply_transposed_packed::<V, LANES, COLUMNS>(operands, rows, columns);
        } else {
            multiply_transposed::<V, LANES, COLUMNS>(operands, rows, columns);
        }
    }
    if !is_plain || is_row {
        finish.apply(outputs, if is_row { 1 } else { rows });
    }
}

/// Calls one of three kernels: each is inlined into a function for its instruction set.
macro_rules! dispatch {
    (
        ($($name:ident: $kind:ty),*) -> $result:ty,
        $avx512:expr, $avx2:expr, $portable:expr
    ) => {{
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f")]
            fn avx512($($name: $kind),*) -> $result {
                // SAFETY: the CPU has AVX-512, or this would not be called.
                unsafe { $avx512($($name),*) }
            }
            #[target_feature(enable = "avx2,fma")]
            fn avx2($($name: $kind),*) -> $result {
                // SAFETY: the CPU has AVX2 and FMA, or this would not be called.
                unsafe { $avx2($($name),*) }
            }
            match Instructions::of_this_cpu() {
                // SAFETY: the CPU has AVX-512.
                Instructions::Avx512 => return unsafe { avx512($($name),*) },
                // SAFETY: the CPU has AVX2 and FMA.
                Instructions::Avx2 => return unsafe { avx2($($name),*) },
                Instructions::Portable => {}
            }
        }
        // A function of its own: its blocks on the stack would slow down the choice.
        #[inline(never)]
        fn portable($($name: $kind),*) -> $result {
            // SAFETY: an array needs no instructions of its own.
            unsafe { $portable($($name),*) }
        }
        portable($($name),*)
    }};
}
/// The product and the sum of one kind of number: one function an instruction set, and the choice.
macro_rules! kernels_of {
    (
        $number:ty: $product:ident, $sum:ident,
        avx512: $avx512:ident $avx512_lanes:literal,
        avx2: $avx2:ident $avx2_lanes:literal,
        portable: $lanes:literal
    ) => {
        /// `outputs = finish(left * right)`, column-major.
        pub(crate) fn $product(
            left: Strided<'_, $number>,
            right: Strided<'_, $number>,
            outputs: &mut [$number],
            finish: Finish<'_, $number>,
        ) {
            fn on_one_thread(
                left: Strided<'_, $number>,
                right: Strided<'_, $number>,
                outputs: &mut [$number],
                finish: Finish<'_, $number>,
            ) {
                let (rows, inner, columns) = (left.rows(), left.columns(), right.columns());
                if Packed::<$number>::is_worth(rows, inner, columns) {
                    dispatch!(
                        (left: Strided<'_, $number>, right: Strided<'_, $number>,
                         outputs: &mut [$number], finish: Finish<'_, $number>) -> (),
                        product::<_, std::arch::x86_64::$avx512, $avx512_lanes, 8, true>,
                        product::<_, std::arch::x86_64::$avx2, $avx2_lanes, 4, true>,
                        product::<_, [$number; $lanes], $lanes, 4, true>
                    )
                } else {
                    dispatch!(
                        (left: Strided<'_, $number>, right: Strided<'_, $number>,
                         outputs: &mut [$number], finish: Finish<'_, $number>) -> (),
                        product::<_, std::arch::x86_64::$avx512, $avx512_lanes, 8, false>,
                        product::<_, std::arch::x86_64::$avx2, $avx2_lanes, 4, false>,
                        product::<_, [$number; $lanes], $lanes, 4, false>
                    )
                }
            }
            share(left, right, outputs, finish, on_one_thread);
        }

        /// The sum of each column of so many rows.
        pub(crate) fn $sum(values: &[$number], rows: usize, sums: &mut [$number]) {
            dispatch!(
                (values: &[$number], rows: usize, sums: &mut [$number]) -> (),
                sum_columns::<_, std::arch::x86_64::$avx512, $avx512_lanes>,
                sum_columns::<_, std::arch::x86_64::$avx2, $avx2_lanes>,
                sum_columns::<_, [$number; $lanes], $lanes>
            )
        }
    };
}

kernels_of!(f32: product_f32, sum_columns_f32, avx512: __m512 16, avx2: __m256 8, portable: 4);
kernels_of!(f64: product_f64, sum_columns_f64, avx512: __m512d 8, avx2: __m256d 4, portable: 2);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Tensor;

    type Kernel<T> = fn(Strided<'_, T>, Strided<'_, T>, &mut [T], Finish<'_, T>);

    /// Every code path that this CPU can run. Under Miri it is the portable one alone, which
    /// shares all pointer arithmetic with the others.
    macro_rules! kernels {
        ($number:ty, $avx512:ident $avx512_lanes:literal, $avx2:ident $avx2_lanes:literal, $lanes:literal) => {{
            #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
            let mut kernels: Vec<(&'static str, Kernel<$number>)> =
                vec![("portable", |left, right, outputs, finish| {
                    // SAFETY: an array needs no instructions of its own.
                    unsafe {
                        product::<_, [$number; $lanes], $lanes, 4>(left, right, outputs, finish);
                    }
                })];
            #[cfg(target_arch = "x86_64")]
            {
                use std::arch::x86_64::{$avx2, $avx512};
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: the CPU has AVX2 and FMA.
                    kernels.push(("avx2", |left, right, outputs, finish| unsafe {
                        product::<_, $avx2, $avx2_lanes, 4>(left, right, outputs, finish);
                    }));
                }
                if is_x86_feature_detected!("avx512f") {
                    // SAFETY: the CPU has AVX-512.
                    kernels.push(("avx512", |left, right, outputs, finish| unsafe {
                        product::<_, $avx512, $avx512_lanes, 8>(left, right, outputs, finish);
                    }));
                }
            }
            kernels
        }};
    }

    /// Small whole numbers: their sums are exact in any order, and can be compared exactly.
    fn tensor<T: Number>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
        Tensor::from_fn(rows, columns, |row, column| {
            let mixed = (row as u64 * 31 + column as u64 * 17 + seed).wrapping_mul(0x9E37_79B9);
            T::from_f64((mixed >> 7) as f64 % 17.0 - 8.0)
        })
    }

    /// A plain triple loop, and the finish after it.
    fn expected<T: Number>(
        left: Strided<'_, T>,
        right: Strided<'_, T>,
        finish: Finish<'_, T>,
    ) -> Vec<f64> {
        let mut outputs = Vec::new();
        for column in 0..right.columns() {
            for row in 0..left.rows() {
                let mut sum = 0.0;
                for k in 0..left.columns() {
                    sum +=
                        left.data_from(row, k)[0].to_f64() * right.data_from(k, column)[0].to_f64();
                }
                outputs.push(match finish {
                    Finish::Plain => sum,
                    Finish::Bias(biases) => sum + biases[column].to_f64(),
                    Finish::BiasRelu(biases) => (sum + biases[column].to_f64()).max(0.0),
                });
            }
        }
        outputs
    }

    fn check<T: Number>(
        kernels: &[(&'static str, Kernel<T>)],
        (rows, inner, columns): (usize, usize, usize),
        transposed: (bool, bool),
        seed: u64,
    ) -> Result<(), TestCaseError> {
        let (left, right) = match transposed {
            (false, false) => (tensor(rows, inner, seed), tensor(inner, columns, seed + 1)),
            (true, false) => (tensor(inner, rows, seed), tensor(inner, columns, seed + 1)),
            (false, true) => (tensor(rows, inner, seed), tensor(columns, inner, seed + 1)),
            (true, true) => (tensor(inner, rows, seed), tensor(columns, inner, seed + 1)),
        };
        let seen = |tensor, is_transposed: bool| {
            let strided = Strided::new(tensor);
            if is_transposed { strided.transpose() } else { strided }
        };
        let (left, right) = (seen(&left, transposed.0), seen(&right, transposed.1));
        let biases: Tensor<T> = tensor(1, columns, seed + 2);
        let biases = biases.as_slice();
        for finish in [Finish::Plain, Finish::Bias(biases), Finish::BiasRelu(biases)] {
            let expected = expected(left, right, finish);
            for (name, kernel) in kernels {
                // What was there before must not matter.
                let mut outputs = vec![T::from_f64(f64::NAN); rows * columns];
                kernel(left, right, &mut outputs, finish);
                let outputs: Vec<f64> = outputs.iter().map(|output| output.to_f64()).collect();
                prop_assert_eq!(&outputs, &expected, "{}, {:?}", name, finish);
            }
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: if cfg!(miri) { 8 } else { 256 },
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_path_is_a_triple_loop(
            rows in 0..70_usize, inner in 0..140_usize, columns in 0..20_usize,
            transposed: (bool, bool), seed in 0..1_000_000_u64,
        ) {
            let size = (rows, inner, columns);
            let kernels = kernels!(f32, __m512 16, __m256 8, 4);
            check::<f32>(&kernels, size, transposed, seed)?;
            let kernels = kernels!(f64, __m512d 8, __m256d 4, 2);
            check::<f64>(&kernels, size, transposed, seed)?;
        }

        /// Layers with one input or one output, batches of one: the dot and outer products.
        #[test]
        fn with_a_dimension_of_one_too(
            size in (1..3_usize, 1..300_usize, 1..3_usize), turn in 0..3_usize,
            transposed: (bool, bool), seed in 0..1_000_000_u64,
        ) {
            let size = match turn {
                0 => size,
                1 => (size.1, size.0, size.2),
                _ => (size.0, size.2, size.1),
            };
            let kernels = kernels!(f32, __m512 16, __m256 8, 4);
            check::<f32>(&kernels, size, transposed, seed)?;
            let kernels = kernels!(f64, __m512d 8, __m256d 4, 2);
            check::<f64>(&kernels, size, transposed, seed)?;
        }
    }

    #[test]
    fn nan_passes_through_relu() {
        let left = Tensor::from_element(20, 1, f32::NAN);
        let right = Tensor::from_element(1, 1, 1.0);
        for (name, kernel) in kernels!(f32, __m512 16, __m256 8, 4) {
            let mut outputs = vec![0.0; 20];
            let finish = Finish::BiasRelu(&[0.0]);
            kernel(Strided::new(&left), Strided::new(&right), &mut outputs, finish);
            assert!(outputs.iter().all(|output| output.is_nan()), "{name}");
        }
    }

    #[test]
    fn sums_add_up() {
        for count in [0_u16, 1, 15, 16, 17, 63, 64, 65, 300] {
            let (mut single, mut double) = ([f32::NAN; 3], [f64::NAN; 3]);
            let rows = usize::from(count);
            let values: Vec<f32> = (0..3 * count).map(f32::from).collect();
            sum_columns_f32(&values, rows, &mut single);
            let values: Vec<f64> = (0..3 * count).map(f64::from).collect();
            sum_columns_f64(&values, rows, &mut double);
            for column in 0..3 {
                let expected = (column * count..(column + 1) * count).map(f64::from).sum::<f64>();
                let column = usize::from(column);
                assert_eq!((f64::from(single[column]), double[column]), (expected, expected));
            }
        }
    }
}

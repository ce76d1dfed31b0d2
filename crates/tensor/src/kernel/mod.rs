//! The products of `f32` and `f64`, written for the registers of the CPU that runs them.
//!
//! All `unsafe` code for these two kinds of number is in here. It holds
//!
//! - `vector`: a register of an instruction set, and the few operations that are needed of it;
//! - `tile`: a product whose left rows lie side by side (forward, input gradient), unpacked;
//! - `places`: which columns of an operand are zero, and left out;
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
mod places;
mod threads;
mod tile;
mod transposed;
mod vector;
mod vectorize;

use self::dot::{dot, sum_columns};
use self::packed::{Packed, multiply_packed};
use self::threads::share;
use self::tile::{Operands, multiply};
use self::transposed::multiply_transposed;
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
            // Large outputs are fetched once a block, so it has more samples.
            multiply_transposed::<V, LANES, COLUMNS, 256, { 1 << 15 }>(operands, rows, columns);
        } else {
            multiply_transposed::<V, LANES, COLUMNS, 128, { 1 << 13 }>(operands, rows, columns);
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
mod tests;

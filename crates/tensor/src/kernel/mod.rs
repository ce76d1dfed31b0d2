//! The products of `f32` and `f64`, written for the registers of the CPU that runs them.
//!
//! All `unsafe` code for these two kinds of number is in here. It holds
//!
//! - `vector`: a register of an instruction set, and the few operations that are needed of it;
//! - `tile`: a product whose left rows lie side by side (forward, input gradient), unpacked;
//! - `packed`: the same for a right operand that is too large for the caches, in packed blocks;
//! - `transposed`: a product with a transposed left (weight gradient), by blocks of samples;
//! - `places`: which columns of an operand are zero, and left out of all of these;
//! - `dot`: sums, and products that are dot products;
//! - `threads`: a product shared among threads;
//! - `vectorize`: elementwise loops, compiled for each instruction set;
//! - here: which of them a product is, and which CPU it runs on.
//!
//! Each is written once, generic over the register, and compiled once for each instruction set
//! (`#[target_feature]`); a product asks the CPU which one it has. Sums are added along the inner
//! dimension in an order that depends on the instruction set and on which of the paths above is
//! taken (a batch of one sample takes another than a larger one), not on where an output stands, as
//! long as the operands are finite.

#![allow(unsafe_code)]

mod dot;
mod packed;
mod places;
mod threads;
mod tile;
mod transposed;
mod vector;
mod vectorize;

use self::dot::{dot_rows, sum_columns};
use self::packed::{Packed, multiply_packed};
pub use self::threads::for_each_columns;
use self::threads::share;
use self::tile::{Operands, multiply};
use self::transposed::multiply_transposed;
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
pub(crate) trait Number: crate::Scalar {
    /// The best that this CPU can run.
    fn kernels() -> &'static Kernels<Self>;
}

/// A way to a product of so many rows and columns.
///
/// # Safety
/// The CPU must have the instructions; the operands must be good for their sizes, the outputs for
/// writing, and nothing else may use the outputs.
type Kernel<T> = unsafe fn(Operands<T>, (usize, usize), Finish<'_, T>);

/// What is compiled for one instruction set. Each way is a function of its own: a large frame on the
/// stack, for blocks, would slow down the small products.
pub(crate) struct Kernels<T> {
    /// The rows of the left operand lie side by side.
    plain: Kernel<T>,
    /// The same with a right operand that is too large for the caches.
    plain_large: Kernel<T>,
    /// The left operand is transposed. Biases and activations are left to the caller.
    transposed: Kernel<T>,
    /// The same with a right operand that is too large for the caches.
    transposed_large: Kernel<T>,
    /// The same with a single column, whose rows lie side by side.
    dots: Kernel<T>,
    /// Writes the sum of each column of so many rows.
    sum_columns: unsafe fn(&[T], usize, &mut [T]),
}

impl<T: Number> Kernels<T> {
    /// `outputs = finish(left * right)`, column-major; `is_large` says whether to take the blocks for a
    /// right operand that is too large for the caches.
    ///
    /// # Safety
    /// The CPU must have the instructions.
    unsafe fn product<'a>(
        &self,
        mut left: Strided<'a, T>,
        mut right: Strided<'a, T>,
        outputs: &mut [T],
        finish: Finish<'_, T>,
        is_large: bool,
    ) {
        let (mut rows, inner, mut columns) = (left.rows(), left.columns(), right.columns());
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
        let is_row = rows == 1 && columns > 1;
        if is_row {
            (left, right) = (right.transpose(), left.transpose());
            (rows, columns) = (columns, rows);
        }
        let is_plain = left.row_stride() == 1;
        let kernel = match (is_plain, is_large) {
            (true, false) => self.plain,
            (true, true) => self.plain_large,
            (false, _) if columns == 1 && right.row_stride() == 1 => self.dots,
            (false, false) => self.transposed,
            (false, true) => self.transposed_large,
        };
        let finishes_itself = is_plain && !is_row;
        let in_kernel = if finishes_itself { finish } else { Finish::Plain };
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
        // inside its rows and columns is inside its data, and one of its strides is 1. There are
        // `rows * columns` outputs, and as a mutable slice they overlap nothing else.
        unsafe { kernel(operands, (rows, columns), in_kernel) };
        if !finishes_itself {
            finish.apply(outputs, if is_row { 1 } else { rows });
        }
    }
}

/// The kernels of one kind of number for one instruction set: its register, how many numbers that
/// has, and the columns of a tile.
macro_rules! kernels {
    ($name:ident: $number:ty, $register:ty, $lanes:literal, $columns:literal $(, $feature:literal)?) => {
        pub(super) static $name: super::Kernels<$number> = {
            use super::*;
            $(#[target_feature(enable = $feature)])?
            unsafe fn plain(
                operands: Operands<$number>, size: (usize, usize), finish: Finish<'_, $number>,
            ) {
                // SAFETY: promised by the caller.
                unsafe { multiply::<$register, $columns>(operands, size, finish) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn plain_large(
                operands: Operands<$number>, size: (usize, usize), finish: Finish<'_, $number>,
            ) {
                // SAFETY: promised by the caller.
                unsafe { multiply_packed::<$register, $columns>(operands, size, finish) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn transposed(
                operands: Operands<$number>, size: (usize, usize), _: Finish<'_, $number>,
            ) {
                // SAFETY: promised by the caller.
                unsafe {
                    multiply_transposed::<$register, $lanes, $columns, 128, { 1 << 13 }>(
                        operands, size,
                    );
                }
            }
            // Its outputs are large too and are fetched once a block, so it has more samples.
            $(#[target_feature(enable = $feature)])?
            unsafe fn transposed_large(
                operands: Operands<$number>, size: (usize, usize), _: Finish<'_, $number>,
            ) {
                // SAFETY: promised by the caller.
                unsafe {
                    multiply_transposed::<$register, $lanes, $columns, 256, { 1 << 15 }>(
                        operands, size,
                    );
                }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn dots(
                operands: Operands<$number>, size: (usize, usize), _: Finish<'_, $number>,
            ) {
                // SAFETY: promised by the caller.
                unsafe { dot_rows::<$number, $register, $lanes>(operands, size) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn sums(values: &[$number], rows: usize, sums: &mut [$number]) {
                // SAFETY: promised by the caller.
                unsafe { sum_columns::<$number, $register, $lanes>(values, rows, sums) }
            }
            Kernels { plain, plain_large, transposed, transposed_large, dots, sum_columns: sums }
        };
    };
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use std::arch::x86_64::{__m512, __m512d};
    kernels!(F32: f32, __m512, 16, 8, "avx512f");
    kernels!(F64: f64, __m512d, 8, 8, "avx512f");
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{__m256, __m256d};
    kernels!(F32: f32, __m256, 8, 4, "avx2,fma");
    kernels!(F64: f64, __m256d, 4, 4, "avx2,fma");
}

mod portable {
    kernels!(F32: f32, [f32; 4], 4, 4);
    kernels!(F64: f64, [f64; 2], 2, 4);
}

/// The product and the sums of one kind of number.
macro_rules! number {
    ($number:ty: $kernels:ident) => {
        impl Number for $number {
            fn kernels() -> &'static Kernels<Self> {
                #[cfg(target_arch = "x86_64")]
                match Instructions::of_this_cpu() {
                    Instructions::Avx512 => return &avx512::$kernels,
                    Instructions::Avx2 => return &avx2::$kernels,
                    Instructions::Portable => {}
                }
                &portable::$kernels
            }
        }
    };
}
number!(f32: F32);
number!(f64: F64);

/// `outputs = finish(left * right)`, column-major, on the threads of the pool that this is called in.
pub(crate) fn product<T: Number>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    finish: Finish<'_, T>,
) {
    share(left, right, outputs, finish, |left, right, outputs, finish| {
        let is_large = Packed::<T>::is_worth(left.rows(), left.columns(), right.columns());
        // SAFETY: they are those of this CPU.
        unsafe { T::kernels().product(left, right, outputs, finish, is_large) }
    });
}

/// Writes the sum of each column of so many rows.
pub(crate) fn sum_columns_to<T: Number>(values: &[T], rows: usize, sums: &mut [T]) {
    // SAFETY: they are those of this CPU.
    unsafe { (T::kernels().sum_columns)(values, rows, sums) }
}

#[cfg(test)]
mod tests;

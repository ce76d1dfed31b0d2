//! The products and sums of `f32` and `f64`: which loop computes them, compiled for which CPU.
//!
//! - `vector`: a register of an instruction set and its operations;
//! - `tile`: a product whose left operand has its rows side by side (forward, input gradient);
//! - `packed`: the same for a right operand that is too large for the caches, in packed blocks;
//! - `transposed`: a product with a transposed left operand (weight gradient), by blocks of samples;
//! - `nonzero`: the columns of an operand that are not zero; all of these skip the others;
//! - `dot`: sums, and products that are dot products;
//! - `peak`: the limit of a core, for benchmarks;
//! - `threads`: a product divided among threads.
//!
//! Each loop is written once, generic over the register, and compiled once for each instruction set
//! (`#[target_feature]`). The order in which a sum along the inner dimension is added depends on the
//! instruction set and on the loop (a batch of one sample uses another loop than a larger one). It does
//! not depend on the position of an output, as long as the operands are finite.

use crate::dot::{dot_rows, sum_columns};
use crate::instructions::Instructions;
use crate::packed::{Packed, multiply_packed};
use crate::peak::{Peak, chains};
use crate::threads::share;
use crate::tile::{Operands, multiply};
use crate::transposed::multiply_transposed;
use crate::{Epilogue, Kernels, Strided};

/// A kind of number with kernels for each instruction set.
pub(crate) trait Number: Kernels {
    /// The best instruction set that this CPU has.
    fn instruction_set() -> &'static InstructionSet<Self>;
}

/// A loop that computes a product of this many rows and columns.
///
/// # Safety
/// The CPU must have the instructions. The pointers must be valid for the sizes of the operands. Nothing
/// else may use the outputs.
type Kernel<T> = unsafe fn(Operands<T>, (usize, usize), Epilogue<'_, T>);

/// What is compiled for one instruction set. Each loop is a separate function, because the large stack
/// frame of the blocks would slow down the small products.
pub(crate) struct InstructionSet<T> {
    /// The rows of the left operand are side by side.
    plain: Kernel<T>,
    /// The same with a right operand that is too large for the caches.
    plain_large: Kernel<T>,
    /// The left operand is transposed. The caller applies the epilogue.
    transposed: Kernel<T>,
    /// The same with a right operand that is too large for the caches.
    transposed_large: Kernel<T>,
    /// The same with a single column, whose rows are side by side.
    dots: Kernel<T>,
    /// Writes the sum of each column of a column-major matrix with this many rows.
    sum_columns: unsafe fn(&[T], usize, &mut [T]),
    /// Measures the limit of a core.
    multiply_adds: unsafe fn(usize) -> (usize, T),
}

impl<T: Number> InstructionSet<T> {
    /// `outputs = epilogue(left * right)`, column-major. `is_large` selects the loops for a right operand
    /// that is too large for the caches.
    ///
    /// # Safety
    /// The CPU must have the instructions.
    pub(crate) unsafe fn product<'a>(
        &self,
        mut left: Strided<'a, T>,
        mut right: Strided<'a, T>,
        outputs: &mut [T],
        epilogue: Epilogue<'_, T>,
        is_large: bool,
    ) {
        let (mut rows, inner, mut columns) = (left.rows(), left.columns(), right.columns());
        assert_eq!(inner, right.rows(), "inner dimensions");
        assert_eq!(outputs.len(), rows * columns, "number of outputs");
        if let Epilogue::Bias(biases) | Epilogue::BiasRelu(biases) = epilogue {
            assert_eq!(biases.len(), columns, "number of biases");
        }
        if outputs.is_empty() {
            return;
        }
        if inner == 0 {
            outputs.fill(T::ZERO);
            epilogue.apply(outputs, rows);
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
        let applies_epilogue = is_plain && !is_row;
        let in_kernel = if applies_epilogue { epilogue } else { Epilogue::None };
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
        // SAFETY: a `Strided` is a whole matrix or some of its columns, so every element inside its rows
        // and columns is inside its data, and one of its strides is 1. There are `rows * columns`
        // outputs, and as a mutable slice they overlap nothing else.
        unsafe { kernel(operands, (rows, columns), in_kernel) };
        if !applies_epilogue {
            epilogue.apply(outputs, if is_row { 1 } else { rows });
        }
    }
}

/// The loops of one kind of number for one instruction set: its register, the lanes of the register, and
/// the columns of a tile.
macro_rules! instruction_set {
    ($name:ident: $number:ty, $register:ty, $lanes:literal, $columns:literal $(, $feature:literal)?) => {
        pub(crate) static $name: super::InstructionSet<$number> = {
            use super::*;
            $(#[target_feature(enable = $feature)])?
            unsafe fn plain(
                operands: Operands<$number>, size: (usize, usize), epilogue: Epilogue<'_, $number>,
            ) {
                // SAFETY: required of the caller.
                unsafe { multiply::<$register, $columns>(operands, size, epilogue) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn plain_large(
                operands: Operands<$number>, size: (usize, usize), epilogue: Epilogue<'_, $number>,
            ) {
                // SAFETY: required of the caller.
                unsafe { multiply_packed::<$register, $columns>(operands, size, epilogue) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn transposed(
                operands: Operands<$number>, size: (usize, usize), _: Epilogue<'_, $number>,
            ) {
                // SAFETY: required of the caller.
                unsafe {
                    multiply_transposed::<$register, $lanes, $columns, 128, { 1 << 13 }>(
                        operands, size,
                    );
                }
            }
            // Its outputs are large too and are loaded once per block, so a block has more samples.
            $(#[target_feature(enable = $feature)])?
            unsafe fn transposed_large(
                operands: Operands<$number>, size: (usize, usize), _: Epilogue<'_, $number>,
            ) {
                // SAFETY: required of the caller.
                unsafe {
                    multiply_transposed::<$register, $lanes, $columns, 256, { 1 << 15 }>(
                        operands, size,
                    );
                }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn dots(
                operands: Operands<$number>, size: (usize, usize), _: Epilogue<'_, $number>,
            ) {
                // SAFETY: required of the caller.
                unsafe { dot_rows::<$number, $register, $lanes>(operands, size) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn sums(values: &[$number], rows: usize, sums: &mut [$number]) {
                // SAFETY: required of the caller.
                unsafe { sum_columns::<$number, $register, $lanes>(values, rows, sums) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn multiply_adds(rounds: usize) -> (usize, $number) {
                // SAFETY: required of the caller.
                let (count, sums) = unsafe { chains::<$register>(rounds, 0.5, 1.0) };
                (count, sums.into_iter().sum())
            }
            InstructionSet {
                plain,
                plain_large,
                transposed,
                transposed_large,
                dots,
                sum_columns: sums,
                multiply_adds,
            }
        };
    };
}

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512 {
    use std::arch::x86_64::{__m512, __m512d};
    instruction_set!(F32: f32, __m512, 16, 8, "avx512f");
    instruction_set!(F64: f64, __m512d, 8, 8, "avx512f");
}

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2 {
    use std::arch::x86_64::{__m256, __m256d};
    instruction_set!(F32: f32, __m256, 8, 4, "avx2,fma");
    instruction_set!(F64: f64, __m256d, 4, 4, "avx2,fma");
}

pub(crate) mod portable {
    instruction_set!(F32: f32, [f32; 4], 4, 4);
    instruction_set!(F64: f64, [f64; 2], 2, 4);
}

/// The product and the sums of one kind of number.
macro_rules! number {
    ($number:ty: $instruction_set:ident) => {
        impl Number for $number {
            #[inline]
            fn instruction_set() -> &'static InstructionSet<Self> {
                match Instructions::of_this_cpu() {
                    #[cfg(target_arch = "x86_64")]
                    Instructions::Avx512 => &avx512::$instruction_set,
                    #[cfg(target_arch = "x86_64")]
                    Instructions::Avx2 => &avx2::$instruction_set,
                    Instructions::Portable => &portable::$instruction_set,
                }
            }
        }

        impl Peak for $number {
            fn multiply_adds(rounds: usize) -> (usize, Self) {
                // SAFETY: it is the instruction set of this CPU.
                unsafe { (Self::instruction_set().multiply_adds)(rounds) }
            }
        }

        impl Kernels for $number {
            const ZERO: Self = 0.0;

            fn product(
                left: Strided<'_, Self>,
                right: Strided<'_, Self>,
                outputs: &mut [Self],
                epilogue: Epilogue<'_, Self>,
            ) {
                product(left, right, outputs, epilogue);
            }
            fn sum_columns_to(values: &[Self], rows: usize, sums: &mut [Self]) {
                // SAFETY: it is the instruction set of this CPU.
                unsafe { (Self::instruction_set().sum_columns)(values, rows, sums) }
            }
            #[inline]
            fn flush(self) -> Self {
                if self.abs() < Self::MIN_POSITIVE { 0.0 } else { self }
            }
        }
    };
}
number!(f32: F32);
number!(f64: F64);

/// `outputs = epilogue(left * right)`, column-major, on the threads of the pool that it is called in.
fn product<T: Number>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    epilogue: Epilogue<'_, T>,
) {
    share(left, right, outputs, epilogue, |left, right, outputs, epilogue| {
        let is_large = Packed::<T>::is_worth(left.rows(), left.columns(), right.columns());
        // SAFETY: it is the instruction set of this CPU.
        unsafe { T::instruction_set().product(left, right, outputs, epilogue, is_large) }
    });
}

//! The loops that are compiled for each instruction set and kind of number.
//!
//! Each loop is written once, generic over the register, and compiled once for each instruction set
//! (`#[target_feature]`).

use crate::Epilogue;
use crate::dot::{PARTIAL_SUMS, dot_rows, sum_columns};
use crate::dot_tile;
use crate::packed::multiply_packed;
use crate::peak::chains;
use crate::row::{multiply_packed_row, multiply_row};
use crate::tile::{Operands, multiply};
use crate::transposed::multiply_transposed;

/// A loop that computes a product of this many rows and columns.
///
/// # Safety
/// The CPU must have the instructions. The pointers must be valid for the sizes of the operands. Nothing
/// else may use the outputs.
pub(crate) type Kernel<T> = unsafe fn(Operands<T>, (usize, usize), Epilogue<'_, T>);

/// A loop that computes a row of outputs from packed weights and a row of inputs.
///
/// # Safety
/// The CPU must have the instructions.
type RowKernel<T> = unsafe fn(&[T], &[T], &mut [T], Epilogue<'_, T>);

/// What is compiled for one instruction set. Each loop is a separate function, because the large stack
/// frame of the blocks would slow down the small products.
pub(crate) struct InstructionSet<T> {
    /// The rows of the left operand are side by side.
    pub(crate) plain: Kernel<T>,
    /// The same with a right operand that is too large for the caches.
    pub(crate) plain_large: Kernel<T>,
    /// The left operand is transposed, and the rows of both are side by side. There is no epilogue.
    pub(crate) transposed: Kernel<T>,
    /// The same with a right operand that is too large for the caches.
    pub(crate) transposed_large: Kernel<T>,
    /// The same with few outputs.
    pub(crate) dot_tiles: Kernel<T>,
    /// The same with a single column.
    pub(crate) dots: Kernel<T>,
    /// A single row, whose numbers are side by side, times columns whose numbers are.
    pub(crate) row: Kernel<T>,
    /// A single row times packed weights.
    pub(crate) packed_row: RowKernel<T>,
    /// Writes the sum of each column of a column-major matrix with this many rows.
    pub(crate) sum_columns: unsafe fn(&[T], usize, &mut [T]),
    /// Measures the limit of a core.
    pub(crate) multiply_adds: unsafe fn(usize) -> (usize, T),
}

/// The loops of one kind of number for one instruction set: its register, the lanes of the register, the
/// columns of a tile, and the sides of a tile of dot products.
macro_rules! instruction_set {
    (
        $name:ident: $number:ty, $register:ty, $lanes:literal, $columns:literal,
        [$long:literal, $short:literal] $(, $feature:literal)?
    ) => {
        pub(crate) static $name: super::InstructionSet<$number> = {
            use super::*;
            const REGISTERS: usize = PARTIAL_SUMS / size_of::<$number>() / $lanes;
            const GROUP: usize = if REGISTERS < 8 { REGISTERS } else { 8 };
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
            unsafe fn dot_tiles(
                operands: Operands<$number>, size: (usize, usize), _: Epilogue<'_, $number>,
            ) {
                const OF_SUMS: usize = dot_tile::PARTIAL_SUMS / size_of::<$number>() / $lanes;
                // SAFETY: required of the caller.
                unsafe {
                    dot_tile::multiply_dot_tiles::<$register, $lanes, OF_SUMS, $long, $short>(
                        operands, size,
                    );
                }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn dots(
                operands: Operands<$number>, size: (usize, usize), _: Epilogue<'_, $number>,
            ) {
                // SAFETY: required of the caller.
                unsafe { dot_rows::<$number, $register, $lanes, REGISTERS, GROUP>(operands, size) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn row(
                operands: Operands<$number>, size: (usize, usize), epilogue: Epilogue<'_, $number>,
            ) {
                // SAFETY: required of the caller.
                unsafe { multiply_row::<$register, $lanes>(operands, size, epilogue) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn packed_row(
                packed: &[$number], inputs: &[$number], outputs: &mut [$number],
                epilogue: Epilogue<'_, $number>,
            ) {
                // SAFETY: required of the caller.
                unsafe { multiply_packed_row::<$register, $lanes>(packed, inputs, outputs, epilogue) }
            }
            $(#[target_feature(enable = $feature)])?
            unsafe fn sums(values: &[$number], rows: usize, sums: &mut [$number]) {
                // SAFETY: required of the caller.
                unsafe { sum_columns::<$number, $register, $lanes, REGISTERS, GROUP>(values, rows, sums) }
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
                dot_tiles,
                dots,
                row,
                packed_row,
                sum_columns: sums,
                multiply_adds,
            }
        };
    };
}

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512 {
    use std::arch::x86_64::{__m512, __m512d};
    instruction_set!(F32: f32, __m512, 16, 8, [6, 4], "avx512f");
    instruction_set!(F64: f64, __m512d, 8, 8, [6, 4], "avx512f");
}

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2 {
    use std::arch::x86_64::{__m256, __m256d};
    // Tiles of dot products need 12 registers of sums, 3 of columns and 1 of a feature: all 16. The compiled loop moves
    // none of them to memory.
    instruction_set!(F32: f32, __m256, 8, 4, [4, 3], "avx2,fma");
    instruction_set!(F64: f64, __m256d, 4, 4, [4, 3], "avx2,fma");
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(crate) mod portable {
    instruction_set!(F32: f32, [f32; 4], 4, 4, [4, 2]);
    instruction_set!(F64: f64, [f64; 2], 2, 4, [4, 2]);
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) mod portable {
    use crate::vector::wasm::{F32x4, F64x2};
    instruction_set!(F32: f32, F32x4, 4, 4, [4, 2]);
    instruction_set!(F64: f64, F64x2, 2, 4, [4, 2]);
}

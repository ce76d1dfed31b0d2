//! A product with a transposed left operand: the weight gradient, a sum over samples.
//!
//! The rows of the outputs are features, and a feature's samples lie side by side, so registers
//! of features have to be made first: blocks of samples are transposed, in registers, into a
//! small block on the stack. From there on it is the product of `tile`, once a block of samples,
//! added to what the blocks before gave.

use std::mem::MaybeUninit;

use super::packed::Packed;
use super::tile::{Operands, multiply, registers_of_panel};
use super::vector::Vector;
use crate::Finish;

/// `outputs = left^T * right`, where `operands.left` is column-major: inner (samples) x rows
/// (features), and `LANES` the lanes of `V`.
///
/// # Safety
/// As for `multiply`, with a left operand of `inner` x `rows`.
#[inline(always)]
pub(super) unsafe fn multiply_transposed<V: Vector, const LANES: usize, const COLUMNS: usize>(
    operands: Operands<V::Number>,
    rows: usize,
    columns: usize,
) {
    // 128 samples: with 3 registers of features, 24 KiB. It is not filled, which would take as long
    // as a tenth of a small product.
    let mut features = [MaybeUninit::<V>::uninit(); 3 * 128];
    // SAFETY: promised by the caller.
    unsafe { by_blocks::<V, LANES, COLUMNS>(operands, rows, columns, &mut features, None) }
}

/// The same for a right operand that is too large for the caches.
///
/// # Safety
/// As for `multiply_transposed`.
#[inline(always)]
pub(super) unsafe fn multiply_transposed_packed<
    V: Vector,
    const LANES: usize,
    const COLUMNS: usize,
>(
    operands: Operands<V::Number>,
    rows: usize,
    columns: usize,
) {
    // More samples: the outputs, which are as large, are fetched once a block.
    let mut features = [MaybeUninit::<V>::uninit(); 3 * 256];
    let mut packed = Packed::new();
    let packed = Some(&mut packed);
    // SAFETY: promised by the caller.
    unsafe { by_blocks::<V, LANES, COLUMNS>(operands, rows, columns, &mut features, packed) }
}

/// Blocks of samples, and as many columns as can be packed; in each, panels of up to 3 registers of
/// features.
#[inline(always)]
unsafe fn by_blocks<V: Vector, const LANES: usize, const COLUMNS: usize>(
    operands: Operands<V::Number>,
    rows: usize,
    columns: usize,
    features: &mut [MaybeUninit<V>],
    mut packed: Option<&mut Packed<V::Number>>,
) {
    let samples_at_once = features.len() / 3;
    let columns_at_once =
        if packed.is_some() { Packed::<V::Number>::width(samples_at_once) } else { columns };
    for first in (0..columns).step_by(columns_at_once) {
        let columns = columns_at_once.min(columns - first);
        for sample in (0..operands.inner).step_by(samples_at_once) {
            let samples = samples_at_once.min(operands.inner - sample);
            // SAFETY: rows, columns and samples lie inside the operands, and `transpose` fills the
            // features for all of `samples` and `registers`.
            unsafe {
                let right =
                    sample * operands.right_row_stride + first * operands.right_column_stride;
                let block = Operands {
                    right: operands.right.add(right),
                    outputs: operands.outputs.add(first * operands.output_column_stride),
                    inner: samples,
                    accumulate: sample > 0,
                    ..operands
                };
                let packed =
                    packed.as_deref_mut().map(|packed| packed.pack::<COLUMNS>(block, columns));
                let mut row = 0;
                while row < rows {
                    let registers = registers_of_panel(rows - row, LANES);
                    let panel_rows = (rows - row).min(registers * LANES);
                    let stride = operands.left_column_stride;
                    let from = operands.left.add(row * stride + sample);
                    let size = (panel_rows, samples);
                    transpose::<V, LANES>(from, stride, size, registers, features);
                    let (left, left_column_stride) = (features.as_ptr().cast(), registers * LANES);
                    if let Some(packed) = &packed {
                        let left = (left, left_column_stride);
                        packed.multiply::<V>(left, (row, panel_rows), Finish::Plain);
                    } else {
                        let outputs = block.outputs.add(row);
                        let panel = Operands { left, left_column_stride, outputs, ..block };
                        multiply::<V, COLUMNS>(panel, panel_rows, columns, Finish::Plain);
                    }
                    row += panel_rows;
                }
            }
        }
    }
}

/// Writes `features` (samples side by side, features `stride` apart) into the block (features
/// side by side, `registers` of them a sample). Lanes beyond the features are 0.
#[inline(always)]
unsafe fn transpose<V: Vector, const LANES: usize>(
    features: *const V::Number,
    stride: usize,
    (rows, samples): (usize, usize),
    registers: usize,
    block: &mut [MaybeUninit<V>],
) {
    for register in 0..registers {
        let row = register * LANES;
        let count = LANES.min(rows - row);
        for sample in (0..samples).step_by(LANES) {
            let taken = LANES.min(samples - sample);
            // SAFETY: `count` features and `taken` samples from here on lie inside.
            unsafe {
                let mut square = [V::zero(); LANES];
                for (lane, line) in square.iter_mut().enumerate().take(count) {
                    let from = features.add((row + lane) * stride + sample);
                    *line = if taken == LANES { V::load(from) } else { V::load_first(from, taken) };
                }
                let square = transpose_square(square);
                for (index, line) in square.into_iter().enumerate().take(taken) {
                    block[(sample + index) * registers + register].write(line);
                }
            }
        }
    }
}

/// Transposes a square of registers: interleaving its halves, log2(LANES) times.
#[inline(always)]
unsafe fn transpose_square<V: Vector, const LANES: usize>(mut square: [V; LANES]) -> [V; LANES] {
    for _ in 0..LANES.ilog2() {
        let mut next = square;
        for line in 0..LANES / 2 {
            // SAFETY: the caller has checked the CPU.
            (next[2 * line], next[2 * line + 1]) =
                unsafe { square[line].interleave(square[line + LANES / 2]) };
        }
        square = next;
    }
    square
}

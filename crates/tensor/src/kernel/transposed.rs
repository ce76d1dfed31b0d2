//! A product with a transposed left operand: the weight gradient, a sum over samples.
//!
//! The rows of the outputs are features, and a feature's samples lie side by side, so registers
//! of features have to be made first: blocks of samples are transposed, in registers, into a
//! small block on the stack. From there on it is the product of `tile`, once a block of samples,
//! added to what the blocks before gave.

use std::mem::MaybeUninit;

use super::tile::{Operands, multiply, registers_of_panel};
use super::vector::Vector;
use crate::Finish;

/// How many samples are transposed at a time: with 3 registers of features, 24 KiB.
const SAMPLES: usize = 128;

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
    // Not filled: that would take as long as a tenth of a small product.
    let mut block = [MaybeUninit::<V>::uninit(); 3 * SAMPLES];
    let mut row = 0;
    while row < rows {
        let registers = registers_of_panel(rows - row, LANES);
        let panel_rows = (rows - row).min(registers * LANES);
        for sample in (0..operands.inner).step_by(SAMPLES) {
            let samples = SAMPLES.min(operands.inner - sample);
            // SAFETY: rows and samples lie inside the operands, and `transpose` fills the block for
            // all of `samples` and `registers`.
            unsafe {
                let features = operands.left.add(row * operands.left_column_stride + sample);
                let stride = operands.left_column_stride;
                transpose::<V, LANES>(
                    features,
                    stride,
                    (panel_rows, samples),
                    registers,
                    &mut block,
                );
                let panel = Operands {
                    left: block.as_ptr().cast(),
                    left_column_stride: registers * LANES,
                    right: operands.right.add(sample * operands.right_row_stride),
                    outputs: operands.outputs.add(row),
                    inner: samples,
                    accumulate: sample > 0,
                    ..operands
                };
                multiply::<V, COLUMNS>(panel, panel_rows, columns, Finish::Plain);
            }
        }
        row += panel_rows;
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

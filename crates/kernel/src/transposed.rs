//! A product with a transposed left operand: the weight gradient, a sum over samples.
//!
//! ```text
//! outputs (features x columns) = left^T (samples x features) * right (samples x columns)
//! ```
//!
//! The samples of a feature are side by side in memory, but the product needs registers of features. So
//! blocks of samples are transposed, in registers, into a small block on the stack. The product of `tile`
//! then runs for each block of samples and adds to the sums of the blocks before.
//!
//! Features that are 0 for all samples are skipped, and so are columns that are 0 for all samples of a
//! block. The remaining columns are put side by side when they are transposed, unless the batch is a single block
//! and no column is 0. The remaining features are put side by side too, and their outputs are moved to their rows at
//! the end.

use std::mem::MaybeUninit;

use crate::nonzero::{LONGEST, NonZeroColumns, all, set_zero};
use crate::tile::{Columns, MOST_REGISTERS, Operands, Panel, panels};
use crate::vector::Vector;
use crate::{Epilogue, Kernels};

/// `outputs = left^T * right`, where `operands.left` is column-major: inner (samples) x rows
/// (features), and `LANES` is the lanes of `V`. A block has `SAMPLES` samples and `NUMBERS` numbers of the
/// right operand.
///
/// # Safety
/// As for `multiply`, with a left operand of `inner` x `rows`. The right operand must have unit row stride.
#[inline(always)]
pub(crate) unsafe fn multiply_transposed<
    V: Vector,
    const LANES: usize,
    const COLUMNS: usize,
    const SAMPLES: usize,
    const NUMBERS: usize,
>(
    operands: Operands<V::Number>,
    (rows, columns): (usize, usize),
) {
    const {
        // Whole groups of columns fill the block of the right operand.
        assert!((NUMBERS / SAMPLES).is_multiple_of(group::<LANES, COLUMNS>()));
        assert!(NUMBERS / SAMPLES <= LONGEST && SAMPLES <= LONGEST && LANES == V::LANES);
    }
    // The blocks are not initialized: that would take a tenth of the time of a small product.
    let mut features = [const { [MaybeUninit::<V>::uninit(); MOST_REGISTERS] }; SAMPLES];
    let mut right = Aligned([MaybeUninit::<V::Number>::uninit(); NUMBERS]);
    let mut nonzero_features = NonZeroColumns::new();
    let mut nonzero_columns = NonZeroColumns::new();
    let width = NUMBERS / SAMPLES;
    for first_row in (0..rows).step_by(LONGEST) {
        let rows = LONGEST.min(rows - first_row);
        // SAFETY: rows, columns and samples are inside the operands.
        unsafe {
            let stride = operands.left_column_stride;
            let left = operands.left.add(first_row * stride);
            // With few samples the moves at the end would cost more time than is saved.
            let feature_list = if operands.inner < 128 {
                all(rows)
            } else {
                nonzero_features.find::<V>(left, stride, (operands.inner, rows))
            };
            for first_column in (0..columns).step_by(width) {
                let columns = width.min(columns - first_column);
                let outputs = first_row + first_column * operands.output_column_stride;
                let block = Operands { left, outputs: operands.outputs.add(outputs), ..operands };
                for sample in (0..operands.inner).step_by(SAMPLES) {
                    let samples = SAMPLES.min(operands.inner - sample);
                    let right_at = sample + first_column * operands.right_column_stride;
                    let block = Operands {
                        left: left.add(sample),
                        right: operands.right.add(right_at),
                        inner: samples,
                        ..block
                    };
                    let list = nonzero_columns.find::<V>(
                        block.right,
                        block.right_column_stride,
                        (samples, columns),
                    );
                    // The columns of a small batch are close together.
                    let in_place = list.len() == columns && operands.inner <= SAMPLES;
                    let (right_columns, right_row_stride) = if in_place {
                        (Columns::at_stride(block.right, block.right_column_stride), 1)
                    } else {
                        pack::<V, LANES, COLUMNS>(block, list, &mut right.0);
                        let group = group::<LANES, COLUMNS>();
                        (Columns::packed(right.0.as_ptr().cast(), group, samples), group)
                    };
                    if sample == 0 {
                        // The product sets the others, and later blocks add to them.
                        for column in list_of_missing(list, columns) {
                            let outputs = block.outputs.add(column * block.output_column_stride);
                            set_zero::<V>(outputs, feature_list.len());
                        }
                    }
                    if list.is_empty() {
                        continue;
                    }
                    for (row, panel_rows) in panels::<V>(feature_list.len(), 0) {
                        let registers = panel_rows.div_ceil(LANES);
                        let features = features.as_mut_ptr().cast();
                        let listed = &feature_list[row..row + panel_rows];
                        transpose::<V, LANES>(
                            block.left, stride, listed, samples, registers, features,
                        );
                        let panel = Panel {
                            left: features,
                            left_column_stride: registers * LANES,
                            rows: panel_rows,
                            steps: all(samples),
                            right: right_columns,
                            right_row_stride,
                            outputs: block.outputs.add(row),
                            output_column_stride: block.output_column_stride,
                            columns: list.len(),
                            listed: Some(list),
                            prefetches: false,
                            accumulate: sample > 0,
                            epilogue: Epilogue::None,
                        };
                        V::multiply_panel::<COLUMNS>(&panel, None);
                    }
                }
            }
            if feature_list.len() < rows {
                for column in 0..columns {
                    let at = first_row + column * operands.output_column_stride;
                    scatter::<V>(operands.outputs.add(at), rows, feature_list);
                }
            }
        }
    }
}

/// Numbers that begin at the start of a cache line.
#[repr(align(64))]
struct Aligned<T>(T);

/// How many columns of the right operand are side by side: whole registers and whole tiles.
const fn group<const LANES: usize, const COLUMNS: usize>() -> usize {
    if LANES > COLUMNS { LANES } else { COLUMNS }
}

/// Puts these columns side by side, in groups.
///
/// # Safety
/// The CPU must have the instructions of `V`, the right operand must have these columns, and `packed` must have
/// room for them.
#[inline(always)]
unsafe fn pack<V: Vector, const LANES: usize, const COLUMNS: usize>(
    block: Operands<V::Number>,
    list: &[u16],
    packed: &mut [MaybeUninit<V::Number>],
) {
    let group = group::<LANES, COLUMNS>();
    let stride = block.right_column_stride;
    for (listed, packed) in list.chunks(group).zip(packed.chunks_exact_mut(group * block.inner)) {
        let registers = group / LANES;
        let packed = packed.as_mut_ptr().cast();
        // SAFETY: the columns are inside the right operand.
        unsafe {
            transpose::<V, LANES>(block.right, stride, listed, block.inner, registers, packed);
        };
    }
}

/// Those of the first `count` indices that are not in a list.
fn list_of_missing(list: &[u16], count: usize) -> impl Iterator<Item = usize> {
    let mut list = list.iter().map(|&index| usize::from(index)).peekable();
    (0..count).filter(move |index| list.next_if_eq(index).is_none())
}

/// Moves the first numbers of a column to these rows and sets the other rows to 0. No number moves
/// toward the start, so the last one is moved first.
///
/// # Safety
/// The CPU must have the instructions of `V`; the column must have `rows` numbers; `to` must be in
/// ascending order and below `rows`.
#[inline(always)]
unsafe fn scatter<V: Vector>(column: *mut V::Number, rows: usize, to: &[u16]) {
    // SAFETY: required of the caller.
    unsafe {
        set_zero::<V>(column.add(to.len()), rows - to.len());
        for (index, &row) in to.iter().enumerate().rev() {
            let number = column.add(index).replace(V::Number::ZERO);
            column.add(usize::from(row)).write(number);
        }
    }
}

/// Writes features (samples side by side, features `stride` apart) into a block (features side by
/// side, `registers` of them a sample).
///
/// # Safety
/// The CPU must have the instructions of `V`. `listed` must be features with `samples` samples, and the
/// block must have room for them.
#[inline(always)]
unsafe fn transpose<V: Vector, const LANES: usize>(
    features: *const V::Number,
    stride: usize,
    listed: &[u16],
    samples: usize,
    registers: usize,
    block: *mut V::Number,
) {
    for (register, listed) in listed.chunks(LANES).enumerate() {
        // Unused lanes of the last register repeat the last feature.
        let at: [usize; LANES] =
            std::array::from_fn(|lane| usize::from(listed[lane.min(listed.len() - 1)]) * stride);
        for sample in (0..samples).step_by(LANES) {
            let taken = LANES.min(samples - sample);
            // SAFETY: the features have `taken` more samples, and the block has room.
            unsafe {
                let features = features.add(sample);
                let block = block.add((sample * registers + register) * LANES);
                if taken == LANES {
                    let mut square = [V::zero(); LANES];
                    for (line, at) in square.iter_mut().zip(at) {
                        *line = V::load(features.add(at));
                    }
                    let square = transpose_square(square);
                    for (index, line) in square.into_iter().enumerate() {
                        line.store(block.add(index * registers * LANES));
                    }
                } else {
                    let mut square = [V::zero(); LANES];
                    for (line, at) in square.iter_mut().zip(at) {
                        *line = V::load_first(features.add(at), taken);
                    }
                    let square = transpose_square(square);
                    for (index, line) in square.into_iter().enumerate().take(taken) {
                        line.store(block.add(index * registers * LANES));
                    }
                }
            }
        }
    }
}

/// Transposes a square of registers by interleaving its halves log2(LANES) times.
#[inline(always)]
pub(crate) unsafe fn transpose_square<V: Vector, const LANES: usize>(
    mut square: [V; LANES],
) -> [V; LANES] {
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

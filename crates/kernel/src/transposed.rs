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
//! Features that are 0 for all samples are skipped. Columns that are 0 for all samples of a block are skipped, too. The
//! remaining columns are put side by side when they are transposed, unless the batch is a single block
//! and no column is 0. The remaining features are put side by side too, and their outputs are moved to their rows at
//! the end.

use std::mem::MaybeUninit;

use crate::nonzero::{LONGEST, NonZeroColumns, all, set_zero};
use crate::tile::{Columns, MOST_REGISTERS, Operands, Panel, panels};
use crate::vector::Vector;
use crate::{Epilogue, Kernels};

/// `outputs = left^T * right`, where `operands.left` is column-major: inner (samples) x rows
/// (features), and `LANES` is the lanes of `V`. A block has at most `SAMPLES` samples and `NUMBERS` numbers of
/// the right operand.
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
    let mut left = const { MaybeUninit::uninit() };
    let mut right = const { MaybeUninit::uninit() };
    let mut space = Space::<V, SAMPLES, NUMBERS>::of(&mut left, &mut right);
    let mut nonzero_features = NonZeroColumns::new();
    let width = NUMBERS / SAMPLES;
    for first_row in (0..rows).step_by(LONGEST) {
        let rows = LONGEST.min(rows - first_row);
        // SAFETY: rows, columns and samples are inside the operands.
        unsafe {
            let stride = operands.left_column_stride;
            let left = operands.left.add(first_row * stride);
            // With few samples the moves at the end would cost more time than is saved.
            let features = if operands.inner < 128 {
                all(rows)
            } else {
                nonzero_features.find::<V>(left, stride, (operands.inner, rows))
            };
            for first_column in (0..columns).step_by(width) {
                let columns = width.min(columns - first_column);
                let outputs = first_row + first_column * operands.output_column_stride;
                for sample in (0..operands.inner).step_by(SAMPLES) {
                    let right = sample + first_column * operands.right_column_stride;
                    let block = Operands {
                        left: left.add(sample),
                        right: operands.right.add(right),
                        outputs: operands.outputs.add(outputs),
                        inner: SAMPLES.min(operands.inner - sample),
                        ..operands
                    };
                    let position =
                        Position { is_first: sample == 0, is_only: operands.inner <= SAMPLES };
                    space.multiply::<LANES, COLUMNS>(block, features, columns, position);
                }
            }
            if features.len() < rows {
                for column in 0..columns {
                    let at = first_row + column * operands.output_column_stride;
                    scatter::<V>(operands.outputs.add(at), rows, features);
                }
            }
        }
    }
}

/// Transposed features: registers of them, sample after sample.
type Features<V, const SAMPLES: usize> = [[V; MOST_REGISTERS]; SAMPLES];

/// Numbers that begin at the start of a cache line.
#[repr(align(64))]
struct Aligned<T>(T);

/// Where a block of samples is among all samples.
#[derive(Clone, Copy)]
struct Position {
    /// Its product replaces the outputs. That of any other block is added to them.
    is_first: bool,
    /// There is no other block.
    is_only: bool,
}

/// Where the operands of a block of samples are transposed.
///
/// The memory is not initialized: that would take a tenth of the time of a small product. It is borrowed, because a
/// build without optimization would keep two copies of it on the stack.
struct Space<'a, V: Vector, const SAMPLES: usize, const NUMBERS: usize> {
    left: &'a mut MaybeUninit<Features<V, SAMPLES>>,
    right: &'a mut MaybeUninit<Aligned<[V::Number; NUMBERS]>>,
    nonzero_columns: NonZeroColumns,
}

impl<'a, V: Vector, const SAMPLES: usize, const NUMBERS: usize> Space<'a, V, SAMPLES, NUMBERS> {
    #[inline(always)]
    fn of(
        left: &'a mut MaybeUninit<Features<V, SAMPLES>>,
        right: &'a mut MaybeUninit<Aligned<[V::Number; NUMBERS]>>,
    ) -> Self {
        Self { left, right, nonzero_columns: NonZeroColumns::new() }
    }

    /// The product of a block of samples, for these features.
    ///
    /// The columns of the right operand are copied, side by side, if there are several blocks or a column is 0. In a
    /// batch of one block the columns are close together, so the copy would cost more than it saves.
    ///
    /// # Safety
    /// As for [`multiply_transposed`].
    #[inline(always)]
    unsafe fn multiply<const LANES: usize, const COLUMNS: usize>(
        &mut self,
        block: Operands<V::Number>,
        features: &[u16],
        columns: usize,
        position: Position,
    ) {
        let (stride, samples) = (block.right_column_stride, block.inner);
        // SAFETY: rows, columns and samples are inside the operands.
        unsafe {
            let listed = self.nonzero_columns.find::<V>(block.right, stride, (samples, columns));
            let (right, right_row_stride) = if position.is_only && listed.len() == columns {
                (Columns::at_stride(block.right, stride), 1)
            } else {
                let group = group::<LANES, COLUMNS>();
                let packed = self.right.as_mut_ptr().cast();
                pack::<V, LANES, COLUMNS>(block, listed, packed);
                (Columns::packed(packed, group, samples), group)
            };
            if position.is_first {
                // The product sets the others, and later blocks add to them.
                for column in list_of_missing(listed, columns) {
                    let outputs = block.outputs.add(column * block.output_column_stride);
                    set_zero::<V>(outputs, features.len());
                }
            }
            if listed.is_empty() {
                return;
            }
            for (row, rows) in panels::<V>(features.len(), 0) {
                let (left, registers) = (self.left.as_mut_ptr().cast(), rows.div_ceil(LANES));
                let features = &features[row..row + rows];
                let stride = block.left_column_stride;
                transpose::<V, LANES>(block.left, stride, features, samples, registers, left);
                let panel = Panel {
                    left,
                    left_column_stride: registers * LANES,
                    rows,
                    steps: all(samples),
                    right,
                    right_row_stride,
                    outputs: block.outputs.add(row),
                    output_column_stride: block.output_column_stride,
                    columns: listed.len(),
                    listed: Some(listed),
                    prefetches: false,
                    accumulate: !position.is_first,
                    epilogue: Epilogue::None,
                };
                V::multiply_panel::<COLUMNS>(&panel, None);
            }
        }
    }
}

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
    packed: *mut V::Number,
) {
    let group = group::<LANES, COLUMNS>();
    let (stride, samples) = (block.right_column_stride, block.inner);
    for (index, listed) in list.chunks(group).enumerate() {
        // SAFETY: the columns are inside the right operand, and there is room for each group.
        unsafe {
            let packed = packed.add(index * group * samples);
            transpose::<V, LANES>(block.right, stride, listed, samples, group / LANES, packed);
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

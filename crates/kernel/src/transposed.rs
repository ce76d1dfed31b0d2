//! A product with a transposed left operand: the weight gradient, a sum over samples.
//!
//! ```text
//! outputs (features x columns) = left^T (samples x features) * right (samples x columns)
//! ```
//!
//! A feature's samples lie side by side, so registers of features have to be made first: blocks of
//! samples are transposed, in registers, into a small block on the stack. From there on it is the
//! product of `tile`, once a block of samples, added to what the blocks before gave.
//!
//! Features that are 0 for all samples are left out, and so are columns that are 0 for all samples
//! of a block. What remains is laid side by side: the columns, as they are transposed too; the
//! features, whose outputs are moved to their places at the end.

use std::mem::MaybeUninit;

use crate::nonzero::{LONGEST, NonZeroColumns, all};
use crate::tile::{Operands, Panel, panels};
use crate::vector::Vector;
use crate::{Epilogue, Kernels};

/// `outputs = left^T * right`, where `operands.left` is column-major: inner (samples) x rows
/// (features), and `LANES` the lanes of `V`. `SAMPLES` are taken at a time, and `NUMBERS` of the
/// right operand.
///
/// # Safety
/// As for `multiply`, with a left operand of `inner` x `rows`.
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
    // The blocks are not filled before they are used, which would take as long as a tenth of a small
    // product.
    let mut features = [const { [MaybeUninit::<V>::uninit(); 3] }; SAMPLES];
    let mut right = Aligned([MaybeUninit::<V::Number>::uninit(); NUMBERS]);
    let mut feature_places = NonZeroColumns::new();
    let mut column_places = NonZeroColumns::new();
    let width = NUMBERS / SAMPLES;
    for first_row in (0..rows).step_by(LONGEST) {
        let rows = LONGEST.min(rows - first_row);
        // SAFETY: rows, columns and samples lie inside the operands.
        unsafe {
            let stride = operands.left_column_stride;
            let left = operands.left.add(first_row * stride);
            // Over a few samples the moves at the end would take longer than is won.
            let feature_list = if operands.inner < 128 {
                all(rows)
            } else {
                feature_places.find::<V>(left, stride, (operands.inner, rows))
            };
            for first_column in (0..columns).step_by(width) {
                let columns = width.min(columns - first_column);
                let outputs = first_row + first_column * operands.output_column_stride;
                let block = Operands { left, outputs: operands.outputs.add(outputs), ..operands };
                for sample in (0..operands.inner).step_by(SAMPLES) {
                    let samples = SAMPLES.min(operands.inner - sample);
                    let right_at = sample * operands.right_row_stride
                        + first_column * operands.right_column_stride;
                    let block = Operands {
                        left: left.add(sample),
                        right: operands.right.add(right_at),
                        inner: samples,
                        ..block
                    };
                    let list =
                        pack::<V, LANES, COLUMNS>(block, columns, &mut column_places, &mut right.0);
                    if sample == 0 {
                        // The others are set by the product, and added to by later blocks.
                        for column in list_of_missing(list, columns) {
                            let outputs = block.outputs.add(column * block.output_column_stride);
                            set_zero::<V>(outputs, feature_list.len());
                        }
                    }
                    if list.is_empty() {
                        continue;
                    }
                    for (row, panel_rows) in panels(feature_list.len(), LANES, 0) {
                        let registers = panel_rows.div_ceil(LANES);
                        let features = features.as_mut_ptr().cast();
                        let places = &feature_list[row..row + panel_rows];
                        transpose::<V, LANES>(
                            block.left, stride, places, samples, registers, features,
                        );
                        let panel = Panel {
                            left: features,
                            left_column_stride: registers * LANES,
                            rows: panel_rows,
                            places: all(samples),
                            right_row_stride: group::<LANES, COLUMNS>(),
                            right_column_stride: std::hint::black_box(1),
                            accumulate: sample > 0,
                            epilogue: Epilogue::None,
                        };
                        panel.multiply::<V, COLUMNS>(
                            None,
                            list.len(),
                            |column| {
                                let group = group::<LANES, COLUMNS>();
                                let at = column / group * group * samples + column % group;
                                right.0.as_ptr().cast::<V::Number>().add(at)
                            },
                            |column| {
                                let column = usize::from(list[column]);
                                block.outputs.add(row + column * block.output_column_stride)
                            },
                        );
                    }
                }
            }
            if feature_list.len() < rows {
                for column in 0..columns {
                    let at = first_row + column * operands.output_column_stride;
                    spread::<V>(operands.outputs.add(at), rows, feature_list);
                }
            }
        }
    }
}

/// Numbers that begin where a line of the cache does.
#[repr(align(64))]
struct Aligned<T>(T);

/// How many columns of the right operand lie side by side: whole registers, and whole tiles.
const fn group<const LANES: usize, const COLUMNS: usize>() -> usize {
    if LANES > COLUMNS { LANES } else { COLUMNS }
}

/// Lays the columns that are not 0 side by side, in groups, and lists them.
///
/// # Safety
/// The CPU must have the instructions of `V`, and the right operand have so many columns; they must
/// have room in `packed`.
#[inline(always)]
unsafe fn pack<'a, V: Vector, const LANES: usize, const COLUMNS: usize>(
    block: Operands<V::Number>,
    columns: usize,
    places: &'a mut NonZeroColumns,
    packed: &mut [MaybeUninit<V::Number>],
) -> &'a [u16] {
    let group = group::<LANES, COLUMNS>();
    let (row_stride, stride) = (block.right_row_stride, block.right_column_stride);
    // SAFETY: the columns lie inside the right operand.
    unsafe {
        if row_stride != 1 {
            // No layer asks for this.
            for sample in 0..block.inner {
                for column in 0..columns {
                    let at = (column / group * block.inner + sample) * group + column % group;
                    packed[at].write(*block.right.add(sample * row_stride + column * stride));
                }
            }
            return all(columns);
        }
        let list = places.find::<V>(block.right, stride, (block.inner, columns));
        for (places, packed) in list.chunks(group).zip(packed.chunks_exact_mut(group * block.inner))
        {
            let registers = group / LANES;
            let packed = packed.as_mut_ptr().cast();
            transpose::<V, LANES>(block.right, stride, places, block.inner, registers, packed);
        }
        list
    }
}

/// Those of the first `count` places that a list does not have.
fn list_of_missing(list: &[u16], count: usize) -> impl Iterator<Item = usize> {
    let mut list = list.iter().map(|&place| usize::from(place)).peekable();
    (0..count).filter(move |place| list.next_if_eq(place).is_none())
}

/// Writes zeros.
///
/// # Safety
/// The CPU must have the instructions of `V`, and there must be room for `count` numbers.
#[inline(always)]
unsafe fn set_zero<V: Vector>(numbers: *mut V::Number, count: usize) {
    // SAFETY: promised by the caller.
    unsafe {
        let mut at = 0;
        while count - at >= V::LANES {
            V::zero().store(numbers.add(at));
            at += V::LANES;
        }
        if at < count {
            V::zero().store_first(numbers.add(at), count - at);
        }
    }
}

/// Moves the first numbers of a column to these places, and sets the others of its rows to 0. Each
/// place is as far as its number or further, so they are moved from the last on.
///
/// # Safety
/// The CPU must have the instructions of `V`; the column must have `rows` numbers, and the places be
/// in order and lie among them.
#[inline(always)]
unsafe fn spread<V: Vector>(column: *mut V::Number, rows: usize, places: &[u16]) {
    // SAFETY: promised by the caller.
    unsafe {
        set_zero::<V>(column.add(places.len()), rows - places.len());
        for (index, &place) in places.iter().enumerate().rev() {
            let number = column.add(index).replace(V::Number::ZERO);
            column.add(usize::from(place)).write(number);
        }
    }
}

/// Writes features (samples side by side, features `stride` apart) into a block (features side by
/// side, `registers` of them a sample).
///
/// # Safety
/// The CPU must have the instructions of `V`; each place must be that of a feature with so many
/// samples, and the block have room.
#[inline(always)]
unsafe fn transpose<V: Vector, const LANES: usize>(
    features: *const V::Number,
    stride: usize,
    places: &[u16],
    samples: usize,
    registers: usize,
    block: *mut V::Number,
) {
    for (register, places) in places.chunks(LANES).enumerate() {
        // What is missing in the last register is the last one again, which nobody looks at.
        let at: [usize; LANES] =
            std::array::from_fn(|lane| usize::from(places[lane.min(places.len() - 1)]) * stride);
        for sample in (0..samples).step_by(LANES) {
            let taken = LANES.min(samples - sample);
            // SAFETY: the features have `taken` samples from here on, and the block has room.
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

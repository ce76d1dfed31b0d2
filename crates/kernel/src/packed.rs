//! A product whose right operand is too large for the caches, in blocks that are packed.
//!
//! ```text
//! right, 256 x 128 numbers at a time     packed: 8 columns (AVX-512) side by side, row after row
//! [ a b c d e f g h | ... ]              a b c d e f g h, then those of the next row, ...
//! ```
//!
//! If the size of a matrix is a power of two, neighboring columns (or rows, if it is transposed) compete
//! for the same cache lines, and each tile of the product would load its columns from memory. A
//! packed block is loaded once and used for all rows. It is on the stack, so nothing is allocated. The
//! sums are added in the same order and have the same bits.

use std::mem::MaybeUninit;

use crate::Epilogue;
use crate::nonzero::{NonZeroColumns, all};
use crate::tile::{Columns, MOST_REGISTERS, Operands, Panel};
use crate::vector::Vector;

/// The numbers of a packed block: 128 KiB in single precision, 256 KiB in double precision.
const NUMBERS: usize = 1 << 15;

/// A block of the right operand, packed.
pub(crate) struct Packed<T> {
    numbers: [MaybeUninit<T>; NUMBERS],
}

impl<T: Copy> Packed<T> {
    pub(crate) const fn new() -> Self {
        Self { numbers: [MaybeUninit::uninit(); NUMBERS] }
    }

    /// Whether packing a right operand of this shape pays for `rows` rows of the left one.
    pub(crate) fn is_worth(rows: usize, inner: usize, columns: usize) -> bool {
        rows >= 128 && inner * columns * size_of::<T>() > 1 << 20
    }

    /// The number of columns of a block of `depth` rows.
    pub(crate) const fn width(depth: usize) -> usize {
        NUMBERS / depth
    }

    /// Packs `operands.inner` rows of `columns` columns, in tiles of `COLUMNS`.
    ///
    /// # Safety
    /// The right operand must have them.
    #[inline(always)]
    unsafe fn pack<const COLUMNS: usize>(&mut self, operands: Operands<T>, columns: usize) {
        let tiles = self.numbers.chunks_exact_mut(operands.inner * COLUMNS);
        for (tile, first) in tiles.zip((0..columns).step_by(COLUMNS)) {
            let count = COLUMNS.min(columns - first);
            for (k, line) in tile.as_chunks_mut::<COLUMNS>().0.iter_mut().enumerate() {
                for (column, number) in line.iter_mut().enumerate().take(count) {
                    let at = k * operands.right_row_stride
                        + (first + column) * operands.right_column_stride;
                    // SAFETY: row and column are inside the right operand.
                    number.write(unsafe { *operands.right.add(at) });
                }
            }
        }
    }
}

/// Four panels of the left operand, side by side: at most `DEPTH` steps of registers.
type SideBySide<V> = [[[MaybeUninit<V>; MOST_REGISTERS]; DEPTH]; 4];

/// The rows of a packed block of the right operand.
const DEPTH: usize = 256;

/// `outputs = epilogue(left * right)`, as `multiply`, for a large right operand.
///
/// The left operand is large too, with each column on another page of memory. Four of its panels at a
/// time are copied to be side by side.
///
/// # Safety
/// As for `multiply`.
#[inline(always)]
pub(crate) unsafe fn multiply_packed<V: Vector, const COLUMNS: usize>(
    operands: Operands<V::Number>,
    (rows, columns): (usize, usize),
    epilogue: Epilogue<'_, V::Number>,
) {
    let width = Packed::<V::Number>::width(DEPTH);
    let mut packed = const { Packed::new() };
    let mut side_by_side: SideBySide<V> =
        [const { [const { [MaybeUninit::uninit(); MOST_REGISTERS] }; DEPTH] }; 4];
    for first in (0..columns).step_by(width) {
        let width = width.min(columns - first);
        let epilogue = epilogue.of_columns(first, width);
        for k in (0..operands.inner).step_by(DEPTH) {
            let depth = DEPTH.min(operands.inner - k);
            // SAFETY: the block is inside the operands.
            unsafe {
                let right = k * operands.right_row_stride + first * operands.right_column_stride;
                let block = Operands {
                    left: operands.left.add(k * operands.left_column_stride),
                    right: operands.right.add(right),
                    outputs: operands.outputs.add(first * operands.output_column_stride),
                    inner: depth,
                    ..operands
                };
                packed.pack::<COLUMNS>(block, width);
                let numbers = packed.numbers.as_ptr().cast::<V::Number>();
                let panel = Panel {
                    left: block.left,
                    left_column_stride: operands.left_column_stride,
                    rows: 0,
                    steps: all(depth),
                    right: Columns::packed(numbers, COLUMNS, depth),
                    right_row_stride: COLUMNS,
                    outputs: block.outputs,
                    output_column_stride: operands.output_column_stride,
                    columns: width,
                    listed: None,
                    prefetches: true,
                    accumulate: k > 0,
                    epilogue: epilogue.of_inner(k, depth, operands.inner),
                };
                multiply_rows::<V, COLUMNS>(panel, rows, &mut side_by_side);
            }
        }
    }
}

/// The outputs of a packed block for all rows. `block` is the panel of no rows at the first row.
///
/// # Safety
/// As for [`multiply_packed`], with these rows.
#[inline(always)]
unsafe fn multiply_rows<V: Vector, const COLUMNS: usize>(
    block: Panel<'_, V::Number>,
    rows: usize,
    side_by_side: &mut SideBySide<V>,
) {
    let panel_rows = V::PANEL_REGISTERS * V::LANES;
    let mut nonzero = NonZeroColumns::new();
    let mut row = 0;
    while row < rows {
        let whole = side_by_side.len().min((rows - row) / panel_rows);
        // SAFETY: the rows are inside the operands, and the copied panels are filled up to the last step.
        unsafe {
            for step in 0..block.steps.len() {
                let mut from = block.left.add(row + step * block.left_column_stride);
                for panel in &mut side_by_side[..whole] {
                    for register in &mut panel[step][..V::PANEL_REGISTERS] {
                        register.write(V::load(from));
                        from = from.add(V::LANES);
                    }
                }
            }
            // Less than a panel is not copied.
            let copied = side_by_side[..whole].iter().map(|registers| {
                let left = registers.as_ptr().cast();
                let left_column_stride = MOST_REGISTERS * V::LANES;
                Panel { left, left_column_stride, rows: panel_rows, ..block }
            });
            let rest = Panel { left: block.left.add(row), rows: rows - row, ..block };
            for panel in copied.chain((whole == 0).then_some(rest)) {
                let panel = Panel { outputs: block.outputs.add(row), ..panel };
                V::multiply_panel::<COLUMNS>(&panel, Some(&mut nonzero));
                row += panel.rows;
            }
        }
    }
}

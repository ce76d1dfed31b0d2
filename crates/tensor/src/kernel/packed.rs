//! A product whose right operand is too large for the caches, by blocks of it that are packed.
//!
//! ```text
//! right, 256 x 128 numbers at a time     packed: 8 columns side by side, row after row
//! [ a b c d e f g h | ... ]              a b c d e f g h, then those of the next row, ...
//! ```
//!
//! Where a matrix is a power of two wide, neighbouring columns (or rows, if it is transposed) fight
//! for one place in the cache, and each tile of the product would fetch its eight columns from
//! afar. A packed block is fetched once and serves all rows. It stands on the stack: nothing is
//! allocated. The sums are added in the same order, and so to the same bits.

use std::mem::MaybeUninit;

use super::tile::{Operands, multiply};
use super::vector::Vector;
use crate::Finish;

/// How many numbers a packed block holds: 128 KiB of single, 256 KiB of double precision.
const NUMBERS: usize = 1 << 15;

/// A block of the right operand, packed.
pub(super) struct Packed<T> {
    numbers: [MaybeUninit<T>; NUMBERS],
}

impl<T: Copy> Packed<T> {
    pub(super) const fn new() -> Self {
        Self { numbers: [MaybeUninit::uninit(); NUMBERS] }
    }

    /// Whether a right operand of this shape is worth packing for so many rows of the left one.
    pub(super) fn is_worth(rows: usize, inner: usize, columns: usize) -> bool {
        rows >= 128 && inner * columns * size_of::<T>() > 1 << 20
    }

    /// How many columns a block of so many rows has at most.
    pub(super) const fn width(depth: usize) -> usize {
        NUMBERS / depth
    }

    /// Packs `operands.inner` rows of `columns` columns, in tiles of `COLUMNS`, and gives
    /// `operands` with them as its right.
    ///
    /// # Safety
    /// The right operand must be good for that many.
    #[inline(always)]
    pub(super) unsafe fn pack<'a, const COLUMNS: usize>(
        &'a mut self,
        operands: Operands<T>,
        columns: usize,
    ) -> PackedOperands<'a, T, COLUMNS> {
        let depth = operands.inner;
        let tiles = self.numbers.chunks_exact_mut(depth * COLUMNS);
        for (tile, first) in tiles.zip((0..columns).step_by(COLUMNS)) {
            let count = COLUMNS.min(columns - first);
            for (k, line) in tile.as_chunks_mut::<COLUMNS>().0.iter_mut().enumerate() {
                for (column, number) in line.iter_mut().enumerate().take(count) {
                    let at = k * operands.right_row_stride
                        + (first + column) * operands.right_column_stride;
                    // SAFETY: row and column lie inside the right operand.
                    number.write(unsafe { *operands.right.add(at) });
                }
            }
        }
        PackedOperands { operands, packed: self, columns }
    }
}

/// Operands whose right one is packed.
pub(super) struct PackedOperands<'a, T, const COLUMNS: usize> {
    operands: Operands<T>,
    packed: &'a Packed<T>,
    columns: usize,
}

impl<T: Copy, const COLUMNS: usize> PackedOperands<'_, T, COLUMNS> {
    /// `outputs = finish(left * right)` for some rows: those of this left operand.
    ///
    /// # Safety
    /// As for `multiply`.
    #[inline(always)]
    pub(super) unsafe fn multiply<V: Vector<Number = T>>(
        &self,
        (left, left_column_stride): (*const T, usize),
        (first_row, rows): (usize, usize),
        finish: Finish<'_, T>,
    ) {
        let Self { operands, packed, columns } = self;
        let tiles = packed.numbers.chunks_exact(operands.inner * COLUMNS);
        for (tile, first) in tiles.zip((0..*columns).step_by(COLUMNS)) {
            let count = COLUMNS.min(columns - first);
            // SAFETY: the tile was packed with `inner` rows of `count` columns; rows and columns
            // lie inside the outputs.
            unsafe {
                let outputs =
                    operands.outputs.add(first_row + first * operands.output_column_stride);
                // They are far away: fetch them while the sums are made.
                for column in 0..count {
                    for row in (0..rows).step_by(V::LANES) {
                        V::prefetch(outputs.add(column * operands.output_column_stride + row));
                    }
                }
                let operands = Operands {
                    left,
                    left_column_stride,
                    right: tile.as_ptr().cast(),
                    right_row_stride: COLUMNS,
                    right_column_stride: 1,
                    outputs,
                    ..*operands
                };
                multiply::<V, COLUMNS>(operands, rows, count, finish.of_columns(first, count));
            }
        }
    }
}

/// `outputs = finish(left * right)`, as `multiply`, for a large right operand.
///
/// Its left operand is large too, and each of its columns a page of its own: four panels of it are
/// laid side by side at a time.
///
/// # Safety
/// As for `multiply`.
#[inline(always)]
pub(super) unsafe fn multiply_packed<V: Vector, const COLUMNS: usize>(
    operands: Operands<V::Number>,
    rows: usize,
    columns: usize,
    finish: Finish<'_, V::Number>,
) {
    const DEPTH: usize = 256;
    let width = Packed::<V::Number>::width(DEPTH);
    let panel_rows = 3 * V::LANES;
    let mut packed = Packed::new();
    let mut panels = [[[MaybeUninit::<V>::uninit(); 3]; DEPTH]; 4];
    for first in (0..columns).step_by(width) {
        let width = width.min(columns - first);
        for k in (0..operands.inner).step_by(DEPTH) {
            let depth = DEPTH.min(operands.inner - k);
            // A bias is where the sums start, ReLU comes at their end.
            let finish = match finish.of_columns(first, width) {
                Finish::BiasRelu(biases) if k + depth < operands.inner => Finish::Bias(biases),
                finish => finish,
            };
            // SAFETY: the block lies inside the operands, and the panels are filled up to `depth`.
            unsafe {
                let left = operands.left.add(k * operands.left_column_stride);
                let right = k * operands.right_row_stride + first * operands.right_column_stride;
                let block = Operands {
                    right: operands.right.add(right),
                    outputs: operands.outputs.add(first * operands.output_column_stride),
                    inner: depth,
                    accumulate: k > 0,
                    ..operands
                };
                let block = packed.pack::<COLUMNS>(block, width);
                let mut row = 0;
                while rows - row >= panel_rows {
                    let count = panels.len().min((rows - row) / panel_rows);
                    for k in 0..depth {
                        let mut from = left.add(row + k * operands.left_column_stride);
                        for register in panels[..count].iter_mut().flat_map(|panel| &mut panel[k]) {
                            register.write(V::load(from));
                            from = from.add(V::LANES);
                        }
                    }
                    for panel in &panels[..count] {
                        let panel = (panel.as_ptr().cast(), panel_rows);
                        block.multiply::<V>(panel, (row, panel_rows), finish);
                        row += panel_rows;
                    }
                }
                let panel = (left.add(row), operands.left_column_stride);
                block.multiply::<V>(panel, (row, rows - row), finish);
            }
        }
    }
}

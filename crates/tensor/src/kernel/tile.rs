//! A product with unit row stride on the left: tiles of sums that are held in registers.
//!
//! ```text
//!                      right: inner x columns, any strides
//!                      [ b ]  one number, spread over a register
//! left: rows x inner
//! [ a a a ]            sums += a * b     3 registers of rows x 8 columns
//! ```
//!
//! A step along the inner dimension loads 3 registers and 8 numbers, and makes 24 fused
//! multiply-adds: the two multipliers of a core are the limit, not the loads. Nothing is packed:
//! the rows of a column of `left` lie side by side already. Bias and ReLU are applied to the sums
//! on their way to memory. With an inner dimension of 1 this is the outer product.

use super::vector::Vector;
use crate::Finish;

/// Where the operands of a product lie.
#[derive(Clone, Copy)]
pub(super) struct Operands<T> {
    /// Column-major, unit row stride.
    pub(super) left: *const T,
    pub(super) left_column_stride: usize,
    pub(super) right: *const T,
    pub(super) right_row_stride: usize,
    pub(super) right_column_stride: usize,
    /// Column-major, unit row stride.
    pub(super) outputs: *mut T,
    pub(super) output_column_stride: usize,
    pub(super) inner: usize,
    /// Whether the sums are added to the outputs or replace them.
    pub(super) accumulate: bool,
}

impl<T> Operands<T> {
    /// The operands from a row and a column of the outputs on.
    ///
    /// # Safety
    /// The row and column must lie inside, or one behind the end.
    #[inline(always)]
    unsafe fn from(self, row: usize, column: usize) -> Self {
        // SAFETY: promised by the caller.
        unsafe {
            Self {
                left: self.left.add(row),
                right: self.right.add(column * self.right_column_stride),
                outputs: self.outputs.add(row + column * self.output_column_stride),
                ..self
            }
        }
    }
}

/// `outputs = finish(left * right)` for `rows` x `columns` outputs, in tiles of 3 registers by
/// `COLUMNS`.
///
/// # Safety
/// The CPU must have the instructions of `V`; the operands must be good for their sizes, the
/// outputs for writing, and nothing else may use the outputs; a bias must have `columns` numbers.
#[inline(always)]
pub(super) unsafe fn multiply<V: Vector, const COLUMNS: usize>(
    operands: Operands<V::Number>,
    rows: usize,
    columns: usize,
    finish: Finish<'_, V::Number>,
) {
    let mut row = 0;
    while row < rows {
        let left = rows - row;
        // SAFETY: the row is inside, and a panel takes no more rows than are left.
        unsafe {
            let panel = operands.from(row, 0);
            // A single column has few sums to keep the multipliers busy: take more rows at once.
            if columns == 1 && left >= 8 * V::LANES {
                multiply_tile::<V, 8, 1>(panel, V::LANES, 0, finish);
                row += 8 * V::LANES;
                continue;
            }
            let registers = registers_of_panel(left, V::LANES);
            let panel_rows = left.min(registers * V::LANES);
            let last = panel_rows - (registers - 1) * V::LANES;
            match registers {
                1 => multiply_panel::<V, 1, COLUMNS>(panel, columns, last, finish),
                2 => multiply_panel::<V, 2, COLUMNS>(panel, columns, last, finish),
                _ => multiply_panel::<V, 3, COLUMNS>(panel, columns, last, finish),
            }
            row += panel_rows;
        }
    }
}

/// How many registers of rows the next panel takes: 3, but the last 4 as 2 and 2, not as 3 and 1.
pub(super) fn registers_of_panel(rows_left: usize, lanes: usize) -> usize {
    match rows_left.div_ceil(lanes) {
        4 => 2,
        registers => registers.min(3),
    }
}

/// All columns of up to `REGISTERS * LANES` rows; the last register has `last` rows.
#[inline(always)]
unsafe fn multiply_panel<V: Vector, const REGISTERS: usize, const COLUMNS: usize>(
    panel: Operands<V::Number>,
    columns: usize,
    last: usize,
    finish: Finish<'_, V::Number>,
) {
    let mut column = 0;
    // SAFETY: each tile lies inside the columns.
    unsafe {
        while columns - column >= COLUMNS {
            let tile = panel.from(0, column);
            multiply_tile::<V, REGISTERS, COLUMNS>(tile, last, column, finish);
            column += COLUMNS;
        }
        while columns - column >= 2 {
            multiply_tile::<V, REGISTERS, 2>(panel.from(0, column), last, column, finish);
            column += 2;
        }
        if column < columns {
            multiply_tile::<V, REGISTERS, 1>(panel.from(0, column), last, column, finish);
        }
    }
}

/// One tile. `first_column` is its place among the biases.
#[inline(always)]
unsafe fn multiply_tile<V: Vector, const REGISTERS: usize, const COLUMNS: usize>(
    tile: Operands<V::Number>,
    last: usize,
    first_column: usize,
    finish: Finish<'_, V::Number>,
) {
    // SAFETY: the tile lies inside the operands.
    unsafe {
        if last == V::LANES {
            sum_products::<V, REGISTERS, COLUMNS>(
                tile,
                first_column,
                finish,
                |from| V::load(from),
                |sum, to| sum.store(to),
            );
        } else {
            sum_products::<V, REGISTERS, COLUMNS>(
                tile,
                first_column,
                finish,
                |from| V::load_first(from, last),
                |sum, to| sum.store_first(to, last),
            );
        }
    }
}

/// The sums of a tile, from where they start to where they are stored; `load_last` and
/// `store_last` are for the last register, which may be part of one.
#[inline(always)]
unsafe fn sum_products<V: Vector, const REGISTERS: usize, const COLUMNS: usize>(
    tile: Operands<V::Number>,
    first_column: usize,
    finish: Finish<'_, V::Number>,
    load_last: impl Fn(*const V::Number) -> V,
    store_last: impl Fn(V, *mut V::Number),
) {
    // SAFETY: the tile lies inside the operands.
    unsafe {
        let output = |column: usize, register: usize| {
            tile.outputs.add(column * tile.output_column_stride + register * V::LANES)
        };
        let load = |from: *const V::Number, register: usize| {
            if register + 1 == REGISTERS { load_last(from) } else { V::load(from) }
        };
        let mut sums = [[V::zero(); REGISTERS]; COLUMNS];
        if tile.accumulate {
            for (column, sums) in sums.iter_mut().enumerate() {
                for (register, sum) in sums.iter_mut().enumerate() {
                    *sum = load(output(column, register), register);
                }
            }
        } else if let Finish::Bias(biases) | Finish::BiasRelu(biases) = finish {
            let biases = &biases[first_column..first_column + COLUMNS];
            for (sums, &bias) in sums.iter_mut().zip(biases) {
                *sums = [V::splat(bias); REGISTERS];
            }
        }
        let mut rows = [V::zero(); REGISTERS];
        for k in 0..tile.inner {
            let left = tile.left.add(k * tile.left_column_stride);
            let right = tile.right.add(k * tile.right_row_stride);
            for (register, rows) in rows.iter_mut().enumerate() {
                *rows = load(left.add(register * V::LANES), register);
            }
            for (column, sums) in sums.iter_mut().enumerate() {
                let factor = V::splat(*right.add(column * tile.right_column_stride));
                for (sum, rows) in sums.iter_mut().zip(rows) {
                    *sum = sum.add_product(rows, factor);
                }
            }
        }
        if let Finish::BiasRelu(_) = finish {
            for sum in sums.as_flattened_mut() {
                *sum = sum.rectify();
            }
        }
        for (column, sums) in sums.into_iter().enumerate() {
            for (register, sum) in sums.into_iter().enumerate() {
                let to = output(column, register);
                if register + 1 == REGISTERS { store_last(sum, to) } else { sum.store(to) }
            }
        }
    }
}

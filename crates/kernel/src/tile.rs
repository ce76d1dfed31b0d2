//! A product with unit row stride on the left: tiles of sums that stay in registers.
//!
//! ```text
//!                      right: inner x columns, any strides
//!                      [ b ]  one number, copied to every lane of a register
//! left: rows x inner
//! [ a a a ]            sums += a * b     3 registers of rows x 8 columns
//! ```
//!
//! A step along the inner dimension loads 3 registers and 8 numbers and computes 24 fused
//! multiply-adds: the two multipliers of a core are the limit, not the loads. Nothing is packed,
//! because the rows of a column of `left` are already side by side. Steps at which all rows of a panel
//! are 0 are skipped. Bias and ReLU are applied to the sums before they are stored. With an inner
//! dimension of 1 this is the outer product.

use crate::Epilogue;
use crate::nonzero::{LONGEST, NonZeroColumns, all};
use crate::vector::Vector;

/// The operands of a product in memory.
#[derive(Clone, Copy)]
pub(crate) struct Operands<T> {
    /// Column-major, unit row stride.
    pub(crate) left: *const T,
    pub(crate) left_column_stride: usize,
    pub(crate) right: *const T,
    pub(crate) right_row_stride: usize,
    pub(crate) right_column_stride: usize,
    /// Column-major, unit row stride.
    pub(crate) outputs: *mut T,
    pub(crate) output_column_stride: usize,
    pub(crate) inner: usize,
}

// SAFETY: the caller of a kernel sees to it that nothing else uses its outputs.
unsafe impl<T: Send> Send for Operands<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Operands<T> {}

/// `outputs = epilogue(left * right)` for `rows` x `columns` outputs, in tiles of 3 registers by
/// `COLUMNS`.
///
/// # Safety
/// The CPU must have the instructions of `V`. The pointers must be valid for the sizes of the operands.
/// Nothing else may use the outputs. There must be `columns` biases.
#[inline(always)]
pub(crate) unsafe fn multiply<V: Vector, const COLUMNS: usize>(
    operands: Operands<V::Number>,
    (rows, columns): (usize, usize),
    epilogue: Epilogue<'_, V::Number>,
) {
    let mut nonzero = NonZeroColumns::new();
    for first in (0..operands.inner).step_by(LONGEST) {
        let depth = LONGEST.min(operands.inner - first);
        let epilogue = epilogue.of_inner(first, depth, operands.inner);
        // SAFETY: rows, columns and steps are inside the operands.
        unsafe {
            let left = operands.left.add(first * operands.left_column_stride);
            let right = operands.right.add(first * operands.right_row_stride);
            for (row, panel_rows) in panels(rows, V::LANES, columns) {
                let panel = Panel {
                    left: left.add(row),
                    left_column_stride: operands.left_column_stride,
                    rows: panel_rows,
                    steps: all(depth),
                    right_row_stride: operands.right_row_stride,
                    right_column_stride: operands.right_column_stride,
                    accumulate: first > 0,
                    epilogue,
                };
                let outputs = operands.outputs.add(row);
                panel.multiply::<V, COLUMNS>(
                    Some(&mut nonzero),
                    columns,
                    |column| right.add(column * operands.right_column_stride),
                    |column| outputs.add(column * operands.output_column_stride),
                );
            }
        }
    }
}

/// Panels of up to 3 registers of rows: the first row and the number of rows of each.
#[inline(always)]
pub(crate) fn panels(
    rows: usize,
    lanes: usize,
    columns: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let mut row = 0;
    std::iter::from_fn(move || {
        let left = rows - row;
        // The last 4 registers are 2 and 2, not 3 and 1. A single column has too few sums to keep the
        // multipliers busy, so it takes more rows at a time.
        let registers = match left.div_ceil(lanes) {
            0 => return None,
            8.. if columns == 1 && left >= 8 * lanes => 8,
            4 => 2,
            registers => registers.min(3),
        };
        let panel = (row, left.min(registers * lanes));
        row += panel.1;
        Some(panel)
    })
}

/// Some rows of the left operand, and how they are multiplied.
#[derive(Clone, Copy)]
pub(crate) struct Panel<'a, T> {
    /// Column-major, unit row stride.
    pub(crate) left: *const T,
    pub(crate) left_column_stride: usize,
    /// 1 to 3 registers, the last of which may be partial; or 8 whole ones for a single column.
    pub(crate) rows: usize,
    /// The steps along the inner dimension: columns of the left operand.
    pub(crate) steps: &'a [u16],
    pub(crate) right_row_stride: usize,
    /// Within a tile.
    pub(crate) right_column_stride: usize,
    /// Whether the sums are added to the outputs, rather than replacing them.
    pub(crate) accumulate: bool,
    /// With the biases of the columns that are computed.
    pub(crate) epilogue: Epilogue<'a, T>,
}

impl<T: Copy> Panel<'_, T> {
    /// Computes `columns` columns of the outputs of these rows. `right` gives the start of the first
    /// column of a tile in the right operand, `outputs` the start of any column in the outputs.
    ///
    /// With `nonzero` and two tiles or more, the first tile lists the steps at which its rows are not all
    /// 0, and the other tiles use that list.
    ///
    /// # Safety
    /// As for [`multiply`]. Each step must be inside the left and the right operand, and there must be at
    /// most `LONGEST` steps if there is a list.
    #[inline(always)]
    pub(crate) unsafe fn multiply<V: Vector<Number = T>, const COLUMNS: usize>(
        self,
        nonzero: Option<&mut NonZeroColumns>,
        columns: usize,
        right: impl Fn(usize) -> *const T,
        outputs: impl Fn(usize) -> *mut T,
    ) {
        // SAFETY: required of the caller.
        unsafe {
            match self.rows.div_ceil(V::LANES) {
                1 => self.all_columns::<V, 1, COLUMNS>(nonzero, columns, right, outputs),
                2 => self.all_columns::<V, 2, COLUMNS>(nonzero, columns, right, outputs),
                3 => self.all_columns::<V, 3, COLUMNS>(nonzero, columns, right, outputs),
                8 if columns == 1 => self.tile::<V, 8, 1>(None, 0, right, outputs),
                registers => unreachable!("a panel of {registers} registers, {columns} columns"),
            }
        }
    }

    #[inline(always)]
    unsafe fn all_columns<V: Vector<Number = T>, const REGISTERS: usize, const COLUMNS: usize>(
        self,
        nonzero: Option<&mut NonZeroColumns>,
        columns: usize,
        right: impl Fn(usize) -> *const T,
        outputs: impl Fn(usize) -> *mut T,
    ) {
        let (mut panel, mut first) = (self, 0);
        // SAFETY: each tile is inside the columns.
        unsafe {
            if let Some(nonzero) = nonzero.filter(|_| columns >= 2 * COLUMNS) {
                nonzero.clear();
                panel.tile::<V, REGISTERS, COLUMNS>(Some(nonzero), first, &right, &outputs);
                panel.steps = nonzero.as_slice();
                first += COLUMNS;
            }
            while columns - first >= COLUMNS {
                panel.tile::<V, REGISTERS, COLUMNS>(None, first, &right, &outputs);
                first += COLUMNS;
            }
            while columns - first >= 2 {
                panel.tile::<V, REGISTERS, 2>(None, first, &right, &outputs);
                first += 2;
            }
            if first < columns {
                panel.tile::<V, REGISTERS, 1>(None, first, &right, &outputs);
            }
        }
    }

    /// One tile, whose first column is `first`.
    #[inline(always)]
    unsafe fn tile<V: Vector<Number = T>, const REGISTERS: usize, const COLUMNS: usize>(
        self,
        nonzero: Option<&mut NonZeroColumns>,
        first: usize,
        right: impl Fn(usize) -> *const T,
        outputs: impl Fn(usize) -> *mut T,
    ) {
        let tile = Tile {
            panel: &self,
            first,
            right: right(first),
            outputs: std::array::from_fn(|index| outputs(first + index)),
            nonzero,
        };
        // SAFETY: the tile is inside the operands.
        unsafe {
            if tile.nonzero.is_some() {
                V::compute::<REGISTERS, COLUMNS, true>(tile);
            } else {
                V::compute::<REGISTERS, COLUMNS, false>(tile);
            }
        }
    }
}

/// Some columns of the outputs of a panel.
///
/// All loops over tiles share one compiled function for each shape and instruction set
/// ([`Vector::compute`]). A copy in each loop would not be faster, because a tile takes hundreds of
/// cycles, but would take most of the time to compile this workspace.
pub(crate) struct Tile<'a, T, const COLUMNS: usize> {
    panel: &'a Panel<'a, T>,
    /// The index of the first column, for the biases.
    first: usize,
    /// The start of the first column in the right operand.
    right: *const T,
    /// The start of each column in the outputs.
    outputs: [*mut T; COLUMNS],
    /// The steps at which the rows of the panel are not all 0 are added to this list.
    nonzero: Option<&'a mut NonZeroColumns>,
}

impl<T: Copy, const COLUMNS: usize> Tile<'_, T, COLUMNS> {
    /// Computes and stores the sums. `LISTS` says whether there is a list of steps.
    ///
    /// # Safety
    /// As for [`Panel::multiply`].
    #[inline(always)]
    pub(crate) unsafe fn compute<
        V: Vector<Number = T>,
        const REGISTERS: usize,
        const LISTS: bool,
    >(
        self,
    ) {
        let last = self.panel.rows - (REGISTERS - 1) * V::LANES;
        // SAFETY: required of the caller.
        unsafe {
            if last == V::LANES {
                let (load, store) = (|from| V::load(from), |sum: V, to| sum.store(to));
                self.sum_products::<V, REGISTERS, LISTS>(load, store);
            } else {
                self.sum_products::<V, REGISTERS, LISTS>(
                    |from| V::load_first(from, last),
                    |sum, to| sum.store_first(to, last),
                );
            }
        }
    }

    /// `load_last` and `store_last` are for the last register, which may be partial.
    #[inline(always)]
    unsafe fn sum_products<V: Vector<Number = T>, const REGISTERS: usize, const LISTS: bool>(
        self,
        load_last: impl Fn(*const T) -> V,
        store_last: impl Fn(V, *mut T),
    ) {
        let Self { panel, first, right, outputs, mut nonzero } = self;
        // SAFETY: the tile is inside the operands.
        unsafe {
            let load = |from: *const T, register: usize| {
                let from = from.add(register * V::LANES);
                if register + 1 == REGISTERS { load_last(from) } else { V::load(from) }
            };
            let mut sums = [[V::zero(); REGISTERS]; COLUMNS];
            if panel.accumulate {
                for (outputs, sums) in outputs.into_iter().zip(&mut sums) {
                    for (register, sum) in sums.iter_mut().enumerate() {
                        *sum = load(outputs, register);
                    }
                }
            } else if let Epilogue::Bias(biases) | Epilogue::BiasRelu(biases) = panel.epilogue {
                let biases = &biases[first..first + COLUMNS];
                for (sums, &bias) in sums.iter_mut().zip(biases) {
                    *sums = [V::splat(bias); REGISTERS];
                }
            }
            let mut rows = [V::zero(); REGISTERS];
            for &step in panel.steps {
                let left = panel.left.add(usize::from(step) * panel.left_column_stride);
                let right = right.add(usize::from(step) * panel.right_row_stride);
                for (register, rows) in rows.iter_mut().enumerate() {
                    *rows = load(left, register);
                }
                if let Some(nonzero) = nonzero.as_mut().filter(|_| LISTS) {
                    let mut bits = rows[0];
                    for rows in &rows[1..] {
                        bits = bits.or(*rows);
                    }
                    nonzero.push_if(step, !bits.is_zero());
                }
                let mut at = 0;
                for sums in &mut sums {
                    let factor = V::splat(*right.add(at));
                    for (sum, rows) in sums.iter_mut().zip(rows) {
                        *sum = sum.add_product(rows, factor);
                    }
                    at = V::after(sums[REGISTERS - 1], at + panel.right_column_stride);
                }
            }
            for sum in sums.as_flattened_mut() {
                // A sum of 0 may be -0 or 0, depending on the zeros that were skipped. This makes it 0.
                *sum = match panel.epilogue {
                    Epilogue::BiasRelu(_) => sum.rectify(),
                    Epilogue::None | Epilogue::Bias(_) => sum.add(V::zero()),
                };
            }
            for (outputs, sums) in outputs.into_iter().zip(sums) {
                for (register, sum) in sums.into_iter().enumerate() {
                    let to = outputs.add(register * V::LANES);
                    if register + 1 == REGISTERS { store_last(sum, to) } else { sum.store(to) }
                }
            }
        }
    }
}

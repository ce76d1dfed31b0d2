//! A product with unit row stride on the left: tiles of sums that stay in registers.
//!
//! ```text
//!                      right: inner x columns, any strides
//!                      [ b ]  one number, copied to every lane of a register
//! left: rows x inner
//! [ a a a ]            sums += a * b     3 registers of rows x 8 columns (AVX-512)
//! ```
//!
//! A step along the inner dimension loads 3 registers and 8 numbers and computes 24 fused
//! multiply-adds: the two multipliers of a core are the limit, not the loads. A CPU with 16 registers has tiles of
//! 2 registers x 4 columns, and aarch64 has tiles of 3 x 4. Nothing is packed, because the rows of a column of `left`
//! are already side by side. Steps at which all rows of a panel are 0 are skipped. Bias and ReLU are applied to the sums
//! before they are stored. With an inner dimension of 1 this is the outer product.

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

/// `outputs = epilogue(left * right)` for `rows` x `columns` outputs, in tiles of
/// `V::PANEL_REGISTERS` by `COLUMNS`.
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
            for (row, panel_rows) in panels::<V>(rows, columns) {
                let panel = Panel {
                    left: left.add(row),
                    left_column_stride: operands.left_column_stride,
                    rows: panel_rows,
                    steps: all(depth),
                    right: Columns::at_stride(right, operands.right_column_stride),
                    right_row_stride: operands.right_row_stride,
                    outputs: operands.outputs.add(row),
                    output_column_stride: operands.output_column_stride,
                    columns,
                    listed: None,
                    prefetches: false,
                    accumulate: first > 0,
                    epilogue,
                };
                V::multiply_panel::<COLUMNS>(&panel, Some(&mut nonzero));
            }
        }
    }
}

/// The most registers of rows in a panel, for all instruction sets.
pub(crate) const MOST_REGISTERS: usize = 3;

/// Panels of up to `V::PANEL_REGISTERS` of rows: the first row and the number of rows of each.
#[inline(always)]
pub(crate) fn panels<V: Vector>(
    rows: usize,
    columns: usize,
) -> impl Iterator<Item = (usize, usize)> {
    const { assert!(V::PANEL_REGISTERS <= MOST_REGISTERS) }
    let lanes = V::LANES;
    let mut row = 0;
    std::iter::from_fn(move || {
        let left = rows - row;
        // With panels of 3 registers, the last 4 registers are 2 and 2, not 3 and 1. A single column has too few sums
        // to keep the multipliers busy, so it takes more rows at a time.
        let registers = match left.div_ceil(lanes) {
            0 => return None,
            8.. if columns == 1 && left >= 8 * lanes => 8,
            4 => 2,
            registers => registers.min(V::PANEL_REGISTERS),
        };
        let panel = (row, left.min(registers * lanes));
        row += panel.1;
        Some(panel)
    })
}

/// Where the columns of a right operand begin: at a stride, in groups of a power of two.
#[derive(Clone, Copy)]
pub(crate) struct Columns<T> {
    start: *const T,
    stride: usize,
    /// A group has `2^group_bits` columns.
    group_bits: u32,
    group_stride: usize,
}

impl<T> Columns<T> {
    /// A single group.
    pub(crate) fn at_stride(start: *const T, stride: usize) -> Self {
        Self { start, stride, group_bits: usize::BITS - 1, group_stride: 0 }
    }

    /// Groups of `group` columns, whose numbers for one row are side by side.
    pub(crate) fn packed(start: *const T, group: usize, rows: usize) -> Self {
        Self { start, stride: 1, group_bits: group.ilog2(), group_stride: group * rows }
    }

    #[inline(always)]
    fn at(self, column: usize) -> *const T {
        let group = column >> self.group_bits;
        let within = column - (group << self.group_bits);
        self.start.wrapping_add(group * self.group_stride + within * self.stride)
    }
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
    pub(crate) right: Columns<T>,
    pub(crate) right_row_stride: usize,
    pub(crate) outputs: *mut T,
    pub(crate) output_column_stride: usize,
    /// The number of columns of the right operand.
    pub(crate) columns: usize,
    /// The column of the outputs for each column, if they are not the same.
    pub(crate) listed: Option<&'a [u16]>,
    /// Whether the outputs are not in the cache: they are loaded while the sums are computed.
    pub(crate) prefetches: bool,
    /// Whether the sums are added to the outputs, rather than replacing them.
    pub(crate) accumulate: bool,
    /// With the biases of the columns that are computed.
    pub(crate) epilogue: Epilogue<'a, T>,
}

impl<T: Copy> Panel<'_, T> {
    /// Computes the outputs of these rows.
    ///
    /// With `nonzero` and two tiles or more, the first tile lists the steps at which its rows are not all
    /// 0, and the other tiles use that list.
    ///
    /// All products share one compiled function of it for each instruction set
    /// ([`Vector::multiply_panel`]). A copy in each product would not be faster, but would take most of the
    /// time to compile this workspace.
    ///
    /// # Safety
    /// As for [`multiply`]. Each step must be inside the left and the right operand, and there must be at
    /// most `LONGEST` steps if there is a list.
    #[inline(always)]
    pub(crate) unsafe fn multiply<V: Vector<Number = T>, const COLUMNS: usize>(
        &self,
        nonzero: Option<&mut NonZeroColumns>,
    ) {
        // SAFETY: required of the caller.
        unsafe {
            match self.rows.div_ceil(V::LANES) {
                1 => self.all_columns::<V, 1, COLUMNS>(nonzero),
                2 => self.all_columns::<V, 2, COLUMNS>(nonzero),
                3 if V::PANEL_REGISTERS >= 3 => self.all_columns::<V, 3, COLUMNS>(nonzero),
                8 if self.columns == 1 => self.tile::<V, 8, 1>(None, self.steps, 0),
                registers => unreachable!("{registers} registers, {} columns", self.columns),
            }
        }
    }

    #[inline(always)]
    unsafe fn all_columns<V: Vector<Number = T>, const REGISTERS: usize, const COLUMNS: usize>(
        &self,
        nonzero: Option<&mut NonZeroColumns>,
    ) {
        let (mut steps, mut first) = (self.steps, 0);
        // SAFETY: each tile is inside the columns.
        unsafe {
            if let Some(nonzero) = nonzero.filter(|_| self.columns >= 2 * COLUMNS) {
                nonzero.clear();
                self.tile::<V, REGISTERS, COLUMNS>(Some(nonzero), steps, first);
                steps = nonzero.as_slice();
                first += COLUMNS;
            }
            while self.columns - first >= COLUMNS {
                self.tile::<V, REGISTERS, COLUMNS>(None, steps, first);
                first += COLUMNS;
            }
            while self.columns - first >= 2 {
                self.tile::<V, REGISTERS, 2>(None, steps, first);
                first += 2;
            }
            if first < self.columns {
                self.tile::<V, REGISTERS, 1>(None, steps, first);
            }
        }
    }

    /// One tile, whose first column is `first`.
    #[inline(always)]
    unsafe fn tile<V: Vector<Number = T>, const REGISTERS: usize, const COLUMNS: usize>(
        &self,
        nonzero: Option<&mut NonZeroColumns>,
        steps: &[u16],
        first: usize,
    ) {
        let last = self.rows - (REGISTERS - 1) * V::LANES;
        // SAFETY: the tile is inside the operands.
        unsafe {
            if last == V::LANES {
                let (load, store) = (|from| V::load(from), |sum: V, to| sum.store(to));
                self.sums::<V, REGISTERS, COLUMNS>(nonzero, steps, first, load, store);
            } else {
                self.sums::<V, REGISTERS, COLUMNS>(
                    nonzero,
                    steps,
                    first,
                    |from| V::load_first(from, last),
                    |sum, to| sum.store_first(to, last),
                );
            }
        }
    }

    /// Computes and stores the sums of a tile. `load_last` and `store_last` are for the last register,
    /// which may be partial.
    #[inline(always)]
    unsafe fn sums<V: Vector<Number = T>, const REGISTERS: usize, const COLUMNS: usize>(
        &self,
        mut nonzero: Option<&mut NonZeroColumns>,
        steps: &[u16],
        first: usize,
        load_last: impl Fn(*const T) -> V,
        store_last: impl Fn(V, *mut T),
    ) {
        // SAFETY: the tile is inside the operands.
        unsafe {
            let load = |from: *const T, register: usize| {
                let from = from.add(register * V::LANES);
                if register + 1 == REGISTERS { load_last(from) } else { V::load(from) }
            };
            let mut sums = [[V::zero(); REGISTERS]; COLUMNS];
            self.start(&mut sums, first, load);
            let right = self.right.at(first);
            let mut rows = [V::zero(); REGISTERS];
            for &step in steps {
                let left = self.left.add(usize::from(step) * self.left_column_stride);
                let right = right.add(usize::from(step) * self.right_row_stride);
                for (register, rows) in rows.iter_mut().enumerate() {
                    *rows = load(left, register);
                }
                if let Some(nonzero) = &mut nonzero {
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
                    at = V::after(sums[REGISTERS - 1], at + self.right.stride);
                }
            }
            for sum in sums.as_flattened_mut() {
                *sum = self.finish(*sum);
            }
            for (column, sums) in sums.into_iter().enumerate() {
                for (register, sum) in sums.into_iter().enumerate() {
                    let to = self.outputs_of(first + column).add(register * V::LANES);
                    if register + 1 == REGISTERS { store_last(sum, to) } else { sum.store(to) }
                }
            }
        }
    }

    /// Sets what the sums of a tile are before the first step, if they are not 0: the outputs so far, or the biases.
    ///
    /// # Safety
    /// As for [`Panel::multiply`], with `COLUMNS` columns from `first` on.
    #[inline(always)]
    unsafe fn start<V: Vector<Number = T>, const REGISTERS: usize, const COLUMNS: usize>(
        &self,
        sums: &mut [[V; REGISTERS]; COLUMNS],
        first: usize,
        load: impl Fn(*const T, usize) -> V,
    ) {
        // SAFETY: the tile is inside the operands.
        unsafe {
            if self.accumulate {
                for (column, sums) in sums.iter_mut().enumerate() {
                    for (register, sum) in sums.iter_mut().enumerate() {
                        *sum = load(self.outputs_of(first + column), register);
                    }
                }
            } else if let Epilogue::Bias(biases) | Epilogue::BiasRelu(biases) = self.epilogue {
                let biases = &biases[first..first + COLUMNS];
                for (sums, &bias) in sums.iter_mut().zip(biases) {
                    *sums = [V::splat(bias); REGISTERS];
                }
            }
            if self.prefetches {
                for column in 0..COLUMNS {
                    for register in 0..REGISTERS {
                        let outputs = self.outputs_of(first + column);
                        V::prefetch(outputs.wrapping_add(register * V::LANES));
                    }
                }
            }
        }
    }

    /// The output of a sum. A sum of 0 may be -0 or 0, depending on the zeros that were skipped. This makes it 0.
    ///
    /// # Safety
    /// The CPU must have the instructions of `V`.
    #[inline(always)]
    unsafe fn finish<V: Vector<Number = T>>(&self, sum: V) -> V {
        // SAFETY: required of the caller.
        unsafe {
            match self.epilogue {
                Epilogue::BiasRelu(_) => sum.rectify(),
                Epilogue::None | Epilogue::Bias(_) => sum.add(V::zero()),
            }
        }
    }

    /// Where the outputs of a column of the right operand begin.
    ///
    /// # Safety
    /// There must be such a column.
    #[inline(always)]
    unsafe fn outputs_of(&self, column: usize) -> *mut T {
        let column = self.listed.map_or(column, |listed| usize::from(listed[column]));
        // SAFETY: the outputs have this column.
        unsafe { self.outputs.add(column * self.output_column_stride) }
    }
}

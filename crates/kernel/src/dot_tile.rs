//! A product with a transposed left operand and few outputs: tiles of dot products.
//!
//! ```text
//! outputs (features x columns) = left^T (samples x features) * right (samples x columns)
//!
//!                      right: samples x columns
//!                      [ b ]  a register of samples
//! left                 [ b ]
//! [ a ][ a ]           sums += a * b     6 features x 4 columns (AVX-512) of one register each
//! ```
//!
//! The samples of a feature are side by side in memory, so each register holds samples, and a sum of products is
//! spread over the lanes of a register. The lanes are added at the end of a block of samples. Nothing is transposed,
//! and a layer of a few inputs uses all lanes. With many outputs, the loads cost more than transposing the operands.

use std::ops::Range;

use crate::Kernels;
use crate::nonzero::{LONGEST, NonZeroColumns, all, set_zero};
use crate::tile::Operands;
use crate::vector::Vector;

/// Bytes of the partial sums of an output: one register of 512 bits.
pub(crate) const PARTIAL_SUMS: usize = 64;
/// The most outputs of a product that is computed in tiles of dot products.
const MOST_OUTPUTS: usize = 8192;
/// The most bytes of a column in a block of samples. The columns of a tile then stay in the first cache.
const BLOCK: usize = 4096;

/// Whether tiles of dot products are faster: there are few outputs, no side above `LONGEST`, and enough samples. Adding
/// the lanes of an output takes as long as transposing eight numbers of the operands.
pub(crate) fn is_worth(samples: usize, features: usize, columns: usize) -> bool {
    let outputs = features.saturating_mul(columns);
    let numbers = samples.saturating_mul(features.saturating_add(columns));
    outputs <= MOST_OUTPUTS && features.max(columns) <= LONGEST && 8 * outputs <= numbers
}

/// `outputs = left^T * right`, where `operands.left` is column-major: inner (samples) x rows (features).
///
/// The samples are divided into the fewest blocks of at most 4096 bytes a column. All blocks but the last have the same
/// number of samples, a multiple of S. Each output has S partial sums in a block: 16 of `f32`, 8 of `f64`. The sums of
/// the blocks are added one after another.
///
/// ```text
/// p[j]  = sum of the products of the samples i with i mod S = j, in the order of i      for j < S
/// p[j] += p[j + S/2] for j < S/2,  p[j] += p[j + S/4] for j < S/4,  ...,  p[0] += p[1]
/// ```
/// S does not depend on the register, so all registers give the same bits. `REGISTERS * LANES` is S. A tile is
/// `LONG` features x `SHORT` columns, or `SHORT` features x `LONG` columns if that takes fewer tiles.
///
/// # Safety
/// As for `multiply`, with a left operand of `inner` x `rows`. The right operand must have unit row stride. There must
/// be a sample.
#[inline(always)]
pub(crate) unsafe fn multiply_dot_tiles<
    V: Vector,
    const LANES: usize,
    const REGISTERS: usize,
    const LONG: usize,
    const SHORT: usize,
>(
    operands: Operands<V::Number>,
    (rows, columns): (usize, usize),
) {
    let (mut nonzero_features, mut nonzero_columns) =
        (NonZeroColumns::new(), NonZeroColumns::new());
    let Operands { left, left_column_stride, right, right_column_stride, inner, .. } = operands;
    // SAFETY: features and columns are inside the operands, and the outputs have room for each of them.
    unsafe {
        let features = Side {
            numbers: left,
            stride: left_column_stride,
            listed: nonzero_features.find::<V>(left, left_column_stride, (inner, rows)),
            output_stride: 1,
        };
        let columns_of_right = Side {
            numbers: right,
            stride: right_column_stride,
            listed: nonzero_columns.find::<V>(right, right_column_stride, (inner, columns)),
            output_stride: operands.output_column_stride,
        };
        if features.listed.len() < rows || columns_of_right.listed.len() < columns {
            for column in all(columns) {
                let at = usize::from(*column) * operands.output_column_stride;
                set_zero::<V>(operands.outputs.add(at), rows);
            }
        }
        let (long, short) = longer_first::<_, LONG, SHORT>(features, columns_of_right);
        let blocks = inner.div_ceil(BLOCK / size_of::<V::Number>());
        let samples = inner.div_ceil(blocks).next_multiple_of(REGISTERS * LANES);
        for first in (0..inner).step_by(samples) {
            let block = first..inner.min(first + samples);
            add_block::<V, LANES, REGISTERS, LONG, SHORT>(long, short, block, operands.outputs);
        }
    }
}

/// Which side of the product has `LONG` columns in a tile: the one that takes fewer tiles.
#[inline(always)]
fn longer_first<'a, T, const LONG: usize, const SHORT: usize>(
    features: Side<'a, T>,
    columns: Side<'a, T>,
) -> (Side<'a, T>, Side<'a, T>) {
    let tiles_of = |long: &Side<'a, T>, short: &Side<'a, T>| {
        long.listed.len().div_ceil(LONG) * short.listed.len().div_ceil(SHORT)
    };
    if tiles_of(&features, &columns) <= tiles_of(&columns, &features) {
        (features, columns)
    } else {
        (columns, features)
    }
}

/// Computes the sums of a block of samples. Those of the first block replace the outputs, and those of the others are
/// added to them.
///
/// # Safety
/// As for [`multiply_dot_tiles`]. The block must be inside the samples.
#[inline(always)]
unsafe fn add_block<
    V: Vector,
    const LANES: usize,
    const REGISTERS: usize,
    const LONG: usize,
    const SHORT: usize,
>(
    long: Side<'_, V::Number>,
    short: Side<'_, V::Number>,
    block: Range<usize>,
    outputs: *mut V::Number,
) {
    for of_long in long.listed.chunks(LONG) {
        for of_short in short.listed.chunks(SHORT) {
            // SAFETY: the columns are inside the operands, and the outputs have room for each pair of them.
            unsafe {
                let tile = tile_sums::<V, LANES, REGISTERS, LONG, SHORT>(
                    long.columns(of_long, block.start),
                    short.columns(of_short, block.start),
                    block.len(),
                );
                for (&on_short, sums) in of_short.iter().zip(tile) {
                    let outputs = outputs.add(short.output_at(on_short));
                    for (&on_long, sum) in of_long.iter().zip(sums) {
                        let output = outputs.add(long.output_at(on_long));
                        output.write(if block.start == 0 { sum } else { *output + sum });
                    }
                }
            }
        }
    }
}

/// An operand of the product.
#[derive(Clone, Copy)]
struct Side<'a, T> {
    /// Column-major, unit row stride.
    numbers: *const T,
    stride: usize,
    /// The columns that are not all 0: features of the left operand, or columns of the right one.
    listed: &'a [u16],
    /// How far apart the outputs of neighboring columns are.
    output_stride: usize,
}

impl<T> Side<'_, T> {
    /// How far the outputs of a column are from the first one.
    fn output_at(&self, column: u16) -> usize {
        usize::from(column) * self.output_stride
    }

    /// Where the columns of a tile begin in a block of samples. A partial tile repeats its last column.
    ///
    /// # Safety
    /// The operand must have these columns and the sample `first`.
    #[inline(always)]
    unsafe fn columns<const COUNT: usize>(
        &self,
        listed: &[u16],
        first: usize,
    ) -> [*const T; COUNT] {
        std::array::from_fn(|index| {
            let column = usize::from(listed[index.min(listed.len() - 1)]);
            // SAFETY: required of the caller.
            unsafe { self.numbers.add(first + column * self.stride) }
        })
    }
}

/// The sums of a tile: for each column of the short side, those of the long side.
///
/// # Safety
/// The CPU must have the instructions of `V`, and the pointers must be valid for `count` numbers.
#[inline(always)]
unsafe fn tile_sums<
    V: Vector,
    const LANES: usize,
    const REGISTERS: usize,
    const LONG: usize,
    const SHORT: usize,
>(
    long: [*const V::Number; LONG],
    short: [*const V::Number; SHORT],
    count: usize,
) -> [[V::Number; LONG]; SHORT] {
    const {
        assert!(REGISTERS * LANES * size_of::<V::Number>() == PARTIAL_SUMS && LANES == V::LANES);
    }
    // SAFETY: required of the caller.
    unsafe {
        let mut partial_sums = [[[V::zero(); LONG]; SHORT]; REGISTERS];
        for (register, total) in partial_sums.iter_mut().enumerate() {
            // A local copy stays in registers.
            let mut sums = [[V::zero(); LONG]; SHORT];
            let mut at = register * LANES;
            while at + LANES <= count {
                add_products(&mut sums, long, short, |column| V::load(column.add(at)));
                at += REGISTERS * LANES;
            }
            if at < count {
                let rest = count - at;
                add_products(&mut sums, long, short, |column| V::load_first(column.add(at), rest));
            }
            *total = sums;
        }
        add_partial_sums::<V, LANES, REGISTERS, LONG, SHORT>(partial_sums)
    }
}

/// Adds the products of one register of samples to the sums of a tile.
///
/// # Safety
/// The CPU must have the instructions of `V`, and `load` must be able to load each column.
#[inline(always)]
unsafe fn add_products<V: Vector, const LONG: usize, const SHORT: usize>(
    sums: &mut [[V; LONG]; SHORT],
    long: [*const V::Number; LONG],
    short: [*const V::Number; SHORT],
    load: impl Fn(*const V::Number) -> V,
) {
    let short = short.map(&load);
    for (index, column) in long.into_iter().enumerate() {
        let long = load(column);
        for (sums, short) in sums.iter_mut().zip(short) {
            // SAFETY: required of the caller.
            sums[index] = unsafe { sums[index].add_product(long, short) };
        }
    }
}

/// Adds the partial sums of each output in halves: first whole registers, then lanes.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
unsafe fn add_partial_sums<
    V: Vector,
    const LANES: usize,
    const REGISTERS: usize,
    const LONG: usize,
    const SHORT: usize,
>(
    mut partial_sums: [[[V; LONG]; SHORT]; REGISTERS],
) -> [[V::Number; LONG]; SHORT] {
    const {
        // `add_lanes` takes a power of two of registers.
        let last = LONG * SHORT % LANES;
        assert!(last == 0 || last.is_power_of_two());
    }
    let mut outputs = [[V::Number::ZERO; LONG]; SHORT];
    // SAFETY: required of the caller.
    unsafe {
        let mut half = REGISTERS / 2;
        while half > 0 {
            for register in 0..half {
                let (first, second) = partial_sums.split_at_mut(register + half);
                let sums = first[register].as_flattened_mut().iter_mut();
                for (sum, other) in sums.zip(second[0].as_flattened()) {
                    *sum = sum.add(*other);
                }
            }
            half /= 2;
        }
        let groups = partial_sums[0].as_flattened_mut().chunks_mut(LANES);
        for (group, outputs) in groups.zip(outputs.as_flattened_mut().chunks_mut(LANES)) {
            let mut lanes = [V::Number::ZERO; LANES];
            let distance = LANES / group.len();
            add_lanes(group).store(lanes.as_mut_ptr());
            for (output, lane) in outputs.iter_mut().zip(lanes.into_iter().step_by(distance)) {
                *output = lane;
            }
        }
    }
    outputs
}

/// The sums of the lanes of each register: halves are added until one lane is left.
///
/// The number of registers is a power of two. The sum of register `i` of `n` is in lane `i * LANES / n`.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
unsafe fn add_lanes<V: Vector>(registers: &mut [V]) -> V {
    let add_halves = |first: V, second: V| {
        // SAFETY: required of the caller.
        unsafe {
            let (low, high) = first.interleave(second);
            low.add(high)
        }
    };
    let count = registers.len();
    let mut half = count / 2;
    while half > 0 {
        for register in 0..half {
            registers[register] = add_halves(registers[register], registers[register + half]);
        }
        half /= 2;
    }
    let mut sums = registers[0];
    for _ in 0..(V::LANES / count).ilog2() {
        sums = add_halves(sums, sums);
    }
    // A sum of products that are too small for a number may be -0. This makes it 0.
    // SAFETY: required of the caller.
    unsafe { sums.add(V::zero()) }
}

#[cfg(test)]
mod tests {
    use super::is_worth;

    #[test]
    fn few_outputs_and_many_samples_are_worth_it() {
        for (samples, features, columns, expected) in [
            (10_000, 4, 32, true),
            (200, 24, 8, true),
            (1000, 64, 64, true),
            (32, 64, 64, false),
            (255, 64, 64, false),
            (256, 64, 64, true),
            (1000, 128, 64, true),
            (1000, 128, 65, false),
            (100_000, 1024, 2, true),
            (100_000, 1025, 2, false),
            (100_000, 64, 64, true),
            (0, 2, 2, false),
        ] {
            let found = is_worth(samples, features, columns);
            assert_eq!(found, expected, "{samples} samples, {features}x{columns}");
        }
    }
}

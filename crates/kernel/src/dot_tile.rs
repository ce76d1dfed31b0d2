//! A product with a transposed left operand and few outputs: tiles of dot products.
//!
//! ```text
//! outputs (features x columns) = left^T (samples x features) * right (samples x columns)
//!
//!                      right: samples x columns
//!                      [ b ]  a register of samples
//! left                 [ b ]
//! [ a ][ a ]           sums += a * b     4 features x 4 columns (AVX-512) of one register each
//! ```
//!
//! The samples of a feature are side by side in memory, so each register holds samples, and a sum of products is
//! spread over the lanes of a register. The lanes are added once at the end. Nothing is transposed, and a
//! layer of a few inputs uses all lanes. With many outputs, the loads cost more than transposing the operands.

use crate::Kernels;
use crate::nonzero::{LONGEST, NonZeroColumns, all, set_zero};
use crate::tile::Operands;
use crate::vector::Vector;

/// Bytes of the partial sums of an output: one register of 512 bits.
pub(crate) const PARTIAL_SUMS: usize = 64;
/// The features of a tile.
const FEATURES: usize = 4;
/// The outputs of a product that is computed in tiles of dot products.
const MOST_OUTPUTS: usize = 4096;

/// The bytes of the operands of such a product: each tile reads whole columns, which must stay in the caches.
const MOST_BYTES: usize = 2 << 20;

/// Whether tiles of dot products pay: there are few outputs, and enough samples but not too many. Adding the
/// lanes of an output takes as long as transposing eight numbers of the operands.
pub(crate) fn is_worth<T>(samples: usize, features: usize, columns: usize) -> bool {
    let outputs = features.saturating_mul(columns);
    let numbers = samples.saturating_mul(features.saturating_add(columns));
    outputs <= MOST_OUTPUTS
        && features.max(columns) <= LONGEST
        && 8 * outputs <= numbers
        && numbers.saturating_mul(size_of::<T>()) <= MOST_BYTES
}

/// `outputs = left^T * right`, where `operands.left` is column-major: inner (samples) x rows (features).
///
/// Each output has S partial sums: 16 of `f32`, 8 of `f64`.
///
/// ```text
/// p[j]  = sum of the products of the samples i with i mod S = j, in the order of i      for j < S
/// p[j] += p[j + S/2] for j < S/2,  p[j] += p[j + S/4] for j < S/4,  ...,  p[0] += p[1]
/// ```
/// S does not depend on the register, so all registers give the same bits. `REGISTERS * LANES` is S.
///
/// # Safety
/// As for `multiply`, with a left operand of `inner` x `rows`. The right operand must have unit row stride.
#[inline(always)]
pub(crate) unsafe fn multiply_dot_tiles<
    V: Vector,
    const LANES: usize,
    const REGISTERS: usize,
    const COLUMNS: usize,
>(
    operands: Operands<V::Number>,
    (rows, columns): (usize, usize),
) {
    let (mut nonzero_features, mut nonzero_columns) =
        (NonZeroColumns::new(), NonZeroColumns::new());
    let Operands { left, left_column_stride, right, right_column_stride, inner, .. } = operands;
    let output = |feature: u16, column: u16| {
        let at = usize::from(feature) + usize::from(column) * operands.output_column_stride;
        operands.outputs.wrapping_add(at)
    };
    // SAFETY: features and columns are inside the operands, and the outputs have room for each of them.
    unsafe {
        let features = nonzero_features.find::<V>(left, left_column_stride, (inner, rows));
        let listed = nonzero_columns.find::<V>(right, right_column_stride, (inner, columns));
        if features.len() < rows || listed.len() < columns {
            for column in all(columns) {
                set_zero::<V>(output(0, *column), rows);
            }
        }
        for features in features.chunks(FEATURES) {
            let left = indices(features).map(|at| left.add(at * left_column_stride));
            for columns in listed.chunks(COLUMNS) {
                let right = indices(columns).map(|at| right.add(at * right_column_stride));
                let sums = tile::<V, LANES, REGISTERS, COLUMNS>(left, right, inner);
                for (&column, sums) in columns.iter().zip(sums) {
                    for (&feature, sum) in features.iter().zip(sums) {
                        output(feature, column).write(sum);
                    }
                }
            }
        }
    }
}

/// The indices of a tile. A partial tile repeats its last one.
#[inline(always)]
fn indices<const COUNT: usize>(listed: &[u16]) -> [usize; COUNT] {
    std::array::from_fn(|index| usize::from(listed[index.min(listed.len() - 1)]))
}

/// The sums of a tile.
///
/// # Safety
/// The CPU must have the instructions of `V`, and the pointers must be valid for `count` numbers.
#[inline(always)]
unsafe fn tile<V: Vector, const LANES: usize, const REGISTERS: usize, const COLUMNS: usize>(
    features: [*const V::Number; FEATURES],
    columns: [*const V::Number; COLUMNS],
    count: usize,
) -> [[V::Number; FEATURES]; COLUMNS] {
    const {
        assert!(REGISTERS * LANES * size_of::<V::Number>() == PARTIAL_SUMS && LANES == V::LANES);
        assert!((FEATURES * COLUMNS).is_multiple_of(LANES));
    }
    let mut outputs = [[V::Number::ZERO; FEATURES]; COLUMNS];
    // SAFETY: required of the caller.
    unsafe {
        let mut sums = [[[V::zero(); FEATURES]; COLUMNS]; REGISTERS];
        for (register, total) in sums.iter_mut().enumerate() {
            let mut sums = [[V::zero(); FEATURES]; COLUMNS];
            let mut at = register * LANES;
            while at + LANES <= count {
                let features = features.map(|feature| V::load(feature.add(at)));
                for (sums, column) in sums.iter_mut().zip(columns) {
                    let column = V::load(column.add(at));
                    for (sum, feature) in sums.iter_mut().zip(features) {
                        *sum = sum.add_product(feature, column);
                    }
                }
                at += REGISTERS * LANES;
            }
            if at < count {
                let rest = count - at;
                let features = features.map(|feature| V::load_first(feature.add(at), rest));
                for (sums, column) in sums.iter_mut().zip(columns) {
                    let column = V::load_first(column.add(at), rest);
                    for (sum, feature) in sums.iter_mut().zip(features) {
                        *sum = sum.add_product(feature, column);
                    }
                }
            }
            *total = sums;
        }
        let mut half = REGISTERS / 2;
        while half > 0 {
            for register in 0..half {
                let (first, second) = sums.split_at_mut(register + half);
                let sums = first[register].as_flattened_mut().iter_mut();
                for (sum, other) in sums.zip(second[0].as_flattened()) {
                    *sum = sum.add(*other);
                }
            }
            half /= 2;
        }
        let squares = sums[0].as_flattened_mut().as_chunks_mut::<LANES>().0;
        let outputs = outputs.as_flattened_mut().as_chunks_mut::<LANES>().0;
        for (square, outputs) in squares.iter_mut().zip(outputs) {
            add_lanes(square).store(outputs.as_mut_ptr());
        }
    }
    outputs
}

/// The sum of the lanes of each register, one in each lane: halves are added until one lane is left.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
unsafe fn add_lanes<V: Vector, const LANES: usize>(registers: &mut [V; LANES]) -> V {
    let mut half = LANES / 2;
    while half > 0 {
        for register in 0..half {
            // SAFETY: required of the caller.
            unsafe {
                let (low, high) = registers[register].interleave(registers[register + half]);
                registers[register] = low.add(high);
            }
        }
        half /= 2;
    }
    // A sum of products that are too small for a number may be -0. This makes it 0.
    // SAFETY: required of the caller.
    unsafe { registers[0].add(V::zero()) }
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
            (1000, 64, 65, false),
            (100_000, 1025, 2, false),
            (100_000, 64, 64, false),
            (0, 2, 2, false),
        ] {
            let found = is_worth::<f32>(samples, features, columns);
            assert_eq!(found, expected, "{samples} samples, {features}x{columns}");
        }
    }
}

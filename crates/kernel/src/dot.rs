//! Sums of contiguous numbers: the bias gradient, and products that are dot products, as in the weight
//! gradients of a layer with one input or one output.

use crate::product::Number;
use crate::tile::Operands;
use crate::vector::Vector;

/// `sum over i of left[i] * right[i]`
///
/// # Safety
/// The CPU must have the instructions of `V`, and both pointers must be valid for `count` numbers.
#[inline(always)]
unsafe fn dot<T: Number, V: Vector<Number = T>, const LANES: usize>(
    left: *const T,
    right: *const T,
    count: usize,
) -> T {
    // SAFETY: `add_up` reads at most `count` numbers.
    unsafe {
        add_up::<T, V, LANES>(
            count,
            |sum, at| sum.add_product(V::load(left.add(at)), V::load(right.add(at))),
            |sum, at, rest| {
                let left = V::load_first(left.add(at), rest);
                sum.add_product(left, V::load_first(right.add(at), rest))
            },
        )
    }
}

/// A product with a transposed left operand and a single column on the right: one dot product per row.
///
/// # Safety
/// As for `multiply`, with unit row stride on the right.
#[inline(always)]
pub(crate) unsafe fn dot_rows<T: Number, V: Vector<Number = T>, const LANES: usize>(
    operands: Operands<T>,
    (rows, _): (usize, usize),
) {
    for row in 0..rows {
        // SAFETY: the row is inside the left operand and the outputs.
        unsafe {
            let line = operands.left.add(row * operands.left_column_stride);
            let sum = dot::<T, V, LANES>(line, operands.right, operands.inner);
            operands.outputs.add(row).write(sum);
        }
    }
}

/// Writes the sum of each column of `rows` values. The sum of no values is 0.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn sum_columns<T: Number, V: Vector<Number = T>, const LANES: usize>(
    values: &[T],
    rows: usize,
    sums: &mut [T],
) {
    assert_eq!(values.len(), rows * sums.len(), "number of values");
    for (column, total) in sums.iter_mut().enumerate() {
        // SAFETY: the column begins inside the values, or at their end if it is empty, and `add_up`
        // reads at most its rows.
        unsafe {
            let from = values.as_ptr().add(column * rows);
            *total = add_up::<T, V, LANES>(
                rows,
                |sum, at| sum.add(V::load(from.add(at))),
                |sum, at, rest| sum.add(V::load_first(from.add(at), rest)),
            );
        }
    }
}

/// Adds `count` terms in four registers of sums, which are added in a fixed order at the end.
///
/// `add` adds a whole register of terms, beginning at an index, to a register of sums; `add_first` adds
/// only the first few of them.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
unsafe fn add_up<T: Number, V: Vector<Number = T>, const LANES: usize>(
    count: usize,
    add: impl Fn(V, usize) -> V,
    add_first: impl Fn(V, usize, usize) -> V,
) -> T {
    // SAFETY: a register holds `LANES` numbers.
    unsafe {
        let mut sums = [V::zero(); 4];
        let mut at = 0;
        while count - at >= 4 * LANES {
            for (register, sum) in sums.iter_mut().enumerate() {
                *sum = add(*sum, at + register * LANES);
            }
            at += 4 * LANES;
        }
        while count - at >= LANES {
            sums[0] = add(sums[0], at);
            at += LANES;
        }
        if at < count {
            sums[1] = add_first(sums[1], at, count - at);
        }
        let sum = sums[0].add(sums[1]).add(sums[2].add(sums[3]));
        let mut lanes = [T::ZERO; LANES];
        sum.store(lanes.as_mut_ptr());
        // Half to half: four additions that wait for one another instead of sixteen.
        let mut half = LANES / 2;
        while half > 0 {
            for lane in 0..half {
                lanes[lane] += lanes[lane + half];
            }
            half /= 2;
        }
        lanes[0]
    }
}

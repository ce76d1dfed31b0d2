//! Sums of contiguous numbers: the bias gradient, and products that are dot products, as in the weight
//! gradients of a layer with one input or one output.

use crate::product::Number;
use crate::tile::Operands;
use crate::vector::Vector;

/// Bytes of partial sums: four registers of 512 bits.
pub(crate) const PARTIAL_SUMS: usize = 256;

/// `sum over i of left[i] * right[i]`
///
/// # Safety
/// The CPU must have the instructions of `V`, and both pointers must be valid for `count` numbers.
#[inline(always)]
unsafe fn dot<
    T: Number,
    V: Vector<Number = T>,
    const LANES: usize,
    const REGISTERS: usize,
    const GROUP: usize,
>(
    left: *const T,
    right: *const T,
    count: usize,
) -> T {
    // SAFETY: `add_up` reads at most `count` numbers.
    unsafe {
        add_up::<T, V, LANES, REGISTERS, GROUP>(
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
pub(crate) unsafe fn dot_rows<
    T: Number,
    V: Vector<Number = T>,
    const LANES: usize,
    const REGISTERS: usize,
    const GROUP: usize,
>(
    operands: Operands<T>,
    (rows, _): (usize, usize),
) {
    for row in 0..rows {
        // SAFETY: the row is inside the left operand and the outputs.
        unsafe {
            let line = operands.left.add(row * operands.left_column_stride);
            let sum = dot::<T, V, LANES, REGISTERS, GROUP>(line, operands.right, operands.inner);
            operands.outputs.add(row).write(sum);
        }
    }
}

/// Writes the sum of each column of `rows` values. The sum of no values is 0.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn sum_columns<
    T: Number,
    V: Vector<Number = T>,
    const LANES: usize,
    const REGISTERS: usize,
    const GROUP: usize,
>(
    values: &[T],
    rows: usize,
    sums: &mut [T],
) {
    assert_eq!(Some(values.len()), rows.checked_mul(sums.len()), "number of values");
    if rows == 1 {
        // As a sum of one term: -0 becomes 0.
        for (sum, &value) in sums.iter_mut().zip(values) {
            *sum = value + T::ZERO;
        }
        return;
    }
    for (column, total) in sums.iter_mut().enumerate() {
        // SAFETY: the column begins inside the values, or at their end if it is empty, and `add_up`
        // reads at most its rows.
        unsafe {
            let from = values.as_ptr().add(column * rows);
            *total = add_up::<T, V, LANES, REGISTERS, GROUP>(
                rows,
                |sum, at| sum.add(V::load(from.add(at))),
                |sum, at, rest| sum.add(V::load_first(from.add(at), rest)),
            );
        }
    }
}

/// Adds `count` terms in 256 bytes of partial sums: S = 64 of `f32`, 32 of `f64`.
///
/// ```text
/// p[j]  = sum of the terms i with i mod S = j, in the order of i      for j < S
/// p[j] += p[j + S/2] for j < S/2,  p[j] += p[j + S/4] for j < S/4,  ...,  p[0] += p[1]
/// ```
/// S does not depend on the register, so all registers give the same bits. `REGISTERS * LANES` is S. At
/// most `GROUP` registers are used at a time, so that x86-64's 16 are enough.
///
/// `add` adds a whole register of terms, beginning at an index, to a register of sums; `add_first` adds
/// only the first few of them.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
unsafe fn add_up<
    T: Number,
    V: Vector<Number = T>,
    const LANES: usize,
    const REGISTERS: usize,
    const GROUP: usize,
>(
    count: usize,
    add: impl Fn(V, usize) -> V,
    add_first: impl Fn(V, usize, usize) -> V,
) -> T {
    const { assert!(REGISTERS * LANES * size_of::<T>() == PARTIAL_SUMS && LANES == V::LANES) };
    let block = REGISTERS * LANES;
    // SAFETY: a register holds `LANES` numbers.
    unsafe {
        let mut sums = [V::zero(); REGISTERS];
        let whole = count - count % block;
        for (group, sums) in sums.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
            let mut parts = *sums;
            for at in (0..whole).step_by(block) {
                for (register, part) in parts.iter_mut().enumerate() {
                    *part = add(*part, at + (group * GROUP + register) * LANES);
                }
            }
            *sums = parts;
        }
        // The last terms go to the first registers.
        let rest = count - whole;
        if rest > 0 {
            for (register, sum) in sums.iter_mut().enumerate() {
                let start = register * LANES;
                if rest >= start + LANES {
                    *sum = add(*sum, whole + start);
                } else if rest > start {
                    *sum = add_first(*sum, whole + start, rest - start);
                }
            }
        }
        let mut half = REGISTERS / 2;
        while half > 0 {
            for register in 0..half {
                sums[register] = sums[register].add(sums[register + half]);
            }
            half /= 2;
        }
        let mut lanes = [T::ZERO; LANES];
        sums[0].store(lanes.as_mut_ptr());
        let mut half = LANES / 2;
        while half > 0 {
            for lane in 0..half {
                lanes[lane] += lanes[lane + half];
            }
            half /= 2;
        }
        // A sum of products that are too small for a number may be -0, depending on the terms that fill
        // a register. This makes it 0.
        lanes[0] + T::ZERO
    }
}

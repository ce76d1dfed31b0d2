//! Products of a single row: with weights as they are, and with weights that were packed once.
//!
//! ```text
//! weights, inputs x outputs            packed: panels of 4 registers of outputs
//! [ a b c d ... | e f g h ... | ]      a b c d ... of input 0, of input 1, ...;  then e f g h ...
//! ```
//!
//! Each step loads one input, copies it to every lane, and multiplies it with the weights of a whole panel
//! of outputs. The sums begin with the biases and add one input after another, as in a product of many
//! rows, so the bits are the same.

use crate::tile::Operands;
use crate::transposed::transpose_square;
use crate::vector::Vector;
use crate::{Epilogue, Kernels, Strided};

/// Bytes of the weights of an input in a panel: four registers of 512 bits.
const PANEL: usize = 256;
/// The outputs of the last panel are rounded up to this many bytes: one register of 512 bits.
const UNIT: usize = 64;

/// The weights of each panel, for one input after another. Missing outputs of the last panel have
/// weights of 0.
pub(crate) fn pack<T: Kernels>(weights: Strided<'_, T>) -> Vec<T> {
    let (inputs, outputs) = (weights.rows(), weights.columns());
    let (panel_width, unit) = (PANEL / size_of::<T>(), UNIT / size_of::<T>());
    let padded = outputs.next_multiple_of(unit);
    let mut packed = Vec::with_capacity(padded * inputs);
    for first in (0..padded).step_by(panel_width) {
        for input in 0..inputs {
            packed.extend((first..padded.min(first + panel_width)).map(|output| {
                if output < outputs { weights.data_from(input, output)[0] } else { T::ZERO }
            }));
        }
    }
    packed
}

/// `outputs = epilogue(inputs * weights)` for packed weights.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn multiply_packed_row<V: Vector, const LANES: usize>(
    packed: &[V::Number],
    inputs: &[V::Number],
    outputs: &mut [V::Number],
    epilogue: Epilogue<'_, V::Number>,
) {
    let count = outputs.len();
    let (panel_width, unit) = (PANEL / size_of::<V::Number>(), UNIT / size_of::<V::Number>());
    let padded = count.next_multiple_of(unit);
    assert_eq!(Some(packed.len()), padded.checked_mul(inputs.len()), "packed weights");
    assert!(epilogue.biases().is_none_or(|biases| biases.len() == count), "number of biases");
    let mut first = 0;
    while first < count {
        let weights = packed.as_ptr().wrapping_add(first * inputs.len());
        let width = panel_width.min(padded - first);
        // SAFETY: there are `width` weights for each input, and a panel is 1 to 4 units of 512 bits.
        unsafe {
            match width / unit {
                1 => panel::<V, LANES, 1>(weights, inputs, first, outputs, epilogue),
                2 => panel::<V, LANES, 2>(weights, inputs, first, outputs, epilogue),
                3 => panel::<V, LANES, 3>(weights, inputs, first, outputs, epilogue),
                _ => panel::<V, LANES, 4>(weights, inputs, first, outputs, epilogue),
            }
        }
        first += width;
    }
}

/// A panel of `UNITS` times 512 bits of outputs, beginning at `first`.
#[inline(always)]
unsafe fn panel<V: Vector, const LANES: usize, const UNITS: usize>(
    weights: *const V::Number,
    inputs: &[V::Number],
    first: usize,
    outputs: &mut [V::Number],
    epilogue: Epilogue<'_, V::Number>,
) {
    // Registers of a unit: 1, 2 or 4.
    let parts = UNIT / size_of::<V::Number>() / LANES;
    let rest = outputs.len() - first;
    // SAFETY: the weights are inside the panel; the biases and outputs are loaded and stored up to their
    // ends.
    unsafe {
        let mut sums = [[V::zero(); 4]; UNITS];
        if let Some(biases) = epilogue.biases() {
            for (unit, sums) in sums.iter_mut().enumerate() {
                for (part, sum) in sums.iter_mut().take(parts).enumerate() {
                    let at = (unit * parts + part) * LANES;
                    let biases = biases.as_ptr().add(first);
                    if at + LANES <= rest {
                        *sum = V::load(biases.add(at));
                    } else if at < rest {
                        *sum = V::load_first(biases.add(at), rest - at);
                    }
                }
            }
        }
        let mut weights = weights;
        for &input in inputs {
            let input = V::splat(input);
            for (unit, sums) in sums.iter_mut().enumerate() {
                for (part, sum) in sums.iter_mut().take(parts).enumerate() {
                    let weights = V::load(weights.add((unit * parts + part) * LANES));
                    *sum = sum.add_product(input, weights);
                }
            }
            weights = weights.add(UNITS * parts * LANES);
        }
        for (unit, sums) in sums.iter().enumerate() {
            for (part, sum) in sums.iter().take(parts).enumerate() {
                let at = (unit * parts + part) * LANES;
                let result = match epilogue {
                    Epilogue::BiasRelu(_) => sum.rectify(),
                    Epilogue::None | Epilogue::Bias(_) => sum.add(V::zero()),
                };
                let outputs = outputs.as_mut_ptr().wrapping_add(first + at);
                if at + LANES <= rest {
                    result.store(outputs);
                } else if at < rest {
                    result.store_first(outputs, rest - at);
                }
            }
        }
    }
}

/// `outputs = epilogue(left * right)` for a single row on the left, where the numbers of the row and those
/// of each column on the right are side by side.
///
/// Squares of weights are transposed in registers. The order of the additions is that of a product of many
/// rows.
///
/// # Safety
/// As for `multiply`.
#[inline(always)]
pub(crate) unsafe fn multiply_row<V: Vector, const LANES: usize>(
    operands: Operands<V::Number>,
    (_, columns): (usize, usize),
    epilogue: Epilogue<'_, V::Number>,
) {
    for first in (0..columns).step_by(LANES) {
        let count = LANES.min(columns - first);
        // SAFETY: rows and columns are inside the operands, and there are `count` biases and outputs.
        unsafe {
            let mut sum = match epilogue.biases() {
                None => V::zero(),
                Some(biases) if count == LANES => V::load(biases.as_ptr().add(first)),
                Some(biases) => V::load_first(biases.as_ptr().add(first), count),
            };
            for k in (0..operands.inner).step_by(LANES) {
                let rest = LANES.min(operands.inner - k);
                let input = |index: usize| V::splat(*operands.left.add(k + index));
                let mut square = [V::zero(); LANES];
                // Unused lanes repeat the last column.
                let column = |lane: usize| {
                    let column = first + lane.min(count - 1);
                    operands.right.add(column * operands.right_column_stride + k)
                };
                if rest == LANES {
                    for (lane, line) in square.iter_mut().enumerate() {
                        *line = V::load(column(lane));
                    }
                    let square = transpose_square(square);
                    for (index, weights) in square.into_iter().enumerate() {
                        sum = sum.add_product(input(index), weights);
                    }
                } else {
                    for (lane, line) in square.iter_mut().enumerate() {
                        *line = V::load_first(column(lane), rest);
                    }
                    let square = transpose_square(square);
                    for (index, &weights) in square[..rest].iter().enumerate() {
                        sum = sum.add_product(input(index), weights);
                    }
                }
            }
            let result = match epilogue {
                Epilogue::BiasRelu(_) => sum.rectify(),
                Epilogue::None | Epilogue::Bias(_) => sum.add(V::zero()),
            };
            let outputs = operands.outputs.add(first);
            if count == LANES { result.store(outputs) } else { result.store_first(outputs, count) }
        }
    }
}

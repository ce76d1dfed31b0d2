//! The product of a single row with weights that were packed once.
//!
//! ```text
//! weights, inputs x outputs            packed: panels of 4 registers of outputs
//! [ a b c d ... | e f g h ... | ]      a b c d ... of input 0, of input 1, ...;  then e f g h ...
//! ```
//!
//! Each step loads one input, copies it to every lane, and multiplies it with the weights of a whole panel
//! of outputs. The sums begin with the biases and add one input after another, as in a product of many
//! rows, so the bits are the same.

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
    let mut packed = Vec::new();
    for (first, width) in panels::<T>(outputs) {
        for input in 0..inputs {
            packed.extend((first..first + width).map(|output| {
                if output < outputs { weights.data_from(input, output)[0] } else { T::ZERO }
            }));
        }
    }
    packed
}

/// The first output of each panel, and its width.
#[inline(always)]
fn panels<T>(outputs: usize) -> impl Iterator<Item = (usize, usize)> {
    let (panel, unit) = (PANEL / size_of::<T>(), UNIT / size_of::<T>());
    (0..outputs)
        .step_by(panel)
        .map(move |first| (first, panel.min((outputs - first).next_multiple_of(unit))))
}

/// `outputs = epilogue(inputs * weights)` for packed weights.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn multiply_row<V: Vector, const LANES: usize>(
    packed: &[V::Number],
    inputs: &[V::Number],
    outputs: &mut [V::Number],
    epilogue: Epilogue<'_, V::Number>,
) {
    let count = outputs.len();
    let numbers: usize = panels::<V::Number>(count).map(|(_, width)| width * inputs.len()).sum();
    assert_eq!(packed.len(), numbers, "packed weights");
    assert!(epilogue.biases().is_none_or(|biases| biases.len() == count), "number of biases");
    let mut weights = packed.as_ptr();
    for (first, width) in panels::<V::Number>(count) {
        // SAFETY: there are `width` weights for each input, and a panel is 1 to 4 units of 512 bits.
        unsafe {
            match width * size_of::<V::Number>() / UNIT {
                1 => panel::<V, LANES, 1>(weights, inputs, first, outputs, epilogue),
                2 => panel::<V, LANES, 2>(weights, inputs, first, outputs, epilogue),
                3 => panel::<V, LANES, 3>(weights, inputs, first, outputs, epilogue),
                _ => panel::<V, LANES, 4>(weights, inputs, first, outputs, epilogue),
            }
            weights = weights.add(width * inputs.len());
        }
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

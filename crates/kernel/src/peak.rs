//! The limit of a core: a loop that does nothing but multiply and add.

use std::hint::black_box;

use crate::Kernels;
use crate::vector::Vector;

/// The number of independent sums. Two multipliers with a latency of 4 or 5 cycles need 8 or 10.
const CHAINS: usize = 12;

/// Measures how many multiply-adds a core can do at most, for benchmarks of the products.
pub trait Peak: Sized {
    /// Multiplies and adds for `rounds` rounds, in the registers that the products use.
    ///
    /// Returns the multiply-adds of one round, and a result that depends on all of them, so that the
    /// compiler cannot remove the loop.
    fn multiply_adds(rounds: usize) -> (usize, Self);
}

/// `sum = sum * factor + term` in every lane of every chain, `rounds` times, from 0. Returns one lane of
/// each chain.
///
/// # Safety
/// The CPU must have the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn chains<V: Vector>(
    rounds: usize,
    factor: V::Number,
    term: V::Number,
) -> (usize, [V::Number; CHAINS]) {
    // SAFETY: required of the caller; there is room for one number of each chain.
    unsafe {
        let (factor, term) = (V::splat(black_box(factor)), V::splat(black_box(term)));
        let mut sums = [V::zero(); CHAINS];
        for _ in 0..rounds {
            for sum in &mut sums {
                *sum = term.add_product(*sum, factor);
            }
        }
        let mut lanes = [V::Number::ZERO; CHAINS];
        for (lane, sum) in lanes.iter_mut().zip(sums) {
            sum.store_first(lane, 1);
        }
        (CHAINS * V::LANES, lanes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_compute_what_they_say() {
        // s = s / 2 + 1 from 0 is 2 - 2^(1 - rounds).
        let (count, total) = f32::multiply_adds(3);
        assert!(count.is_multiple_of(CHAINS) && (count / CHAINS).is_power_of_two());
        assert_eq!(total, 1.75 * CHAINS as f32);
        assert_eq!(f64::multiply_adds(3).1, 1.75 * CHAINS as f64);
    }
}

//! The limit of a core: the multiply-adds that it can do when it does nothing else.

use std::hint::black_box;
use std::time::Instant;

use nnfs_kernel::Peak;

/// The multiply-adds of one core, in GFLOP/s (each counts as two): the best of five short attempts.
pub(super) fn peak_gflops<T: Peak>() -> f64 {
    const ROUNDS: usize = 20_000;
    let attempt = || {
        let start = Instant::now();
        let (count, result) = T::multiply_adds(black_box(ROUNDS));
        black_box(result);
        2.0 * (ROUNDS * count) as f64 / start.elapsed().as_secs_f64() / 1e9
    };
    (0..5).map(|_| attempt()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_can_multiply_and_add() {
        assert!(peak_gflops::<f32>() > 0.0);
    }
}

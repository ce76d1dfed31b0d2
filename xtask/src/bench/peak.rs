//! The limit of a core: how many multiply-adds it can do when it does nothing else.

use std::hint::black_box;
use std::time::Instant;

/// How many sums are added to at the same time: two multipliers with a latency of 4 or 5 cycles
/// need 8 or 10.
const CHAINS: usize = 12;

/// How many numbers of a kind are worked on at once, and what a core can do with them.
pub(super) trait Peak {
    /// Adds to every chain so many times.
    ///
    /// Gives how many numbers a chain has, and a result, without which the work would be left out.
    fn chains(rounds: usize) -> (usize, Self);
}

/// The multiply-adds of one core, in GFLOP/s (each counts as two): the best of a few short tries.
pub(super) fn peak_gflops<T: Peak>() -> f64 {
    const ROUNDS: usize = 20_000;
    let attempt = || {
        let start = Instant::now();
        let (lanes, result) = T::chains(black_box(ROUNDS));
        black_box(result);
        2.0 * (ROUNDS * CHAINS * lanes) as f64 / start.elapsed().as_secs_f64() / 1e9
    };
    (0..5).map(|_| attempt()).fold(0.0, f64::max)
}

/// The chains of one kind of number in one kind of register.
#[cfg(target_arch = "x86_64")]
macro_rules! chains {
    ($name:ident, $features:literal, $number:ty, $set:ident, $multiply_add:ident, $first:ident) => {
        #[target_feature(enable = $features)]
        fn $name(rounds: usize) -> $number {
            use std::arch::x86_64::{$first, $multiply_add, $set};
            let mut sums = [$set(0.0); CHAINS];
            let (factor, term) = ($set(black_box(0.5)), $set(black_box(1.0)));
            for _ in 0..rounds {
                for sum in &mut sums {
                    *sum = $multiply_add(*sum, factor, term);
                }
            }
            sums.into_iter().map(|sum| $first(sum)).sum()
        }
    };
}

/// The best chains that the CPU can run: the same choice as that of the kernels.
macro_rules! peak_of {
    ($number:ty, portable: $lanes:literal,
     avx512: $avx512_lanes:literal $avx512_set:ident $avx512_multiply_add:ident $avx512_first:ident,
     avx2: $avx2_lanes:literal $avx2_set:ident $avx2_multiply_add:ident $avx2_first:ident) => {
        impl Peak for $number {
            #[allow(unsafe_code)]
            fn chains(rounds: usize) -> (usize, Self) {
                #[cfg(target_arch = "x86_64")]
                {
                    chains!(
                        avx512,
                        "avx512f",
                        $number,
                        $avx512_set,
                        $avx512_multiply_add,
                        $avx512_first
                    );
                    chains!(avx2, "avx2,fma", $number, $avx2_set, $avx2_multiply_add, $avx2_first);
                    if is_x86_feature_detected!("avx512f") {
                        // SAFETY: the CPU has AVX-512.
                        return ($avx512_lanes, unsafe { avx512(rounds) });
                    }
                    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                        // SAFETY: the CPU has AVX2 and FMA.
                        return ($avx2_lanes, unsafe { avx2(rounds) });
                    }
                }
                let mut sums = [[0.0; $lanes]; CHAINS];
                let (factor, term) = (black_box(0.5), black_box(1.0));
                for _ in 0..rounds {
                    for sum in sums.as_flattened_mut() {
                        *sum = if cfg!(target_arch = "aarch64") {
                            <$number>::mul_add(*sum, factor, term)
                        } else {
                            *sum * factor + term
                        };
                    }
                }
                ($lanes, sums.into_iter().map(|sum| sum[0]).sum())
            }
        }
    };
}

peak_of!(
    f32, portable: 4,
    avx512: 16 _mm512_set1_ps _mm512_fmadd_ps _mm512_cvtss_f32,
    avx2: 8 _mm256_set1_ps _mm256_fmadd_ps _mm256_cvtss_f32
);
peak_of!(
    f64, portable: 2,
    avx512: 8 _mm512_set1_pd _mm512_fmadd_pd _mm512_cvtsd_f64,
    avx2: 4 _mm256_set1_pd _mm256_fmadd_pd _mm256_cvtsd_f64
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_compute_what_they_say() {
        // s = s / 2 + 1 from 0 comes to 2 - 2^(1 - rounds).
        let (lanes, total) = f32::chains(3);
        assert!(lanes.is_power_of_two());
        assert_eq!(total, 1.75 * CHAINS as f32);
        assert_eq!(f64::chains(3).1, 1.75 * CHAINS as f64);
        assert!(peak_gflops::<f32>() > 0.0);
    }
}

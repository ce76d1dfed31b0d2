//! Tries all 2^32 inputs of `f32`, in their order: the largest error, and whether the function is
//! monotonic. It takes minutes and runs only if asked for:
//!
//! ```text
//! cargo test --release -p nnfs-kernel --test functions -- --ignored --nocapture
//! ```
//!
//! The reference is the function for `f64`, which is right to 2^-51 and tested against double-double
//! arithmetic (`accuracy.rs`, `random.rs`).
#![allow(clippy::print_stdout, reason = "it reports what it found")]

use nnfs_kernel::{Function, apply_mut};

use crate::support::NAMES;

const BLOCK: usize = 4096;

/// Neighbors in the wrong order that are known, of `softplus`.
const KNOWN: u64 = 7;

#[test]
#[ignore = "minutes"]
fn one_ulp_for_all_f32() {
    for name in NAMES {
        let halves = std::thread::scope(|scope| {
            let halves = [0_u64..1 << 31, 1 << 31..1 << 32];
            let threads = halves.map(|keys| {
                scope.spawn(move || with_function!(name, F => Findings::of::<F>(keys)))
            });
            threads.map(|thread| thread.join().expect("a thread"))
        });
        let [low, high] = halves;
        let findings = low.with(&high);
        println!("{name:>8} f32: {findings}");
        assert!(findings.worst.0 <= 1.0 && findings.wrong_nan == 0, "{name}: {findings}");
        let known = if name == "softplus" { KNOWN } else { 0 };
        assert_eq!(findings.not_monotonic, known, "{name}");
    }
}

/// What was found for a range of inputs.
#[derive(Default)]
struct Findings {
    inputs: u64,
    /// The largest error in ulp, and where it is.
    worst: (f64, f32),
    /// Results that are not the nearest number.
    not_nearest: u64,
    /// Neighbors whose results are in the wrong order.
    not_monotonic: u64,
    /// NaN where there should be a number, or the reverse.
    wrong_nan: u64,
}

impl std::fmt::Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { inputs, worst: (error, at), not_nearest, not_monotonic, wrong_nan } = self;
        let share = 100.0 * *not_nearest as f64 / *inputs as f64;
        write!(
            f,
            "{inputs} inputs; {error:.4} ulp at {at:e}; {share:.3}% not nearest; \
             not monotonic: {not_monotonic}; wrong NaN: {wrong_nan}",
        )
    }
}

impl Findings {
    fn with(mut self, other: &Self) -> Self {
        self.inputs += other.inputs;
        self.not_nearest += other.not_nearest;
        self.wrong_nan += other.wrong_nan;
        self.not_monotonic += other.not_monotonic;
        if other.worst.0 > self.worst.0 {
            self.worst = other.worst;
        }
        self
    }

    /// The keys are in the order of the numbers, from -NaN to NaN.
    fn of<F: Function>(keys: std::ops::Range<u64>) -> Self {
        let mut findings = Self::default();
        let mut inputs = [0.0_f32; BLOCK];
        let mut before = f32::NEG_INFINITY;
        let mut key = keys.start;
        while key < keys.end {
            for input in &mut inputs {
                let bits = key.min(keys.end - 1) as u32;
                *input = f32::from_bits(if bits >> 31 == 1 { bits ^ (1 << 31) } else { !bits });
                key += 1;
            }
            findings.block::<F>(&inputs, &mut before);
        }
        findings
    }

    fn block<F: Function>(&mut self, inputs: &[f32; BLOCK], before: &mut f32) {
        let (mut results, mut exact) = (*inputs, inputs.map(f64::from));
        apply_mut::<F, f32>(&mut results);
        apply_mut::<F, f64>(&mut exact);
        self.inputs += BLOCK as u64;
        for ((&x, result), exact) in inputs.iter().zip(results).zip(exact) {
            let rounded = exact as f32;
            self.not_nearest += u64::from(result != rounded && !rounded.is_nan());
            self.wrong_nan += u64::from(result.is_nan() != rounded.is_nan());
            let error = error(result, exact);
            if error > self.worst.0 {
                self.worst = (error, x);
            }
            self.not_monotonic += u64::from(result < *before);
            *before = result;
        }
    }
}

/// The error in ulp of `f32`. Infinity counts as 2^128, so it is right from half an ulp below on.
#[inline(always)]
fn error(result: f32, exact: f64) -> f64 {
    let limit = 2.0_f64.powi(128);
    let clamp = |x: f64| {
        if x > limit {
            limit
        } else if x < -limit {
            -limit
        } else {
            x
        }
    };
    let power = f64::from_bits(exact.to_bits() & 0x7ff0_0000_0000_0000);
    let ulp = (power * 2.0_f64.powi(-23)).max(2.0_f64.powi(-149)).min(2.0_f64.powi(104));
    (clamp(f64::from(result)) - clamp(exact)).abs() / ulp
}

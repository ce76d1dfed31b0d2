//! The largest errors, against double-double arithmetic. `exhaustive.rs` tries all inputs
//! of `f32`, and `random.rs` as many of `f64` as wanted.

use crate::support::{F32, F64, NAMES, SplitMix, error_in_ulp, exact, random_input};
use nnfs_kernel::apply_mut;

#[test]
fn one_ulp_for_a_sample_of_all_f32() {
    for name in NAMES {
        let inputs: Vec<f32> = (0..=u32::MAX).step_by(99_991).map(f32::from_bits).collect();
        with_function!(name, F => {
            let mut results = inputs.clone();
            apply_mut::<F, f32>(&mut results);
            for (&x, result) in inputs.iter().zip(results) {
                let exact = exact(name, x.into());
                let error = error_in_ulp(result.into(), exact, F32);
                assert!(error <= 1.0, "{name}({x:e}) = {result:e}: {error} ulp");
            }
        });
    }
}

#[test]
fn one_and_a_half_ulp_for_random_f64() {
    for name in NAMES {
        let mut random = SplitMix(7);
        let inputs: Vec<f64> = (0..20_000).map(|_| random_input(name, &mut random)).collect();
        with_function!(name, F => {
            let mut results = inputs.clone();
            apply_mut::<F, f64>(&mut results);
            for (&x, result) in inputs.iter().zip(results) {
                let exact = exact(name, x);
                let error = error_in_ulp(result, exact, F64);
                assert!(error <= 1.5, "{name}({x:e}) = {result:e}: {error} ulp");
            }
        });
    }
}

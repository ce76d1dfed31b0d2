//! The largest errors of `f64` at random inputs, against double-double arithmetic. It takes minutes and
//! runs only if asked for; see `exhaustive.rs`. `NNFS_INPUTS` is the number of inputs, 10 million by
//! default.
#![allow(clippy::print_stdout, reason = "it reports what it found")]

use nnfs_kernel::{Function, apply_mut};

use crate::support::{F64, NAMES, SplitMix, error_in_ulp, exact, random_input};

const BLOCK: usize = 1024;

#[test]
#[ignore = "minutes"]
fn one_and_a_half_ulp_for_many_random_f64() {
    let inputs = std::env::var("NNFS_INPUTS").map_or(10_000_000, |text| text.parse().unwrap());
    std::thread::scope(|scope| {
        for names in [&NAMES[..3], &NAMES[3..]] {
            scope.spawn(move || {
                for name in names {
                    with_function!(*name, F => check::<F>(name, inputs));
                }
            });
        }
    });
}

fn check<F: Function>(name: &str, count: u64) {
    let mut random = SplitMix(1);
    let mut worst = (0.0_f64, 0.0_f64);
    let (mut inputs, mut results) = ([0.0; BLOCK], [0.0; BLOCK]);
    for _ in 0..count.div_ceil(BLOCK as u64) {
        inputs.fill_with(|| random_input(name, &mut random));
        results.copy_from_slice(&inputs);
        apply_mut::<F, f64>(&mut results);
        for (&x, &result) in inputs.iter().zip(&results) {
            let error = error_in_ulp(result, exact(name, x), F64);
            if error > worst.0 {
                worst = (error, x);
            }
        }
    }
    println!("{name:>8} f64: {:.4} ulp at {:e}, {count} inputs", worst.0, worst.1);
    assert!(worst.0 <= 1.5, "{name}: {worst:?}");
}

//! A larger input never has a smaller result. `exhaustive.rs` compares all neighbors of
//! `f32`; here are many random places, and those where the parts of the formulas meet.

use crate::support::{NAMES, SplitMix, random_input};
use nnfs_kernel::apply_mut;

const NEIGHBOURS: usize = 256;

/// The places where the parts of a formula meet, of either kind of number.
fn seams(name: &str) -> Vec<f64> {
    let steps = (-40..40).map(|n| (f64::from(n) + 0.5) * std::f64::consts::LN_2);
    match name {
        "ln" => (-40..40).flat_map(|k| [0.75, 1.0].map(|m| m * f64::from(k).exp2())).collect(),
        "ln_1p" => {
            (-20..40).flat_map(|k| [0.75, 1.0].map(|m| m * f64::from(k).exp2() - 1.0)).collect()
        }
        "tanh" => steps.map(|x| x / 2.0).chain([0.55, -0.55, 0.75, -0.75]).collect(),
        "softplus" => steps.chain([-std::f64::consts::LN_2, std::f64::consts::LN_2]).collect(),
        _ => steps.collect(),
    }
}

macro_rules! monotonic {
    ($test:ident, $kind:ident, $number:expr) => {
        #[test]
        fn $test() {
            for name in NAMES {
                let mut random = SplitMix(3);
                let places: Vec<f64> = (0..1000)
                    .map(|_| random_input(name, &mut random))
                    .chain(seams(name))
                    .collect();
                with_function!(name, F => for place in places {
                    let mut x: $kind = ($number)(place);
                    for _ in 0..NEIGHBOURS / 2 {
                        x = x.next_down();
                    }
                    let inputs: Vec<$kind> = std::iter::successors(Some(x), |x| Some(x.next_up()))
                        .take(NEIGHBOURS)
                        .collect();
                    let mut results = inputs.clone();
                    apply_mut::<F, $kind>(&mut results);
                    for (at, pair) in results.windows(2).enumerate() {
                        assert!(
                            pair[1] >= pair[0] || pair[0].is_nan() || pair[1].is_nan(),
                            "{name} at {:e}: {:e} after {:e}", inputs[at + 1], pair[1], pair[0],
                        );
                    }
                });
            }
        }
    };
}
monotonic!(f32_at_many_places, f32, |x: f64| x as f32);
monotonic!(f64_at_many_places, f64, |x: f64| x);

//! The penalty of a parameter is what its formula says, and its gradient is the derivative.

use nnfs_tensor::{Parameter, Penalty, Scalar, Tensor, Trainable};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

/// A number whose size is 0.01 at least: the difference quotients below never step over 0, where
/// L1 has its kink.
fn away_from_0() -> impl Strategy<Value = f64> {
    (0.01..10.0_f64, any::<bool>()).prop_map(|(size, up)| if up { size } else { -size })
}

/// Strengths of L1 and L2, each of them often 0.
fn strengths() -> impl Strategy<Value = (f64, f64)> {
    let strength = || prop_oneof![Just(0.0), 0.0..2.0_f64];
    (strength(), strength())
}

/// A parameter and the gradient that the data left in it.
fn parameter() -> impl Strategy<Value = Parameter<f64>> {
    (1..6_usize, 1..6_usize, strengths()).prop_flat_map(|(rows, columns, (l1, l2))| {
        let entries = || prop::collection::vec(away_from_0(), rows * columns);
        (entries(), entries()).prop_map(move |(values, gradients)| {
            let mut parameter = Parameter::new(Tensor::from_vec(rows, columns, values));
            parameter.gradient = Tensor::from_vec(rows, columns, gradients);
            parameter.set_penalty(Penalty::new(l1, l2).unwrap());
            parameter
        })
    })
}

fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_penalty_is_l1_times_sizes_and_l2_times_squares(parameter in parameter()) {
        let settings = parameter.penalty_settings();
        let mut expected = 0.0;
        for weight in parameter.value.iter() {
            expected += settings.l1_strength() * weight.abs();
            expected += settings.l2_strength() * weight * weight;
        }
        // All terms are positive: every operation is off by half an epsilon of the sum at most.
        let tolerance = 60.0 * f64::EPSILON * expected;
        prop_assert!(close(parameter.penalty(), expected, tolerance), "expected {expected}");
        prop_assert_eq!(settings.of(&parameter.value), parameter.penalty());
        let twice = Trainable::penalty(&[parameter.clone(), parameter.clone()]);
        prop_assert_eq!(twice, 2.0 * parameter.penalty());
    }

    #[test]
    fn the_gradient_of_the_penalty_is_its_derivative(mut parameter in parameter()) {
        let of_data = parameter.gradient.clone();
        parameter.add_penalty_gradient();
        let step = 1e-3;
        for index in 0..parameter.value.len() {
            let penalty_at = |weight: f64| {
                let mut moved = parameter.clone();
                moved.value[index] = weight;
                moved.penalty()
            };
            let weight = parameter.value[index];
            let (right, left) = (weight + step, weight - step);
            // The penalty is of degree 2: but for rounding, the quotient is exact.
            let slope = (penalty_at(right) - penalty_at(left)) / (right - left);
            let found = parameter.gradient[index] - of_data[index];
            let rounding = 60.0 * f64::EPSILON * (parameter.penalty() + 1.0) / step;
            prop_assert!(close(found, slope, rounding), "entry {index}: {found}, slope {slope}");
        }
    }

    #[test]
    fn single_precision_gives_the_same_within_its_rounding(parameter in parameter()) {
        let single = |tensor: &Tensor<f64>| tensor.map(|value| value as f32);
        let mut rounded = Parameter::new(single(&parameter.value));
        rounded.gradient = single(&parameter.gradient);
        rounded.set_penalty(parameter.penalty_settings());
        let mut parameter = parameter;
        parameter.add_penalty_gradient();
        rounded.add_penalty_gradient();
        prop_assert!(close(rounded.penalty(), parameter.penalty(), 1e-6 * parameter.penalty()));
        for (found, expected) in rounded.gradient.iter().zip(parameter.gradient.iter()) {
            // Six roundings of numbers of at most 50, by 6e-8 of them each.
            prop_assert!(close(found.to_f64(), *expected, 2e-5), "{found}, expected {expected}");
        }
    }

    #[test]
    fn at_0_and_without_a_penalty_the_gradient_stays(
        gradient in away_from_0(), weight in away_from_0(), (l1, l2) in strengths(),
    ) {
        for (weight, l1, l2) in [(0.0, l1, l2), (-0.0, l1, l2), (weight, 0.0, 0.0)] {
            let mut parameter = Parameter::new(Tensor::from_element(1, 1, weight));
            parameter.gradient[0] = gradient;
            parameter.set_penalty(Penalty::new(l1, l2).unwrap());
            parameter.add_penalty_gradient();
            prop_assert_eq!(parameter.gradient[0], gradient);
            prop_assert_eq!(parameter.penalty(), 0.0);
        }
    }
}

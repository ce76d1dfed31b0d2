//! What holds for all predictions and targets.

use nnfs_metrics::{
    Tolerance, accuracy_within, argmax_rows, binary_accuracy, categorical_accuracy, max_error,
    mean_absolute_error, r2, root_mean_squared_error,
};
use nnfs_tensor::Tensor;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

/// Predictions and targets of one shape, with quarters as entries: ties and equal entries occur,
/// and sums of them are exact.
fn pair() -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>)> {
    (2..12_usize, 2..4_usize).prop_flat_map(|(rows, columns)| {
        let entries = || {
            prop::collection::vec((-20..20_i32).prop_map(|n| f64::from(n) / 4.0), rows * columns)
        };
        (entries(), entries()).prop_map(move |(predictions, targets)| {
            (Tensor::from_vec(rows, columns, predictions), Tensor::from_vec(rows, columns, targets))
        })
    })
}

/// A pair, and an order of its rows.
fn pair_and_order() -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>, Vec<usize>)> {
    pair().prop_flat_map(|(predictions, targets)| {
        let order: Vec<usize> = (0..targets.nrows()).collect();
        (Just(predictions), Just(targets), Just(order).prop_shuffle())
    })
}

fn within(tolerance: f64, predictions: &Tensor<f64>, targets: &Tensor<f64>) -> f64 {
    accuracy_within(predictions, targets, Tolerance::absolute(tolerance).unwrap()).unwrap()
}

/// All metrics at once.
fn all(predictions: &Tensor<f64>, targets: &Tensor<f64>) -> [f64; 7] {
    [
        within(1.0, predictions, targets),
        // A class has a target above 0. The largest target stays the largest.
        categorical_accuracy(predictions, &targets.add_scalar(10.0)).unwrap(),
        binary_accuracy(predictions, targets, 0.5).unwrap(),
        mean_absolute_error(predictions, targets).unwrap(),
        root_mean_squared_error(predictions, targets).unwrap(),
        max_error(predictions, targets).unwrap(),
        r2(predictions, targets).unwrap(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn perfect_predictions((_, targets) in pair(), tolerance in 1e-300..1e300) {
        prop_assert_eq!(all(&targets, &targets), [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        prop_assert_eq!(within(tolerance, &targets, &targets), 1.0);
    }

    #[test]
    fn the_order_of_samples_does_not_matter((predictions, targets, order) in pair_and_order()) {
        let (before, after) = (
            all(&predictions, &targets),
            all(&predictions.select_rows(&order), &targets.select_rows(&order)),
        );
        prop_assert_eq!(before[..6].to_vec(), after[..6].to_vec());
        // The mean of the targets, and so R2, is rounded.
        let (before, after) = (before[6], after[6]);
        prop_assert!((before - after).abs() <= 1e-12 * (1.0 + before.abs()), "{} {}", before, after);
    }

    #[test]
    fn bounds((predictions, targets) in pair()) {
        let [within, categorical, binary, mean, root, max, r2] = all(&predictions, &targets);
        for accuracy in [within, categorical, binary] {
            prop_assert!((0.0..=1.0).contains(&accuracy), "{}", accuracy);
        }
        prop_assert!(0.0 <= mean && mean <= root * (1.0 + 1e-15), "{} {}", mean, root);
        prop_assert!(root <= max * (1.0 + 1e-15), "{} {}", root, max);
        prop_assert!(r2 <= 1.0, "{}", r2);
    }

    #[test]
    fn a_larger_tolerance_accepts_more(
        (predictions, targets) in pair(), tolerance in 0.1..5.0, factor in 1.0..5.0,
    ) {
        let (narrow, wide) = (
            within(tolerance, &predictions, &targets),
            within(tolerance * factor, &predictions, &targets),
        );
        prop_assert!(narrow <= wide);
        let beyond_all = max_error(&predictions, &targets).unwrap().next_up();
        prop_assert_eq!(within(beyond_all, &predictions, &targets), 1.0);
    }

    #[test]
    fn r2_of_the_mean_is_0((_, targets) in pair()) {
        prop_assume!(targets.column_iter().all(|column| column.iter().any(|&t| t != column[0])));
        let means = targets.row_mean();
        let predictions = Tensor::from_fn(targets.nrows(), targets.ncols(), |_, c| means[c]);
        prop_assert!(r2(&predictions, &targets).unwrap().abs() < 1e-12);
    }

    #[test]
    fn the_tolerance_grows_with_the_targets_and_not_with_their_place(
        (_, targets) in pair(), shift in -100..100_i32,
    ) {
        prop_assume!(targets.iter().any(|&target| target != targets[0]));
        let of = |targets: &Tensor<f64>| Tolerance::from_targets(targets, 250.0).unwrap().value();
        let value = of(&targets);
        prop_assert_eq!(of(&(&targets * 4.0)), value * 4.0);
        let shifted = of(&targets.add_scalar(f64::from(shift)));
        prop_assert!((shifted - value).abs() < 1e-12 * value, "{} {}", shifted, value);
    }

    #[test]
    fn a_nan_is_never_right_and_never_hidden((_, targets) in pair(), place: prop::sample::Index) {
        let mut predictions = targets.clone();
        predictions[place.index(targets.len())] = f64::NAN;
        let [within, categorical, binary, mean, root, max, r2] = all(&predictions, &targets);
        let all_but_one = |count: usize| (count - 1) as f64 / count as f64;
        prop_assert_eq!(within, all_but_one(targets.len()));
        prop_assert_eq!(categorical, all_but_one(targets.nrows()));
        prop_assert_eq!(binary, all_but_one(targets.len()));
        for error in [mean, root, max, r2] {
            prop_assert!(error.is_nan(), "{}", error);
        }
    }

    #[test]
    fn a_nan_target_is_never_met((predictions, _) in pair(), place: prop::sample::Index) {
        let mut targets = predictions.clone();
        targets[place.index(predictions.len())] = f64::NAN;
        let [within, categorical, binary, ..] = all(&predictions, &targets);
        let all_but_one = |count: usize| (count - 1) as f64 / count as f64;
        prop_assert_eq!(within, all_but_one(targets.len()));
        prop_assert_eq!(categorical, all_but_one(targets.nrows()));
        prop_assert_eq!(binary, all_but_one(targets.len()));
    }

    #[test]
    fn argmax_is_the_first_of_the_largest((values, _) in pair()) {
        for (row, largest) in values.row_iter().zip(argmax_rows(&values)) {
            prop_assert!(row.iter().all(|&value| value <= row[largest]));
            prop_assert!(row.iter().take(largest).all(|&value| value < row[largest]));
        }
    }
}

//! What losses promise besides their derivatives.

use nnfs_activations::{Activation, Sigmoid, Softmax};
use nnfs_losses::{
    BinaryCrossEntropy, CategoricalCrossEntropy, Huber, LossKind, MeanAbsoluteError,
    MeanSquaredError, SigmoidCrossEntropy, SoftmaxCrossEntropy,
};
use nnfs_tensor::{Loss, OutputLink, Scalar, Tensor};
use nnfs_testing::{backward, forward, gradient};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

fn all_losses<T: Scalar>() -> [Box<dyn Loss<T>>; 7] {
    [
        Box::new(MeanSquaredError),
        Box::new(MeanAbsoluteError),
        Box::new(Huber::default()),
        Box::new(BinaryCrossEntropy),
        Box::new(CategoricalCrossEntropy),
        Box::new(SigmoidCrossEntropy),
        Box::new(SoftmaxCrossEntropy),
    ]
}

#[test]
fn losses_describe_themselves() {
    let expected = [
        "mean_squared_error",
        "mean_absolute_error",
        "huber (delta 1)",
        "binary_cross_entropy",
        "categorical_cross_entropy",
        "sigmoid_cross_entropy",
        "softmax_cross_entropy",
    ];
    assert_eq!(all_losses::<f32>().map(|loss| loss.description().to_string()), expected);
}

/// Logits, and one-hot targets.
fn logits_and_classes() -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>)> {
    (1..9_usize, 2..6_usize).prop_flat_map(|(rows, columns)| {
        let logits = prop::collection::vec(-6.0..6.0, rows * columns);
        let labels = prop::collection::vec(0..columns, rows);
        (logits, labels).prop_map(move |(logits, labels)| {
            let one = |row: usize, column| if labels[row] == column { 1.0 } else { 0.0 };
            (Tensor::from_vec(rows, columns, logits), Tensor::from_fn(rows, columns, one))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/properties.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn softmax_cross_entropy_agrees_with_its_two_parts((logits, targets) in logits_and_classes()) {
        let fused = SoftmaxCrossEntropy;
        let separate = CategoricalCrossEntropy;
        let probabilities = forward(&mut Softmax, &logits);
        let loss = separate.value(&probabilities, &targets);
        prop_assert!((fused.value(&logits, &targets) - loss).abs() < 1e-12 * (1.0 + loss));
        let slopes = gradient(&separate, &probabilities, &targets);
        let slopes = backward(&mut Softmax, &logits, &probabilities, &slopes);
        prop_assert!((gradient(&fused, &logits, &targets) - slopes).amax() < 1e-14);
    }

    #[test]
    fn sigmoid_cross_entropy_agrees_with_its_two_parts((logits, targets) in logits_and_classes()) {
        let mut sigmoid = Activation::new(Sigmoid);
        let probabilities = forward(&mut sigmoid, &logits);
        let loss = BinaryCrossEntropy.value(&probabilities, &targets);
        prop_assert!((SigmoidCrossEntropy.value(&logits, &targets) - loss).abs() < 1e-12 * (1.0 + loss));
        let slopes = gradient(&BinaryCrossEntropy, &probabilities, &targets);
        let slopes = backward(&mut sigmoid, &logits, &probabilities, &slopes);
        prop_assert!((gradient(&SigmoidCrossEntropy, &logits, &targets) - slopes).amax() < 1e-14);
    }

    /// Two classes are one yes or no, whose logit is the difference of theirs.
    #[test]
    fn the_softmax_of_two_is_a_sigmoid(x in -50.0..50.0, y in 0..2_usize) {
        let (one, other) = ([1.0 - y as f64, y as f64], y as f64);
        let softmax = SoftmaxCrossEntropy
            .value(&Tensor::from_row_slice(1, 2, &[0.0, x]), &Tensor::from_row_slice(1, 2, &one));
        let sigmoid = SigmoidCrossEntropy
            .value(&Tensor::from_element(1, 1, x), &Tensor::from_element(1, 1, other));
        prop_assert!((softmax - sigmoid).abs() <= 4.0 * f64::EPSILON * softmax.abs());
    }

    #[test]
    fn a_permutation_of_the_batch_changes_nothing((logits, targets) in logits_and_classes()) {
        let order: Vec<usize> = (0..logits.nrows()).rev().collect();
        let predictions = logits.map(|logit| 1.0 / (1.0 + (-logit).exp()));
        for loss in all_losses() {
            let value = loss.value(&predictions, &targets);
            let before = gradient(&*loss, &predictions, &targets);
            let (predictions, targets) =
                (predictions.select_rows(&order), targets.select_rows(&order));
            prop_assert!((loss.value(&predictions, &targets) - value).abs() < 1e-13);
            let after = gradient(&*loss, &predictions, &targets);
            prop_assert_eq!(after, before.select_rows(&order));
        }
    }

    #[test]
    fn twice_the_same_batch_has_the_same_loss((logits, targets) in logits_and_classes()) {
        let twice: Vec<usize> = (0..logits.nrows()).chain(0..logits.nrows()).collect();
        let predictions = logits.map(|logit| 1.0 / (1.0 + (-logit).exp()));
        for loss in all_losses() {
            let once = loss.value(&predictions, &targets);
            let twice =
                loss.value(&predictions.select_rows(&twice), &targets.select_rows(&twice));
            prop_assert!((once - twice).abs() < 1e-13 * (1.0 + once.abs()));
        }
    }
}

/// The chapter's backward gives infinities at p = 0 and NaN where p and y are both 0.
#[test]
fn certainty_gives_finite_losses_and_gradients() {
    let predictions = Tensor::from_row_slice(2, 2, &[0.0, 1.0, 1.0, 0.0]);
    let targets = Tensor::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 0.0]);
    let losses: [&dyn Loss<f32>; 2] = [&BinaryCrossEntropy, &CategoricalCrossEntropy];
    for loss in losses {
        // -ln(1e-7) where surely wrong.
        let value = loss.value(&predictions, &targets);
        assert!((value - 16.118 / 2.0).abs() < 1e-3, "{value}");
        assert_eq!(gradient(loss, &predictions, &targets), Tensor::zeros(2, 2));
    }
    let logits = Tensor::from_row_slice(1, 2, &[-1000.0_f32, 1000.0]);
    let targets = Tensor::from_row_slice(1, 2, &[1.0, 0.0]);
    assert_eq!(SoftmaxCrossEntropy.value(&logits, &targets), 2000.0);
    assert_eq!(gradient(&SoftmaxCrossEntropy, &logits, &targets).as_slice(), [-1.0, 1.0]);
    assert_eq!(SigmoidCrossEntropy.value(&logits, &targets), 1000.0);
    assert_eq!(gradient(&SigmoidCrossEntropy, &logits, &targets).as_slice(), [-0.5, 0.5]);
}

/// A loss near 0 keeps its digits beside large logits: `ln(1 + exp(-20)) = 2.061153620314381e-9`.
#[test]
fn large_logits_keep_the_digits_of_a_small_loss() {
    const LOSS: f64 = 2.061_153_620_314_381e-9;
    let close = |value: f64| (value - LOSS).abs() <= 4.0 * f64::EPSILON * LOSS;
    let right = Tensor::from_row_slice(1, 2, &[1.0, 0.0]);
    for logits in [[1000.0, 980.0], [1e6, 1e6 - 20.0], [20.0, 0.0]] {
        let value = SoftmaxCrossEntropy.value(&Tensor::from_row_slice(1, 2, &logits), &right);
        assert!(close(value), "{logits:?}: {value:e}");
    }
    for (logit, target) in [(20.0, 1.0), (-20.0, 0.0)] {
        let (logit, target) =
            (Tensor::from_element(1, 1, logit), Tensor::from_element(1, 1, target));
        let value = SigmoidCrossEntropy.value(&logit, &target);
        assert!(close(value), "{logit}: {value:e}");
    }
}

#[test]
fn a_nan_is_not_hidden() {
    let predictions = Tensor::from_row_slice(1, 2, &[f64::NAN, 0.5]);
    let targets = Tensor::from_row_slice(1, 2, &[1.0, 0.0]);
    for loss in all_losses() {
        assert!(loss.value(&predictions, &targets).is_nan(), "{loss:?}");
        let slope = gradient(&*loss, &predictions, &targets)[0];
        assert!(slope.is_nan(), "{loss:?}");
    }
}

#[test]
fn where_prediction_and_target_are_equal_the_slope_of_mae_is_0() {
    let values = Tensor::from_row_slice(1, 3, &[0.0, -1.0, 2.0]);
    assert_eq!(gradient(&MeanAbsoluteError, &values, &values), Tensor::zeros(1, 3));
}

#[test]
fn delta_of_huber_is_checked() {
    for delta in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Huber::new(delta).unwrap_err().name, "delta of Huber");
    }
}

#[test]
fn other_shapes_panic_with_both() {
    let message = |call: &mut dyn FnMut()| {
        let call = std::panic::AssertUnwindSafe(call);
        let panic = std::panic::catch_unwind(move || { call }.0()).expect_err("shapes differ");
        panic.downcast_ref::<String>().expect("a message").clone()
    };
    let (narrow, wide) = (Tensor::zeros(3, 1), Tensor::zeros(3, 2));
    for loss in all_losses::<f64>() {
        let both = "predictions are 3x1, but targets are 3x2";
        assert_eq!(message(&mut || _ = loss.value(&narrow, &wide)), both);
        assert_eq!(message(&mut || _ = gradient(&*loss, &narrow, &wide)), both);
    }
}

#[test]
fn names_of_losses_read_back() {
    for kind in LossKind::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
        for alias in kind.aliases() {
            assert_eq!(alias.parse(), Ok(kind));
        }
        // Each is one of the losses, whose kind in files is a name too.
        let loss = kind.build::<f32>().description();
        assert_eq!(loss.kind.parse(), Ok(kind));
        assert!(all_losses::<f32>().iter().any(|known| known.description() == loss), "{loss}");
    }
    assert_eq!(LossKind::default(), LossKind::MeanSquaredError);
    // That of a loss on probabilities.
    assert!("binary_cross_entropy".parse::<LossKind>().is_err());
    let error = "mad".parse::<LossKind>().unwrap_err();
    assert_eq!((error.what, error.found.as_str()), ("loss", "mad"));
}

#[test]
fn a_loss_says_what_makes_predictions_of_outputs() {
    let [identity, sigmoid, softmax] =
        [OutputLink::Identity, OutputLink::Sigmoid, OutputLink::Softmax];
    let links = all_losses::<f32>().map(|loss| loss.link());
    assert_eq!(links, [identity, identity, identity, identity, identity, sigmoid, softmax]);
}

#[test]
fn a_huber_loss_has_its_delta() {
    assert_eq!(Huber::new(0.3).unwrap().delta(), 0.3);
    assert_eq!(Huber::default().delta(), 1.0);
}

#[test]
fn losses_have_long_names_too() {
    let kinds =
        ["mean-squared-error", "mean-absolute-error", "cross-entropy", "sigmoid-cross-entropy"]
            .map(|name| name.parse::<LossKind>().unwrap());
    let expected = [
        LossKind::MeanSquaredError,
        LossKind::MeanAbsoluteError,
        LossKind::SoftmaxCrossEntropy,
        LossKind::SigmoidCrossEntropy,
    ];
    assert_eq!(kinds, expected);
}

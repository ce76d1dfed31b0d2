//! What losses promise besides their derivatives.

use nnfs_activations::Softmax;
use nnfs_losses::{
    BinaryCrossEntropy, CategoricalCrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError,
    SoftmaxCrossEntropy,
};
use nnfs_tensor::{Layer, Loss, Scalar, Tensor};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

fn all_losses<T: Scalar>() -> [Box<dyn Loss<T>>; 6] {
    [
        Box::new(MeanSquaredError::new()),
        Box::new(MeanAbsoluteError::new()),
        Box::new(Huber::default()),
        Box::new(BinaryCrossEntropy::new()),
        Box::new(CategoricalCrossEntropy::new()),
        Box::new(SoftmaxCrossEntropy::new()),
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
        let mut fused = SoftmaxCrossEntropy::new();
        let (mut softmax, mut separate) = (Softmax::new(), CategoricalCrossEntropy::new());
        let probabilities = softmax.forward(&logits);
        let loss = separate.forward(probabilities, &targets);
        prop_assert!((fused.forward(&logits, &targets) - loss).abs() < 1e-12 * (1.0 + loss));
        let gradient = separate.backward(probabilities, &targets);
        let gradient = softmax.backward(&logits, gradient);
        prop_assert!((fused.backward(&logits, &targets) - gradient).amax() < 1e-14);
    }

    #[test]
    fn a_permutation_of_the_batch_changes_nothing((logits, targets) in logits_and_classes()) {
        let order: Vec<usize> = (0..logits.nrows()).rev().collect();
        let predictions = logits.map(|logit| 1.0 / (1.0 + (-logit).exp()));
        for mut loss in all_losses() {
            let value = loss.forward(&predictions, &targets);
            let gradient = loss.backward(&predictions, &targets).clone();
            let (predictions, targets) =
                (predictions.select_rows(&order), targets.select_rows(&order));
            prop_assert!((loss.forward(&predictions, &targets) - value).abs() < 1e-13);
            prop_assert_eq!(loss.backward(&predictions, &targets), &gradient.select_rows(&order));
        }
    }

    #[test]
    fn twice_the_same_batch_has_the_same_loss((logits, targets) in logits_and_classes()) {
        let twice: Vec<usize> = (0..logits.nrows()).chain(0..logits.nrows()).collect();
        let predictions = logits.map(|logit| 1.0 / (1.0 + (-logit).exp()));
        for loss in all_losses() {
            let once = loss.forward(&predictions, &targets);
            let twice =
                loss.forward(&predictions.select_rows(&twice), &targets.select_rows(&twice));
            prop_assert!((once - twice).abs() < 1e-13 * (1.0 + once.abs()));
        }
    }
}

/// The chapter's backward gives infinities at p = 0 and NaN where p and y are both 0.
#[test]
fn certainty_gives_finite_losses_and_gradients() {
    let predictions = Tensor::from_row_slice(2, 2, &[0.0, 1.0, 1.0, 0.0]);
    let targets = Tensor::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 0.0]);
    let mut losses: [Box<dyn Loss<f32>>; 2] =
        [Box::new(BinaryCrossEntropy::new()), Box::new(CategoricalCrossEntropy::new())];
    for loss in &mut losses {
        // -ln(1e-7) where surely wrong.
        let value = loss.forward(&predictions, &targets);
        assert!((value - 16.118 / 2.0).abs() < 1e-3, "{value}");
        assert_eq!(loss.backward(&predictions, &targets), &Tensor::zeros(2, 2));
    }
    let mut fused = SoftmaxCrossEntropy::<f32>::new();
    let logits = Tensor::from_row_slice(1, 2, &[-1000.0, 1000.0]);
    let targets = Tensor::from_row_slice(1, 2, &[1.0, 0.0]);
    assert_eq!(fused.forward(&logits, &targets), 2000.0);
    assert_eq!(fused.backward(&logits, &targets).as_slice(), [-1.0, 1.0]);
}

#[test]
fn a_nan_is_not_hidden() {
    let predictions = Tensor::from_row_slice(1, 2, &[f64::NAN, 0.5]);
    let targets = Tensor::from_row_slice(1, 2, &[1.0, 0.0]);
    for mut loss in all_losses() {
        assert!(loss.forward(&predictions, &targets).is_nan(), "{loss:?}");
        // But for MAE's sign, the gradient says so too.
        let gradient = loss.backward(&predictions, &targets)[0];
        let mae = format!("{loss:?}").starts_with("MeanAbsoluteError");
        assert!(gradient.is_nan() || mae, "{loss:?}");
    }
}

#[test]
fn where_prediction_and_target_are_equal_the_slope_of_mae_is_0() {
    let values = Tensor::from_row_slice(1, 3, &[0.0, -1.0, 2.0]);
    assert_eq!(MeanAbsoluteError::<f64>::new().backward(&values, &values), &Tensor::zeros(1, 3));
}

#[test]
fn delta_of_huber_is_checked() {
    for delta in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Huber::<f32>::new(delta).unwrap_err().name, "delta of Huber");
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
    for mut loss in all_losses::<f64>() {
        let both = "predictions are 3x1, but targets are 3x2";
        assert_eq!(message(&mut || _ = loss.forward(&narrow, &wide)), both);
        assert_eq!(message(&mut || _ = loss.backward(&narrow, &wide)), both);
    }
}

//! Every loss's `backward` against central differences, over random shapes and values; and the
//! chapter's sign of the mean absolute error, which the check must refuse.

use nnfs_gradcheck::{GradientCheck, GradientError};
use nnfs_losses::{
    BinaryCrossEntropy, CategoricalCrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError,
    SigmoidCrossEntropy, SoftmaxCrossEntropy,
};
use nnfs_tensor::{Description, Loss, OutputLink, Tensor};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

/// Predictions and targets of one random shape, from two ranges of numbers.
fn pair(
    prediction: impl Strategy<Value = f64> + Clone,
    target: impl Strategy<Value = f64> + Clone,
) -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>)> {
    (1..6_usize, 1..6_usize).prop_flat_map(move |(rows, columns)| {
        let tensor = move |values| Tensor::from_vec(rows, columns, values);
        let predictions = prop::collection::vec(prediction.clone(), rows * columns);
        let targets = prop::collection::vec(target.clone(), rows * columns);
        (predictions.prop_map(tensor), targets.prop_map(tensor))
    })
}

fn check(
    loss: &dyn Loss<f64>,
    (predictions, targets): &(Tensor<f64>, Tensor<f64>),
) -> Result<(), TestCaseError> {
    let check = GradientCheck::default().max_skipped(0.0).unwrap();
    let report = check.loss(loss, predictions, targets);
    let report = report.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(report.checked, predictions.len());
    Ok(())
}

/// Whether every error is farther than a check reaches from a place where the slope jumps.
fn is_away_from(kink: f64, (predictions, targets): &(Tensor<f64>, Tensor<f64>)) -> bool {
    (predictions - targets).iter().all(|error| (error.abs() - kink).abs() > 1e-2)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/gradients.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn mean_squared_error(data in pair(-9.0..9.0, -9.0..9.0)) {
        check(&MeanSquaredError, &data)?;
    }

    #[test]
    fn mean_absolute_error(data in pair(-9.0..9.0, -9.0..9.0)) {
        prop_assume!(is_away_from(0.0, &data));
        check(&MeanAbsoluteError, &data)?;
    }

    #[test]
    fn huber(data in pair(-9.0..9.0, -9.0..9.0), delta in 0.1..9.0) {
        // Its slope has no jump, but the change of its bend is one too.
        prop_assume!(is_away_from(delta, &data));
        check(&Huber::new(delta).unwrap(), &data)?;
    }

    #[test]
    fn binary_cross_entropy(data in pair(0.02..0.98, 0.0..=1.0)) {
        check(&BinaryCrossEntropy, &data)?;
    }

    #[test]
    fn categorical_cross_entropy(data in pair(0.02..0.98, 0.0..=1.0)) {
        check(&CategoricalCrossEntropy, &data)?;
    }

    /// Beyond the clip the loss is flat, and so is the derivative: 0.
    #[test]
    fn cross_entropies_where_the_clip_binds(
        data in pair(prop_oneof![-2.0..-0.1, 0.02..0.98, 1.1..2.0], 0.0..=1.0),
    ) {
        check(&BinaryCrossEntropy, &data)?;
        check(&CategoricalCrossEntropy, &data)?;
    }

    #[test]
    fn softmax_cross_entropy(data in pair(-9.0..9.0, 0.0..=1.0)) {
        check(&SoftmaxCrossEntropy, &data)?;
    }

    #[test]
    fn sigmoid_cross_entropy(data in pair(-9.0..9.0, 0.0..=1.0)) {
        check(&SigmoidCrossEntropy, &data)?;
    }

    #[test]
    fn the_chapters_sign_of_mae_is_refused(data in pair(-9.0..9.0, -9.0..9.0)) {
        prop_assume!(is_away_from(0.0, &data));
        let (predictions, targets) = &data;
        let refused = GradientCheck::default().loss(&ChapterMae, predictions, targets);
        let is_wrong = matches!(refused, Err(GradientError::Wrong { .. }));
        prop_assert!(is_wrong, "{refused:?}");
    }
}

/// The mean absolute error with the chapter's backward: `sign(y_true - dvalues) / outputs /
/// samples` climbs where it should descend.
#[derive(Debug)]
struct ChapterMae;

impl Loss<f64> for ChapterMae {
    fn value(&self, predictions: &Tensor<f64>, targets: &Tensor<f64>) -> f64 {
        MeanAbsoluteError.value(predictions, targets)
    }

    fn gradient_to(
        &self,
        predictions: &Tensor<f64>,
        targets: &Tensor<f64>,
        gradient: &mut Tensor<f64>,
    ) {
        let (samples, outputs) = predictions.shape();
        let sign = |error: f64| error.signum() / outputs as f64 / samples as f64;
        *gradient = (targets - predictions).map(sign);
    }

    fn link(&self) -> OutputLink {
        OutputLink::Identity
    }

    fn description(&self) -> Description {
        Description::new("chapter_mae")
    }
}

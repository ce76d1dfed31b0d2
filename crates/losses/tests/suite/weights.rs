//! Losses with a weight for each sample: 2 is a doubled row, 0 a removed one, and the gradient is that of
//! the weighted value.

use nnfs_gradcheck::GradientCheck;
use nnfs_losses::{
    BinaryCrossEntropy, CategoricalCrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError,
    SigmoidCrossEntropy, SoftmaxCrossEntropy,
};
use nnfs_tensor::{Description, Loss, OutputLink, Tensor};
use nnfs_testing::gradient;
use proptest::prelude::*;

fn losses() -> [Box<dyn Loss<f64>>; 7] {
    [
        Box::new(MeanSquaredError),
        Box::new(MeanAbsoluteError),
        Box::new(Huber::new(0.25).unwrap()),
        Box::new(BinaryCrossEntropy),
        Box::new(CategoricalCrossEntropy),
        Box::new(SigmoidCrossEntropy),
        Box::new(SoftmaxCrossEntropy),
    ]
}

/// A loss of a user, with the four methods that it needs.
#[derive(Debug)]
struct FourMethods<'a>(&'a dyn Loss<f64>);

impl Loss<f64> for FourMethods<'_> {
    fn value(&self, predictions: &Tensor<f64>, targets: &Tensor<f64>) -> f64 {
        self.0.value(predictions, targets)
    }

    fn gradient_to(&self, p: &Tensor<f64>, y: &Tensor<f64>, gradient: &mut Tensor<f64>) {
        self.0.gradient_to(p, y, gradient);
    }

    fn link(&self) -> OutputLink {
        self.0.link()
    }

    fn description(&self) -> Description {
        self.0.description()
    }
}

/// A loss with fixed weights, as the gradient check takes it.
#[derive(Debug)]
struct Weighted<'a>(&'a dyn Loss<f64>, &'a [f64]);

impl Loss<f64> for Weighted<'_> {
    fn value(&self, predictions: &Tensor<f64>, targets: &Tensor<f64>) -> f64 {
        self.0.weighted_value(predictions, targets, self.1)
    }

    fn gradient_to(&self, p: &Tensor<f64>, y: &Tensor<f64>, gradient: &mut Tensor<f64>) {
        self.0.weighted_gradient_to(p, y, self.1, gradient);
    }

    fn link(&self) -> OutputLink {
        self.0.link()
    }

    fn description(&self) -> Description {
        self.0.description()
    }
}

/// Predictions that are probabilities and logits alike, targets, and how often each row counts.
fn data() -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>, Vec<usize>)> {
    (1..8_usize, 1..5_usize).prop_flat_map(|(rows, columns)| {
        let predictions = prop::collection::vec(0.02..0.98, rows * columns);
        let targets = prop::collection::vec(0.0..1.0, rows * columns);
        let counts = prop::collection::vec(0..4_usize, rows);
        (predictions, targets, counts).prop_map(move |(predictions, targets, counts)| {
            let tensor = |values| Tensor::from_vec(rows, columns, values);
            (tensor(predictions), tensor(targets), counts)
        })
    })
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-12 * (1.0 + expected.abs())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_weight_is_how_often_a_row_counts((predictions, targets, counts) in data()) {
        prop_assume!(counts.iter().any(|&count| count > 0));
        let weights: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
        let repeated = counts.iter().enumerate().flat_map(|(row, &count)| vec![row; count]);
        let rows: Vec<usize> = repeated.collect();
        let (many, many_targets) = (predictions.select_rows(&rows), targets.select_rows(&rows));
        for loss in &losses() {
            let loss = &**loss;
            let expected = loss.value(&many, &many_targets);
            // The gradient of a row is the sum of those of its copies.
            let mut expected_gradient = Tensor::zeros(predictions.nrows(), predictions.ncols());
            for (copy, &row) in gradient(loss, &many, &many_targets).row_iter().zip(&rows) {
                let mut sum = expected_gradient.row_mut(row);
                sum += copy;
            }
            for loss in [loss, &FourMethods(loss)] {
                let value = loss.weighted_value(&predictions, &targets, &weights);
                prop_assert!(close(value, expected), "{loss:?}: {value} {expected}");
                let found = gradient(&Weighted(loss, &weights), &predictions, &targets);
                for (&found, &expected) in found.iter().zip(&expected_gradient) {
                    prop_assert!(close(found, expected), "{loss:?}: {found} {expected}");
                }
            }
        }
    }

    #[test]
    fn the_gradient_is_that_of_the_weighted_value(
        (predictions, targets, _) in data(), weights in prop::collection::vec(0.1..5.0, 8),
    ) {
        // Absolute losses have a kink where the error is 0, and Huber's bends at delta.
        let away = |kink: f64| {
            (&predictions - &targets).iter().all(|error| (error.abs() - kink).abs() > 1e-2)
        };
        prop_assume!(away(0.0) && away(0.25));
        let weights = &weights[..predictions.nrows()];
        let check = GradientCheck::default().max_skipped(0.0).unwrap();
        for loss in &losses() {
            let loss = &**loss;
            let report = check.loss(&Weighted(loss, weights), &predictions, &targets);
            prop_assert!(report.is_ok(), "{loss:?}: {report:?}");
        }
    }
}

#[test]
fn a_row_of_weight_0_may_hold_anything() {
    let targets = Tensor::from_row_slice(2, 2, &[0.0, 1.0, 0.0, 1.0]);
    let predictions = Tensor::from_row_slice(2, 2, &[f64::NAN, f64::INFINITY, 0.25, 0.75]);
    for loss in &losses() {
        for loss in [&**loss, &FourMethods(&**loss)] {
            let loss = Weighted(loss, &[0.0, 3.0]);
            let alone = (predictions.rows(1, 1).into_owned(), targets.rows(1, 1).into_owned());
            assert_eq!(loss.value(&predictions, &targets), loss.0.value(&alone.0, &alone.1));
            let found = gradient(&loss, &predictions, &targets);
            assert_eq!(found.row(0).iter().collect::<Vec<_>>(), [&0.0, &0.0], "{loss:?}");
            assert_eq!(found.row(1), gradient(loss.0, &alone.0, &alone.1).row(0), "{loss:?}");
        }
    }
}

#[test]
#[should_panic(expected = "weights: expected 2, one for each row, found 3")]
fn there_is_one_weight_for_each_row() {
    let tensor = Tensor::<f64>::zeros(2, 1);
    MeanSquaredError.weighted_value(&tensor, &tensor, &[1.0; 3]);
}

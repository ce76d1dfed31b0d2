//! The losses against NumPy, in double and single precision; `../golden.py` says
//! how the values were computed.

#[path = "../golden/cross_entropies.rs"]
#[rustfmt::skip]
mod cross_entropies;
#[path = "../golden/regression.rs"]
#[rustfmt::skip]
mod regression;

use cross_entropies::*;
use nnfs_losses::{
    BinaryCrossEntropy, CategoricalCrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError,
    SigmoidCrossEntropy, SoftmaxCrossEntropy,
};
use nnfs_tensor::{Loss, Scalar, Tensor};
use nnfs_testing::gradient;
use regression::*;

type Rows<T> = &'static [&'static [T]];

/// One loss, its value and its gradient.
struct Case<T: 'static> {
    predictions: Rows<T>,
    targets: Rows<T>,
    loss: f64,
    gradient: Rows<T>,
}

fn tensor<T: Scalar>(rows: Rows<T>) -> Tensor<T> {
    Tensor::from_fn(rows.len(), rows[0].len(), |row, column| rows[row][column])
}

/// Whether two numbers differ by no more than `tolerance * |expected|`.
fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * expected.abs()
}

/// Checks a loss and its gradient, the latter within a relative tolerance.
///
/// Every loss is summed in double precision: at most 21 entries, rounded by half an epsilon each
/// time one is added, though never all in one direction, and a logarithm in each.
#[track_caller]
fn check<T: Scalar>(loss: &impl Loss<T>, case: &Case<T>, of_gradients: f64) {
    let (predictions, targets) = (tensor(case.predictions), tensor(case.targets));
    let found = loss.value(&predictions, &targets);
    assert!(close(found, case.loss, 8.0 * DOUBLE), "loss {found}, expected {}", case.loss);

    let (found, expected) = (gradient(loss, &predictions, &targets), tensor(case.gradient));
    assert_eq!(found.shape(), expected.shape());
    for (position, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let (found, expected) = (found.to_f64(), expected.to_f64());
        let close = close(found, expected, of_gradients);
        assert!(close, "gradient, entry {position} by columns: {found}, expected {expected}");
    }
}

const DOUBLE: f64 = f64::EPSILON;
const SINGLE: f64 = f32::EPSILON as f64;

#[test]
fn mean_squared_error() {
    check(&MeanSquaredError, &MEAN_SQUARED_ERROR_F64, 0.0);
    check(&MeanSquaredError, &MEAN_SQUARED_ERROR_F32, 0.0);
}

#[test]
fn mean_absolute_error_with_ties() {
    check(&MeanAbsoluteError, &MEAN_ABSOLUTE_ERROR_F64, 0.0);
    check(&MeanAbsoluteError, &MEAN_ABSOLUTE_ERROR_F32, 0.0);
}

#[test]
fn huber_on_both_sides_of_delta() {
    check(&Huber::default(), &HUBER_1_F64, 0.0);
    check(&Huber::default(), &HUBER_1_F32, 0.0);
    check(&Huber::new(0.25).unwrap(), &HUBER_QUARTER_F64, 0.0);
    check(&Huber::new(0.25).unwrap(), &HUBER_QUARTER_F32, 0.0);
}

#[test]
fn binary_cross_entropy_where_the_clip_binds_and_elsewhere() {
    check(&BinaryCrossEntropy, &BINARY_CROSS_ENTROPY_F64, 0.0);
    check(&BinaryCrossEntropy, &BINARY_CROSS_ENTROPY_F32, 0.0);
}

#[test]
fn categorical_cross_entropy_where_the_clip_binds_and_elsewhere() {
    check(&CategoricalCrossEntropy, &CATEGORICAL_CROSS_ENTROPY_F64, 0.0);
    check(&CategoricalCrossEntropy, &CATEGORICAL_CROSS_ENTROPY_F32, 0.0);
}

// A probability is wrong by 4 epsilons at most (three exponentials, their sum, a division), and
// taking off the target makes that larger by p / (target - p), here at most 2.5.
#[test]
fn softmax_cross_entropy() {
    check(&SoftmaxCrossEntropy, &SOFTMAX_CROSS_ENTROPY_F64, 12.0 * DOUBLE);
    check(&SoftmaxCrossEntropy, &SOFTMAX_CROSS_ENTROPY_F32, 12.0 * SINGLE);
}

// A probability is wrong by 2 epsilons at most (an exponential, a sum, a division), taking off the target
// makes that larger by p / |p - y|, here at most 2.5, and the difference and two divisions are rounded.
#[test]
fn sigmoid_cross_entropy() {
    check(&SigmoidCrossEntropy, &SIGMOID_CROSS_ENTROPY_F64, 8.0 * DOUBLE);
    check(&SigmoidCrossEntropy, &SIGMOID_CROSS_ENTROPY_F32, 8.0 * SINGLE);
}

//! Value and gradient of every loss. An "item" is one prediction.

use divan::Bencher;
use divan::counter::ItemsCount;
use nnfs_losses::{
    BinaryCrossEntropy, CategoricalCrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError,
    SigmoidCrossEntropy, SoftmaxCrossEntropy,
};
use nnfs_tensor::{Loss, Scalar, Tensor};

fn main() {
    divan::main();
}

const NAMES: [&str; 7] = [
    "mean_squared_error",
    "mean_absolute_error",
    "huber",
    "binary_cross_entropy",
    "categorical_cross_entropy",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
];

fn loss<T: Scalar>(name: &str) -> Box<dyn Loss<T>> {
    match name {
        "mean_squared_error" => Box::new(MeanSquaredError),
        "mean_absolute_error" => Box::new(MeanAbsoluteError),
        "huber" => Box::new(Huber::new(0.5).expect("a delta above 0")),
        "binary_cross_entropy" => Box::new(BinaryCrossEntropy),
        "categorical_cross_entropy" => Box::new(CategoricalCrossEntropy),
        "sigmoid_cross_entropy" => Box::new(SigmoidCrossEntropy),
        "softmax_cross_entropy" => Box::new(SoftmaxCrossEntropy),
        name => unreachable!("{name} is none of the names"),
    }
}

/// Three probabilities a sample and one-hot targets: a batch that every loss takes.
fn batch<T: Scalar>() -> (Tensor<T>, Tensor<T>) {
    let probability = |row, column| 0.5 + 0.4 * (row as f64 + column as f64).sin();
    let target = |row: usize, column| if row % 3 == column { 1.0 } else { 0.0 };
    (
        Tensor::from_fn(1000, 3, |row, column| T::from_f64(probability(row, column))),
        Tensor::from_fn(1000, 3, |row, column| T::from_f64(target(row, column))),
    )
}

#[divan::bench(types = [f32, f64], args = NAMES)]
fn value<T: Scalar>(bencher: Bencher<'_, '_>, name: &str) {
    let (loss, (predictions, targets)) = (loss::<T>(name), batch());
    bencher
        .counter(ItemsCount::new(predictions.len()))
        .bench_local(|| loss.value(&predictions, &targets));
}

#[divan::bench(types = [f32, f64], args = NAMES)]
fn gradient<T: Scalar>(bencher: Bencher<'_, '_>, name: &str) {
    let (loss, (predictions, targets)) = (loss::<T>(name), batch());
    let mut gradient = Tensor::default();
    bencher.counter(ItemsCount::new(predictions.len())).bench_local(|| {
        loss.gradient_to(&predictions, &targets, &mut gradient);
    });
}

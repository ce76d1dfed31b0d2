//! Every loss, forward and backward. An "item" is one prediction.

use divan::Bencher;
use divan::counter::ItemsCount;
use nnfs_losses::{
    BinaryCrossEntropy, CategoricalCrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError,
    SoftmaxCrossEntropy,
};
use nnfs_tensor::{Loss, Scalar, Tensor};

fn main() {
    divan::main();
}

const NAMES: [&str; 6] = [
    "mean_squared_error",
    "mean_absolute_error",
    "huber",
    "binary_cross_entropy",
    "categorical_cross_entropy",
    "softmax_cross_entropy",
];

fn loss<T: Scalar>(name: &str) -> Box<dyn Loss<T>> {
    match name {
        "mean_squared_error" => Box::new(MeanSquaredError::new()),
        "mean_absolute_error" => Box::new(MeanAbsoluteError::new()),
        "huber" => Box::new(Huber::new(0.5).expect("a delta above 0")),
        "binary_cross_entropy" => Box::new(BinaryCrossEntropy::new()),
        "categorical_cross_entropy" => Box::new(CategoricalCrossEntropy::new()),
        "softmax_cross_entropy" => Box::new(SoftmaxCrossEntropy::new()),
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
fn forward<T: Scalar>(bencher: Bencher<'_, '_>, name: &str) {
    let (loss, (predictions, targets)) = (loss::<T>(name), batch());
    bencher
        .counter(ItemsCount::new(predictions.len()))
        .bench_local(|| loss.forward(&predictions, &targets));
}

#[divan::bench(types = [f32, f64], args = NAMES)]
fn backward<T: Scalar>(bencher: Bencher<'_, '_>, name: &str) {
    let (mut loss, (predictions, targets)) = (loss::<T>(name), batch());
    bencher.counter(ItemsCount::new(predictions.len())).bench_local(|| {
        loss.backward(&predictions, &targets);
    });
}

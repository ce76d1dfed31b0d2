//! One step of every optimizer over the chapter's network of 1-64-64-1. An "item" is a parameter.

use divan::Bencher;
use divan::counter::ItemsCount;
use nnfs_optimizers::{AdaGrad, Adam, AdamW, LearningRate, RmsProp, Sgd};
use nnfs_tensor::{Optimizer, Parameter, Scalar, SettingError, Tensor, Trainable};

fn main() {
    divan::main();
}

const NAMES: [&str; 6] = ["sgd", "sgd with momentum", "adagrad", "rmsprop", "adam", "adamw"];

fn optimizer<T: Scalar>(name: &str) -> Result<Box<dyn Optimizer<T>>, SettingError> {
    let rate = LearningRate::inverse_time(0.005, 1e-3)?;
    Ok(match name {
        "sgd" => Box::new(Sgd::new(rate)),
        "sgd with momentum" => Box::new(Sgd::new(rate).momentum(0.9)),
        "adagrad" => Box::new(AdaGrad::new(rate)),
        "rmsprop" => Box::new(RmsProp::new(rate)),
        "adam" => Box::new(Adam::new(rate)),
        "adamw" => Box::new(AdamW::new(rate)),
        name => unreachable!("{name} is none of the names"),
    })
}

/// Weights and biases, layer by layer, with gradients between -1 and 1.
fn network<T: Scalar>() -> [Parameter<T>; 6] {
    [(1, 64), (1, 64), (64, 64), (1, 64), (64, 1), (1, 1)].map(|(rows, columns)| {
        let number = |row, column| (row as f64 + 0.1 * column as f64).sin();
        let numbers =
            Tensor::from_fn(rows, columns, |row, column| T::from_f64(number(row, column)));
        let mut parameter = Parameter::new(numbers.clone());
        parameter.gradient = numbers;
        parameter
    })
}

#[divan::bench(types = [f32, f64], args = NAMES)]
fn step<T: Scalar>(bencher: Bencher<'_, '_>, name: &str) {
    let mut network = network::<T>();
    let mut optimizer = optimizer(name).expect("settings in range");
    let count = network.as_slice().parameter_count();
    assert_eq!(count, 4353, "the parameters of 1-64-64-1");
    bencher.counter(ItemsCount::new(count)).bench_local(|| optimizer.step(&mut network));
}

//! The three products of a dense layer. An "item" is one multiplication with its addition.

use std::fmt;

use divan::Bencher;
use divan::counter::ItemsCount;
use nnfs_tensor::{
    Description, Elementwise, Epilogue, Scalar, Tensor, dense_to, multiply_transpose_to,
    transpose_multiply_to,
};

fn main() {
    divan::main();
}

/// A dense layer and a batch for it.
#[derive(Clone, Copy)]
struct Layer {
    batch: usize,
    inputs: usize,
    outputs: usize,
}

/// The layers of the chapter's network of 1-64-64-1, in a small batch and in the chapter's own, and
/// a layer whose matrices do not fit into the first cache.
const LAYERS: [Layer; 7] = [
    Layer { batch: 32, inputs: 1, outputs: 64 },
    Layer { batch: 32, inputs: 64, outputs: 64 },
    Layer { batch: 32, inputs: 64, outputs: 1 },
    Layer { batch: 1000, inputs: 1, outputs: 64 },
    Layer { batch: 1000, inputs: 64, outputs: 64 },
    Layer { batch: 1000, inputs: 64, outputs: 1 },
    Layer { batch: 512, inputs: 512, outputs: 512 },
];

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {}-{}", self.batch, self.inputs, self.outputs)
    }
}

impl Layer {
    /// Each of the three products is as much work as the others.
    fn work(self) -> ItemsCount {
        ItemsCount::new(self.batch * self.inputs * self.outputs)
    }
}

/// ReLU, which the products apply while they write their outputs.
#[derive(Debug)]
struct Relu;

impl<T: Scalar> Elementwise<T> for Relu {
    fn apply(&self, input: T) -> T {
        if input <= T::ZERO { T::ZERO } else { input }
    }
    fn chain(&self, output: T, gradient: T) -> T {
        if output <= T::ZERO { T::ZERO } else { gradient }
    }
    fn description(&self) -> Description {
        Description::new("relu")
    }
    fn epilogue<'a>(&self, biases: &'a [T]) -> Option<Epilogue<'a, T>> {
        Some(Epilogue::BiasRelu(biases))
    }
}

/// Numbers between -1 and 1.
fn tensor<T: Scalar>(rows: usize, columns: usize) -> Tensor<T> {
    Tensor::from_fn(rows, columns, |row, column| T::from_f64((row as f64 + column as f64).sin()))
}

#[divan::bench(types = [f32, f64], args = LAYERS)]
fn forward<T: Scalar>(bencher: Bencher<'_, '_>, layer: Layer) {
    let Layer { batch, inputs, outputs } = layer;
    let (data, weights) = (tensor::<T>(batch, inputs), tensor(inputs, outputs));
    let biases = tensor(1, outputs);
    let mut results = tensor(batch, outputs);
    bencher.counter(layer.work()).bench_local(|| {
        dense_to(&data, &weights, &biases, Some(&Relu), &mut results);
    });
}

#[divan::bench(types = [f32, f64], args = LAYERS)]
fn weight_gradient<T: Scalar>(bencher: Bencher<'_, '_>, layer: Layer) {
    let Layer { batch, inputs, outputs } = layer;
    let (data, gradient) = (tensor::<T>(batch, inputs), tensor(batch, outputs));
    let mut results = tensor(inputs, outputs);
    bencher
        .counter(layer.work())
        .bench_local(|| transpose_multiply_to(&data, &gradient, &mut results));
}

#[divan::bench(types = [f32, f64], args = LAYERS)]
fn input_gradient<T: Scalar>(bencher: Bencher<'_, '_>, layer: Layer) {
    let Layer { batch, inputs, outputs } = layer;
    let (gradient, weights) = (tensor::<T>(batch, outputs), tensor(inputs, outputs));
    let mut results = tensor(batch, inputs);
    bencher
        .counter(layer.work())
        .bench_local(|| multiply_transpose_to(&gradient, &weights, &mut results));
}

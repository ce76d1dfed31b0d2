//! Every activation as a layer, forward and backward. `linear` is what copying costs.

use divan::Bencher;
use divan::counter::ItemsCount;
use nnfs_activations::{Activation, LeakyRelu, Linear, Relu, Sigmoid, Softmax, Tanh};
use nnfs_tensor::{Layer, Scalar, Tensor};

fn main() {
    divan::main();
}

/// A hidden layer's outputs of one batch of the chapter.
const SHAPE: (usize, usize) = (1000, 64);

fn layers<T: Scalar>() -> [Box<dyn Layer<T>>; 6] {
    [
        Box::new(Activation::new(Linear)),
        Box::new(Activation::new(Relu)),
        Box::new(Activation::new(LeakyRelu::default())),
        Box::new(Activation::new(Sigmoid)),
        Box::new(Activation::new(Tanh)),
        Box::new(Softmax),
    ]
}

fn kinds() -> [String; 6] {
    layers::<f32>().map(|layer| layer.description().kind)
}

fn layer<T: Scalar>(kind: &str) -> Box<dyn Layer<T>> {
    let mut layers = layers().into_iter();
    layers.find(|layer| layer.description().kind == kind).expect("one of the kinds")
}

/// Numbers between -2 and 2, of both signs in no order that a CPU could learn.
fn inputs<T: Scalar>() -> Tensor<T> {
    let (rows, columns) = SHAPE;
    let number = |row, column| 2.0 * ((row * columns + column) as f64).powi(2).sin();
    Tensor::from_fn(rows, columns, |row, column| T::from_f64(number(row, column)))
}

#[divan::bench(types = [f32, f64], args = kinds())]
fn forward<T: Scalar>(bencher: Bencher<'_, '_>, kind: &str) {
    let (mut layer, inputs, mut outputs) = (layer::<T>(kind), inputs(), Tensor::default());
    bencher.counter(ItemsCount::new(inputs.len())).bench_local(|| {
        layer.forward_to(&inputs, &mut outputs);
    });
}

#[divan::bench(types = [f32, f64], args = kinds())]
fn backward<T: Scalar>(bencher: Bencher<'_, '_>, kind: &str) {
    let (mut layer, inputs) = (layer::<T>(kind), inputs());
    let (mut outputs, mut input_gradient) = (Tensor::default(), Tensor::default());
    layer.forward_to(&inputs, &mut outputs);
    let gradient = inputs.clone();
    bencher.counter(ItemsCount::new(inputs.len())).bench_local(|| {
        layer.backward_to(&inputs, &outputs, &gradient, Some(&mut input_gradient));
    });
}

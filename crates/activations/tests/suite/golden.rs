//! The activations against NumPy, in double and single precision; `../golden.py`
//! says how the values were computed.

#[path = "../golden/values.rs"]
#[rustfmt::skip]
mod values;

use nnfs_activations::{Activation, LeakyRelu, Linear, Relu, Sigmoid, Softmax, Tanh};
use nnfs_tensor::{Layer, Scalar, Tensor};
use nnfs_testing::{backward, forward, predict};
use values::*;

type Rows<T> = &'static [&'static [T]];

/// One activation, forward and backward.
struct Case<T: 'static> {
    inputs: Rows<T>,
    outputs: Rows<T>,
    gradient: Rows<T>,
    input_gradient: Rows<T>,
}

fn tensor<T: Scalar>(rows: Rows<T>) -> Tensor<T> {
    Tensor::from_fn(rows.len(), rows[0].len(), |row, column| rows[row][column])
}

/// Every entry of `found` is within `tolerance * |entry|` of the expected one.
#[track_caller]
fn assert_close<T: Scalar>(what: &str, found: &Tensor<T>, expected: &Tensor<T>, tolerance: f64) {
    assert_eq!(found.shape(), expected.shape(), "{what}");
    for (position, (found, expected)) in found.iter().zip(expected).enumerate() {
        let (found, expected) = (found.to_f64(), expected.to_f64());
        let close = (found - expected).abs() <= tolerance * expected.abs();
        assert!(close, "{what}, entry {position} by columns: {found}, expected {expected}");
    }
}

/// Runs a layer forward, backward and in prediction; the tolerances are relative.
#[track_caller]
fn check<T: Scalar>(mut layer: impl Layer<T>, case: &Case<T>, of_outputs: f64, of_gradients: f64) {
    let (inputs, outputs) = (tensor(case.inputs), tensor(case.outputs));
    let found = forward(&mut layer, &inputs);
    assert_close("outputs", &found, &outputs, of_outputs);
    let input_gradient = backward(&mut layer, &inputs, &found, &tensor(case.gradient));
    assert_close("input gradient", &input_gradient, &tensor(case.input_gradient), of_gradients);
    assert_close("predictions", &predict(&layer, &inputs), &outputs, of_outputs);
}

const DOUBLE: f64 = f64::EPSILON;
const SINGLE: f64 = f32::EPSILON as f64;

#[test]
fn linear_exactly() {
    check(Activation::new(Linear), &LINEAR_F64, 0.0, 0.0);
    check(Activation::new(Linear), &LINEAR_F32, 0.0, 0.0);
}

#[test]
fn relu_exactly() {
    check(Activation::new(Relu), &RELU_F64, 0.0, 0.0);
    check(Activation::new(Relu), &RELU_F32, 0.0, 0.0);
}

#[test]
fn leaky_relu_exactly() {
    check(Activation::new(LeakyRelu::default()), &LEAKY_RELU_F64, 0.0, 0.0);
    check(Activation::new(LeakyRelu::default()), &LEAKY_RELU_F32, 0.0, 0.0);
}

// An `exp` or a `tanh` may be wrong by one epsilon, an operation after it by half of one: 2 in an
// output. `1 - y` makes that larger by `y / (1 - y)`, here at most 8, and for tanh
// `2 y^2 / (1 - y^2)`, here at most 27.
#[test]
fn sigmoid() {
    check(Activation::new(Sigmoid), &SIGMOID_F64, 2.0 * DOUBLE, 20.0 * DOUBLE);
    check(Activation::new(Sigmoid), &SIGMOID_F32, 2.0 * SINGLE, 20.0 * SINGLE);
}

#[test]
fn tanh() {
    check(Activation::new(Tanh), &TANH_F64, 2.0 * DOUBLE, 60.0 * DOUBLE);
    check(Activation::new(Tanh), &TANH_F32, 2.0 * SINGLE, 60.0 * SINGLE);
}

// Four exponentials (1 each), their sum (1.5) and a division (0.5): 4 in an output. Twice that in
// the mean that is taken off, and as much again since the mean may be twice what remains.
#[test]
fn softmax() {
    check(Softmax, &SOFTMAX_F64, 4.0 * DOUBLE, 20.0 * DOUBLE);
    check(Softmax, &SOFTMAX_F32, 4.0 * SINGLE, 20.0 * SINGLE);
}

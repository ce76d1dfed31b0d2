//! The dense layer with all four regularizers against NumPy, in double and single precision and
//! in the book's arithmetic; `../golden.py` says how the values were computed.

#[path = "../golden/values.rs"]
#[rustfmt::skip]
mod values;

use nnfs_activations::Relu;
use nnfs_layers::Dense;
use nnfs_numpy::{Kind, NumpyScalar};
use nnfs_tensor::{Layer, Penalty, Scalar, Tensor, Trainable};
use nnfs_testing::forward;
use values::*;

type Rows<T> = &'static [&'static [T]];

/// One layer, forward and backward; the gradients of the parameters hold those of the penalty.
struct Case<T: 'static> {
    inputs: Rows<T>,
    weights: Rows<T>,
    biases: Rows<T>,
    gradient: Rows<T>,
    outputs: Rows<T>,
    weight_gradient: Rows<T>,
    bias_gradient: Rows<T>,
    input_gradient: Rows<T>,
    penalty: f64,
}

/// What NumPy took the results for.
struct Kinds {
    outputs: Kind,
    weight_gradient: Kind,
    bias_gradient: Kind,
    input_gradient: Kind,
}

/// A tensor of golden values, each made a scalar.
fn tensor<V: Copy, T: Scalar>(rows: Rows<V>, scalar: impl Fn(V) -> T) -> Tensor<T> {
    Tensor::from_fn(rows.len(), rows[0].len(), |row, column| scalar(rows[row][column]))
}

#[track_caller]
fn assert_exact<V: Scalar, T: Scalar>(what: &str, found: &Tensor<T>, expected: Rows<V>) {
    assert_eq!(found.map(T::to_f64), tensor(expected, V::to_f64), "{what}");
}

/// What a layer has written into the caller's tensors.
struct Written<T: Scalar> {
    outputs: Tensor<T>,
    input_gradient: Tensor<T>,
}

/// Runs a layer whose inputs, parameters and incoming gradient are made scalars by three
/// functions, and gives it back.
#[track_caller]
fn check<V: Scalar, T: Scalar>(
    relu: bool,
    case: &Case<V>,
    [input, parameter, gradient]: [fn(V) -> T; 3],
) -> (Dense<T>, Written<T>) {
    let weights = tensor(case.weights, parameter);
    let dense = Dense::from_parameters(weights, tensor(case.biases, parameter)).unwrap();
    let mut dense = if relu { dense.activation(Relu) } else { dense }
        .weight_penalty(Penalty::new(WEIGHT_PENALTY.0, WEIGHT_PENALTY.1).unwrap())
        .bias_penalty(Penalty::new(BIAS_PENALTY.0, BIAS_PENALTY.1).unwrap());

    let (inputs, gradient) = (tensor(case.inputs, input), tensor(case.gradient, gradient));
    let mut written = Written { outputs: Tensor::default(), input_gradient: Tensor::default() };
    // Twice: the second pass meets the buffers and gradients of the first.
    for _ in 0..2 {
        dense.forward_to(&inputs, &mut written.outputs);
        assert_exact("outputs", &written.outputs, case.outputs);
        let Written { outputs, input_gradient } = &mut written;
        dense.backward_to(&inputs, outputs, &gradient, Some(input_gradient));
        assert_exact("input gradient", input_gradient, case.input_gradient);
        assert_exact("weight gradient", &dense.weights().gradient, case.weight_gradient);
        assert_exact("bias gradient", &dense.biases().gradient, case.bias_gradient);
    }

    // Sums of 12 and of 4 numbers, rounded by half an epsilon each time.
    let (found, expected) = (dense.penalty(), case.penalty);
    let close = (found - expected).abs() <= 8.0 * f64::EPSILON * expected;
    assert!(close, "penalty {found}, expected {expected}");
    (dense, written)
}

#[track_caller]
fn assert_kinds((dense, written): &(Dense<NumpyScalar>, Written<NumpyScalar>), kinds: &Kinds) {
    for (what, found, kind) in [
        ("outputs", &written.outputs, kinds.outputs),
        ("weight gradient", &dense.weights().gradient, kinds.weight_gradient),
        ("bias gradient", &dense.biases().gradient, kinds.bias_gradient),
        ("input gradient", &written.input_gradient, kinds.input_gradient),
    ] {
        assert!(found.iter().all(|value| value.kind() == kind), "{what}: not {kind:?}");
    }
}

#[test]
fn without_activation_exactly() {
    check(false, &PLAIN_F64, [f64::from_f64; 3]);
    check(false, &PLAIN_F32, [|value: f32| value; 3]);
}

#[test]
fn with_relu_exactly() {
    check(true, &RELU_F64, [f64::from_f64; 3]);
    check(true, &RELU_F32, [|value: f32| value; 3]);
}

#[test]
fn in_the_arithmetic_of_the_book_exactly() {
    let [single, double] = [NumpyScalar::float32, NumpyScalar::float64];
    let only_layer = check(false, &PLAIN_NUMPY, [double, single, double]);
    assert_kinds(&only_layer, &PLAIN_KINDS);
    let last_layer = check(true, &RELU_NUMPY, [single, single, double]);
    assert_kinds(&last_layer, &RELU_KINDS);
}

#[test]
fn a_weight_of_zero_is_left_alone_by_l1() {
    let weights = tensor(PLAIN_F64.weights, f64::from_f64);
    let position = weights.iter().position(|&weight| weight == 0.0).expect("one weight is 0");
    let inputs = tensor(PLAIN_F64.inputs, f64::from_f64);
    let gradient = tensor(PLAIN_F64.gradient, f64::from_f64);
    let [with, without] = [Penalty::l1(0.5).unwrap(), Penalty::default()].map(|penalty| {
        let mut dense = Dense::from_parameters(weights.clone(), Tensor::zeros(1, 4)).unwrap();
        dense = dense.weight_penalty(penalty).bias_penalty(penalty);
        let outputs = forward(&mut dense, &inputs);
        dense.backward_to(&inputs, &outputs, &gradient, None);
        (dense.weights().gradient.clone(), dense.biases().gradient.clone())
    });
    for (index, (with, without)) in with.0.iter().zip(&without.0).enumerate() {
        assert_eq!(with == without, index == position, "weight {index} by columns");
    }
    assert_eq!(with.1, without.1, "biases of 0");
}

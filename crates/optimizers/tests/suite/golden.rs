//! The optimizers against NumPy in double and single precision and in the book's arithmetic, bit
//! for bit but for the parameters of Adam in double precision; `../golden.py` says
//! how the values were computed.

#[path = "../golden/in_f32.rs"]
#[rustfmt::skip]
mod in_f32;
#[path = "../golden/in_f64.rs"]
#[rustfmt::skip]
mod in_f64;
#[path = "../golden/in_numpy.rs"]
#[rustfmt::skip]
mod in_numpy;
#[path = "../golden/settings.rs"]
#[rustfmt::skip]
mod settings;

use in_f32::*;
use in_f64::*;
use in_numpy::*;
use nnfs_numpy::{Kind, NumpyScalar};
use nnfs_optimizers::{AdaGrad, Adam, AdamW, LearningRate, RmsProp, Sgd};
use nnfs_tensor::{Optimizer, Parameter, Scalar, Tensor};
use settings::*;

type Rows<T> = &'static [&'static [T]];

/// Where all runs start, and the gradients of each of their steps.
struct Start<T: 'static> {
    weights: Rows<T>,
    biases: Rows<T>,
    weight_gradients: &'static [Rows<T>],
    bias_gradients: &'static [Rows<T>],
}

/// The parameters after each step, and the optimizer's tensors after the last.
struct Run<T: 'static> {
    weights: &'static [Rows<T>],
    biases: &'static [Rows<T>],
    state: &'static [Rows<T>],
    kinds: &'static [Kind],
}

/// A tensor of golden values, each made a scalar.
fn tensor<V: Copy, T: Scalar>(rows: Rows<V>, scalar: impl Fn(V) -> T) -> Tensor<T> {
    Tensor::from_fn(rows.len(), rows[0].len(), |row, column| scalar(rows[row][column]))
}

/// Every entry of `found` is within the tolerance of the expected one.
#[track_caller]
fn assert_close<V: Scalar, T: Scalar>(
    what: &str,
    found: &Tensor<T>,
    expected: Rows<V>,
    tolerance: f64,
) {
    let (found, expected) = (found.map(T::to_f64), tensor(expected, V::to_f64));
    assert_eq!(found.shape(), expected.shape(), "{what}");
    let close = |(found, expected): (&f64, &f64)| (found - expected).abs() <= tolerance;
    assert!(found.iter().zip(&expected).all(close), "{what}: {found}, expected {expected}");
}

/// Runs an optimizer whose parameters (and gradients of weights) and gradients of biases are made
/// scalars by two functions, and gives back the parameters. The tolerance is theirs;
/// learning rates and the optimizer's tensors have none.
#[track_caller]
fn check<V: Scalar, T: Scalar>(
    optimizer: &mut dyn Optimizer<T>,
    start: &Start<V>,
    run: &Run<V>,
    [parameter, bias_gradient]: [fn(V) -> T; 2],
    tolerance: f64,
) -> [Parameter<T>; 2] {
    let tensors = [start.weights, start.biases].map(|rows| tensor(rows, parameter));
    let mut network = tensors.map(Parameter::new);
    assert_eq!(optimizer.learning_rate(), LEARNING_RATES[0], "before the first step");
    assert_eq!([run.weights.len(), run.biases.len()], [LEARNING_RATES.len(); 2]);
    for (step, &rate) in LEARNING_RATES.iter().enumerate() {
        network[0].gradient = tensor(start.weight_gradients[step], parameter);
        network[1].gradient = tensor(start.bias_gradients[step], bias_gradient);
        optimizer.step(&mut network);
        assert_eq!(optimizer.learning_rate(), rate, "step {step}");
        for (name, parameter, expected) in
            [("weights", &network[0], run.weights), ("biases", &network[1], run.biases)]
        {
            let what = format!("{name}, step {step}");
            assert_close(&what, &parameter.value, expected[step], tolerance);
        }
    }
    let state = optimizer.state();
    assert_eq!(state.iterations, LEARNING_RATES.len() as u64);
    assert_eq!(state.tensors.len(), run.state.len());
    for (index, (found, expected)) in state.tensors.iter().zip(run.state).enumerate() {
        assert_close(&format!("tensor {index} of the optimizer"), found, expected, 0.0);
    }
    network
}

/// The kinds that NumPy gave parameters and tensors after the last step.
#[track_caller]
fn assert_kinds(
    network: &[Parameter<NumpyScalar>],
    optimizer: &dyn Optimizer<NumpyScalar>,
    run: &Run<f64>,
) {
    let all = |tensor: &Tensor<NumpyScalar>, kind| tensor.iter().all(|v| v.kind() == kind);
    assert!(network.iter().all(|parameter| all(&parameter.value, Kind::Float32)), "parameters");
    for (index, (tensor, &kind)) in optimizer.state().tensors.iter().zip(run.kinds).enumerate() {
        assert!(all(tensor, kind), "tensor {index} of the optimizer: not {kind:?}");
    }
}

/// The same optimizer in the three arithmetics; the first may have a tolerance.
#[track_caller]
fn check_all<A: Optimizer<f64>, B: Optimizer<f32>, C: Optimizer<NumpyScalar>>(
    (mut double, in_double, tolerance): (A, &Run<f64>, f64),
    (mut single, in_single): (B, &Run<f32>),
    (mut numpy, in_numpy): (C, &Run<f64>),
) {
    check(&mut double, &START_F64, in_double, [|value| value; 2], tolerance);
    check(&mut single, &START_F32, in_single, [|value| value; 2], 0.0);
    let kinds = [NumpyScalar::float32, NumpyScalar::float64];
    let network = check(&mut numpy, &START_NUMPY, in_numpy, kinds, 0.0);
    assert_kinds(&network, &numpy, in_numpy);
}

fn rate() -> LearningRate {
    LearningRate::inverse_time(LEARNING_RATE, DECAY).unwrap()
}

#[test]
fn sgd() {
    check_all(
        (Sgd::new(rate()), &SGD_F64, 0.0),
        (Sgd::new(rate()), &SGD_F32),
        (Sgd::new(rate()), &SGD_NUMPY),
    );
}

#[test]
fn sgd_with_momentum() {
    fn momentum<T: Scalar>() -> Sgd<T> {
        Sgd::new(rate()).momentum(MOMENTUM)
    }
    check_all(
        (momentum(), &MOMENTUM_F64, 0.0),
        (momentum(), &MOMENTUM_F32),
        (momentum(), &MOMENTUM_NUMPY),
    );
}

#[test]
fn ada_grad() {
    check_all(
        (AdaGrad::new(rate()), &ADA_GRAD_F64, 0.0),
        (AdaGrad::new(rate()), &ADA_GRAD_F32),
        (AdaGrad::new(rate()), &ADA_GRAD_NUMPY),
    );
}

#[test]
fn rms_prop() {
    check_all(
        (RmsProp::new(rate()), &RMS_PROP_F64, 0.0),
        (RmsProp::new(rate()), &RMS_PROP_F32),
        (RmsProp::new(rate()), &RMS_PROP_NUMPY),
    );
}

/// Adam divides by `1 - beta^t`. The power comes from the `libm` crate, which is the same on every
/// machine but may be off by one unit in the last place, and is so for 0.9^4: the fourth step of
/// 0.04 is then off by 1e-17, which may tip the rounding of a parameter, which is smaller than 2.
const POW: f64 = f64::EPSILON;

#[test]
fn adam() {
    check_all(
        (Adam::new(rate()), &ADAM_F64, POW),
        (Adam::new(rate()), &ADAM_F32),
        (Adam::new(rate()), &ADAM_NUMPY),
    );
}

#[test]
fn adam_w() {
    fn adam_w<T: Scalar>() -> AdamW<T> {
        AdamW::new(rate()).weight_decay(WEIGHT_DECAY)
    }
    check_all((adam_w(), &ADAM_W_F64, POW), (adam_w(), &ADAM_W_F32), (adam_w(), &ADAM_W_NUMPY));
}

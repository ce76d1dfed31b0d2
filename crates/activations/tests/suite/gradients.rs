//! Every activation's `backward` against central differences, over random shapes and values.

use nnfs_activations::{Activation, LeakyRelu, Linear, Relu, Sigmoid, Softmax, Tanh};
use nnfs_gradcheck::GradientCheck;
use nnfs_tensor::{Elementwise, Layer, Tensor};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

/// Numbers that are not closer to 0, the kink of ReLU, than a check's step.
fn tensor(rows: usize, columns: usize) -> impl Strategy<Value = Tensor<f64>> {
    let number = prop_oneof![-4.0..-0.01, 0.01..4.0];
    prop::collection::vec(number, rows * columns)
        .prop_map(move |values| Tensor::from_vec(rows, columns, values))
}

/// Inputs of a random shape, and a gradient for the outputs.
fn inputs_and_gradient() -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>)> {
    (1..6_usize, 1..6_usize)
        .prop_flat_map(|(rows, columns)| (tensor(rows, columns), tensor(rows, columns)))
}

fn check<L: Layer<f64>>(
    build: impl Fn() -> L,
    (inputs, gradient): &(Tensor<f64>, Tensor<f64>),
) -> Result<(), TestCaseError> {
    let report = GradientCheck::default().layer(build, inputs, gradient);
    let report = report.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(report.checked, inputs.len());
    Ok(())
}

fn check_function<F: Elementwise<f64> + Copy + 'static>(
    function: F,
    data: &(Tensor<f64>, Tensor<f64>),
) -> Result<(), TestCaseError> {
    check(|| Activation::new(function), data)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/gradients.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn linear(data in inputs_and_gradient()) {
        check_function(Linear, &data)?;
    }

    #[test]
    fn relu(data in inputs_and_gradient()) {
        check_function(Relu, &data)?;
    }

    #[test]
    fn leaky_relu(data in inputs_and_gradient(), slope in 0.0..0.9) {
        check_function(LeakyRelu::new(slope).unwrap(), &data)?;
    }

    #[test]
    fn sigmoid(data in inputs_and_gradient()) {
        check_function(Sigmoid, &data)?;
    }

    #[test]
    fn tanh(data in inputs_and_gradient()) {
        check_function(Tanh, &data)?;
    }

    #[test]
    fn softmax(data in inputs_and_gradient()) {
        check(|| Softmax, &data)?;
    }
}

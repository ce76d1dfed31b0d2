//! Every layer's `backward` against central differences, over random shapes and values.

use nnfs_activations::{LeakyRelu, Relu, Sigmoid, Tanh};
use nnfs_gradcheck::GradientCheck;
use nnfs_layers::{Dense, Dropout};
use nnfs_tensor::{Elementwise, Layer, Penalty, Tensor};
use nnfs_testing::forward;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// Numbers that are not closer to 0, the kink of L1 and ReLU, than a check's step.
fn tensor(rows: usize, columns: usize) -> impl Strategy<Value = Tensor<f64>> {
    let number = prop_oneof![-2.0..-0.01, 0.01..2.0];
    prop::collection::vec(number, rows * columns)
        .prop_map(move |values| Tensor::from_vec(rows, columns, values))
}

/// A dense layer's numbers, its inputs, and a gradient for its outputs.
#[derive(Debug)]
struct Case {
    weights: Tensor<f64>,
    biases: Tensor<f64>,
    inputs: Tensor<f64>,
    gradient: Tensor<f64>,
}

fn case() -> impl Strategy<Value = Case> {
    (1..5_usize, 1..5_usize, 1..5_usize).prop_flat_map(|(samples, width, units)| {
        let weights_and_biases = (tensor(width, units), tensor(1, units));
        (weights_and_biases, tensor(samples, width), tensor(samples, units)).prop_map(
            |((weights, biases), inputs, gradient)| Case { weights, biases, inputs, gradient },
        )
    })
}

impl Case {
    fn dense(&self) -> Dense<f64> {
        Dense::from_parameters(self.weights.clone(), self.biases.clone()).unwrap()
    }

    /// Whether every output before the activation is farther from 0 than a check reaches.
    fn is_away_from_kinks(&self) -> bool {
        forward(&mut self.dense(), &self.inputs).iter().all(|output| output.abs() > 0.02)
    }

    /// Checks a layer; nothing may be skipped.
    fn check<L: Layer<f64>>(&self, build: impl Fn() -> L) -> Result<(), TestCaseError> {
        let check = GradientCheck::default().max_skipped(0.0).unwrap();
        check
            .layer(build, &self.inputs, &self.gradient)
            .map(|_| ())
            .map_err(|error| TestCaseError::fail(error.to_string()))
    }

    fn check_with(
        &self,
        activation: impl Elementwise<f64> + Copy + 'static,
    ) -> Result<(), TestCaseError> {
        self.check(|| self.dense().activation(activation))
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/gradients.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn dense(case in case()) {
        case.check(|| case.dense())?;
    }

    #[test]
    fn dense_with_penalties(
        case in case(), l1 in 0.0..0.5, l2 in 0.0..0.5, bias_l1 in 0.0..0.5, bias_l2 in 0.0..0.5,
    ) {
        let weight_penalty = Penalty::new(l1, l2).unwrap();
        let bias_penalty = Penalty::new(bias_l1, bias_l2).unwrap();
        case.check(|| {
            case.dense().weight_penalty(weight_penalty).bias_penalty(bias_penalty).activation(Tanh)
        })?;
    }

    #[test]
    fn dense_with_a_smooth_activation(case in case()) {
        case.check_with(Sigmoid)?;
        case.check_with(Tanh)?;
    }

    #[test]
    fn dense_with_a_kinked_activation(case in case()) {
        prop_assume!(case.is_away_from_kinks());
        case.check_with(Relu)?;
        case.check_with(LeakyRelu::default())?;
    }

    #[test]
    fn dropout_with_a_fixed_mask(case in case(), rate in 0.0..0.9, seed: u64) {
        let case = Case { gradient: case.inputs.map(f64::cos), ..case };
        case.check(|| Dropout::new(rate, ChaCha8Rng::seed_from_u64(seed)).unwrap())?;
    }
}

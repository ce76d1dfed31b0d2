//! What activations promise besides their derivatives.

use nnfs_activations::{Activation, ActivationKind, LeakyRelu, Linear, Relu, Softmax, Tanh};
use nnfs_tensor::{Elementwise, Layer, Tensor};
use nnfs_testing::{backward, forward, predict};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

fn tensor() -> impl Strategy<Value = Tensor<f64>> {
    (1..8_usize, 1..8_usize).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(-30.0..30.0, rows * columns)
            .prop_map(move |values| Tensor::from_vec(rows, columns, values))
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/properties.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn softmax_rows_are_probabilities(inputs in tensor()) {
        for row in forward(&mut Softmax, &inputs).row_iter() {
            prop_assert!((row.sum() - 1.0).abs() < 1e-14, "{row}");
            prop_assert!(row.iter().all(|probability| (0.0..=1.0).contains(probability)));
        }
    }

    #[test]
    fn softmax_ignores_a_shift(inputs in tensor(), shift in -500.0..500.0) {
        let plain = forward(&mut Softmax, &inputs);
        let shifted = forward(&mut Softmax, &inputs.add_scalar(shift));
        prop_assert!((shifted - plain).amax() < 1e-12);
    }

    #[test]
    fn predict_equals_forward(inputs in tensor()) {
        let mut layers: [Box<dyn Layer<f64>>; 4] = [
            Box::new(Activation::new(Linear)),
            Box::new(Activation::new(Relu)),
            Box::new(Activation::new(Tanh)),
            Box::new(Softmax),
        ];
        for layer in &mut layers {
            let predictions = predict(&**layer, &inputs);
            let row_layer = layer.row_layer();
            for (row, expected) in inputs.row_iter().zip(predictions.row_iter()) {
                let row: Vec<f64> = row.iter().copied().collect();
                let mut outputs = vec![f64::NAN; row.len()];
                row_layer.predict_row(&row, &mut outputs);
                prop_assert!(expected.iter().eq(&outputs), "{expected} {outputs:?}");
            }
            prop_assert_eq!(forward(&mut **layer, &inputs), predictions);
        }
    }
}

#[test]
fn softmax_does_not_overflow() {
    let inputs = Tensor::from_row_slice(1, 3, &[1e30_f32, -1e30, 1e30]);
    let outputs = forward(&mut Softmax, &inputs);
    assert_eq!(outputs.as_slice(), [0.5, 0.0, 0.5]);
}

#[test]
#[should_panic(expected = "gradients are 2x3, but outputs of Activation are 2x2")]
fn a_wrong_gradient_panics_with_both_shapes() {
    let inputs = Tensor::<f64>::zeros(2, 2);
    backward(&mut Activation::new(Relu), &inputs, &inputs, &Tensor::zeros(2, 3));
}

#[test]
#[should_panic(expected = "inputs of Softmax are 3x2, but its outputs are 2x2")]
fn other_inputs_than_those_of_forward_panic_with_both_shapes() {
    let outputs = Tensor::<f64>::zeros(2, 2);
    backward(&mut Softmax, &Tensor::zeros(3, 2), &outputs, &outputs);
}

#[test]
fn names_of_activations_read_back() {
    for kind in ActivationKind::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
        let description = kind.build::<f32>().description();
        assert_eq!(description.kind, kind.name().replace('-', "_"));
        assert_eq!(description.kind.parse(), Ok(kind));
    }
    assert_eq!(ActivationKind::default(), ActivationKind::Relu);
    let error = "swish".parse::<ActivationKind>().unwrap_err();
    assert_eq!((error.what, error.found.as_str()), ("activation", "swish"));
}

#[test]
fn an_activation_shows_its_function() {
    assert_eq!(LeakyRelu::new(0.3).unwrap().slope(), 0.3);
    let relu = Activation::new(Relu);
    let layers: [&dyn Layer<f32>; 4] =
        [&relu, &Activation::new(Tanh), &Activation::new(LeakyRelu::default()), &Softmax];
    let functions = layers.map(|layer| layer.activation());
    let kinds = functions.map(|it| it.map(|function| function.description().kind));
    let expected = ["relu", "tanh", "leaky_relu"].map(|kind| Some(kind.to_owned()));
    assert_eq!(kinds[..3], expected);
    assert_eq!(kinds[3], None);
    // A unit of a ReLU can be 0 for every row and then never change.
    let can_die = functions.map(|it| it.map(Elementwise::can_die));
    assert_eq!(can_die, [Some(true), Some(false), Some(false), None]);
}

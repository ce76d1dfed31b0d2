//! What a step says of a network's health; classes and probabilities.

use nnfs::datasets::sine;
use nnfs::model::Hint;

use super::*;

/// The chapter's network after a step on its data.
fn after_a_step(init: Initializer) -> Model<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut dense = |inputs, outputs| Dense::new(inputs, outputs, init, &mut rng).unwrap();
    let layers: Vec<Box<dyn Layer<f64>>> = vec![
        Box::new(dense(1, 64).activation(Relu)),
        Box::new(dense(64, 64).activation(Relu)),
        Box::new(dense(64, 1)),
    ];
    let mut model = Model::new(1, layers).unwrap();
    assert!(model.diagnostics().hints.is_empty());
    let (inputs, targets) = sine(1000);
    model.train_step(&inputs, &targets, &MeanSquaredError, &mut adam(0.001)).unwrap();
    model
}

#[test]
fn the_chapters_small_weights_starve_a_network() {
    let diagnostics = after_a_step(Initializer::normal(0.01).unwrap()).diagnostics();
    let [Hint::SignalShrinks { layer: 1, share }] = diagnostics.hints[..] else {
        panic!("{diagnostics}")
    };
    assert!(share < 0.07, "{share}");
    assert!(diagnostics.to_string().contains("hint: layer 1 passes on"), "{diagnostics}");
    // The layers' gradients are small, but of one size: their ratio would not tell.
    let norms: Vec<f64> = diagnostics.layers.iter().map(|l| l.gradient_norm.unwrap()).collect();
    assert!(norms[0] > 0.5 * norms[2] && norms[0] < 2e-3, "{norms:?}");

    for init in
        [Initializer::normal(0.1).unwrap(), Initializer::GlorotUniform, Initializer::HeNormal]
    {
        let diagnostics = after_a_step(init).diagnostics();
        assert_eq!(diagnostics.hints, [], "{diagnostics}");
    }
}

#[test]
fn dead_units_and_vanished_gradients_are_found() {
    // Of 20 units 19 are below 0 for every sample; the last layer hardly passes anything back.
    let weights = Tensor::from_fn(1, 20, |_, unit| if unit == 7 { 1.0 } else { -1.0 });
    let first = Dense::from_parameters(weights, Tensor::zeros(1, 20)).unwrap().activation(Relu);
    let last = Dense::from_parameters(Tensor::from_element(20, 1, 1e-6), Tensor::zeros(1, 1));
    let mut model =
        Model::new(1, vec![Box::new(first) as Box<dyn Layer<f64>>, Box::new(last.unwrap())])
            .unwrap();
    let inputs = Tensor::from_fn(5, 1, |row, _| 1.0 + row as f64);
    model.train_step(&inputs, &inputs, &MeanSquaredError, &mut adam(0.001)).unwrap();
    let found = model.diagnostics();
    let dead: Vec<_> = found.layers.iter().map(|layer| layer.dead_units).collect();
    assert_eq!(dead, [Some(19.0 / 20.0), None]);
    assert!(
        matches!(
            found.hints[..],
            [Hint::GradientVanishes { layer: 0, .. }, Hint::DeadUnits { layer: 0, .. }]
        ),
        "{found}"
    );
    assert!(found.to_string().contains("95 % of the units of layer 0"), "{found}");
}

#[test]
fn links_make_probabilities_and_classes() {
    let identity = |width: usize| {
        let (weights, biases) = (Tensor::identity(width, width), Tensor::zeros(1, width));
        let layer: Box<dyn Layer<f64>> = Box::new(Dense::from_parameters(weights, biases).unwrap());
        Model::new(width, vec![layer]).unwrap()
    };
    let logits = Tensor::from_row_slice(3, 2, &[0.0, 3.0_f64.ln(), 2.0, -1.0, 5.0, 5.0]);
    let model = identity(2);
    let probabilities = model.predict_probabilities(&logits, &SoftmaxCrossEntropy).unwrap();
    assert!((probabilities[(0, 1)] - 0.75).abs() < 1e-15);
    let losses: [&dyn Loss<f64>; 3] =
        [&MeanSquaredError, &SigmoidCrossEntropy, &SoftmaxCrossEntropy];
    for loss in losses {
        assert_eq!(model.predict_classes(&logits, loss).unwrap(), [1, 0, 0]);
    }
    let single = identity(1);
    let logits = Tensor::from_column_slice(3, 1, &[-0.1, 0.2, 0.7]);
    assert_eq!(single.predict_classes(&logits, &SigmoidCrossEntropy).unwrap(), [0, 1, 1]);
    assert_eq!(single.predict_classes(&logits, &BinaryCrossEntropy).unwrap(), [0, 0, 1]);
    let error = single.predict_classes(&logits, &SoftmaxCrossEntropy).unwrap_err();
    assert_eq!(error.to_string(), "outputs for softmax: expected at least 2, found 1");
    assert!(model.predict_classes(&Tensor::zeros(3, 1), &SoftmaxCrossEntropy).is_err());
}

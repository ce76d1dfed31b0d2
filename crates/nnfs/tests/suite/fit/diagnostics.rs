//! What a step says of a network's health; classes and probabilities.

use nnfs::datasets::sine;
use nnfs::model::{ClassifyError, Hint};
use nnfs::tensor::{Description, Elementwise};

use super::*;

/// The chapter's network after a step on its data.
fn after_a_step(init: Initializer) -> Model<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut dense = |inputs, outputs| Dense::new(inputs, outputs, init, &mut rng).unwrap();
    let mut model = Model::new(1)
        .then(dense(1, 64).activation(Relu))
        .unwrap()
        .then(dense(64, 64).activation(Relu))
        .unwrap()
        .then(dense(64, 1))
        .unwrap();
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
    // The layers' gradients are small, but of one size: their ratio does not show it.
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
    let mut model = Model::new(1).then(first).unwrap().then(last.unwrap()).unwrap();
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

/// A function of a user with two flat parts: `y = min(max(x, 0), 6)`.
#[derive(Debug, Clone)]
struct Relu6;

impl Elementwise<f64> for Relu6 {
    fn apply(&self, input: f64) -> f64 {
        input.clamp(0.0, 6.0)
    }
    fn chain(&self, output: f64, gradient: f64) -> f64 {
        if output > 0.0 && output < 6.0 { gradient } else { 0.0 }
    }
    fn description(&self) -> Description {
        Description::new("relu6")
    }
    fn can_die(&self) -> bool {
        true
    }
}

#[test]
fn the_activation_says_which_units_are_dead() {
    // For inputs of 1 to 5: alive, always 0, always 6, and 6 from an input of 3 on.
    let weights = Tensor::from_row_slice(1, 4, &[1.0, -1.0, 10.0, 2.0]);
    let dense = || Dense::from_parameters(weights.clone(), Tensor::zeros(1, 4)).unwrap();
    let inputs = Tensor::from_fn(5, 1, |row, _| 1.0 + row as f64);
    let dead = |mut model: Model<f64>| {
        model.forward(&inputs);
        model.diagnostics().layers.last().unwrap().dead_units
    };
    let model = || Model::new(1);
    assert_eq!(dead(model().then(dense().activation(Relu6)).unwrap()), Some(0.5));
    let apart = model().then(dense()).unwrap().then(Activation::new(Relu6)).unwrap();
    assert_eq!(dead(apart), Some(0.5));
    assert_eq!(dead(model().then(dense().activation(Relu)).unwrap()), Some(0.25));
    assert_eq!(dead(model().then(dense().activation(Tanh)).unwrap()), None);
    assert_eq!(dead(model().then(dense()).unwrap()), None);
}

#[test]
fn links_make_probabilities_and_classes() {
    let identity = |width: usize| {
        let (weights, biases) = (Tensor::identity(width, width), Tensor::zeros(1, width));
        let layer: Box<dyn Layer<f64>> = Box::new(Dense::from_parameters(weights, biases).unwrap());
        Model::new(width).then(layer).unwrap()
    };
    let logits = Tensor::from_row_slice(3, 2, &[0.0, 3.0_f64.ln(), 2.0, -1.0, 5.0, 5.0]);
    let model = identity(2);
    let probabilities = model.predict_probabilities(&logits, &SoftmaxCrossEntropy).unwrap();
    assert!((probabilities[(0, 1)] - 0.75).abs() < 1e-15);
    let losses: [&dyn Loss<f64>; 2] = [&MeanSquaredError, &SoftmaxCrossEntropy];
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
    // Each output is one yes or no: a row may have both or none.
    let error = model.predict_classes(&Tensor::zeros(3, 2), &SigmoidCrossEntropy).unwrap_err();
    assert_eq!(error, ClassifyError::SeveralSigmoids { outputs: 2 });
}

/// A NaN was class 0 of a single output, and its column of several.
#[test]
fn an_output_that_is_nan_has_no_class() {
    let identity = |width: usize| {
        let (weights, biases) = (Tensor::identity(width, width), Tensor::zeros(1, width));
        Model::new(width).then(Dense::from_parameters(weights, biases).unwrap()).unwrap()
    };
    let bad = |error: ClassifyError| match error {
        ClassifyError::NotFinite { row, column, found } => (row, column, found.is_nan()),
        other => panic!("{other}"),
    };
    let losses: [&dyn Loss<f64>; 2] = [&MeanSquaredError, &SoftmaxCrossEntropy];
    for loss in losses {
        let logits = Tensor::from_row_slice(3, 1, &[1.0, f64::NAN, 2.0]);
        let error = identity(1).predict_classes(&logits, &SigmoidCrossEntropy).unwrap_err();
        assert_eq!(bad(error), (1, 0, true));
        let logits = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, f64::NAN]);
        let error = identity(2).predict_classes(&logits, loss).unwrap_err();
        let (row, _, is_nan) = bad(error);
        assert_eq!((row, is_nan), (1, true), "{loss:?}");
    }
    // An infinity has a class.
    let logits = Tensor::from_row_slice(1, 1, &[f64::INFINITY]);
    assert_eq!(identity(1).predict_classes(&logits, &BinaryCrossEntropy).unwrap(), [1]);
}

//! Everything that a user of a model can get wrong is a typed error, and moves no parameter.

use nnfs::model::{EvaluateError, FitError, ModelError, TrainError};
use nnfs::prelude::*;

use crate::model::{dense, draw, model};

#[test]
fn layers_that_do_not_chain_are_refused() {
    assert_eq!(Model::<f32>::from_layers(1, []).unwrap_err(), ModelError::Empty);
    let error = Model::<f32>::new(0).then(Activation::new(Relu)).unwrap_err();
    assert_eq!(error, ModelError::NoInputs);
    let two = Model::<f32>::new(2).then(dense(2, 5, 0)).unwrap().then(Activation::new(Relu));
    let error = two.unwrap().then(dense(4, 1, 1)).unwrap_err();
    assert!(matches!(error, ModelError::Chain { index: 2, .. }));
    assert_eq!(
        error.to_string(),
        "layer 2 (dense) does not chain: width of the inputs of Dense: expected 4, found 5"
    );
    let boxed: Box<dyn Layer<f32>> = Box::new(dense(2, 5, 0));
    let error = Model::new(3).then(boxed.clone()).unwrap_err();
    assert!(matches!(error, ModelError::Chain { index: 0, .. }));
    let error = Model::from_layers(3, [boxed]).unwrap_err();
    assert!(matches!(error, ModelError::Chain { index: 0, .. }));
}

#[test]
fn a_model_without_layers_is_a_typed_error_where_it_is_used() {
    let mut model = Model::<f32>::new(2);
    let (inputs, mut adam) = (Tensor::zeros(3, 2), Adam::new(LearningRate::constant(0.1).unwrap()));
    let expected = "layers of the model: expected at least 1, found 0";
    assert_eq!(model.predict(&inputs).unwrap_err().to_string(), expected);
    let error = model.train_step(&inputs, &inputs, &MeanSquaredError, &mut adam).unwrap_err();
    assert!(matches!(error, TrainError::Shape(_)), "{error}");
    assert!(model.diagnostics().layers.is_empty() && model.summary().rows.is_empty());
}

/// A step of a 2-5-3 network that is refused, and leaves the parameters alone.
fn refused(inputs: &Tensor<f32>, targets: &Tensor<f32>) -> String {
    let mut model = model(0);
    let before = model.weights();
    let mut adam = Adam::new(LearningRate::constant(0.1).unwrap());
    let error = model.train_step(inputs, targets, &MeanSquaredError, &mut adam).unwrap_err();
    assert_eq!(model.weights(), before);
    error.to_string()
}

#[test]
fn bad_batches_are_typed_errors() {
    let (inputs, targets) = (Tensor::zeros(4, 2), Tensor::zeros(4, 3));
    assert_eq!(
        refused(&Tensor::zeros(4, 1), &targets),
        "columns of the inputs: expected 2, found 1"
    );
    // One column of targets is never stretched over three columns of predictions.
    assert_eq!(refused(&inputs, &Tensor::zeros(4, 1)), "targets: expected 4x3, found 4x1");
    assert_eq!(refused(&inputs, &Tensor::zeros(3, 3)), "targets: expected 4x3, found 3x3");
    assert_eq!(
        refused(&Tensor::zeros(0, 2), &Tensor::zeros(0, 3)),
        "a batch needs at least one sample, found none"
    );
    let mut bad = inputs.clone();
    bad[(2, 1)] = f32::NAN;
    assert_eq!(
        refused(&bad, &targets),
        "inputs must be finite, found NaN in row 2, column 1 (from 0)"
    );
    let mut bad = targets.clone();
    bad[(3, 0)] = f32::INFINITY;
    assert_eq!(
        refused(&inputs, &bad),
        "targets must be finite, found inf in row 3, column 0 (from 0)"
    );
    // Finite data, but the square of the error is not.
    let message = refused(&inputs, &Tensor::from_element(4, 3, 1e30));
    assert!(message.starts_with("training diverged: loss of the data inf, penalty 0"), "{message}");
}

/// The softmax of a single output is always 1: a training on it had loss 0 and learned nothing.
#[test]
fn a_loss_that_needs_several_outputs_refuses_one() {
    let mut model = Model::<f64>::new(2).then(dense(2, 1, 0)).unwrap();
    let (inputs, targets) = (draw(4, 2, 1), Tensor::from_element(4, 1, 1.0));
    let (loss, mut adam) = (SoftmaxCrossEntropy, Adam::new(0.1));
    let found = model.train_step(&inputs, &targets, &loss, &mut adam);
    assert!(matches!(found, Err(TrainError::Shape(_))), "{found:?}");
    let found = model.fit(&inputs, &targets, &loss, &mut adam, &Fit::epochs(1));
    let Err(FitError::Loss(error)) = found else { panic!("{found:?}") };
    assert_eq!(error.to_string(), "outputs for softmax: expected at least 2, found 1");
    let found = model.evaluate(&inputs, &targets, &loss, &Metrics::new());
    assert!(matches!(found, Err(EvaluateError::Data(TrainError::Shape(_)))), "{found:?}");
}

#[test]
fn divergence_is_an_error_and_not_a_panic() {
    let mut model = model::<f32>(0);
    let (inputs, targets) = (draw(8, 2, 1), draw(8, 3, 2));
    let mut sgd = Sgd::new(LearningRate::constant(1e6).unwrap());
    let mse = MeanSquaredError;
    let error = (0..1000)
        .find_map(|_| model.train_step(&inputs, &targets, &mse, &mut sgd).err())
        .expect("a learning rate of a million diverges");
    assert!(matches!(error, TrainError::NonFiniteLoss { .. }), "{error}");
}

/// Prediction 1e19, loss 1e38, and the gradient of the weight is 2e39, which `f32` does not hold.
#[test]
fn a_gradient_that_overflows_under_a_finite_loss_moves_nothing() {
    let dense = Dense::from_parameters(Tensor::from_element(1, 1, 0.1_f32), Tensor::zeros(1, 1));
    let mut model = Model::new(1).then(dense.unwrap()).unwrap();
    let before = model.weights();
    let (inputs, targets) = (Tensor::from_element(1, 1, 1e20), Tensor::zeros(1, 1));
    let mut adam = Adam::new(LearningRate::constant(0.1).unwrap());
    let error = model.train_step(&inputs, &targets, &MeanSquaredError, &mut adam).unwrap_err();
    assert!(matches!(error, TrainError::NonFiniteGradient { layer: 0, .. }), "{error}");
    assert_eq!(model.weights(), before);
    // The optimizer has not stepped either.
    let inputs = Tensor::from_element(1, 1, 1.0);
    model.train_step(&inputs, &targets, &MeanSquaredError, &mut adam).unwrap();
    assert!(model.weights().iter().flatten().all(|value| value.is_finite()));
}

#[test]
fn predict_refuses_a_wrong_width() {
    let model = model::<f32>(0);
    let error = model.predict(&Tensor::zeros(4, 3)).unwrap_err();
    assert_eq!(error.to_string(), "columns of the inputs: expected 2, found 3");
    assert_eq!(model.predict(&Tensor::zeros(0, 2)).unwrap().shape(), (0, 3));
}

#[test]
fn an_optimizer_of_another_network_is_a_typed_error() {
    let (inputs, targets) = (draw(4, 2, 1), draw(4, 3, 2));
    let mse = MeanSquaredError;
    let mut adam = Adam::new(LearningRate::constant(0.1).unwrap());
    let mut model = model::<f32>(0);
    model.train_step(&inputs, &targets, &mse, &mut adam).unwrap();

    let mut wider =
        Model::<f32>::new(2).then(dense(2, 4, 0)).unwrap().then(dense(4, 3, 1)).unwrap();
    let error = wider.train_step(&inputs, &targets, &mse, &mut adam).unwrap_err().to_string();
    assert!(error.ends_with("expected 2x5, found 2x4"), "{error}");

    let mut shorter = Model::<f32>::new(2).then(dense(2, 3, 0)).unwrap();
    let error = shorter.train_step(&inputs, &targets, &mse, &mut adam).unwrap_err();
    assert!(error.to_string().ends_with("expected 4, found 2"), "{error}");
    // The optimizer is as good as before for its own network.
    model.train_step(&inputs, &targets, &mse, &mut adam).unwrap();
}

//! What is refused, and what is left after a divergence.

use std::error::Error;
use std::io;

use nnfs::model::{Best, End, Epoch, FitError, FitState, NonFinite, Observer, ObserverError};

use super::*;

fn fit(
    model: &mut Model<f64>,
    inputs: &Tensor<f64>,
    targets: &Tensor<f64>,
    settings: &Fit<f64>,
) -> Result<History, FitError> {
    model.fit(inputs, targets, &MeanSquaredError, &mut adam(0.01), settings)
}

/// The message of a training that is refused and leaves the parameters alone.
fn refused(inputs: &Tensor<f64>, targets: &Tensor<f64>, settings: &Fit<f64>) -> String {
    let mut model = model(0.0);
    let before = weights(&model);
    let error = fit(&mut model, inputs, targets, settings).unwrap_err();
    assert_eq!(weights(&model), before);
    error.to_string()
}

#[test]
fn settings_are_checked() {
    let name = |settings: Fit<f64>| {
        let (inputs, targets) = (draw(6, 2, 1), draw(6, 1, 2));
        let found = fit(&mut model(0.0), &inputs, &targets, &settings);
        let Err(FitError::Setting(error)) = found else { panic!("{found:?}") };
        assert_eq!(settings.check().unwrap_err().name, error.name);
        error.name
    };
    let fit = || Fit::epochs(1);
    assert_eq!(name(Fit::epochs(0)), "epochs");
    assert_eq!(name(fit().batch_size(0)), "batch size");
    assert_eq!(name(fit().early_stopping(0)), "patience");
    for fraction in [0.0, 1.0, -0.1, f64::NAN] {
        assert_eq!(name(fit().validation_fraction(fraction, 0)), "validation fraction");
    }
    for norm in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(name(fit().clip_norm(norm)), "clip norm");
    }
}

#[test]
fn bad_data_is_refused_before_the_first_step() {
    let (inputs, targets) = (draw(6, 2, 1), draw(6, 1, 2));
    let fit = Fit::epochs(3);
    assert_eq!(
        refused(&Tensor::zeros(0, 2), &Tensor::zeros(0, 1), &fit),
        "training data: a batch needs at least one sample, found none"
    );
    assert_eq!(
        refused(&inputs, &draw(5, 1, 2), &fit),
        "training data: targets: expected 6x1, found 5x1"
    );
    assert_eq!(
        refused(&draw(6, 3, 1), &targets, &fit),
        "training data: columns of the inputs: expected 2, found 3"
    );
    let mut bad = inputs.clone();
    bad[(5, 1)] = f64::NAN;
    assert_eq!(
        refused(&bad, &targets, &fit),
        "training data: inputs must be finite, found NaN in row 5, column 1 (from 0)"
    );
    assert_eq!(
        refused(&inputs, &targets, &fit.clone().batch_size(7)),
        "batch size must be at most the number of training rows, 6, found 7"
    );
    let fraction = fit.clone().validation_fraction(0.5, 0);
    assert_eq!(
        refused(&inputs, &targets, &fraction.batch_size(4)),
        "batch size must be at most the number of training rows, 3, found 4"
    );
    assert_eq!(
        refused(&inputs, &targets, &fit.clone().validation_fraction(0.01, 0)),
        "a validation fraction of 0.01 takes 0 of 6 rows; both sides need one"
    );
    assert_eq!(
        refused(&inputs, &targets, &fit.clone().validation_fraction(0.99, 0)),
        "a validation fraction of 0.99 takes 6 of 6 rows; both sides need one"
    );
    assert_eq!(
        refused(&inputs, &targets, &fit.validation(inputs.clone(), draw(6, 2, 0))),
        "validation data: targets: expected 6x1, found 6x2"
    );
}

/// A reporter prints the message and those of all sources.
#[test]
fn an_error_within_a_message_is_not_a_source_too() {
    let (inputs, settings) = (draw(6, 2, 1), Fit::epochs(1));
    let error = fit(&mut model(0.0), &inputs, &draw(5, 1, 2), &settings).unwrap_err();
    assert!(error.to_string().ends_with("targets: expected 6x1, found 5x1"), "{error}");
    assert!(error.source().is_none());
    let error = Pipeline::<f32>::load("no/such/file").unwrap_err();
    assert!(error.source().is_none(), "{error}");
}

fn an_epoch() -> Epoch {
    let settings = Fit::epochs(1);
    let history = fit(&mut model(0.0), &draw(6, 2, 1), &draw(6, 1, 2), &settings).unwrap();
    history.epochs[0].clone()
}

/// The error of a training from a state, and whether it left the parameters alone.
fn resume(state: FitState<f64>) -> (FitError, bool) {
    let (inputs, targets) = (draw(6, 2, 1), draw(6, 1, 2));
    let (mut model, mse) = (model(0.0), MeanSquaredError);
    let before = weights(&model);
    let settings = Fit::epochs(3).early_stopping(1);
    let found = model
        .fit_from(state, &inputs, &targets, &mse, &mut adam(0.1), &settings, &mut ())
        .unwrap_err();
    (found, weights(&model) == before)
}

#[test]
fn what_belongs_to_another_network_is_refused() {
    let (inputs, targets) = (draw(6, 2, 1), draw(6, 1, 2));
    let mut state = FitState::new();
    state.epochs.push(an_epoch());
    state.best = Some(Best { epoch: 0, loss: 1.0, weights: vec![draw(2, 2, 0)] });
    let (error, untouched) = resume(state);
    assert!(matches!(error, FitError::State(_)) && untouched, "{error}");
    // A best epoch that is none of its epochs, which there are not.
    let weights = weights(&model(0.0));
    let best = Some(Best { epoch: 0, loss: 1.0, weights });
    let state = FitState { epochs: Vec::new(), best };
    assert_eq!(state.epochs_without_improvement(), 0);
    let (error, untouched) = resume(state);
    assert!(matches!(error, FitError::BestEpoch { epoch: 0, epochs: 0 }) && untouched, "{error}");

    let (mse, mut adam) = (MeanSquaredError, adam(0.1));
    let mut other =
        Model::new(2).then(Dense::from_parameters(draw(2, 1, 0), draw(1, 1, 0)).unwrap()).unwrap();
    other.train_step(&inputs, &targets, &mse, &mut adam).unwrap();
    let settings = Fit::epochs(1);
    let error = model(0.0).fit(&inputs, &targets, &mse, &mut adam, &settings);
    assert!(matches!(error, Err(FitError::Optimizer(_))), "{error:?}");
}

#[test]
fn a_metric_that_fails_is_named() {
    let broken = |_: &Tensor<f64>, _: &Tensor<f64>| Err(io::Error::other("broken"));
    let settings = Fit::epochs(1).metric("mine", broken);
    let error = fit(&mut model(0.0), &draw(6, 2, 1), &draw(6, 1, 2), &settings).unwrap_err();
    assert_eq!(error.to_string(), "metric \"mine\": broken");
}

/// The model is trained, and its history is there.
#[test]
fn an_observer_that_fails_loses_nothing() {
    let (inputs, targets) = (draw(6, 2, 1), draw(6, 1, 2));
    let settings = Fit::epochs(50).early_stopping(50);
    let (mut model, mse) = (model(0.0), MeanSquaredError);
    let (mut seen, mut epochs) = (Vec::new(), 0);
    let mut watch = |progress: &Progress<'_, f64>| {
        seen.push(weights(progress.model()));
        Control::Continue
    };
    let mut fail = |progress: &Progress<'_, f64>| {
        epochs += 1;
        if progress.epoch().epoch < 7 {
            return Ok(Control::Continue);
        }
        Err(ObserverError::from(io::Error::other("the disk is full")))
    };
    // The others see the epoch too.
    let mut observers = (&mut fail, None::<()>, &mut watch);
    let mut adam = adam(0.5);
    let found = model.fit_watched(&inputs, &targets, &mse, &mut adam, &settings, &mut observers);
    let Err(FitError::Observer { source, history }) = found else { panic!("{found:?}") };
    assert!(source.downcast::<io::Error>().is_ok());
    assert_eq!((epochs, seen.len(), history.epochs.len()), (8, 8, 8));
    assert_eq!(history.end, End::StoppedByObserver);
    assert_eq!(weights(&model), seen[history.restored.unwrap()]);
}

/// Fails where a training ends, and notes how.
struct AtTheEnd(Vec<End>);

impl Observer<f64> for AtTheEnd {
    fn epoch(&mut self, _: &Progress<'_, f64>) -> Result<Control, ObserverError> {
        Ok(Control::Continue)
    }
    fn end(&mut self, progress: &Progress<'_, f64>, end: End) -> Result<(), ObserverError> {
        self.0.push(end);
        Err(format!("after {} epochs", progress.state().next_epoch()).into())
    }
}

#[test]
fn an_observer_may_fail_at_the_end() {
    let (inputs, targets) = (draw(6, 2, 1), draw(6, 1, 2));
    let (mut model, mse, settings) = (model(0.0), MeanSquaredError, Fit::epochs(5));
    let (mut first, mut second) = (AtTheEnd(Vec::new()), AtTheEnd(Vec::new()));
    let mut observers = (first.by_ref(), second.by_ref());
    let found =
        model.fit_watched(&inputs, &targets, &mse, &mut adam(0.1), &settings, &mut observers);
    let Err(FitError::Observer { source, history }) = found else { panic!("{found:?}") };
    assert_eq!((source.to_string().as_str(), history.end), ("after 5 epochs", End::Done));
    assert_eq!((first.0, second.0), (vec![End::Done], vec![End::Done]));
}

#[test]
fn divergence_leaves_the_weights_of_the_last_good_epoch() {
    let (inputs, targets) = (draw(8, 2, 1), draw(8, 1, 2));
    let mut model = Model::new(2)
        .then(Box::new(Dense::from_parameters(draw(2, 3, 3), draw(1, 3, 4)).unwrap()) as Box<_>)
        .unwrap()
        .then(Dense::from_parameters(draw(3, 1, 5), draw(1, 1, 6)).unwrap())
        .unwrap();
    let mut good = weights(&model);
    let mut observer = |progress: &Progress<'_, f64>| {
        good = weights(progress.model());
        Control::Continue
    };
    let mut sgd = Sgd::new(LearningRate::constant(1.0).unwrap());
    let settings = Fit::epochs(1000).batch_size(2);
    let mse = MeanSquaredError;
    let error = model.fit_watched(&inputs, &targets, &mse, &mut sgd, &settings, &mut observer);
    let Err(FitError::Diverged(divergence)) = error else { panic!("{error:?}") };
    assert!(divergence.epoch > 0 && divergence.epochs.len() == divergence.epoch);
    // Not the first batch: the weights have moved since the epoch before.
    assert!((1..4).contains(&divergence.batch) && divergence.layer < 2, "{divergence}");
    let start = format!(
        "training diverged in epoch {}, batch {}: {} layer {} (dense) became infinite or NaN",
        divergence.epoch, divergence.batch, divergence.quantity, divergence.layer,
    );
    assert!(divergence.to_string().starts_with(&start), "{divergence}");
    assert!(good.iter().all(|tensor| tensor.iter().all(|value| value.is_finite())));
    assert_eq!(weights(&model), good);
}

/// A 1-1-1 network of given weights, which diverges at once: batch 1 of epoch 0.
fn diverges(weights: [f32; 2], value: f32, target: f32) -> (usize, usize, usize, NonFinite) {
    let dense = |weight: f32| {
        let dense = Dense::from_parameters(Tensor::from_element(1, 1, weight), Tensor::zeros(1, 1));
        dense.unwrap().weight_penalty(Penalty::l2(1e-3).unwrap())
    };
    let [first, last] = weights.map(dense);
    let mut model = Model::new(1).then(first).unwrap().then(last).unwrap();
    let before = model.weights();
    let inputs = Tensor::from_column_slice(2, 1, &[0.0, value]);
    let targets = Tensor::from_column_slice(2, 1, &[0.0, target]);
    let mut frozen = Sgd::new(LearningRate::constant(0.0).unwrap());
    let settings = Fit::epochs(1).batch_size(1);
    let mse = MeanSquaredError;
    let error = model.fit(&inputs, &targets, &mse, &mut frozen, &settings);
    let Err(FitError::Diverged(found)) = error else { panic!("{error:?}") };
    assert_eq!(model.weights(), before);
    (found.epoch, found.batch, found.layer, found.quantity)
}

#[test]
fn divergence_is_found_where_it_begins() {
    assert_eq!(diverges([1e30, 1.0], 1e20, 0.0), (0, 1, 0, NonFinite::Outputs));
    assert_eq!(diverges([1.0, 1e30], 1e20, 0.0), (0, 1, 1, NonFinite::Outputs));
    assert_eq!(diverges([1.0, 1.0], 0.0, 1e30), (0, 1, 1, NonFinite::Loss));
    // Finite loss (1e36), but the gradients of the weights are not: 2e18 * 1e30 * 1e-12 ...
    assert_eq!(diverges([1e-12, 1e0], 1e30, 0.0), (0, 1, 0, NonFinite::Gradients));
    assert_eq!(diverges([1e-5, 1e-5], 1e28, 0.0), (0, 1, 1, NonFinite::Gradients));
}

/// The gradient of the second layer's weight is -1e20. Its square is too large for an `f32`, so the mean square of
/// Adam is infinite, and the weight would not move again.
#[test]
fn a_state_of_the_optimizer_that_is_not_finite_is_a_divergence() {
    let dense = |weight: f32| {
        Dense::from_parameters(Tensor::from_element(1, 1, weight), Tensor::zeros(1, 1)).unwrap()
    };
    let mut model = Model::new(1).then(dense(1.0)).unwrap().then(dense(0.0)).unwrap();
    let before = model.weights();
    let (input, target) = (Tensor::from_element(1, 1, 1e20), Tensor::from_element(1, 1, 1.0));
    let mut adam = Adam::new(0.1);
    let error =
        model.fit(&input, &target, &MeanAbsoluteError, &mut adam, &Fit::epochs(1)).unwrap_err();
    let message = "training diverged in epoch 0, batch 0: the state of the optimizer for layer 1 \
                   (dense) became infinite or NaN (all from 0), loss of the data 1";
    assert_eq!(error.to_string(), message);
    assert_eq!(model.weights(), before);
}

#[test]
fn a_validation_loss_that_is_not_finite_is_a_divergence() {
    let (inputs, targets) = (draw(6, 2, 1), draw(6, 1, 2));
    let settings = Fit::epochs(3).batch_size(2);
    let settings = settings.validation(inputs.clone(), targets.map(|target| target * 1e200));
    let mut model = model(0.0);
    let before = weights(&model);
    let error = fit(&mut model, &inputs, &targets, &settings).unwrap_err();
    let message = "training diverged in epoch 0, batch 2: the loss after layer 1 (dense) became \
                   infinite or NaN (all from 0), loss of the data inf";
    assert_eq!(error.to_string(), message);
    assert_eq!(weights(&model), before);
}

/// The weight of 1e160 has a penalty that is infinite, and a loss that is not.
#[test]
fn the_loss_of_the_data_is_reported_without_the_penalty() {
    let dense = Dense::from_parameters(Tensor::zeros(1, 1), Tensor::zeros(1, 1)).unwrap();
    let dense = dense.weight_penalty(Penalty::l2(1.0).unwrap());
    let mut model = Model::new(1).then(dense).unwrap();
    let one = Tensor::from_element(1, 1, 1.0);
    let mut sgd = Sgd::new(LearningRate::constant(1e160).unwrap());
    let settings = Fit::epochs(1).early_stopping(1);
    let error = model.fit(&one, &one, &MeanAbsoluteError, &mut sgd, &settings);
    let Err(FitError::Diverged(found)) = error else { panic!("{error:?}") };
    assert_eq!((found.layer, found.quantity), (0, NonFinite::Penalty));
    assert!((found.data_loss / 2e160 - 1.0).abs() < 1e-9, "{found}");
}

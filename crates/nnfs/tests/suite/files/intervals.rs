//! Files of models with prediction intervals.

use nnfs::files::{FormatError, PredictError};
use nnfs::model::{ConformalError, CrossConformal, Ensemble, Intervals};
use serde_json::{Value, json};

use super::damage::edit;
use super::*;

/// A linear network from 3 inputs to 2 outputs.
fn linear<T: FileScalar>(seed: u64) -> Model<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Model::new(3).then(Dense::new(3, 2, Initializer::HeNormal, &mut rng).unwrap()).unwrap()
}

/// Two networks of fold 0, one of fold 1, and the scalers and the encoder of [`every_part`].
fn with_intervals<T: FileScalar>() -> Pipeline<T> {
    let members = [(linear(1), 1.0), (linear(2), 1.0), (linear(3), 3.0)];
    let one = every_part::<T>();
    let folds = [(draw::<f64>(30, 2, 3), draw(30, 2, 1)), (draw(1200, 2, 4), draw(1200, 2, 2))];
    Pipeline::of_ensemble(Ensemble::new(members).unwrap())
        .with_encoder(one.encoder().unwrap().clone())
        .unwrap()
        .with_input_scaler(one.input_scaler().unwrap().clone())
        .unwrap()
        .with_target_scaler(one.target_scaler().unwrap().clone())
        .unwrap()
        .with_intervals(CrossConformal::fit_scaled(vec![0, 1, 0], &folds).unwrap())
        .unwrap()
}

fn round_trip<T: FileScalar>() {
    let pipeline = with_intervals::<T>();
    let bytes = pipeline.to_bytes().unwrap();
    let loaded = Pipeline::<T>::from_bytes(&bytes).unwrap();
    assert_eq!(loaded.intervals(), pipeline.intervals());
    assert!(loaded.to_bytes().unwrap() == bytes);
    let inputs: Tensor<f64> = draw(5, 3, 7);
    let expected = pipeline.predict_intervals(&inputs, 0.9).unwrap();
    assert_eq!(loaded.predict_intervals(&inputs, 0.9).unwrap(), expected);
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert!(file.names().iter().all(|name| name.starts_with("members.")));
}

/// Residuals of one size for all predictions have no scales.
#[test]
fn scales_may_be_missing() {
    let bytes = with_intervals::<f32>().to_bytes().unwrap();
    let bytes = edit(&bytes, |_, document| {
        document["intervals"].as_object_mut().unwrap().remove("scales").unwrap();
    });
    let pipeline = Pipeline::<f32>::from_bytes(&bytes).unwrap();
    assert!(pipeline.intervals().unwrap().scale(0).is_none());
}

#[test]
fn intervals_are_read_as_they_were_written() {
    round_trip::<f32>();
    round_trip::<f64>();
}

/// The means of the members of each fold are weighted as in the ensemble, and scaled back.
#[test]
fn intervals_are_those_of_the_members_of_each_fold() {
    let pipeline = with_intervals::<f64>();
    let inputs: Tensor<f64> = draw(5, 3, 7);
    let outputs = |member: usize| {
        let model = pipeline.ensemble().members()[member].model().clone();
        let alone = Pipeline::new(model);
        let alone = alone.with_input_scaler(pipeline.input_scaler().unwrap().clone()).unwrap();
        alone.predict(&inputs).unwrap()
    };
    let means = [outputs(0) * 0.25 + outputs(2) * 0.75, outputs(1)];
    let Intervals { low, high } = pipeline.intervals().unwrap().intervals(0.8, &means).unwrap();
    let scaler = pipeline.target_scaler().unwrap();
    let found = pipeline.predict_intervals(&inputs, 0.8).unwrap();
    let near = |found: Tensor<f64>, expected: Tensor<f64>| {
        let expected: Tensor<f64> = scaler.inverse(&expected).unwrap();
        assert!((found - expected).abs().max() < 1e-12);
    };
    near(found.low, low);
    near(found.high, high);
}

/// The error of a file after a change of its intervals.
#[track_caller]
fn error(change: impl FnOnce(&mut Value)) -> FormatError {
    let bytes = with_intervals::<f32>().to_bytes().unwrap();
    let bytes = edit(&bytes, |_, document| change(&mut document["intervals"]));
    Pipeline::<f32>::from_bytes(&bytes).unwrap_err()
}

#[test]
fn damaged_intervals_are_refused() {
    let places = [
        ("/member_folds/0", json!(2)),
        ("/member_folds/0", json!(-1)),
        ("/member_folds", json!([0, 0, 0])),
        ("/folds", json!([])),
        ("/folds/0/rows", json!(29)),
        ("/folds/0/rows", json!(0)),
        ("/folds/1/rows", json!(999)),
        ("/folds/1/rows", json!(u64::MAX)),
        ("/folds/0/residuals", json!([])),
        ("/folds/0/residuals/1", json!([])),
        ("/folds/0/residuals/1/0", json!(-0.5)),
        ("/folds/0/residuals/1/0", json!(1e300)),
        ("/folds/0/residuals/1/0", json!(null)),
        ("/folds/0/residuals/1/0", json!("1")),
        ("/scales", json!([null])),
        ("/scales/0", json!({"predictions": [], "sizes": []})),
        ("/scales/0/sizes", json!([1.0, 2.0])),
        ("/scales/0/sizes/2", json!(0.0)),
        ("/scales/0/sizes/2", json!(-1.0)),
        ("/scales/0/predictions/2", json!(-1e9)),
    ];
    for (place, value) in places {
        let found = error(|intervals| *intervals.pointer_mut(place).unwrap() = value.clone());
        assert!(matches!(found, FormatError::Metadata(_)), "{place} {value}: {found}");
    }
    let extra = error(|intervals| intervals["level"] = json!(0.9));
    assert!(matches!(extra, FormatError::Metadata(_)), "{extra}");
    let few = error(|intervals| *intervals.pointer_mut("/member_folds").unwrap() = json!([0, 1]));
    assert!(matches!(few, FormatError::Shape(_)), "{few}");
    let link = edit(&with_intervals::<f32>().to_bytes().unwrap(), |_, document| {
        document["link"] = json!("sigmoid");
    });
    let link = Pipeline::<f32>::from_bytes(&link).unwrap_err();
    assert!(matches!(link, FormatError::Shape(_)), "{link}");
}

#[test]
fn what_has_no_intervals() {
    let inputs: Tensor<f64> = draw(5, 3, 7);
    let none = every_part::<f32>().predict_intervals(&inputs, 0.9).unwrap_err();
    assert!(matches!(none, PredictError::NoIntervals), "{none}");
    let level = with_intervals::<f32>().predict_intervals(&inputs, 90.0).unwrap_err();
    let PredictError::Intervals(ConformalError::Level { rows: 1230, .. }) = level else {
        panic!("{level}")
    };
}

/// The residuals are those of the weights before.
#[test]
fn other_weights_have_no_intervals() {
    let pipeline = with_intervals::<f32>();
    let bytes = pipeline.to_bytes().unwrap();
    let convention = nnfs::files::Convention::PyTorch;
    let weights = nnfs::files::read_weights_of_members::<f32>(&bytes, convention).unwrap();
    assert!(pipeline.with_weights_of_members(&weights).unwrap().intervals().is_none());
}

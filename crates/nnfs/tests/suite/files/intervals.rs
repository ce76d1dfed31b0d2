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

/// Three networks, and the scalers and the encoder of [`every_part`].
fn with_intervals<T: FileScalar>() -> Pipeline<T> {
    let members = [(linear(1), 1.0), (linear(2), 1.0), (linear(3), 3.0)];
    let one = every_part::<T>();
    let (predictions, residuals) = (draw(1230, 2, 3), draw(1230, 2, 1));
    Pipeline::of_ensemble(Ensemble::new(members).unwrap())
        .with_encoder(one.encoder().unwrap().clone())
        .unwrap()
        .with_input_scaler(one.input_scaler().unwrap().clone())
        .unwrap()
        .with_target_scaler(one.target_scaler().unwrap().clone())
        .unwrap()
        .with_intervals(CrossConformal::fit_scaled(&predictions, &residuals).unwrap())
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

/// They are around the outputs of the ensemble, and scaled back. With packed weights, a row alone has the same.
#[test]
fn intervals_are_around_the_outputs() {
    let pipeline = with_intervals::<f32>();
    let inputs: Tensor<f64> = draw(5, 3, 7);
    let outputs = pipeline.outputs(&inputs).unwrap();
    let conformal = pipeline.intervals().unwrap();
    let Intervals { low, high } = conformal.intervals_around(&outputs, 0.8).unwrap();
    let scaler = pipeline.target_scaler().unwrap();
    let [low, high] = [low, high].map(|end| scaler.inverse(&end).unwrap());
    let expected = Intervals { low, high };
    let found = pipeline.predict_intervals(&inputs, 0.8).unwrap();
    assert_eq!(found, expected);
    assert_eq!(pipeline.intervals_around(&outputs, 0.8).unwrap(), expected);
    let predictions = pipeline.predict(&inputs).unwrap();
    let centers = (found.low + found.high) / 2.0;
    assert!((centers - predictions).abs().max() < 1e-9);
    let packed = pipeline.with_packed_weights();
    let alone = packed.predict_intervals(&inputs.rows(2, 1).into_owned(), 0.8).unwrap();
    assert_eq!(alone.low, expected.low.rows(2, 1));
    assert_eq!(alone.high, expected.high.rows(2, 1));
    let narrow = packed.intervals_around(&Tensor::zeros(1, 1), 0.8).unwrap_err();
    assert!(matches!(narrow, PredictError::Shape(_)), "{narrow}");
}

/// Files that were written before the release of 0.2.0 have the residuals of each fold by themselves.
#[test]
fn residuals_of_folds_are_read_as_those_of_all_rows() {
    let pipeline = with_intervals::<f32>();
    let bytes = edit(&pipeline.to_bytes().unwrap(), |_, document| {
        let intervals = document["intervals"].as_object_mut().unwrap();
        let (rows, residuals) = (intervals.remove("rows"), intervals.remove("residuals").unwrap());
        assert_eq!(rows, Some(json!(1230)));
        let of_fold = |fold: usize| {
            let lists = residuals.as_array().unwrap().iter().map(|of_output| {
                let of_output = of_output.as_array().unwrap().iter().skip(fold).step_by(2);
                of_output.cloned().collect::<Vec<_>>()
            });
            json!({"rows": 615, "residuals": lists.collect::<Vec<_>>()})
        };
        intervals.insert("folds".into(), json!([of_fold(0), of_fold(1)]));
        intervals.insert("member_folds".into(), json!([0, 1, 0]));
    });
    let loaded = Pipeline::<f32>::from_bytes(&bytes).unwrap();
    assert_eq!(loaded.intervals(), pipeline.intervals());
    assert!(loaded.to_bytes().unwrap() == pipeline.to_bytes().unwrap());
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
        ("/rows", json!(1229)),
        ("/rows", json!(0)),
        ("/rows", json!(-1)),
        ("/rows", json!(u64::MAX)),
        ("/residuals", json!([])),
        ("/residuals/1", json!([])),
        ("/residuals/1/0", json!(-0.5)),
        ("/residuals/1/0", json!(1e300)),
        ("/residuals/1/0", json!(null)),
        ("/residuals/1/0", json!("1")),
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
    let few = error(|intervals| {
        intervals["residuals"].as_array_mut().unwrap().pop();
        intervals["scales"].as_array_mut().unwrap().pop();
    });
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

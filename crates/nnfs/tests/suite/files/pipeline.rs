//! Pipelines: what is read is what was written, and a prediction goes through every part.

use nnfs::datasets::Labels;
use nnfs::files::{AnyPipeline, Dtype, FormatError, PredictError, Task, inspect};
use serde_json::json;

use super::*;

fn round_trip<T: FileScalar>() {
    let pipeline = every_part::<T>();
    let bytes = pipeline.to_bytes().unwrap();
    let loaded = Pipeline::<T>::from_bytes(&bytes).unwrap();
    assert_eq!(loaded.to_bytes().unwrap(), bytes);
    assert_eq!(every_part::<T>().to_bytes().unwrap(), bytes, "the same pipeline, made again");
    let inputs = draw(7, 3, 5);
    assert_eq!(loaded.predict(&inputs).unwrap(), pipeline.predict(&inputs).unwrap());
    // The masks of dropout go on where they were.
    let (mut first, mut second) = (pipeline.into_model().unwrap(), loaded.into_model().unwrap());
    assert_eq!(first.forward(&inputs), second.forward(&inputs));
}

#[test]
fn what_is_read_is_what_was_written() {
    round_trip::<f32>();
    round_trip::<f64>();
}

#[test]
fn the_largest_and_smallest_numbers_are_kept() {
    let numbers = [f64::MAX, f64::MIN, -0.0, f64::MIN_POSITIVE / 3.0];
    let (weights, biases) = (Tensor::from_row_slice(1, 4, &numbers), Tensor::zeros(1, 4));
    let dense = Dense::from_parameters(weights, biases).unwrap();
    let model = Model::new(1).then(dense).unwrap();
    let loaded = Pipeline::from_bytes(&Pipeline::new(model).to_bytes().unwrap()).unwrap();
    let mut found = Vec::new();
    loaded.into_model().unwrap().for_each_parameter(&mut |it| found.push(it.value.clone()));
    assert_eq!(found[0].map(f64::to_bits).as_slice(), numbers.map(f64::to_bits));
}

#[test]
fn a_file_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let pipeline = every_part::<f64>();
    pipeline.save(&path).unwrap();
    let header = inspect(&path).unwrap();
    assert_eq!((header.dtype, header.task()), (Dtype::F64, Task::Regression));
    assert_eq!(header.layers().unwrap().len(), 9);
    assert_eq!(header.encoder.as_ref(), pipeline.encoder());
    let any = AnyPipeline::load(&path).unwrap();
    assert_eq!(any.summary(), pipeline.ensemble().summary());
    assert!(matches!(any, AnyPipeline::F64(_)));
}

/// Whoever reads or writes model files without this library relies on these names and shapes.
#[test]
fn tensors_are_those_of_an_nn_sequential() {
    let pipeline = every_part::<f32>();
    let bytes = pipeline.to_bytes().unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let mut names = file.names();
    names.sort_unstable();
    let expected = [
        "1.bias",
        "1.weight",
        "10.bias",
        "10.weight",
        "3.bias",
        "3.weight",
        "5.bias",
        "5.weight",
        "8.bias",
        "8.weight",
    ];
    assert_eq!(names, expected);

    let weights = file.tensor("1.weight").unwrap();
    assert_eq!(weights.shape(), [5, 3]);
    let mut ours = Vec::new();
    pipeline.model().unwrap().for_each_parameter(&mut |it| ours.push(it.value.clone()));
    // (out, in), row after row.
    let transposed: Vec<f32> = (0..5)
        .flat_map(|output| ours[0].column(output).iter().copied().collect::<Vec<_>>())
        .collect();
    assert_eq!(f32::read_all(weights.data()), transposed);
    assert_eq!(transposed[1], ours[0][(1, 0)]);
    let biases = file.tensor("1.bias").unwrap();
    assert_eq!(biases.shape(), [5]);
    assert_eq!(f32::read_all(biases.data()), ours[1].as_slice());
}

#[test]
fn a_prediction_goes_through_every_part_once() {
    let pipeline = every_part::<f64>();
    let table = Table::from_rows("new", &["colour", "length"], [["red", "3"], ["blue", "1"]]);
    let table = table.unwrap();
    // length, colour=blue, colour=red
    let inputs = Tensor::from_row_slice(2, 3, &[3.0, 0.0, 1.0, 1.0, 1.0, 0.0]);
    // Means 2 and 1/2, deviations 1/2 and 1/2.
    let scaled = Tensor::from_row_slice(2, 3, &[2.0, -1.0, 1.0, -2.0, 1.0, -1.0]);
    let outputs = pipeline.model().unwrap().predict(&scaled).unwrap();
    // Targets from 2 to 4 and from 1 to 3 became numbers from -0.1 to 0.3.
    let expected = Tensor::from_fn(2, 2, |row, column| {
        let probability = 1.0 / (1.0 + (-outputs[(row, column)]).exp());
        [2.0, 1.0][column] + (probability + 0.1) / 0.4 * 2.0
    });
    let predictions = pipeline.predict_table(&table).unwrap();
    assert!((&predictions - expected).abs().max() < 1e-12);
    assert_eq!(predictions, pipeline.predict(&inputs).unwrap());

    let decoded = pipeline.decode(&predictions).unwrap();
    assert_eq!(decoded.names().collect::<Vec<_>>(), ["price", "weight"]);
    assert_eq!(decoded.value(1, 0).parse(), Ok(predictions[(1, 0)]));
}

/// The link of the outputs gives the bits of the predictions, in another number type too.
#[test]
fn outputs_and_link_give_the_predictions_of_a_classifier() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let dense = Dense::new(3, 4, Initializer::GlorotUniform, &mut rng).unwrap();
    let pipeline = Pipeline::new(Model::<f32>::new(3).then(dense).unwrap());
    let pipeline = pipeline.with_link(OutputLink::Softmax).unwrap();
    let inputs = draw::<f64>(7, 3, 5);
    let outputs = pipeline.outputs(&inputs).unwrap();
    let predictions = pipeline.predict(&inputs).unwrap();
    assert_ne!(outputs, predictions);
    assert_eq!(pipeline.linked(&outputs), predictions);
}

fn packed_weights_give_the_same_bits<T: FileScalar>() {
    let pipeline = every_part::<T>();
    let packed = every_part::<T>().with_packed_weights();
    let inputs: Tensor<f64> = draw(20, 3, 5);
    let expected = pipeline.predict(&inputs).unwrap();
    assert_eq!(packed.predict(&inputs).unwrap(), expected);
    for row in 0..inputs.nrows() {
        let alone = packed.predict(&inputs.rows(row, 1).into_owned()).unwrap();
        assert_eq!(alone, expected.rows(row, 1).into_owned());
    }
    assert_eq!(packed.to_bytes().unwrap(), pipeline.to_bytes().unwrap());
    let plain = Pipeline::new(every_kind::<T>()).with_packed_weights();
    assert!(matches!(plain.predict(&draw::<f64>(1, 4, 1)), Err(PredictError::Shape(_))));
}

#[test]
fn a_row_and_packed_weights_give_the_bits_of_a_batch() {
    packed_weights_give_the_same_bits::<f32>();
    packed_weights_give_the_same_bits::<f64>();
}

/// The digits of a time in seconds come and go by the scalers, and the model never sees them.
#[test]
fn a_model_in_f32_takes_and_gives_f64() {
    let times = Tensor::from_fn(100, 1, |row, _| 1_700_000_000.0 + row as f64);
    let scaler = StandardScaler::fit(&times).unwrap();
    let weights = Tensor::from_element(1, 1, 1.0_f32);
    let dense = Dense::from_parameters(weights, Tensor::zeros(1, 1)).unwrap();
    let pipeline = Pipeline::new(Model::new(1).then(dense).unwrap());
    // Outputs are the inputs.
    assert_eq!(pipeline.predict(&Tensor::from_element(1, 1, 0.5)).unwrap()[0], 0.5_f64);
    let pipeline = pipeline.with_input_scaler(scaler.clone()).unwrap();
    let pipeline = pipeline.with_target_scaler(scaler).unwrap();
    assert!((pipeline.predict(&times).unwrap() - &times).abs().max() < 1e-4);
}

#[test]
fn what_cannot_be_predicted_is_reported() {
    let pipeline = every_part::<f32>();
    let error = pipeline.predict(&draw::<f32>(2, 4, 1)).unwrap_err();
    assert!(matches!(error, PredictError::Scaler(_)), "{error}");
    let table = Table::from_rows("new", &["length"], [["3"]]).unwrap();
    let error = pipeline.predict_table(&table).unwrap_err();
    assert!(matches!(error, PredictError::Table(_)), "{error}");
    let plain = Pipeline::new(every_kind::<f32>());
    assert!(matches!(plain.predict(&draw::<f32>(2, 4, 1)), Err(PredictError::Shape(_))));
    assert!(matches!(plain.predict_table(&table), Err(PredictError::NoEncoder)));
    assert!(matches!(plain.decode(&draw::<f32>(2, 2, 1)), Err(PredictError::NoEncoder)));
}

/// Of one output, the logit of the second class.
fn yes_or_no() -> Pipeline<f64> {
    let table = Table::from_rows("pens", &["length", "dry"], [["1", "yes"], ["2", "no"]]).unwrap();
    let encoder = Encoder::fit(&table, &Columns::classification("dry")).unwrap();
    let weights = Tensor::from_element(1, 1, 1.0);
    let dense = Dense::from_parameters(weights, Tensor::zeros(1, 1)).unwrap();
    let pipeline = Pipeline::new(Model::new(1).then(dense).unwrap());
    pipeline.with_encoder(encoder).unwrap().with_link(OutputLink::Sigmoid).unwrap()
}

#[test]
fn one_output_is_enough_for_two_classes() {
    let pipeline = Pipeline::<f64>::from_bytes(&yes_or_no().to_bytes().unwrap()).unwrap();
    assert_eq!(pipeline.task(), Task::Classification);
    let table = Table::from_rows("new", &["length"], [["-1"], ["1"]]).unwrap();
    let predictions = pipeline.predict_table(&table).unwrap();
    let probabilities = pipeline.class_probabilities(&predictions).unwrap();
    assert_eq!(probabilities.shape(), (2, 2));
    assert_eq!(probabilities[(1, 1)], 1.0 / (1.0 + (-1.0_f64).exp()));
    assert_eq!(probabilities.column_sum().as_slice(), [1.0, 1.0]);
    let decoded = pipeline.decode(&predictions).unwrap();
    assert_eq!([decoded.value(0, 0), decoded.value(1, 0)], ["no", "yes"]);
    assert_eq!(Labels::new(["yes", "no"]).names(), ["no", "yes"]);
}

/// A regression with one output gave `1 - p` and `p` of its predictions.
#[test]
fn a_regression_has_no_probabilities() {
    let weights = Tensor::from_element(1, 1, 1.0);
    let dense = Dense::from_parameters(weights, Tensor::zeros(1, 1)).unwrap();
    let pipeline = Pipeline::<f64>::new(Model::new(1).then(dense).unwrap());
    let found = pipeline.class_probabilities(&Tensor::from_element(2, 1, 0.3));
    assert!(matches!(found, Err(PredictError::NoClasses)), "{found:?}");
    let found = yes_or_no().class_probabilities(&Tensor::from_element(2, 3, 0.3));
    assert!(matches!(found, Err(PredictError::Shape(_))), "{found:?}");
}

#[test]
fn without_an_encoder_the_link_gives_the_task() {
    let task = |link| Pipeline::new(every_kind::<f32>()).with_link(link).unwrap().task();
    assert_eq!(task(OutputLink::Identity), Task::Regression);
    assert_eq!(task(OutputLink::Softmax), Task::Classification);
    assert_eq!(serde_json::to_string(&OutputLink::Softmax).unwrap(), "\"softmax\"");
}

#[cfg(unix)]
#[test]
fn others_may_read_a_model_as_any_other_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode();
    std::fs::write(folder.path().join("any"), "other").unwrap();
    every_part::<f32>().save(folder.path().join("model")).unwrap();
    assert_eq!(mode("model"), mode("any"));
}

/// A file keeps every coding, and predicts rows with missing values and unknown categories with the same
/// bits.
#[test]
fn every_coding_is_read_back() {
    let pipeline = every_coding::<f32>();
    let bytes = pipeline.to_bytes().unwrap();
    let loaded = Pipeline::<f32>::from_bytes(&bytes).unwrap();
    assert_eq!(loaded.encoder(), pipeline.encoder());
    assert!(loaded.to_bytes().unwrap() == bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    for coding in
        ["NumberOrMissing", "OneHotOrOther", "Constant", "ConstantOrMissing", "OneHot", "Number"]
    {
        assert!(text.contains(coding), "{coding}");
    }
    let table = table_of_codings();
    let new = Table::from_rows(
        "new",
        &["number", "gaps", "words", "rare", "constant", "constant or missing"],
        [["", "", "", "", "", ""], ["1", "2", "z", "rare 2", "7", "8"]],
    )
    .unwrap();
    for table in [table, new] {
        let predictions = loaded.predict_table(&table).unwrap();
        assert_eq!(predictions, pipeline.predict_table(&table).unwrap());
        assert!(predictions.iter().all(|value| value.is_finite()));
    }
}

/// Classes have no unit, so a scaler of the targets cannot be undone for them.
#[test]
fn a_scaler_of_targets_is_refused_for_classes() {
    let scaler = || StandardScaler::from_parts(vec![3.0], vec![2.0]).unwrap();
    let error = yes_or_no().with_target_scaler(scaler()).unwrap_err();
    assert!(error.what.contains("target scaler"), "{error}");
    let encoder = yes_or_no().encoder().unwrap().clone();
    let dense = Dense::<f64>::from_parameters(Tensor::zeros(1, 1), Tensor::zeros(1, 1)).unwrap();
    let numbers = Pipeline::new(Model::new(1).then(dense).unwrap());
    let numbers = numbers.with_target_scaler(scaler()).unwrap();
    assert!(numbers.with_encoder(encoder).unwrap_err().what.contains("target scaler"));

    let bytes = super::damage::edit(&yes_or_no().to_bytes().unwrap(), |_, document| {
        document["target_scaler"] = json!({"standard": {"means": [3.0], "deviations": [2.0]}});
    });
    let error = Pipeline::<f64>::from_bytes(&bytes).unwrap_err();
    assert!(matches!(error, FormatError::Shape(_)), "{error}");
}

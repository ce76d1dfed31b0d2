//! Errors of files: of which kind they are, and what they name.

use nnfs::files::{AnyPipeline, Checkpoint, Dtype, FileError, Finished, FormatError, Registry};
use nnfs::model::{End, ModelError};
use serde_json::{Value, json};

use super::damage::{a_checkpoint, edit};
use super::resume_errors::model;
use super::*;

/// The error of a file of [`every_part`] after a change.
#[track_caller]
fn error(change: impl FnOnce(&mut Value, &mut Value)) -> FormatError {
    let bytes = edit(&every_part::<f32>().to_bytes().unwrap(), change);
    Pipeline::<f32>::from_bytes(&bytes).unwrap_err()
}

/// The error of a file of [`every_part`] after a change of its document.
#[track_caller]
fn error_of(place: &str, value: Value) -> FormatError {
    error(|_, document| *document.pointer_mut(place).unwrap() = value)
}

/// Checks that shapes do not fit, and what the error names.
#[track_caller]
fn assert_shape(error: &FormatError, what: &str, expected: &str, found: &str) {
    let FormatError::Shape(shape) = error else { panic!("{error}") };
    assert!(shape.what.contains(what), "{error}");
    assert!(shape.expected.contains(expected) && shape.found == found, "{error}");
}

/// Checks that the metadata is wrong, and what the error names.
#[track_caller]
fn assert_metadata(error: &FormatError, what: &str) {
    assert!(matches!(error, FormatError::Metadata(text) if text.contains(what)), "{error}");
}

#[test]
fn files_of_other_kinds_are_refused() {
    let of = |bytes: &[u8]| Pipeline::<f32>::from_bytes(bytes).unwrap_err();
    let bytes = every_part::<f32>().to_bytes().unwrap();
    for bytes in [&[][..], b"a,b\n1,2\n", &bytes[..100], &bytes[..bytes.len() - 1], &[255; 100]] {
        assert!(matches!(of(bytes), FormatError::Container(_)), "{}", of(bytes));
    }
    let foreign = error(|header, _| header["__metadata__"] = json!({"format": "pt"}));
    assert!(matches!(foreign, FormatError::Foreign), "{foreign}");
    let version = error_of("/version", json!(3));
    assert!(matches!(version, FormatError::Version { expected: 2, found: 3 }), "{version}");
    let content = |error: &FormatError, expected: &str, found: &str| match error {
        FormatError::Content { expected: it, found: other } => (*it, &**other) == (expected, found),
        _ => false,
    };
    assert!(content(&of(&a_checkpoint()), "model", "checkpoint"));
    let model = Checkpoint::<f32>::from_bytes(&bytes, &Registry::new()).unwrap_err();
    assert!(content(&model, "checkpoint", "model"), "{model}");
    let double = Pipeline::<f64>::from_bytes(&bytes).unwrap_err();
    let (expected, found) = (Dtype::F64, Dtype::F32);
    assert!(
        matches!(double, FormatError::Dtype { expected: it, found: other }
            if (it, other) == (expected, found)),
        "{double}"
    );
    assert_metadata(&error_of("/link", json!("cubic")), "`cubic`");
    assert_metadata(&error(|_, document| document["extra"] = json!(1)), "`extra`");
}

#[test]
fn tensors_that_do_not_fit() {
    let missing = error(|header, _| {
        let tensor = header.as_object_mut().unwrap().remove("3.bias").unwrap();
        header["3.offset"] = tensor;
    });
    assert!(matches!(&missing, FormatError::MissingTensor { name } if name == "3.bias"));
    let extra = error(|_, document| {
        let layers = document["layers"].as_array_mut().unwrap();
        layers[7]["kind"] = json!("tanh");
        layers[7].as_object_mut().unwrap().remove("widths");
    });
    assert!(matches!(&extra, FormatError::ExtraTensor { name } if name == "10.bias"), "{extra}");
    let shape = error(|header, _| header["1.weight"]["shape"] = json!([3, 5]));
    assert_shape(&shape, "1.weight", "[5, 3]", "[3, 5]");
    let shape = error(|header, _| header["1.bias"]["shape"] = json!([1, 5]));
    assert_shape(&shape, "1.bias", "[5]", "[1, 5]");
    let dtype = error(|header, _| header["1.bias"]["dtype"] = json!("I32"));
    assert!(
        matches!(&dtype, FormatError::TensorDtype { name, found, .. }
            if name == "1.bias" && found == "I32"),
        "{dtype}"
    );
}

/// The bytes of a file with the last number of a tensor replaced.
fn with_number<T: FileScalar>(bytes: &[u8], name: &str, number: T) -> Vec<u8> {
    let length = 8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..length]).unwrap();
    let end = length + header[name]["data_offsets"][1].as_u64().unwrap() as usize;
    let mut number_bytes = Vec::new();
    number.write_to(&mut number_bytes);
    let mut bytes = bytes.to_vec();
    bytes[end - number_bytes.len()..end].copy_from_slice(&number_bytes);
    bytes
}

/// The names of all tensors of numbers.
fn tensors(bytes: &[u8]) -> Vec<String> {
    let length = 8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..length]).unwrap();
    let tensors = header.as_object().unwrap().iter();
    tensors
        .filter(|(_, it)| it["dtype"] != "U8" && it["dtype"].is_string())
        .map(|it| it.0.clone())
        .collect()
}

fn assert_not_finite(error: &FormatError, tensor: &str) {
    assert!(matches!(error, FormatError::NotFinite { name, .. } if name == tensor), "{error}");
}

/// A training that diverged before its numbers were checked, or a file that was changed.
#[test]
fn numbers_that_are_not_finite_are_refused_with_their_tensor() {
    let single = every_part::<f32>().to_bytes().unwrap();
    for tensor in tensors(&single) {
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let bytes = with_number(&single, &tensor, number);
            assert_not_finite(&Pipeline::<f32>::from_bytes(&bytes).unwrap_err(), &tensor);
            assert_not_finite(&AnyPipeline::from_bytes(&bytes).unwrap_err(), &tensor);
        }
    }
    // The weights, the best weights and the state of the optimizer.
    let checkpoint = a_checkpoint();
    let tensors = tensors(&checkpoint);
    for part in ["0.weight", "best.0.bias", "optimizer.0"] {
        assert!(tensors.iter().any(|name| name == part), "{tensors:?}");
    }
    for tensor in tensors {
        let bytes = with_number(&checkpoint, &tensor, f64::NAN);
        let error = Checkpoint::<f64>::from_bytes(&bytes, &Registry::new()).unwrap_err();
        assert_not_finite(&error, &tensor);
    }
}

/// What cannot be read is not written.
#[test]
fn numbers_that_are_not_finite_are_not_written() {
    let mut model = model(1, 2);
    model.for_each_parameter_mut(&mut |parameter| parameter.value[0] = f32::NAN);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    let error = Pipeline::new(model).save(&path).unwrap_err();
    assert!(
        matches!(&error, FileError::Format { source, .. }
        if matches!(&**source, FormatError::NotFinite { .. })),
        "{error}"
    );
    assert!(!path.exists());
}

#[test]
fn sizes_beyond_all_memory() {
    let huge = 1_u64 << 62;
    let widths = error_of("/layers/1/widths", json!([huge, 5]));
    assert_shape(&widths, "1.weight", &format!("[5, {huge}]"), "[5, 3]");
    // A shape of as many rows without a number takes no byte.
    let mut model = Pipeline::new(every_kind::<f32>()).to_bytes().unwrap();
    model = edit(&model, |header, document| {
        for name in ["5.weight", "5.bias"] {
            let tensor = header.as_object_mut().unwrap().remove(name).unwrap();
            let begin = tensor["data_offsets"][0].clone();
            let end = tensor["data_offsets"][1].clone();
            header["filler".to_owned() + name] =
                json!({"dtype": "F32", "shape": tensor["shape"], "data_offsets": [begin, end]});
            let shape = if name == "5.bias" { json!([0]) } else { json!([0, huge]) };
            header[name] = json!({"dtype": "F32", "shape": shape, "data_offsets": [begin, begin]});
        }
        document["layers"][3]["widths"] = json!([huge, 0]);
    });
    let found = Pipeline::<f32>::from_bytes(&model).unwrap_err();
    assert_shape(&found, "5.weight", "at least one number", &format!("[0, {huge}]"));
}

/// Checks that a layer cannot be built, and what the error names.
#[track_caller]
fn assert_layer(error: &FormatError, index: usize, what: &str) {
    let FormatError::Layer { layer, source, .. } = error else { panic!("{error}") };
    assert!(*layer == index && source.to_string().contains(what), "{error}");
}

#[test]
fn layers_that_cannot_be_built() {
    for (place, index) in [("/layers/6/kind", 6), ("/layers/1/settings/activation/kind", 1)] {
        let error = error_of(place, json!("swish"));
        let FormatError::UnknownKind { layer, kind, known } = &error else { panic!("{error}") };
        assert_eq!((*layer, kind.as_str()), (index, "swish"));
        assert_eq!(known, "dropout, softmax, leaky_relu, linear, relu, sigmoid, tanh, dense");
    }
    assert_layer(&error_of("/layers/4/settings/rate", json!(1.5)), 4, "dropout rate");
    assert_layer(&error_of("/layers/1/settings/weight_l1", json!(-0.1)), 1, "L1 strength");
    assert_layer(&error_of("/layers/4/state/seed", json!("12")), 4, "64 hexadecimal digits");
    assert_layer(&error_of("/layers/4/state/position", json!("-3")), 4, "digit");
    let more = error(|_, document| document["layers"][6]["settings"] = json!({"slope": 1}));
    assert_layer(&more, 6, "slope");
    let chain = error_of("/input_width", json!(4));
    assert!(matches!(&chain, FormatError::Model(ModelError::Chain { index: 1, .. })), "{chain}");
    let none = error_of("/layers", json!([]));
    assert!(matches!(&none, FormatError::Model(ModelError::Empty)), "{none}");
}

#[test]
fn parts_that_do_not_fit() {
    let scaler = json!({"standard": {"means": [1.0], "deviations": [1.0]}});
    assert_shape(&error_of("/input_scaler", scaler.clone()), "input scaler", "3", "1");
    assert_shape(&error_of("/target_scaler", scaler), "target scaler", "2", "1");
    let inputs = error(|_, document| {
        document["encoder"]["inputs"].as_array_mut().unwrap().pop();
    });
    assert_shape(&inputs, "inputs of the encoder", "3", "1");
    let targets = error_of("/encoder/target", json!({"Numbers": ["price"]}));
    assert_shape(&targets, "targets of the encoder", "2", "1");
    assert_metadata(&error_of("/input_scaler/standard/deviations/0", json!(0)), "deviations");

    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let dense = Dense::<f32>::new(2, 1, Initializer::HeNormal, &mut rng).unwrap();
    let single = Pipeline::new(Model::new(2).then(dense).unwrap());
    let softmax = single.with_link(OutputLink::Softmax).unwrap_err();
    assert!(softmax.what.contains("softmax"), "{softmax}");
}

#[test]
fn checkpoints_that_contradict_themselves() {
    let of = |bytes: &[u8]| Checkpoint::<f64>::from_bytes(bytes, &Registry::new()).unwrap_err();
    let error_of = |place: &str, value: Value| {
        let change = |_: &mut Value, document: &mut Value| {
            *document.pointer_mut(place).expect("the place") = value;
        };
        of(&edit(&a_checkpoint(), change))
    };
    let mut bytes = a_checkpoint();
    let second = b"{\"epoch\":1,";
    let place = bytes.windows(second.len()).position(|it| it == second).unwrap();
    bytes[place + second.len() - 2] = b'7';
    assert_metadata(&of(&bytes), "epoch 7");
    bytes[place] = b'[';
    assert_metadata(&of(&bytes), "");
    assert_metadata(&error_of("/best/epoch", json!(3)), "epoch 3");
    let best = error_of("/best", json!(null));
    assert!(matches!(&best, FormatError::ExtraTensor { name } if name == "best.0.bias"), "{best}");
    let other = error_of("/finished", json!({"end": "done", "restored": null}));
    assert_metadata(&other, "restored");
    // A finished training without epochs: its last one was looked for.
    let mut empty = Checkpoint::<f64>::from_bytes(&a_checkpoint(), &Registry::new()).unwrap();
    (empty.state.epochs, empty.state.best) = (Vec::new(), None);
    empty.finished = Some(Finished { end: End::Done, restored: None });
    assert_metadata(&of(&empty.to_bytes().unwrap()), "none");
    assert_metadata(&error_of("/iterations", json!(u64::MAX)), "9007199254740992");
    let version = error_of("/version", json!(3));
    assert!(matches!(version, FormatError::Version { expected: 2, found: 3 }), "{version}");
}

#[test]
fn files_that_cannot_be_read_or_written() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").join("model.safetensors");
    let error = Pipeline::<f32>::load(&missing).unwrap_err();
    assert!(matches!(error, FileError::Read { .. }), "{error}");
    assert!(error.to_string().starts_with(&missing.display().to_string()), "{error}");
    let error = every_part::<f32>().save(&missing).unwrap_err();
    assert!(matches!(error, FileError::Write { .. }), "{error}");

    // A folder of that name cannot be replaced; nothing is left of the attempt.
    let taken = folder.path().join("taken");
    std::fs::create_dir_all(taken.join("inside")).unwrap();
    assert!(matches!(every_part::<f32>().save(&taken), Err(FileError::Write { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let path = folder.path().join("model.safetensors");
    std::fs::write(&path, "nothing").unwrap();
    let error = Pipeline::<f32>::load(&path).unwrap_err();
    assert!(matches!(error, FileError::Format { .. }), "{error}");
    assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");

    let none = Checkpoint::<f32>::load_if_exists(&missing, &Registry::new());
    assert!(none.unwrap().is_none());
    assert!(Checkpoint::<f32>::load_if_exists(&path, &Registry::new()).is_err());
}

//! What is wrong with a file is said, and where.

use std::path::Path;

use nnfs::files::{
    Checkpoint, Checkpoints, FileError, Fingerprint, Finished, FormatError, Registry, ResumeError,
    Start,
};
use nnfs::model::{End, FitError};
use nnfs::optimizers::OptimizerKind;
use serde_json::{Value, json};

use super::damage::{a_checkpoint, edit};
use super::*;

/// The error of a file of [`every_part`] in which something was changed.
#[track_caller]
fn error(change: impl FnOnce(&mut Value, &mut Value)) -> String {
    let bytes = edit(&every_part::<f32>().to_bytes().unwrap(), change);
    Pipeline::<f32>::from_bytes(&bytes).unwrap_err().to_string()
}

/// The same, of the document alone.
#[track_caller]
fn error_of(place: &str, value: Value) -> String {
    error(|_, document| *document.pointer_mut(place).unwrap() = value)
}

#[test]
fn what_is_no_file_of_ours() {
    let of = |bytes: &[u8]| Pipeline::<f32>::from_bytes(bytes).unwrap_err().to_string();
    let damaged = "expected a whole safetensors file, found a damaged or another one";
    let bytes = every_part::<f32>().to_bytes().unwrap();
    for bytes in [&[][..], b"a,b\n1,2\n", &bytes[..100], &bytes[..bytes.len() - 1], &[255; 100]] {
        assert!(of(bytes).starts_with(damaged), "{}", of(bytes));
    }
    let foreign = "expected a file of nnfs, found no entry \"nnfs\" in its metadata";
    assert_eq!(error(|header, _| header["__metadata__"] = json!({"format": "pt"})), foreign);
    assert_eq!(error_of("/version", json!(2)), "expected version 1 of the format, found version 2");
    assert_eq!(of(&a_checkpoint()), "expected a model, found a checkpoint");
    let model = Checkpoint::<f32>::from_bytes(&bytes, &Registry::new()).unwrap_err();
    assert_eq!(model.to_string(), "expected a checkpoint, found a model");
    let double = Pipeline::<f64>::from_bytes(&bytes).unwrap_err().to_string();
    assert_eq!(double, "expected numbers of f64, found f32");
    assert!(error_of("/link", json!("cubic")).starts_with("metadata: unknown variant `cubic`"));
    let unknown = error(|_, document| document["extra"] = json!(1));
    assert!(unknown.starts_with("metadata: unknown field `extra`"), "{unknown}");
}

#[test]
fn tensors_that_do_not_fit() {
    let rename = |from: &str, to: &str| {
        error(|header, _| {
            let tensor = header.as_object_mut().unwrap().remove(from).unwrap();
            header[to] = tensor;
        })
    };
    assert_eq!(rename("3.bias", "3.offset"), "expected a tensor \"3.bias\", found none");
    let found = error(|header, document| {
        let layers = document["layers"].as_array_mut().unwrap();
        layers[7]["kind"] = json!("tanh");
        layers[7].as_object_mut().unwrap().remove("widths");
        header.as_object_mut().unwrap().retain(|name, _| name != "nothing");
    });
    assert_eq!(found, "expected no tensor \"10.bias\", found one");
    let shape = error(|header, _| header["1.weight"]["shape"] = json!([3, 5]));
    assert_eq!(shape, "tensor \"1.weight\": expected [5, 3], found [3, 5]");
    let shape = error(|header, _| header["1.bias"]["shape"] = json!([1, 5]));
    assert_eq!(shape, "tensor \"1.bias\": expected [5], found [1, 5]");
    let dtype = error(|header, _| header["1.bias"]["dtype"] = json!("I32"));
    assert_eq!(dtype, "tensor \"1.bias\": expected numbers of F32, found I32");
}

#[test]
fn sizes_beyond_all_memory() {
    let huge = 1_u64 << 62;
    let widths = error_of("/layers/1/widths", json!([huge, 5]));
    assert_eq!(widths, format!("tensor \"1.weight\": expected [5, {huge}], found [5, 3]"));
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
    let found = Pipeline::<f32>::from_bytes(&model).unwrap_err().to_string();
    assert_eq!(
        found,
        format!("tensor \"5.weight\": expected at least one number, found [0, {huge}]")
    );
}

#[test]
fn layers_that_cannot_be_built() {
    let known = "dropout, softmax, leaky_relu, linear, relu, sigmoid, tanh, dense";
    let kind = error_of("/layers/6/kind", json!("swish"));
    let expected = format!("layer 6: expected one of {known}, found kind \"swish\" (see Registry)");
    assert_eq!(kind, expected);
    let nested = error_of("/layers/1/settings/activation/kind", json!("swish"));
    assert_eq!(nested, expected.replace("layer 6", "layer 1"));

    let rate = error_of("/layers/4/settings/rate", json!(1.5));
    assert_eq!(rate, "layer 4 (dropout): dropout rate must be in [0, 1), found 1.5");
    let penalty = error_of("/layers/1/settings/weight_l1", json!(-0.1));
    let expected = "layer 1 (dense): L1 strength must be finite and at least 0, found -0.1";
    assert_eq!(penalty, expected);
    let seed = error_of("/layers/4/state/seed", json!("12"));
    let expected = "layer 4 (dropout): expected a seed of 64 hexadecimal digits, found \"12\"";
    assert_eq!(seed, expected);
    let position = error_of("/layers/4/state/position", json!("-3"));
    assert_eq!(position, "layer 4 (dropout): invalid digit found in string");
    let more = error(|_, document| document["layers"][6]["settings"] = json!({"slope": 1}));
    assert!(more.starts_with("layer 6 (tanh): expected {\"kind\":\"tanh\",\"settings\""), "{more}");
    let chain = error_of("/input_width", json!(4));
    let expected =
        "layer 1 (dense) does not chain: width of the inputs of Dense: expected 3, found 4";
    assert_eq!(chain, expected);
    let none = error_of("/layers", json!([]));
    assert_eq!(none, "a model needs at least one layer, found none");
}

#[test]
fn parts_that_do_not_fit() {
    let scaler = json!({"standard": {"means": [1.0], "deviations": [1.0]}});
    let input = error_of("/input_scaler", scaler.clone());
    assert_eq!(input, "input scaler: expected 3 columns, as the model, found 1");
    let target = error_of("/target_scaler", scaler);
    assert_eq!(target, "target scaler: expected 2 columns, as the model, found 1");
    let inputs = error(|_, document| {
        document["encoder"]["inputs"].as_array_mut().unwrap().pop();
    });
    assert_eq!(inputs, "inputs of the encoder: expected 3 columns, as the model, found 1");
    let targets = error_of("/encoder/target", json!({"Numbers": ["price"]}));
    assert_eq!(targets, "targets of the encoder: expected 2 columns, as the model, found 1");
    let deviation = error_of("/input_scaler/standard/deviations/0", json!(0));
    assert!(deviation.starts_with("metadata: deviations must be finite"), "{deviation}");

    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let dense = Dense::<f32>::new(2, 1, Initializer::HeNormal, &mut rng).unwrap();
    let single = Pipeline::new(Model::new(2).then(dense).unwrap());
    let softmax = single.with_link(OutputLink::Softmax).unwrap_err().to_string();
    assert_eq!(softmax, "outputs for softmax: expected at least 2, found 1");
}

#[test]
fn checkpoints_that_contradict_themselves() {
    let error_of = |place: &str, value: Value| {
        let change = |_: &mut Value, document: &mut Value| {
            *document.pointer_mut(place).expect("the place") = value;
        };
        let bytes = edit(&a_checkpoint(), change);
        Checkpoint::<f64>::from_bytes(&bytes, &Registry::new()).unwrap_err().to_string()
    };
    let mut bytes = a_checkpoint();
    let second = b"{\"epoch\":1,";
    let place = bytes.windows(second.len()).position(|it| it == second).unwrap();
    bytes[place + second.len() - 2] = b'7';
    let epoch = Checkpoint::<f64>::from_bytes(&bytes, &Registry::new()).unwrap_err();
    assert_eq!(epoch.to_string(), "metadata: expected epoch 1, found epoch 7");
    bytes[place] = b'[';
    let broken = Checkpoint::<f64>::from_bytes(&bytes, &Registry::new()).unwrap_err();
    assert!(broken.to_string().starts_with("metadata: "), "{broken}");
    let best = error_of("/best/epoch", json!(3));
    assert_eq!(best, "metadata: expected a best one of 3 epochs, found epoch 3");
    let best = error_of("/best", json!(null));
    assert_eq!(best, "expected no tensor \"best.0.bias\", found one");
    // A finished training without epochs: its last one was looked for.
    let mut empty = Checkpoint::<f64>::from_bytes(&a_checkpoint(), &Registry::new()).unwrap();
    (empty.state.epochs, empty.state.best) = (Vec::new(), None);
    empty.finished = Some(Finished { end: End::Done, restored: None });
    let refused = Checkpoint::<f64>::from_bytes(&empty.to_bytes().unwrap(), &Registry::new());
    assert!(matches!(refused, Err(FormatError::Metadata(_))), "{refused:?}");
    let iterations = error_of("/iterations", json!(u64::MAX));
    assert!(iterations.starts_with("metadata: expected at most 9007199254740992 iter"));
}

#[test]
fn files_that_cannot_be_read_or_written() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").join("model.safetensors");
    let error = Pipeline::<f32>::load(&missing).unwrap_err();
    assert!(matches!(error, FileError::Read { .. }), "{error}");
    let expected = format!("{}: cannot be read: ", missing.display());
    assert!(error.to_string().starts_with(&expected), "{error}");
    let error = every_part::<f32>().save(&missing).unwrap_err();
    assert!(matches!(error, FileError::Write { .. }), "{error}");

    // A folder of that name cannot be replaced; nothing is left of the attempt.
    let taken = folder.path().join("taken");
    std::fs::create_dir_all(taken.join("inside")).unwrap();
    assert!(matches!(every_part::<f32>().save(&taken), Err(FileError::Write { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let path = folder.path().join("model.safetensors");
    std::fs::write(&path, "nothing").unwrap();
    let error = Pipeline::<f32>::load(&path).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: expected a whole", path.display())), "{error}");

    let none = Checkpoint::<f32>::load_if_exists(&missing, &Registry::new());
    assert!(none.unwrap().is_none());
    assert!(Checkpoint::<f32>::load_if_exists(&path, &Registry::new()).is_err());
}

/// A training, with one thing to be changed.
struct Training {
    model: Model<f32>,
    inputs: Tensor<f32>,
    targets: Tensor<f32>,
    loss: Box<dyn Loss<f32>>,
    optimizer: Box<dyn Optimizer<f32>>,
    settings: Fit<f32>,
    own: usize,
}

fn model(seed: u64, width: usize) -> Model<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let first = Dense::new(2, width, Initializer::HeNormal, &mut rng).unwrap();
    let last = Dense::new(width, 1, Initializer::HeNormal, &mut rng).unwrap();
    Model::new(2).then(first).unwrap().then(last).unwrap()
}

fn sgd(rate: f64) -> Box<dyn Optimizer<f32>> {
    Box::new(Sgd::new(LearningRate::constant(rate).unwrap()))
}

impl Training {
    fn new() -> Self {
        Self {
            model: model(1, 4),
            inputs: draw(9, 2, 1),
            targets: draw(9, 1, 2),
            loss: Box::new(MeanSquaredError),
            optimizer: sgd(0.1),
            settings: Fit::epochs(3).validation(draw(3, 2, 3), draw(3, 1, 4)),
            own: 1,
        }
    }

    fn checkpoints(&self, path: &Path) -> Checkpoints<f32> {
        let Self { model, inputs, targets, loss, optimizer, settings, own } = self;
        let (loss, optimizer) = (loss.as_ref(), optimizer.as_ref());
        let fingerprint = Fingerprint::new(model, inputs, targets, loss, optimizer, settings);
        Checkpoints::new(path, fingerprint.with("my setting", own))
    }

    fn start(&mut self, path: &Path) -> Result<Start<f32>, ResumeError> {
        let checkpoints = self.checkpoints(path);
        checkpoints.start(&mut self.model, self.optimizer.as_mut(), &self.settings)
    }

    /// Trains for some epochs, and leaves a checkpoint.
    fn train(&mut self, path: &Path, epochs: usize) {
        let stop = |progress: &Progress<'_, f32>| {
            if progress.state().next_epoch() == epochs { Control::Stop } else { Control::Continue }
        };
        let mut observer = (stop, self.checkpoints(path));
        let Self { model, inputs, targets, loss, optimizer, settings, .. } = self;
        let (loss, optimizer) = (loss.as_ref(), optimizer.as_mut());
        model.fit_watched(inputs, targets, loss, optimizer, settings, &mut observer).unwrap();
    }
}

/// A change of a training, and the parts that it shows in.
type Change = (fn(&mut Training), &'static [&'static str]);

const CHANGES: [Change; 12] = [
    (|it| it.model = model(2, 4), &["initial weights"]),
    (|it| it.model = model(1, 5), &["initial weights", "layers"]),
    (|it| it.inputs[3] += 1e-6, &["inputs"]),
    (|it| it.targets[3] = -it.targets[3], &["targets"]),
    (|it| it.targets = it.targets.rows(0, 8).into(), &["targets"]),
    (|it| it.loss = Box::new(MeanAbsoluteError), &["loss"]),
    (|it| it.optimizer = sgd(0.2), &["optimizer"]),
    (|it| it.settings = it.settings.clone().shuffle(1), &["shuffle"]),
    (|it| it.settings = it.settings.clone().batch_size(3), &["batch size"]),
    (
        |it| it.settings = it.settings.clone().validation(draw(3, 2, 3), draw(3, 1, 5)),
        &["validation targets"],
    ),
    (
        |it| it.settings = it.settings.clone().validation_fraction(0.3, 1),
        &["validation", "validation inputs", "validation targets"],
    ),
    (|it| it.own = 2, &["my setting"]),
];

#[test]
fn another_training_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    assert!(matches!(Training::new().start(&path), Ok(Start::Afresh(_))));
    Training::new().train(&path, 1);
    let start = Training::new().start(&path);
    assert!(matches!(&start, Ok(Start::Resumed(state)) if state.next_epoch() == 1));

    let weights = |it: Training| Pipeline::new(it.model).to_bytes().unwrap();
    for (change, expected) in CHANGES {
        let (mut other, mut untouched) = (Training::new(), Training::new());
        change(&mut other);
        change(&mut untouched);
        let refused = other.start(&path).unwrap_err();
        let ResumeError::Differs { differences, .. } = &refused else { panic!("{refused}") };
        let parts: Vec<&str> = differences.iter().map(|it| it.part.as_str()).collect();
        assert_eq!(parts, expected, "{refused}");
        assert_eq!(other.optimizer.state(), untouched.optimizer.state());
        assert_eq!(weights(other), weights(untouched));
    }
    let mut other = Training::new();
    other.own = 2;
    let refused = other.start(&path).unwrap_err().to_string();
    assert!(refused.contains("my setting: 1 in the checkpoint, 2 now"), "{refused}");
    // More epochs are the same training, and fewer than it has are none of it.
    let epochs = |epochs| Fit::epochs(epochs).validation(draw(3, 2, 3), draw(3, 1, 4));
    let mut longer = Training { settings: epochs(4), ..Training::new() };
    assert!(matches!(longer.start(&path), Ok(Start::Resumed(_))));
    Training::new().train(&path, 2);
    let refused = Training { settings: epochs(1), ..Training::new() }.start(&path).unwrap_err();
    assert!(matches!(refused, ResumeError::Epochs { expected: 1, found: 2, .. }), "{refused}");
}

#[test]
fn a_checkpoint_with_an_old_name_of_its_optimizer_resumes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    for (kind, old) in [
        (OptimizerKind::AdaGrad, "ada_grad"),
        (OptimizerKind::RmsProp, "rms_prop"),
        (OptimizerKind::AdamW, "adam_w"),
    ] {
        let training = || Training { optimizer: kind.build(0.1), ..Training::new() };
        training().train(&path, 1);
        let rename = |_: &mut Value, document: &mut Value| {
            let part = &mut document["fingerprint"]["optimizer"];
            let text = part.as_str().unwrap().replacen(kind.name(), old, 1);
            assert!(text.starts_with(&format!("{old} (")), "{text}");
            *part = json!(text);
        };
        std::fs::write(&path, edit(&std::fs::read(&path).unwrap(), rename)).unwrap();
        assert!(matches!(training().start(&path), Ok(Start::Resumed(_))), "{old}");
        // Another setting is still a difference.
        let mut other = Training { optimizer: kind.build(0.2), ..Training::new() };
        assert!(matches!(other.start(&path), Err(ResumeError::Differs { .. })), "{old}");
    }
}

#[test]
fn the_state_of_another_optimizer_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    Training::new().train(&path, 1);
    let swap = |header: &mut Value, _: &mut Value| {
        let shape = header["optimizer.1"]["shape"].take();
        header["optimizer.1"]["shape"] = json!([shape[1], shape[0]]);
    };
    std::fs::write(&path, edit(&std::fs::read(&path).unwrap(), swap)).unwrap();
    let mut training = Training::new();
    let before = training.optimizer.state().clone();
    let refused = training.start(&path).unwrap_err();
    assert!(matches!(refused, ResumeError::Optimizer { .. }), "{refused}");
    assert!(refused.to_string().ends_with("expected 4x1, found 1x4"), "{refused}");
    assert_eq!(*training.optimizer.state(), before);
}

#[test]
fn a_checkpoint_that_cannot_be_written_ends_the_training() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("checkpoint");
    let mut training = Training::new();
    let mut checkpoints = training.checkpoints(&path);
    let Training { model, inputs, targets, loss, optimizer, settings, .. } = &mut training;
    let (loss, optimizer) = (loss.as_ref(), optimizer.as_mut());
    let found = model.fit_watched(inputs, targets, loss, optimizer, settings, &mut checkpoints);
    let Err(FitError::Observer { source, history }) = found else { panic!("{found:?}") };
    assert_eq!(history.epochs.len(), 1);
    let error = source.downcast::<FileError>().unwrap();
    assert!(matches!(*error, FileError::Write { .. }), "{error}");
}

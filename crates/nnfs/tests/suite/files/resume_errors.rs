//! Errors of a training that goes back to a checkpoint.

use std::path::Path;

use nnfs::files::{Checkpoints, FileError, Fingerprint, ResumeError, Start};
use nnfs::model::{FitError, Observer, ObserverError};
use nnfs::optimizers::OptimizerKind;
use serde_json::{Value, json};

use super::damage::edit;
use super::*;

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

pub(super) fn model(seed: u64, width: usize) -> Model<f32> {
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

const CHANGES: [Change; 15] = [
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
    (|it| it.settings = it.settings.clone().weights(vec![0.5; 9]), &["weights"]),
    (
        |it| it.settings = it.settings.clone().validation_weights(vec![0.5; 3]),
        &["validation weights"],
    ),
    (|it| it.settings = it.settings.clone().class_weights(vec![0.5, 2.0]), &["class weights"]),
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

/// The checkpoint of a second training, written while the first one runs, stays as it is.
#[test]
fn a_checkpoint_of_another_training_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let mut training = Training::new();
    let mut checkpoints = training.checkpoints(&path);
    let Training { model, inputs, targets, loss, optimizer, settings, .. } = &mut training;
    let (loss, optimizer) = (loss.as_ref(), optimizer.as_mut());
    let mut other = Replacing(&path);
    let checkpoints: &mut dyn Observer<f32> = &mut checkpoints;
    let other: &mut dyn Observer<f32> = &mut other;
    let mut observer = (checkpoints, other);
    let found = model.fit_watched(inputs, targets, loss, optimizer, settings, &mut observer);
    let Err(FitError::Observer { source, history }) = found else { panic!("{found:?}") };
    assert_eq!(history.epochs.len(), 2);
    let error = source.downcast::<FileError>().unwrap();
    assert!(matches!(&*error, FileError::Replaced { path: found } if *found == path), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"of another training");
}

/// Writes another file over the checkpoint.
struct Replacing<'a>(&'a Path);

impl Observer<f32> for Replacing<'_> {
    fn epoch(&mut self, _: &Progress<'_, f32>) -> Result<Control, ObserverError> {
        nnfs::files::write_atomically(self.0, b"of another training")?;
        Ok(Control::Continue)
    }
}

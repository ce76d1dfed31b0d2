//! Files that the first version wrote are read, and trainings go on from them.
//!
//! The files were written at commit e7462ed, by the trainings below.

use std::path::{Path, PathBuf};

use nnfs::datasets::Target;
use nnfs::files::{Checkpoint, Checkpoints, Fingerprint, Registry, ResumeError, Start};
use nnfs::model::{End, History};

use super::*;

fn file(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/files/version_1");
    Path::new(folder).join(name)
}

/// 2-6-1 with a penalty and dropout.
fn model() -> Model<f64> {
    let hidden = Tensor::from_fn(2, 6, |row, column| ((row * 6 + column) % 5) as f64 / 4.0 - 0.4);
    let output = Tensor::from_fn(6, 1, |row, _| (row % 3) as f64 / 2.0 - 0.4);
    let hidden = Dense::from_parameters(hidden, Tensor::zeros(1, 6)).unwrap();
    let output = Dense::from_parameters(output, Tensor::zeros(1, 1)).unwrap();
    let hidden = hidden.activation(Relu).weight_penalty(Penalty::l2(1e-3).unwrap());
    let dropout = Dropout::new(0.2, ChaCha8Rng::seed_from_u64(4)).unwrap();
    Model::new(2).then(hidden).unwrap().then(dropout).unwrap().then(output).unwrap()
}

fn rate(initial: f64) -> LearningRate {
    LearningRate::inverse_time(initial, 0.01).unwrap()
}

fn adamw() -> AdamW<f64> {
    AdamW::new(rate(0.05)).weight_decay(0.1)
}

/// The result of a training that starts from a file.
#[derive(Debug)]
struct Trained {
    history: History,
    model: Vec<u8>,
}

/// Resumes from a copy of a file.
fn train(
    name: &str,
    optimizer: &mut dyn Optimizer<f64>,
    epochs: usize,
    patience: Option<usize>,
) -> Result<Trained, ResumeError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::copy(file(name), &path).unwrap();

    let inputs = Tensor::from_fn(20, 2, |row, column| (row * 2 + column) as f64 / 40.0);
    let targets = Tensor::from_fn(20, 1, |row, _| (row * row) as f64 / 400.0);
    let (mut model, mse) = (model(), MeanSquaredError);
    let mut settings = Fit::epochs(epochs).batch_size(4).shuffle(1).validation_fraction(0.25, 1);
    if let Some(patience) = patience {
        settings = settings.early_stopping(patience);
    }
    let fingerprint = Fingerprint::new(&model, &inputs, &targets, &mse, optimizer, &settings);
    let mut checkpoints = Checkpoints::new(&path, fingerprint);
    let history = match checkpoints.start(&mut model, optimizer, &settings)? {
        Start::Afresh(_) => panic!("there is a checkpoint"),
        Start::Finished(history) => history,
        Start::Resumed(state) => model
            .fit_from(state, &inputs, &targets, &mse, optimizer, &settings, &mut checkpoints)
            .unwrap(),
    };
    Ok(Trained { history, model: Pipeline::new(model).to_bytes().unwrap() })
}

/// The bytes of a model of a training without a stop, in the first version.
fn straight(name: &str) -> Vec<u8> {
    std::fs::read(file(name)).unwrap()
}

/// Its fingerprint has the number of epochs, and calls the optimizer `adam_w`.
#[test]
fn a_training_is_resumed() {
    let found = train("stopped.safetensors", &mut adamw(), 6, Some(3)).unwrap();
    assert_eq!(found.model, straight("adamw_model.safetensors"));
    assert_eq!((found.history.end, found.history.restored), (End::Done, Some(3)));
    // It had 6 epochs in mind.
    let found = train("stopped.safetensors", &mut adamw(), 7, Some(3)).unwrap();
    assert_eq!((found.history.end, found.history.epochs.len()), (End::Done, 7));
}

#[test]
fn a_finished_training_is_finished_or_continued() {
    let ada_grad = || AdaGrad::new(rate(0.05));
    let found = train("finished.safetensors", &mut ada_grad(), 3, None).unwrap();
    assert_eq!((found.history.end, found.history.epochs.len()), (End::Done, 3));
    let found = train("finished.safetensors", &mut ada_grad(), 6, None).unwrap();
    assert_eq!(found.model, straight("adagrad_model.safetensors"));

    let rms_prop = || RmsProp::new(rate(0.3));
    for epochs in [50, 60] {
        let found = train("early.safetensors", &mut rms_prop(), epochs, Some(2)).unwrap();
        assert_eq!(found.history.end, End::StoppedEarly { best_epoch: 9 });
        assert_eq!(found.model, straight("early_model.safetensors"));
    }
}

/// A finished checkpoint had the best weights alone, which may be the last ones.
#[test]
fn without_the_last_weights_a_training_is_not_continued() {
    let found = train("best_is_last.safetensors", &mut RmsProp::new(rate(0.3)), 6, Some(20));
    let found = found.unwrap().history;
    assert_eq!((found.epochs.len(), found.restored), (6, Some(5)));

    let found = train("best_is_not_last.safetensors", &mut adamw(), 6, Some(3)).unwrap();
    assert_eq!(found.model, straight("adamw_model.safetensors"));
    let refused = train("best_is_not_last.safetensors", &mut adamw(), 7, Some(3)).unwrap_err();
    assert!(matches!(refused, ResumeError::BestWeightsOnly { .. }), "{refused}");
}

#[test]
fn what_is_read_can_be_written_again() {
    for name in ["stopped", "finished", "early", "best_is_last", "best_is_not_last"] {
        let path = file(&format!("{name}.safetensors"));
        let old = Checkpoint::<f64>::load(path, &Registry::new()).unwrap();
        let new = Checkpoint::from_bytes(&old.to_bytes().unwrap(), &Registry::new()).unwrap();
        assert_eq!((&new.state, new.finished), (&old.state, old.finished), "{name}");
        assert_eq!((&new.optimizer, &new.fingerprint), (&old.optimizer, &old.fingerprint));
    }
}

#[test]
fn models_predict_the_same() {
    let path = file("numbers.safetensors");
    let pipeline = Pipeline::<f64>::load(&path).unwrap();
    assert_eq!(pipeline.to_bytes().unwrap(), std::fs::read(&path).unwrap());
    let table = Table::from_rows("new", &["colour", "length"], [["red", "3"], ["blue", "1"]]);
    let found = pipeline.predict_table(&table.unwrap()).unwrap();
    // (2, -1, 1) and (-2, 1, -1) times the weights, undone from 2 to 4 and from 1 to 3.
    let expected = [[-0.7, -0.2], [0.7, 0.2]];
    let expected =
        Tensor::from_fn(2, 2, |row, column| [2.0, 1.0][column] + 2.0 * expected[row][column]);
    assert!((&found - &expected).amax() < 1e-12, "{found} {expected}");

    let path = file("classes.safetensors");
    let pipeline = Pipeline::<f32>::load(&path).unwrap();
    assert_eq!(pipeline.to_bytes().unwrap(), std::fs::read(&path).unwrap());
    assert!(matches!(pipeline.encoder().unwrap().target(), Target::Classes { .. }));
}

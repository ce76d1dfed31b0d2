//! Checkpoints: a training that was stopped gives the same bits as one that was not.

use std::path::Path;

use nnfs::datasets::ScalerError;
use nnfs::files::{Checkpoint, Checkpoints, Fingerprint, Registry, Start};
use nnfs::model::{History, Observer};
use nnfs::tensor::OptimizerState;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::*;

/// All that is chosen for a training.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) optimizer: usize,
    pub(crate) schedule: Schedule,
    pub(crate) epochs: usize,
    pub(crate) batch_size: usize,
    pub(crate) seed: u64,
    pub(crate) patience: Option<usize>,
    pub(crate) validation: bool,
    /// Epochs between checkpoints.
    pub(crate) every: usize,
    /// Of the hidden layer.
    pub(crate) width: usize,
}

impl Choice {
    fn settings<T: Scalar>(&self) -> Fit<T> {
        let mut settings = Fit::epochs(self.epochs).unwrap();
        settings = settings.batch_size(self.batch_size).unwrap().shuffle(self.seed);
        if let Some(patience) = self.patience {
            settings = settings.early_stopping(patience).unwrap();
        }
        if self.validation {
            settings = settings.validation_fraction(0.25, self.seed).unwrap();
        }
        // A metric that JSON has no number for.
        let infinite = |_: &Tensor<T>, _: &Tensor<T>| Ok::<_, ScalerError>(f64::INFINITY);
        settings.clip_norm(1.0).unwrap().metric("infinite", infinite)
    }

    fn optimizer<T: Scalar>(&self) -> Box<dyn Optimizer<T>> {
        let rate = LearningRate::new(0.05, self.schedule).unwrap();
        match self.optimizer {
            0 => Box::new(Sgd::new(rate)),
            1 => Box::new(Sgd::new(rate).momentum(0.9).unwrap()),
            2 => Box::new(AdaGrad::new(rate)),
            3 => Box::new(RmsProp::new(rate)),
            4 => Box::new(Adam::new(rate)),
            _ => Box::new(AdamW::new(Adam::new(rate), 0.1).unwrap()),
        }
    }

    /// One hidden layer, with a penalty and dropout.
    fn model<T: Scalar>(&self) -> Model<T> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let first = Dense::new(2, self.width, Initializer::HeNormal, &mut rng).unwrap();
        let last = Dense::new(self.width, 1, Initializer::GlorotUniform, &mut rng).unwrap();
        let first = first.activation(Tanh).weight_penalty(Penalty::l2(1e-3).unwrap());
        let dropout = Dropout::new(0.2, rng).unwrap();
        Model::new(2, vec![Box::new(first), Box::new(dropout), Box::new(last)]).unwrap()
    }
}

/// All bits that are left of a training; the times alone are set to 0.
#[derive(Debug, PartialEq)]
pub(crate) struct Rest<T: FileScalar> {
    history: History,
    model: Vec<u8>,
    optimizer: OptimizerState<T>,
}

/// What a process does between its start and its end: goes on from the checkpoint, if there is one,
/// until the training is over or the observer says so.
pub(crate) fn process<T: FileScalar>(
    path: &Path,
    choice: &Choice,
    mut observe: impl FnMut(&mut Checkpoints<T>, &Progress<'_, T>) -> Control,
) -> Rest<T> {
    let (inputs, targets) = (draw(20, 2, 1), draw(20, 1, 2));
    let (mut model, mut optimizer) = (choice.model(), choice.optimizer());
    let (optimizer, mse) = (optimizer.as_mut(), MeanSquaredError);
    let settings = choice.settings();
    let fingerprint = Fingerprint::new(&model, &inputs, &targets, &mse, optimizer, &settings);
    let mut checkpoints = Checkpoints::new(path, fingerprint).every(choice.every).unwrap();
    let mut history = match checkpoints.start(&mut model, optimizer, settings).unwrap() {
        Start::Finished(history) => history,
        Start::Afresh(settings) | Start::Resumed(settings) => {
            let mut observer = |progress: &Progress<'_, T>| observe(&mut checkpoints, progress);
            let history =
                model.fit(&inputs, &targets, &mse, optimizer, &settings, &mut observer).unwrap();
            checkpoints.finish(&model, optimizer, &history).unwrap();
            history
        }
    };
    history.epochs.iter_mut().for_each(|epoch| epoch.seconds = 0.0);
    Rest { history, model: Pipeline::new(model).to_bytes().unwrap(), optimizer: optimizer.state() }
}

/// A process that is not stopped.
pub(crate) fn whole<T: FileScalar>(path: &Path, choice: &Choice) -> Rest<T> {
    process(path, choice, Checkpoints::epoch)
}

/// How a process ends before the training is over, after so many epochs.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stop {
    /// With a last checkpoint.
    Saved(usize),
    /// Without one, as if it were killed.
    Lost(usize),
}

fn stopped<T: FileScalar>(path: &Path, choice: &Choice, stop: Stop) {
    let mut epochs = 0;
    process::<T>(path, choice, |checkpoints, progress| {
        epochs += 1;
        match stop {
            Stop::Saved(last) if last == epochs => checkpoints.after(progress, Control::Stop),
            Stop::Lost(last) if last == epochs => Control::Stop,
            _ => checkpoints.after(progress, Control::Continue),
        }
    });
}

fn check_resumption<T: FileScalar>(choice: &Choice, stops: &[Stop]) {
    let folder = tempfile::tempdir().unwrap();
    let straight: Rest<T> = whole(&folder.path().join("straight"), choice);
    let path = folder.path().join("resumed");
    for &stop in stops {
        stopped::<T>(&path, choice, stop);
    }
    assert_eq!(whole::<T>(&path, choice), straight);
    // It is over: nothing happens any more.
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(process::<T>(&path, choice, |_, _| panic!("an epoch")), straight);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert!(Checkpoint::<T>::load(&path, &Registry::new()).unwrap().is_finished());
}

fn choices() -> impl Strategy<Value = Choice> {
    let schedules = prop_oneof![
        Just(Schedule::Constant),
        Just(Schedule::InverseTime { decay: 0.1 }),
        Just(Schedule::Step { every: 7, factor: 0.7 }),
        Just(Schedule::Exponential { factor: 0.99 }),
        Just(Schedule::Cosine { steps: 30, end: 0.001 }),
    ];
    let counts = (1..12_usize, 1..15_usize, 1..4_usize, any::<u64>());
    let stopping = (prop::option::of(1..5_usize), any::<bool>());
    (0..6_usize, schedules, counts, stopping).prop_map(|(optimizer, schedule, counts, stopping)| {
        let ((epochs, batch_size, every, seed), (patience, validation)) = (counts, stopping);
        let width = 6;
        Choice { optimizer, schedule, epochs, batch_size, seed, patience, validation, every, width }
    })
}

fn stops() -> impl Strategy<Value = Stop> {
    prop_oneof![(1..6_usize).prop_map(Stop::Saved), (1..6_usize).prop_map(Stop::Lost)]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/files.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn resumed_is_straight_through(
        choice in choices(), stops in prop::collection::vec(stops(), 0..4), single: bool,
    ) {
        if single {
            check_resumption::<f32>(&choice, &stops);
        } else {
            check_resumption::<f64>(&choice, &stops);
        }
    }
}

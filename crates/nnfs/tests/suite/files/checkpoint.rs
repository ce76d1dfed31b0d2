//! Checkpoints: a training that was stopped gives the same bits as one that was not.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use nnfs::datasets::ScalerError;
use nnfs::files::{Checkpoint, Checkpoints, FileError, Fingerprint, FormatError, Registry, Start};
use nnfs::model::History;
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
        let mut settings = Fit::epochs(self.epochs);
        settings = settings.batch_size(self.batch_size).shuffle(self.seed);
        if let Some(patience) = self.patience {
            settings = settings.early_stopping(patience);
        }
        if self.validation {
            settings = settings.validation_fraction(0.25, self.seed);
        }
        if self.seed % 2 == 1 {
            settings = settings.weights((0..20).map(|row| f64::from(1 + row % 5)).collect());
        }
        // A metric that JSON has no number for.
        let infinite = |_: &Tensor<T>, _: &Tensor<T>| Ok::<_, ScalerError>(f64::INFINITY);
        settings.clip_norm(1.0).metric("infinite", infinite)
    }

    fn optimizer<T: Scalar>(&self) -> Box<dyn Optimizer<T>> {
        let rate = LearningRate::new(0.05, self.schedule).unwrap();
        match self.optimizer {
            0 => Box::new(Sgd::new(rate)),
            1 => Box::new(Sgd::new(rate).momentum(0.9)),
            2 => Box::new(AdaGrad::new(rate)),
            3 => Box::new(RmsProp::new(rate)),
            4 => Box::new(Adam::new(rate)),
            _ => Box::new(AdamW::new(rate).weight_decay(0.1)),
        }
    }

    /// One hidden layer, with a penalty and dropout.
    fn model<T: Scalar>(&self) -> Model<T> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let first = Dense::new(2, self.width, Initializer::HeNormal, &mut rng).unwrap();
        let last = Dense::new(self.width, 1, Initializer::GlorotUniform, &mut rng).unwrap();
        let first = first.activation(Tanh).weight_penalty(Penalty::l2(1e-3).unwrap());
        let dropout = Dropout::new(0.2, rng).unwrap();
        Model::new(2).then(first).unwrap().then(dropout).unwrap().then(last).unwrap()
    }
}

/// All bits that are left of a training; the times alone are set to 0.
#[derive(Debug, PartialEq)]
pub(crate) struct Rest<T: FileScalar> {
    history: History,
    model: Vec<u8>,
    optimizer: OptimizerState<T>,
}

/// What a process does between its start and its end: resumes from the checkpoint, if there is one,
/// until the training is over or the observer says so.
pub(crate) fn process<T: FileScalar>(
    path: &Path,
    choice: &Choice,
    observe: impl FnMut(&Progress<'_, T>) -> Control,
) -> Rest<T> {
    let (inputs, targets) = (draw(20, 2, 1), draw(20, 1, 2));
    let (mut model, mut optimizer) = (choice.model(), choice.optimizer());
    let (optimizer, mse) = (optimizer.as_mut(), MeanSquaredError);
    let settings = choice.settings();
    let fingerprint = Fingerprint::new(&model, &inputs, &targets, &mse, optimizer, &settings);
    let checkpoints = Checkpoints::new(path, fingerprint).every(choice.every);
    let mut history = match checkpoints.start(&mut model, optimizer, &settings).unwrap() {
        Start::Finished(history) => history,
        Start::Afresh(state) | Start::Resumed(state) => {
            let mut observer = (observe, checkpoints);
            model
                .fit_from(state, &inputs, &targets, &mse, optimizer, &settings, &mut observer)
                .unwrap()
        }
    };
    history.epochs.iter_mut().for_each(|epoch| epoch.seconds = 0.0);
    Rest {
        history,
        model: Pipeline::new(model).to_bytes().unwrap(),
        optimizer: optimizer.state().clone(),
    }
}

/// A process that is not stopped.
pub(crate) fn whole<T: FileScalar>(path: &Path, choice: &Choice) -> Rest<T> {
    process(path, choice, |_| Control::Continue)
}

/// How a process ends before the training is over, after so many epochs.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stop {
    /// With a last checkpoint.
    Saved(usize),
    /// Without one, as if it were killed.
    Lost(usize),
    /// At the end of a training of fewer epochs.
    Finished(usize),
}

/// What a process that is killed panics with.
const KILLED: &str = "killed";

fn stopped<T: FileScalar>(path: &Path, choice: &Choice, stop: Stop) {
    let mut epochs = 0;
    let mut run = |choice: &Choice| {
        process::<T>(path, choice, |_| {
            epochs += 1;
            match stop {
                Stop::Saved(last) if last == epochs => Control::Stop,
                Stop::Lost(last) if last == epochs => resume_unwind(Box::new(KILLED)),
                _ => Control::Continue,
            }
        })
    };
    match stop {
        Stop::Saved(_) => drop(run(choice)),
        Stop::Lost(_) => {
            let killed = catch_unwind(AssertUnwindSafe(|| run(choice)));
            assert!(killed.err().is_none_or(|it| it.downcast_ref() == Some(&KILLED)));
        }
        // Not fewer than there are already.
        Stop::Finished(more) => {
            let done = Checkpoint::<T>::load_if_exists(path, &Registry::new()).unwrap();
            let done = done.map_or(0, |checkpoint| checkpoint.state.next_epoch());
            drop(run(&Choice { epochs: choice.epochs.min(done + more), ..choice.clone() }));
        }
    }
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
    assert_eq!(process::<T>(&path, choice, |_| panic!("an epoch")), straight);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert!(Checkpoint::<T>::load(&path, &Registry::new()).unwrap().is_finished());
    // The file of epochs was for the time in between.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
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
    let stop = prop::sample::select(vec![Stop::Saved as fn(_) -> _, Stop::Lost, Stop::Finished]);
    (stop, 1..6_usize).prop_map(|(stop, epochs)| stop(epochs))
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

/// What a process that was killed after some epochs leaves.
fn killed(path: &Path, epochs: usize) {
    let choice = Choice { patience: None, every: 1, ..a_choice() };
    stopped::<f64>(path, &choice, Stop::Lost(epochs + 1));
}

fn a_choice() -> Choice {
    super::damage::choice(20)
}

/// Every checkpoint had all epochs.
#[test]
fn a_checkpoint_costs_the_same_however_many_epochs_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let choice = Choice { epochs: 300, patience: None, ..a_choice() };
    let mut sizes = Vec::new();
    process::<f64>(&path, &choice, |progress| {
        if [50, 300].contains(&progress.state().next_epoch()) {
            sizes.push(std::fs::metadata(&path).unwrap().len());
        }
        Control::Continue
    });
    // The counts of epochs and steps have more digits, and the alignment of the header is 8 bytes.
    assert!(sizes[1] - sizes[0] < 32, "{sizes:?}");
    assert!(sizes[1] < 5000, "{sizes:?}");
}

#[test]
fn a_checkpoint_without_its_epochs_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    killed(&path, 3);
    let load = || Checkpoint::<f64>::load_if_exists(&path, &Registry::new());
    assert_eq!(load().unwrap().unwrap().state.next_epoch(), 3);
    let inside = Checkpoint::<f64>::from_bytes(&std::fs::read(&path).unwrap(), &Registry::new());
    assert!(matches!(inside, Err(FormatError::EpochsBeside { .. })), "{inside:?}");

    let beside = folder.path().join("checkpoint.epochs-1.jsonl");
    let lines = std::fs::read_to_string(&beside).unwrap();
    // More lines were on their way to the next checkpoint.
    std::fs::write(&beside, format!("{lines}{{\"epoch\":3,\"data")).unwrap();
    assert_eq!(load().unwrap().unwrap().state.next_epoch(), 3);
    for other in [&lines[..lines.len() - 1], &lines.replacen("loss", "lost", 1), ""] {
        std::fs::write(&beside, other).unwrap();
        let refused = load().unwrap_err();
        assert!(refused.to_string().starts_with(&beside.display().to_string()), "{refused}");
    }
    // Without the file it is no training that never started.
    std::fs::remove_file(&beside).unwrap();
    assert!(matches!(load(), Err(FileError::Read { path, .. }) if path == beside));
}

/// A new training at the path of an old checkpoint keeps the old one until it has its own.
#[test]
fn two_files_of_epochs_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let beside =
        [1, 2].map(|number| folder.path().join(format!("checkpoint.epochs-{number}.jsonl")));
    for turn in [0, 1, 0, 1] {
        killed(&path, 2);
        assert!(beside[turn].exists() && !beside[1 - turn].exists());
    }
    // Killed after the first epochs were appended, and before the checkpoint that refers to them.
    let before = std::fs::read(&path).unwrap();
    killed(&path, 2);
    std::fs::write(&path, &before).unwrap();
    let found = Checkpoint::<f64>::load(&path, &Registry::new());
    assert!(matches!(found, Err(FileError::Read { path, .. }) if path == beside[1]));
}

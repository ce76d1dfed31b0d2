//! A training that can be stopped at any time.

use std::fs;
use std::path::{Path, PathBuf};

use nnfs_model::{
    Best, Control, End, Fit, FitState, History, Model, Observer, ObserverError, Progress,
};
use nnfs_tensor::{Optimizer, OptimizerError};

use super::checkpoint::{Epochs, Finished, Parts, epochs_beside};
use super::disk::Identity;
use super::epoch_file::{self, EpochFile};
use super::{Checkpoint, Difference, FileError, FileScalar, Fingerprint, Registry};

/// Saves a training every few epochs, and resumes it when the program is started again. The result has
/// the same bits as if the training had never been interrupted.
///
/// It is an [`Observer`]: it saves at the end of epochs, and when the training ends. A finished
/// training can be continued with more epochs.
///
/// ```
/// use nnfs::files::{Checkpoints, Fingerprint, Start};
/// use nnfs::prelude::*;
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("checkpoint.safetensors");
/// # let (inputs, targets) = nnfs::datasets::sine::<f32>(20);
/// let mut rng = ChaCha8Rng::seed_from_u64(0);
/// let dense = Dense::new(1, 1, Initializer::GlorotUniform, &mut rng)?;
/// let mut model = Model::new(1).then(dense)?;
/// let mse = MeanSquaredError;
/// let mut adam = Adam::new(0.01);
/// let settings = Fit::epochs(20).batch_size(5).shuffle(1);
///
/// let fingerprint = Fingerprint::new(&model, &inputs, &targets, &mse, &adam, &settings);
/// let mut checkpoints = Checkpoints::new(&path, fingerprint).every(5);
/// let history = match checkpoints.start(&mut model, &mut adam, &settings)? {
///     Start::Finished(history) => history,
///     Start::Afresh(state) | Start::Resumed(state) => model.fit_from(
///         state, &inputs, &targets, &mse, &mut adam, &settings, &mut checkpoints,
///     )?,
/// };
/// assert_eq!(history.epochs.len(), 20);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Checkpoints<T: FileScalar> {
    path: PathBuf,
    fingerprint: Fingerprint,
    registry: Registry<T>,
    every: usize,
    epochs: Option<EpochFile>,
    /// The last checkpoint that was written.
    written: Option<Identity>,
}

/// How a training starts.
#[derive(Debug)]
pub enum Start<T: FileScalar> {
    /// From the beginning: there is no checkpoint.
    Afresh(FitState<T>),
    /// From the checkpoint, with this state. Model and optimizer have been restored.
    Resumed(FitState<T>),
    /// Not at all: the training is over. The model has its final weights.
    Finished(History),
}

// A message has the error within it. A field `r#source` is not `Error::source`, which would show it twice.
/// A checkpoint from which a training cannot be resumed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The file cannot be read, or is damaged.
    #[error(transparent)]
    File(#[from] FileError),
    /// The checkpoint belongs to a training with other settings or other data.
    #[error("{}: the checkpoint is of another training: {}", path.display(), list(differences))]
    Differs {
        /// The file.
        path: PathBuf,
        /// The differences.
        differences: Vec<Difference>,
    },
    /// The checkpoint has more epochs than the settings.
    #[error(
        "{}: expected a checkpoint of at most {expected} epochs, found {found} epochs", path.display()
    )]
    Epochs {
        /// The file.
        path: PathBuf,
        /// The number of epochs of the settings.
        expected: usize,
        /// The number of epochs of the checkpoint.
        found: usize,
    },
    /// The training is finished, and its checkpoint has the best weights alone: version 1 of the format
    /// did not keep the last ones, which more epochs need.
    #[error(
        "{}: expected the weights of the last epoch, found only those of the best one; this finished \
         training cannot be continued", path.display()
    )]
    BestWeightsOnly {
        /// The file.
        path: PathBuf,
    },
    /// The state of the optimizer does not fit the optimizer or the model.
    #[error("{}: {source}", path.display())]
    Optimizer {
        /// The file.
        path: PathBuf,
        /// The reason.
        r#source: OptimizerError,
    },
}

fn list(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl<T: FileScalar> Checkpoints<T> {
    /// Checkpoints at this path, after every epoch.
    ///
    /// While the training runs, its epochs are in a file beside the checkpoint, with the name of the
    /// checkpoint and `.epochs-1.jsonl` or `.epochs-2.jsonl`. It is removed when the training ends.
    pub fn new(path: impl AsRef<Path>, fingerprint: Fingerprint) -> Self {
        let (path, registry) = (path.as_ref().to_owned(), Registry::new());
        Self { path, fingerprint, registry, every: 1, epochs: None, written: None }
    }

    /// Saves after every `epochs` epochs; with 0, only when the training ends.
    #[must_use]
    pub fn every(mut self, epochs: usize) -> Self {
        self.every = epochs;
        self
    }

    /// Whether a checkpoint is saved after this many epochs.
    pub fn is_due(&self, epochs: usize) -> bool {
        epochs.is_multiple_of(self.every)
    }

    /// Builds the layers of a checkpoint with this registry, which custom layers need.
    #[must_use]
    pub fn with_registry(mut self, registry: Registry<T>) -> Self {
        self.registry = registry;
        self
    }

    /// Restores model and optimizer from the checkpoint, if there is one.
    ///
    /// # Errors
    /// If the checkpoint is damaged, belongs to another training, or has more epochs than the
    /// settings. Model and optimizer are then unchanged.
    pub fn start(
        &self,
        model: &mut Model<T>,
        optimizer: &mut dyn Optimizer<T>,
        settings: &Fit<T>,
    ) -> Result<Start<T>, ResumeError> {
        let path = || self.path.clone();
        let Some(checkpoint) = Checkpoint::load_if_exists(&self.path, &self.registry)? else {
            return Ok(Start::Afresh(FitState::new()));
        };
        let differences = self.fingerprint.differences(&checkpoint.fingerprint);
        if !differences.is_empty() {
            return Err(ResumeError::Differs { path: path(), differences });
        }
        let (expected, found) = (settings.epoch_count(), checkpoint.state.epochs.len());
        if found > expected {
            return Err(ResumeError::Epochs { path: path(), expected, found });
        }
        // A straight training of more epochs would not have ended here either.
        let goes_on = |it: &Finished| it.end == End::Done && found < expected;
        let is_over = checkpoint.finished.is_some_and(|it| !goes_on(&it));
        let checkpoint =
            if is_over { Some(with_best_weights(checkpoint)) } else { resumable(checkpoint) };
        let checkpoint = checkpoint.ok_or_else(|| ResumeError::BestWeightsOnly { path: path() })?;

        let before = optimizer.state().clone();
        let restored = optimizer
            .restore(checkpoint.optimizer)
            .map_err(OptimizerError::from)
            .and_then(|()| optimizer.check(&checkpoint.model));
        if let Err(source) = restored {
            optimizer.restore(before).expect("the optimizer's own state");
            return Err(ResumeError::Optimizer { path: path(), source });
        }
        *model = checkpoint.model;
        Ok(match checkpoint.finished.filter(|_| is_over) {
            Some(Finished { end, restored }) => {
                let epochs = checkpoint.state.epochs;
                Start::Finished(History { epochs, end, restored })
            }
            None => Start::Resumed(checkpoint.state),
        })
    }

    /// Saves a training that is running: the new epochs into their own file, then the rest.
    fn save_running(&mut self, progress: &Progress<'_, T>) -> Result<(), FileError> {
        self.check_ours()?;
        let epochs = &progress.state().epochs;
        if fs::metadata(&self.path).is_ok_and(|it| !it.is_file()) {
            // A pipe, say, has no place for a file beside it.
            return self.save(progress, Epochs::Inside(epochs), None, true);
        }
        let mut file = match self.epochs.take().filter(EpochFile::is_there) {
            Some(file) => file,
            None => EpochFile::create(&self.path, epochs_beside(&self.path).as_ref())?,
        };
        let is_new = file.is_empty() || self.written.is_none();
        let saved = match file.append(epochs) {
            Ok(beside) => {
                let beside = beside.clone();
                self.save(progress, Epochs::Beside(&beside), None, is_new)
            }
            Err(error) => Err(error),
        };
        if saved.is_ok() {
            file.remove_others(&self.path);
        }
        self.epochs = Some(file);
        saved
    }

    /// Checks that the checkpoint is the last one that this training wrote. One that was removed is written
    /// again.
    fn check_ours(&self) -> Result<(), FileError> {
        match (Identity::of(&self.path), self.written) {
            (Some(found), Some(written)) if found != written => {
                Err(FileError::Replaced { path: self.path.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Writes the file. With `wait` it is on the disk afterwards, with its name; otherwise a loss of power
    /// may bring back the checkpoint before.
    fn save(
        &mut self,
        progress: &Progress<'_, T>,
        epochs: Epochs<'_>,
        finished: Option<Finished>,
        wait: bool,
    ) -> Result<(), FileError> {
        let parts = Parts {
            fingerprint: &self.fingerprint,
            model: progress.model(),
            optimizer: progress.optimizer().state(),
            epochs,
            best: progress.state().best.as_ref(),
            finished,
        };
        match wait {
            true => parts.save(&self.path)?,
            false => parts.save_soon(&self.path)?,
        }
        let file = fs::metadata(&self.path).ok().filter(fs::Metadata::is_file);
        self.written = file.as_ref().map(Identity::from_metadata);
        Ok(())
    }
}

/// A training that is over: the model gets the weights that were restored.
fn with_best_weights<T: FileScalar>(mut checkpoint: Checkpoint<T>) -> Checkpoint<T> {
    if let Some(best) = &checkpoint.state.best {
        checkpoint.model.set_weights(&best.weights).expect("weights read for this model");
    }
    checkpoint
}

/// A training that continues, unless its last weights are missing.
fn resumable<T: FileScalar>(mut checkpoint: Checkpoint<T>) -> Option<Checkpoint<T>> {
    let restored = checkpoint.finished.and_then(|finished| finished.restored);
    let (Some(epoch), None) = (restored, &checkpoint.state.best) else { return Some(checkpoint) };
    // The model has the best weights, which may happen to be the last ones.
    let last = checkpoint.state.epochs.last().filter(|last| last.epoch == epoch)?;
    let weights = checkpoint.model.weights();
    checkpoint.state.best = Some(Best { epoch, loss: last.judged_loss?, weights });
    Some(checkpoint)
}

impl<T: FileScalar> Observer<T> for Checkpoints<T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        if self.is_due(progress.state().next_epoch()) {
            self.save_running(progress)?;
        }
        Ok(Control::Continue)
    }

    /// Saves the training, all in one file. A training that an observer stopped can be resumed; any
    /// other is finished.
    fn end(&mut self, progress: &Progress<'_, T>, end: End) -> Result<(), ObserverError> {
        let state = progress.state();
        self.check_ours()?;
        let restored = state.best.as_ref().map(|best| best.epoch);
        let finished = (end != End::StoppedByObserver).then_some(Finished { end, restored });
        self.save(progress, Epochs::Inside(&state.epochs), finished, true)?;
        self.epochs = None;
        epoch_file::remove(&self.path, None);
        Ok(())
    }
}

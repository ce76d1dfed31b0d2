//! A training that can be stopped anywhere.

use std::path::{Path, PathBuf};

use nnfs_model::{Control, End, Fit, History, Model, Observer, Progress};
use nnfs_tensor::{Optimizer, SettingError, ShapeError};

use super::checkpoint::{Finished, Parts};
use super::{Checkpoint, Difference, FileError, FileScalar, Fingerprint, Registry};

/// Saves a training every few epochs, and goes on from there when it is started again: with the same
/// bits as if it had never been stopped, wherever that was.
///
/// As an [`Observer`] it saves at the end of an epoch; that of another observer goes through
/// [`Checkpoints::after`].
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
/// let mut model = Model::new(1, vec![Box::new(dense)])?;
/// let mse = MeanSquaredError;
/// let mut adam = Adam::new(LearningRate::constant(0.01)?);
/// let settings = Fit::epochs(20)?.batch_size(5)?.shuffle(1);
///
/// let fingerprint = Fingerprint::new(&model, &inputs, &targets, &mse, &adam, &settings);
/// let mut checkpoints = Checkpoints::new(&path, fingerprint).every(5)?;
/// let history = match checkpoints.start(&mut model, &mut adam, settings)? {
///     Start::Finished(history) => history,
///     Start::Afresh(settings) | Start::Resumed(settings) => {
///         let history =
///             model.fit(&inputs, &targets, &mse, &mut adam, &settings, &mut checkpoints)?;
///         checkpoints.finish(&model, &adam, &history)?;
///         history
///     }
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
    failed: Option<FileError>,
}

/// How a training is to start.
#[derive(Debug)]
pub enum Start<T: FileScalar> {
    /// There is no checkpoint: from the beginning, with these settings.
    Afresh(Fit<T>),
    /// From the checkpoint, with these settings ([`Fit::first_epoch`] says where); model and optimizer
    /// are as they were then.
    Resumed(Fit<T>),
    /// Not at all: it is over, and the model has the weights that it was left with.
    Finished(History),
}

/// A checkpoint that a training cannot go on from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The file cannot be read, or is damaged.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is of a training with other settings or other data.
    #[error("{}: the checkpoint is of another training: {}", path.display(), list(differences))]
    Differs {
        /// The file.
        path: PathBuf,
        /// In what it differs.
        differences: Vec<Difference>,
    },
    /// What the optimizer remembered does not fit it, or the model.
    #[error("{}: {source}", path.display())]
    Optimizer {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: ShapeError,
    },
}

fn list(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl<T: FileScalar> Checkpoints<T> {
    /// At this path, after every epoch.
    pub fn new(path: impl AsRef<Path>, fingerprint: Fingerprint) -> Self {
        let (path, registry) = (path.as_ref().to_owned(), Registry::new());
        Self { path, fingerprint, registry, every: 1, failed: None }
    }

    /// Saves after every so many epochs.
    ///
    /// # Errors
    /// For 0 epochs.
    pub fn every(mut self, epochs: usize) -> Result<Self, SettingError> {
        SettingError::check("epochs between checkpoints", epochs as f64, "at least 1", epochs > 0)?;
        self.every = epochs;
        Ok(self)
    }

    /// Builds the layers of a checkpoint with this, where there are some of one's own.
    #[must_use]
    pub fn with_registry(mut self, registry: Registry<T>) -> Self {
        self.registry = registry;
        self
    }

    /// Brings model, optimizer and settings to where the checkpoint was, if there is one.
    ///
    /// # Errors
    /// If the checkpoint is damaged, or of another training; model and optimizer are then as they
    /// were.
    pub fn start(
        &self,
        model: &mut Model<T>,
        optimizer: &mut dyn Optimizer<T>,
        settings: Fit<T>,
    ) -> Result<Start<T>, ResumeError> {
        let path = &self.path;
        let Some(checkpoint) = Checkpoint::load_if_exists(path, &self.registry)? else {
            return Ok(Start::Afresh(settings));
        };
        let differences = self.fingerprint.differences(&checkpoint.fingerprint);
        if !differences.is_empty() {
            return Err(ResumeError::Differs { path: path.clone(), differences });
        }
        let Checkpoint { model: saved, optimizer: state, state: fit_state, finished, .. } =
            checkpoint;
        let before = optimizer.state();
        let restored = optimizer.restore(state).and_then(|()| optimizer.check(&saved));
        if let Err(source) = restored {
            optimizer.restore(before).expect("its own state");
            return Err(ResumeError::Optimizer { path: path.clone(), source });
        }
        *model = saved;
        Ok(match finished {
            Some(Finished { end, restored }) => {
                Start::Finished(History { epochs: fit_state.epochs, end, restored })
            }
            None => Start::Resumed(settings.resume(fit_state)),
        })
    }

    /// What an observer calls at the end of an epoch, with what it is about to say: saves if it is
    /// time to, or if the training is to stop, and says what the observer should.
    ///
    /// A file that cannot be written stops the training; [`Checkpoints::finish`] then tells why.
    ///
    /// ```
    /// # use nnfs::files::Checkpoints;
    /// # use nnfs::model::{Control, Observer, Progress};
    /// # fn observer(mut checkpoints: Checkpoints<f32>) -> impl Observer<f32> {
    /// move |progress: &Progress<'_, f32>| {
    ///     let good = progress.epoch().data_loss < 1e-3;
    ///     checkpoints.after(progress, if good { Control::Stop } else { Control::Continue })
    /// }
    /// # }
    /// ```
    pub fn after(&mut self, progress: &Progress<'_, T>, control: Control) -> Control {
        let state = progress.state();
        if control == Control::Continue && !state.next_epoch().is_multiple_of(self.every) {
            return control;
        }
        let parts = Parts {
            fingerprint: &self.fingerprint,
            model: progress.model(),
            optimizer: &progress.optimizer().state(),
            epochs: &state.epochs,
            best: state.best.as_ref(),
            finished: None,
        };
        match parts.save(&self.path) {
            Ok(()) => control,
            Err(error) => {
                self.failed = Some(error);
                Control::Stop
            }
        }
    }

    /// After the training: notes that it is over, so that it is not started again. One that an
    /// observer stopped is not over.
    ///
    /// # Errors
    /// If the file cannot be written, now or at the end of an epoch.
    pub fn finish(
        self,
        model: &Model<T>,
        optimizer: &dyn Optimizer<T>,
        history: &History,
    ) -> Result<(), FileError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let &History { ref epochs, end, restored } = history;
        if end == End::StoppedByObserver {
            return Ok(());
        }
        let finished = Some(Finished { end, restored });
        let (fingerprint, optimizer) = (&self.fingerprint, &optimizer.state());
        Parts { fingerprint, model, optimizer, epochs, best: None, finished }.save(&self.path)
    }
}

impl<T: FileScalar> Observer<T> for Checkpoints<T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        self.after(progress, Control::Continue)
    }
}

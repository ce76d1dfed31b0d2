//! The checkpoints of a training, one of which may fail without costing the training.

use std::path::PathBuf;

use anyhow::anyhow;
use nnfs::files::{Checkpoint, Checkpoints, FileScalar, Fingerprint, Finished, Registry, Start};
use nnfs::model::{End, FitState, History, Observer, ObserverError};
use nnfs::prelude::*;

use crate::output::{causes, warn};

/// Saves checkpoints until one cannot be written.
pub(crate) struct Saves<T: FileScalar> {
    path: PathBuf,
    checkpoints: Option<Checkpoints<T>>,
    /// Whether a training that is interrupted now can be resumed.
    can_resume: bool,
    failed: Option<anyhow::Error>,
}

impl<T: FileScalar> Saves<T> {
    /// Saves after every `every` epochs, or with 0 only at the end; without a fingerprint never.
    pub(crate) fn new(path: PathBuf, fingerprint: Option<Fingerprint>, every: usize) -> Self {
        let checkpoints =
            fingerprint.map(|fingerprint| Checkpoints::new(&path, fingerprint).every(every));
        Self { path, can_resume: checkpoints.is_some(), checkpoints, failed: None }
    }

    /// Whether a training that was interrupted can be resumed.
    pub(crate) fn can_resume(&self) -> bool {
        self.can_resume
    }

    /// Where the training starts.
    ///
    /// # Errors
    /// If the checkpoint is damaged, or of another training.
    pub(crate) fn start(
        &self,
        model: &mut Model<T>,
        optimizer: &mut dyn Optimizer<T>,
        settings: &Fit<T>,
    ) -> anyhow::Result<Start<T>> {
        Ok(match &self.checkpoints {
            Some(checkpoints) => checkpoints.start(model, optimizer, settings)?,
            None => Start::Afresh(FitState::new()),
        })
    }

    /// Warns of a checkpoint that cannot be written, and saves no more of them: hours of training are
    /// worth more than the checkpoint.
    fn keep<V>(&mut self, saved: Result<V, ObserverError>) {
        if let Err(error) = saved {
            let error = anyhow!(error);
            warn(&format!(
                "warning: {}; the training continues without checkpoints",
                causes(&error)
            ));
            (self.checkpoints, self.failed, self.can_resume) = (None, Some(error), false);
        }
    }

    /// Marks the training as finished in its checkpoint, once all else is written.
    ///
    /// # Errors
    /// If a checkpoint could not be written, now or at the end of an epoch.
    pub(crate) fn finish(self, history: &History) -> anyhow::Result<()> {
        let &History { end, restored, .. } = history;
        match self.failed {
            Some(error) => Err(error),
            None if self.checkpoints.is_none() || end == End::StoppedByObserver => Ok(()),
            None => {
                let mut checkpoint = Checkpoint::<T>::load(&self.path, &Registry::new())?;
                if checkpoint.finished.is_none() {
                    checkpoint.finished = Some(Finished { end, restored });
                    checkpoint.save(&self.path)?;
                }
                Ok(())
            }
        }
    }
}

impl<T: FileScalar> Observer<T> for Saves<T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        let saved = self.checkpoints.epoch(progress);
        self.keep(saved);
        Ok(Control::Continue)
    }

    /// Saves the training as one that can be resumed: it is not finished before its files are written.
    fn end(&mut self, progress: &Progress<'_, T>, _: End) -> Result<(), ObserverError> {
        let saved = self.checkpoints.end(progress, End::StoppedByObserver);
        self.keep(saved);
        Ok(())
    }
}

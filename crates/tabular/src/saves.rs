//! The checkpoints of a training, which may fail without costing the training.

use nnfs::files::{Checkpoints, FileScalar};
use nnfs::model::{End, Observer, ObserverError};
use nnfs::prelude::*;

use crate::Watcher;

/// Saves checkpoints, and calls a watcher. An error of a checkpoint is kept instead of ending the
/// training: hours of training are worth more than the checkpoint.
pub(crate) struct Saves<'a, T: FileScalar> {
    pub(crate) checkpoints: Option<Checkpoints<T>>,
    pub(crate) watcher: &'a mut dyn Watcher<T>,
    /// The last epoch, which does not need to be stopped.
    pub(crate) last_epoch: usize,
    /// The error of the last checkpoint, if it could not be written.
    pub(crate) failed: Option<ObserverError>,
}

impl<T: FileScalar> Saves<'_, T> {
    fn note<V>(&mut self, saved: Result<V, ObserverError>) {
        let had_failed = self.failed.is_some();
        self.failed = saved.err();
        if let Some(error) = self.failed.as_ref().filter(|_| !had_failed) {
            self.watcher.checkpoint_failed(&**error);
        }
    }
}

impl<T: FileScalar> Observer<T> for Saves<'_, T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        let control = self.watcher.epoch(progress);
        let saved = self.checkpoints.epoch(progress);
        self.note(saved);
        let is_last = progress.epoch().epoch == self.last_epoch;
        Ok(if is_last { Control::Continue } else { control })
    }

    fn end(&mut self, progress: &Progress<'_, T>, end: End) -> Result<(), ObserverError> {
        // No warning: the training is over, and the error is reported with its results.
        self.failed = self.checkpoints.end(progress, end).err();
        Ok(())
    }
}

//! What watches a training.

use std::error::Error;

use nnfs::model::{Control, Epoch, History, Progress};
use nnfs::prelude::*;

/// Watches a [`Training`](crate::Training), and may stop it.
pub trait Watcher<T: Scalar> {
    /// Called at the end of every epoch.
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control;

    /// Called when a checkpoint could not be written. The training continues.
    fn checkpoint_failed(&mut self, _error: &dyn Error) {}

    /// Called after the last epoch, with the weights that are kept.
    fn end(&mut self, _model: &Model<T>, _history: &History) {}
}

/// Calls a function at the end of every epoch.
#[derive(Debug)]
pub(crate) struct EachEpoch<F>(pub(crate) F);

impl<T: Scalar, F: FnMut(&Epoch) -> Control> Watcher<T> for EachEpoch<F> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        (self.0)(progress.epoch())
    }
}

//! What watches a training.

use std::error::Error;

use nnfs::model::{Control, Epoch, History, ObserverError, Progress};
use nnfs::prelude::*;

/// Watches a [`Training`](crate::Training), and may stop it.
pub trait Watcher<T: Scalar> {
    /// Called at the end of every epoch. If there are several networks, it is called for the first one.
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control;

    /// Called at the end of every epoch of each network, also of the first one. Networks are counted from 0. The
    /// epochs of a network come in their order. Those of networks on other threads come a little late.
    fn epoch_of_network(&mut self, _network: usize, _epoch: &Epoch) -> Control {
        Control::Continue
    }

    /// Called at the end of each epoch on the calling thread, and every 50 milliseconds while it waits for other
    /// threads: `done` epochs of all networks are done, of `epochs`. A network that ends early counts all of its
    /// epochs.
    fn advance(&mut self, _done: usize, _epochs: usize) -> Control {
        Control::Continue
    }

    /// Called before a checkpoint is saved. With an error it is not saved, which is then reported as
    /// [`checkpoint_failed`](Self::checkpoint_failed).
    ///
    /// # Errors
    /// If it should not be saved, because another program writes into its folder, for example.
    fn before_checkpoint(&mut self) -> Result<(), ObserverError> {
        Ok(())
    }

    /// Called once if saving checkpoints takes a fifth of the time or more; `share` is that fraction.
    fn checkpoints_are_slow(&mut self, _share: f64) {}

    /// Called when a checkpoint could not be written. The training continues.
    fn checkpoint_failed(&mut self, _error: &dyn Error) {}

    /// Called after the last epoch, with the weights that are kept; of several networks, for the first one. It is not
    /// called for a network that had finished in its checkpoint.
    fn end(&mut self, _model: &Model<T>, _history: &History) {}
}

/// Calls a function at the end of every epoch of every network.
#[derive(Debug)]
pub(crate) struct EachEpoch<F>(pub(crate) F);

impl<T: Scalar, F: FnMut(&Epoch) -> Control> Watcher<T> for EachEpoch<F> {
    fn epoch(&mut self, _: &Progress<'_, T>) -> Control {
        Control::Continue
    }

    fn epoch_of_network(&mut self, _: usize, epoch: &Epoch) -> Control {
        (self.0)(epoch)
    }
}

//! Whoever watches a training.

use std::fmt;

use nnfs_tensor::{Optimizer, Scalar};

use crate::{Epoch, FitState, Model};

/// Watches a training, and may end it.
///
/// `&mut ()` watches nothing. A closure watches too; it has to name the type of what it gets:
///
/// ```
/// use nnfs_model::{Control, Observer, Progress};
/// let mut until_good = |progress: &Progress<'_, f32>| {
///     if progress.epoch().data_loss < 1e-3 { Control::Stop } else { Control::Continue }
/// };
/// let observer: &mut dyn Observer<f32> = &mut until_good;
/// ```
pub trait Observer<T: Scalar> {
    /// Called at the end of every epoch.
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control;
}

/// What an [`Observer`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    Continue,
    /// End the training here. The model keeps its weights, or with early stopping gets the best ones.
    Stop,
}

/// Where a training stands at the end of an epoch: all that is needed to show it, to save it, and to
/// go on from there later.
#[derive(Clone, Copy)]
pub struct Progress<'a, T: Scalar> {
    pub(crate) model: &'a Model<T>,
    pub(crate) optimizer: &'a dyn Optimizer<T>,
    pub(crate) state: &'a FitState<T>,
}

impl<'a, T: Scalar> Progress<'a, T> {
    /// What the epoch found.
    pub fn epoch(&self) -> &'a Epoch {
        self.state.epochs.last().expect("an epoch has ended")
    }

    /// The model, with the weights of the end of the epoch.
    pub fn model(&self) -> &'a Model<T> {
        self.model
    }

    /// The optimizer, whose state belongs to the weights.
    pub fn optimizer(&self) -> &'a dyn Optimizer<T> {
        self.optimizer
    }

    /// The state of the training itself; clone it to resume from here.
    pub fn state(&self) -> &'a FitState<T> {
        self.state
    }
}

impl<T: Scalar> fmt::Debug for Progress<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("epoch", self.epoch()).finish_non_exhaustive()
    }
}

/// Watches nothing.
impl<T: Scalar> Observer<T> for () {
    fn epoch(&mut self, _: &Progress<'_, T>) -> Control {
        Control::Continue
    }
}

impl<T: Scalar, F: FnMut(&Progress<'_, T>) -> Control> Observer<T> for F {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        self(progress)
    }
}

//! Observers of a training.

use std::error::Error;
use std::fmt;

use nnfs_tensor::{Optimizer, Scalar};

use crate::{End, Epoch, FitState, Model};

/// What an observer failed with: any error.
pub type ObserverError = Box<dyn Error + Send + Sync>;

/// Observes a training epoch by epoch, and may end it.
///
/// A closure is an observer. Its argument needs a type, and it returns a [`Control`] or a
/// `Result<Control, ObserverError>`:
///
/// ```
/// use nnfs_model::{Control, Observer, Progress};
/// let mut until_good = |progress: &Progress<'_, f32>| {
///     if progress.epoch().data_loss < 1e-3 { Control::Stop } else { Control::Continue }
/// };
/// let observer: &mut dyn Observer<f32> = &mut until_good;
/// ```
///
/// A tuple of two or three observers is an observer: each of them sees every epoch, and the training
/// ends as soon as one of them asks for it. [`Observer::by_ref`] lends an observer to a tuple. `None`
/// observes nothing, and neither does `()`.
pub trait Observer<T: Scalar> {
    /// Called at the end of every epoch.
    ///
    /// # Errors
    /// Any error ends the training. [`Model::fit_watched`] then returns it as
    /// [`FitError::Observer`](crate::FitError::Observer), together with the history.
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError>;

    /// Called once when the training ends, unless it failed. By default it does nothing.
    ///
    /// The model still has the weights of the last epoch. With early stopping, the best weights are
    /// restored afterwards; they are in [`FitState::best`].
    ///
    /// # Errors
    /// As [`Observer::epoch`].
    fn end(&mut self, _progress: &Progress<'_, T>, _end: End) -> Result<(), ObserverError> {
        Ok(())
    }

    /// Lends the observer, to a tuple for example, so that it can be used after the training.
    fn by_ref(&mut self) -> &mut dyn Observer<T>
    where
        Self: Sized,
    {
        self
    }
}

/// What an [`Observer`] asks for at the end of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Continue with the next epoch.
    Continue,
    /// End the training after this epoch.
    Stop,
}

impl From<Control> for Result<Control, ObserverError> {
    fn from(control: Control) -> Self {
        Ok(control)
    }
}

/// A training at the end of an epoch: all that is needed to show it, to save it and to resume it.
#[derive(Clone, Copy)]
pub struct Progress<'a, T: Scalar> {
    pub(crate) model: &'a Model<T>,
    pub(crate) optimizer: &'a dyn Optimizer<T>,
    pub(crate) state: &'a FitState<T>,
}

impl<'a, T: Scalar> Progress<'a, T> {
    /// The results of the epoch.
    pub fn epoch(&self) -> &'a Epoch {
        self.state.epochs.last().expect("an epoch has ended")
    }

    /// The model, with the weights of the end of the epoch.
    pub fn model(&self) -> &'a Model<T> {
        self.model
    }

    /// The optimizer, whose state belongs to these weights.
    pub fn optimizer(&self) -> &'a dyn Optimizer<T> {
        self.optimizer
    }

    /// The state of the training, to resume from here later.
    pub fn state(&self) -> &'a FitState<T> {
        self.state
    }
}

impl<T: Scalar> fmt::Debug for Progress<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("epoch", self.epoch()).finish_non_exhaustive()
    }
}

/// Observes nothing.
impl<T: Scalar> Observer<T> for () {
    fn epoch(&mut self, _: &Progress<'_, T>) -> Result<Control, ObserverError> {
        Ok(Control::Continue)
    }
}

impl<T, F, R> Observer<T> for F
where
    T: Scalar,
    F: FnMut(&Progress<'_, T>) -> R,
    R: Into<Result<Control, ObserverError>>,
{
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        self(progress).into()
    }
}

/// The observer that was lent.
impl<T: Scalar> Observer<T> for &mut (dyn Observer<T> + '_) {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        (**self).epoch(progress)
    }
    fn end(&mut self, progress: &Progress<'_, T>, end: End) -> Result<(), ObserverError> {
        (**self).end(progress, end)
    }
}

/// The observer inside, if there is one.
impl<T: Scalar, O: Observer<T>> Observer<T> for Option<O> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        self.as_mut().map_or(Ok(Control::Continue), |observer| observer.epoch(progress))
    }
    fn end(&mut self, progress: &Progress<'_, T>, end: End) -> Result<(), ObserverError> {
        self.as_mut().map_or(Ok(()), |observer| observer.end(progress, end))
    }
}

/// Both observers, one after the other. Each is called even if the other one fails.
impl<T: Scalar, A: Observer<T>, B: Observer<T>> Observer<T> for (A, B) {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        stop_if_any([self.0.epoch(progress), self.1.epoch(progress)])
    }
    fn end(&mut self, progress: &Progress<'_, T>, end: End) -> Result<(), ObserverError> {
        [self.0.end(progress, end), self.1.end(progress, end)].into_iter().collect()
    }
}

/// All three observers, one after the other. Each is called even if another one fails.
impl<T: Scalar, A: Observer<T>, B: Observer<T>, C: Observer<T>> Observer<T> for (A, B, C) {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        stop_if_any([self.0.epoch(progress), self.1.epoch(progress), self.2.epoch(progress)])
    }
    fn end(&mut self, progress: &Progress<'_, T>, end: End) -> Result<(), ObserverError> {
        let ends =
            [self.0.end(progress, end), self.1.end(progress, end), self.2.end(progress, end)];
        ends.into_iter().collect()
    }
}

/// The first error, or `Stop` if one of the observers asks for it.
fn stop_if_any<const N: usize>(
    controls: [Result<Control, ObserverError>; N],
) -> Result<Control, ObserverError> {
    let mut control = Control::Continue;
    for asked in controls {
        if asked? == Control::Stop {
            control = Control::Stop;
        }
    }
    Ok(control)
}

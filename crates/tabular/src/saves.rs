//! The checkpoints of a training. One that fails does not stop the training.

use std::time::{Duration, Instant};

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
    pub(crate) time: SavingTime,
}

/// How long the checkpoints of a training have taken.
#[derive(Debug)]
pub(crate) struct SavingTime {
    start: Instant,
    saving: Duration,
    is_reported: bool,
}

impl SavingTime {
    /// The time of a training that starts now.
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), saving: Duration::ZERO, is_reported: false }
    }

    /// Adds a checkpoint that began at this time and ends now. Gives the share of the time that all of
    /// them have taken, the first time that it is worth a warning.
    fn add(&mut self, began: Instant) -> Option<f64> {
        self.saving += began.elapsed();
        let share = notable_share(self.saving, self.start.elapsed()).filter(|_| !self.is_reported);
        self.is_reported |= share.is_some();
        share
    }
}

/// The share of the time, if it is a fifth or more, and more than a second.
fn notable_share(saving: Duration, whole: Duration) -> Option<f64> {
    let share = saving.as_secs_f64() / whole.as_secs_f64();
    (saving > Duration::from_secs(1) && share >= 0.2).then_some(share)
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
        if let Some(checkpoints) = &mut self.checkpoints
            && checkpoints.is_due(progress.state().next_epoch())
        {
            let began = Instant::now();
            let allowed = self.watcher.before_checkpoint();
            let saved = allowed.and_then(|()| checkpoints.epoch(progress));
            self.note(saved);
            if let Some(share) = self.time.add(began) {
                self.watcher.checkpoints_are_slow(share);
            }
        }
        let is_last = progress.epoch().epoch == self.last_epoch;
        Ok(if is_last { Control::Continue } else { control })
    }

    fn end(&mut self, progress: &Progress<'_, T>, end: End) -> Result<(), ObserverError> {
        let Some(checkpoints) = &mut self.checkpoints else { return Ok(()) };
        // No warning: the training is over, and the error is reported with its results.
        let allowed = self.watcher.before_checkpoint();
        self.failed = allowed.and_then(|()| checkpoints.end(progress, end)).err();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_notable_if_it_is_large_and_took_a_while() {
        let seconds = Duration::from_secs_f64;
        assert_eq!(notable_share(seconds(1.5), seconds(3.0)), Some(0.5));
        assert_eq!(notable_share(seconds(0.5), seconds(0.6)), None);
        assert_eq!(notable_share(seconds(10.0), seconds(100.0)), None);
    }

    #[test]
    fn it_is_reported_once() {
        let start = Instant::now().checked_sub(Duration::from_secs(4)).unwrap();
        let mut time = SavingTime { start, saving: Duration::from_secs(2), is_reported: false };
        assert!(time.add(Instant::now()).is_some_and(|share| (0.4..0.6).contains(&share)));
        assert_eq!(time.add(Instant::now()), None);
    }
}

//! The checkpoints of a training, one of which may fail without costing the training.

use nnfs::files::{Checkpoints, FileError, FileScalar, Start};
use nnfs::model::{End, History};
use nnfs::prelude::*;

use crate::output::{causes, warn};

/// Saves checkpoints until one cannot be written.
pub(crate) struct Saves<T: FileScalar> {
    checkpoints: Option<Checkpoints<T>>,
    /// Whether a training that is interrupted now can be resumed.
    can_resume: bool,
    failed: Option<FileError>,
}

impl<T: FileScalar> Saves<T> {
    /// Saves none, if there are none.
    pub(crate) fn new(checkpoints: Option<Checkpoints<T>>) -> Self {
        Self { can_resume: checkpoints.is_some(), checkpoints, failed: None }
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
        settings: Fit<T>,
    ) -> anyhow::Result<Start<T>> {
        Ok(match &self.checkpoints {
            Some(checkpoints) => checkpoints.start(model, optimizer, settings)?,
            None => Start::Afresh(settings),
        })
    }

    /// Saves a checkpoint at the end of an epoch if it is time to, or if the training is to stop. If it
    /// cannot be written, warns: hours of training are worth more than the checkpoint.
    pub(crate) fn after(&mut self, progress: &Progress<'_, T>, control: Control) {
        let Some(checkpoints) = &mut self.checkpoints else { return };
        if checkpoints.after(progress, control) == Control::Continue {
            return;
        }
        // `Checkpoints` keeps the error until it is finished.
        let stopped = History { epochs: Vec::new(), end: End::StoppedByObserver, restored: None };
        let checkpoints = self.checkpoints.take().expect("just used");
        if let Err(error) = checkpoints.finish(progress.model(), progress.optimizer(), &stopped) {
            let error = anyhow::Error::new(error);
            warn(&format!(
                "warning: {}; the training continues without checkpoints",
                causes(&error)
            ));
            self.failed = error.downcast().ok();
            self.can_resume = false;
        }
    }

    /// Marks the training as finished in its checkpoint, once all else is written.
    ///
    /// # Errors
    /// If a checkpoint could not be written, now or at the end of an epoch.
    pub(crate) fn finish(
        self,
        model: &Model<T>,
        optimizer: &dyn Optimizer<T>,
        history: &History,
    ) -> Result<(), FileError> {
        match (self.failed, self.checkpoints) {
            (Some(error), _) => Err(error),
            (None, Some(checkpoints)) => checkpoints.finish(model, optimizer, history),
            (None, None) => Ok(()),
        }
    }
}

//! What watches a training of the command: progress, frames for the page, and Ctrl-C.

use std::error::Error;

use nnfs::files::FileScalar;
use nnfs::model::{Epoch, History, Observer as _};
use nnfs::prelude::*;
use nnfs::tensor::ShapeError;
use nnfs_report::{Frame, Recorder, epochs_apart};
use nnfs_tabular::{Beginning, Training, Watcher};

use super::options::TrainOptions;
use super::watched::Watched;
use nnfs_console::{RunProgress, Stop, warn};

/// Watches a training.
pub(crate) struct Observer<'a, T: Scalar> {
    display: RunProgress,
    /// None for a training that had finished before.
    recorder: Option<Recorder<T>>,
    recorded: Result<(), ShapeError>,
    stop: &'a Stop,
}

impl<'a, T: FileScalar> Observer<'a, T> {
    /// Of a training before its first epoch.
    ///
    /// # Errors
    /// If the rows to watch are not what they should be.
    pub(crate) fn new(
        training: &Training<T>,
        watched: &Watched,
        stop: &'a Stop,
        options: &TrainOptions,
    ) -> anyhow::Result<Self> {
        let epochs = options.training.epochs.get();
        let first = match training.beginning() {
            Beginning::Resumed { epochs } => epochs,
            _ => 0,
        };
        let recorder = if training.beginning() == Beginning::Finished {
            None
        } else {
            let inputs = training.inputs(watched.table())?;
            let apart = epochs_apart(inputs.nrows(), training.parts().train().rows());
            Some(Recorder::new(&inputs, first, epochs, apart, training.model())?)
        };
        let quiet = options.quiet || recorder.is_none();
        let display = nnfs_console::Progress::new(quiet).start("training", first, epochs);
        Ok(Self { display, recorder, recorded: Ok(()), stop })
    }

    /// What the network predicted on the way.
    ///
    /// # Errors
    /// If the last frame could not be recorded.
    pub(crate) fn into_frames(self) -> Result<Vec<Frame>, ShapeError> {
        self.recorded?;
        Ok(self.recorder.map_or_else(Vec::new, Recorder::into_frames))
    }
}

impl<T: FileScalar> Watcher<T> for Observer<'_, T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        let epoch = progress.epoch();
        self.display.update(epoch.epoch + 1, || losses(epoch));
        if let Some(recorder) = &mut self.recorder {
            // A recorder asks for nothing.
            let _ = recorder.epoch(progress);
        }
        if self.stop.is_asked_for() { Control::Stop } else { Control::Continue }
    }

    fn checkpoint_failed(&mut self, error: &dyn Error) {
        warn(&format!("warning: {error}; the training continues"));
    }

    fn end(&mut self, model: &Model<T>, history: &History) {
        self.display.abandon();
        let Some(recorder) = &mut self.recorder else { return };
        let done = history.epochs.len();
        // The last frame is of the weights that are kept.
        self.recorded = match history.restored.map(|epoch| epoch + 1) {
            Some(kept) if kept < done => recorder.record_restored(kept, model),
            _ => recorder.record(done, model),
        };
    }
}

fn losses(epoch: &Epoch) -> String {
    let loss = format!("loss {:.4}", epoch.loss());
    match &epoch.validation {
        Some(validation) => format!("{loss}, validation {:.4}", validation.loss),
        None => loss,
    }
}

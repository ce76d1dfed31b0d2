//! What watches a training of the command: progress, frames for the page, and Ctrl-C.

use std::error::Error;
use std::time::{Duration, Instant};

use nnfs::files::FileScalar;
use nnfs::model::{Epoch, History, Observer as _, ObserverError};
use nnfs::prelude::*;
use nnfs::tensor::ShapeError;
use nnfs_report::{Frame, Recorder, epochs_apart};
use nnfs_tabular::{Beginning, Training, Watcher};

use super::models::Models;
use super::options::TrainOptions;
use super::watched::Watched;
use nnfs_console::{Folder, Found, RunProgress, Stop, causes, warn};

/// Time between two looks at the folder.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// Watches a training.
pub(crate) struct Observer<'a, T: Scalar> {
    folder: Folder,
    looked: Instant,
    is_taken: bool,
    display: RunProgress,
    /// How many are trained.
    networks: usize,
    /// The losses of the last epoch that was seen.
    last: String,
    /// None for a training that had finished before.
    recorder: Option<Recorder<T>>,
    recorded: Result<(), ShapeError>,
    stop: &'a Stop,
}

impl<'a, T: FileScalar> Observer<'a, T> {
    /// The observer of a training before its first epoch.
    ///
    /// # Errors
    /// If the rows to watch are not what they should be.
    pub(crate) fn new(
        training: &Training<T>,
        watched: &Watched,
        stop: &'a Stop,
        folder: Folder,
        options: &TrainOptions,
    ) -> anyhow::Result<Self> {
        let epochs = training.epochs();
        let done = match training.beginning() {
            Beginning::Resumed { epochs } => epochs,
            _ => 0,
        };
        let recorder = if training.beginning() == Beginning::Finished {
            None
        } else {
            let inputs = training.inputs(watched.table())?;
            let apart = epochs_apart(inputs.nrows(), training.parts().train().rows());
            let first = training.epochs_of_model();
            Some(Recorder::new(&inputs, first, epochs, apart, training.model())?)
        };
        let quiet = options.quiet || recorder.is_none();
        let (networks, all) = (training.networks_with_epochs(), training.epochs_of_all());
        let display = nnfs_console::Progress::new(quiet).start("training", done, all);
        let display = match networks {
            1 => display,
            _ => display.of_models(Models::of(training).with_epochs().words()),
        };
        let looked = Instant::now();
        let recorded = Ok(());
        let last = String::new();
        Ok(Self {
            networks,
            last,
            folder,
            looked,
            is_taken: false,
            display,
            recorder,
            recorded,
            stop,
        })
    }

    /// The folder to write the results into: another one if it belongs to another program now, or cannot
    /// be made again. And what the network predicted on the way, unless the last frame could not be
    /// recorded.
    ///
    /// # Errors
    /// If there is no folder to write into.
    pub(crate) fn into_parts(mut self) -> anyhow::Result<(Folder, Result<Vec<Frame>, ShapeError>)> {
        let folder = match self.look_again() {
            Ok(()) if !self.is_taken => self.folder,
            Ok(()) => {
                let folder = self.folder.elsewhere()?;
                warn(&format!("warning: the results will be written into {folder}"));
                folder
            }
            Err(error) => {
                let folder = self.folder.elsewhere()?;
                let causes = causes(&error);
                warn(&format!("warning: {causes}; the results will be written into {folder}"));
                folder
            }
        };
        let recorder = self.recorder;
        let frames = self.recorded.map(|()| recorder.map_or_else(Vec::new, Recorder::into_frames));
        Ok((folder, frames))
    }

    /// Looks whether the folder is still there, and warns if it is not.
    fn look_again(&mut self) -> anyhow::Result<()> {
        self.looked = Instant::now();
        if self.is_taken {
            return Ok(());
        }
        match self.folder.look_again()? {
            Found::Same => {}
            Found::MadeAgain => {
                let folder = &self.folder;
                warn(&format!("warning: the folder {folder} had disappeared; it was made again"));
            }
            Found::Taken => {
                self.is_taken = true;
                let folder = &self.folder;
                warn(&format!(
                    "warning: the folder {folder} is another one now, with files of another program; \
                     the results will be written into a folder beside it"
                ));
            }
        }
        Ok(())
    }
}

impl<T: FileScalar> Watcher<T> for Observer<'_, T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Control {
        let epoch = progress.epoch();
        match self.networks {
            1 => self.display.update(epoch.epoch + 1, || losses(epoch)),
            _ => self.last = losses(epoch),
        }
        if let Some(recorder) = &mut self.recorder {
            // A recorder asks for nothing.
            let _ = recorder.epoch(progress);
        }
        if self.looked.elapsed() >= BETWEEN_LOOKS {
            // An error is reported at the next checkpoint, or at the end.
            let _ = self.look_again();
        }
        if self.stop.is_asked_for() { Control::Stop } else { Control::Continue }
    }

    fn advance(&mut self, done: usize, _epochs: usize) -> Control {
        if self.networks > 1 {
            let text = || format!("the first model: {}", self.last);
            self.display.update(done, text);
        }
        if self.stop.is_asked_for() { Control::Stop } else { Control::Continue }
    }

    fn before_checkpoint(&mut self) -> Result<(), ObserverError> {
        self.look_again()?;
        match self.is_taken {
            true => {
                Err(format!("no checkpoint was saved: {} is another folder", self.folder).into())
            }
            false => Ok(()),
        }
    }

    fn checkpoints_are_slow(&mut self, share: f64) {
        let percent = 100.0 * share;
        warn(&format!(
            "warning: saving checkpoints takes {percent:.0}% of the time; \
             a larger --checkpoint-every takes less"
        ));
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
    // Without the penalty, as the validation loss.
    let loss = format!("loss {:.4}", epoch.data_loss);
    match &epoch.validation {
        Some(validation) => format!("{loss}, validation {:.4}", validation.loss),
        None => loss,
    }
}

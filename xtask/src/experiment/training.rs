//! The training of every experiment: the whole data at every epoch, a record now and then.

use std::fmt;
use std::time::Instant;

use anyhow::bail;
use nnfs_metrics::MetricError;
use nnfs_model::{Control, Divergence, End, Epoch, Fit, FitError, Model, Observer, ObserverError};
use nnfs_report::{Frame, Recorder};
use nnfs_tensor::{Loss, Optimizer, Scalar, Tensor};

use super::progress::RunProgress;
use super::record::{LOG_EVERY, Record, Score, short};
use super::stop::Stop;

/// Inputs and the targets that belong to them.
#[derive(Debug)]
pub(crate) struct Data<T: Scalar> {
    pub(crate) inputs: Tensor<T>,
    pub(crate) targets: Tensor<T>,
}

/// How many of the predictions are right.
pub(crate) type Accuracy<T> =
    Box<dyn Fn(&Tensor<T>, &Tensor<T>) -> Result<f64, MetricError> + Send>;

/// A network and everything that training it takes.
pub(crate) struct Training<T: Scalar> {
    pub(crate) model: Model<T>,
    pub(crate) data: Data<T>,
    /// The inputs whose predictions the report shows at every frame.
    pub(crate) watched: Tensor<T>,
    pub(crate) test: Option<Test<T>>,
    pub(crate) loss: Box<dyn Loss<T>>,
    pub(crate) optimizer: Box<dyn Optimizer<T>>,
    pub(crate) accuracy: Accuracy<T>,
}

/// Data that is never trained on, and a loss of its own to judge it by: that of the training is busy.
pub(crate) struct Test<T: Scalar> {
    pub(crate) data: Data<T>,
    pub(crate) loss: Box<dyn Loss<T>>,
}

/// What came of a training.
#[derive(Debug)]
pub(crate) struct History {
    /// Every logged epoch.
    pub(crate) records: Vec<Record>,
    /// These and the epochs of the frames: what the curves of the report go through.
    pub(crate) curve: Vec<Record>,
    /// What the network made of the watched inputs on the way.
    pub(crate) frames: Vec<Frame>,
    /// The last epoch, logged or not: what a run is judged by.
    pub(crate) end: Result<Record, Diverged>,
    /// Whether it was stopped before its time.
    pub(crate) interrupted: bool,
    pub(crate) seconds: f64,
}

/// A training that ended early.
#[derive(Debug)]
pub(crate) struct Diverged(Box<Divergence>);

impl Diverged {
    fn epoch(&self) -> u64 {
        self.0.epoch as u64
    }
}

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl History {
    /// How it ended, in words.
    pub(crate) fn verdict(&self) -> String {
        match &self.end {
            Ok(last) => {
                let interrupted = if self.interrupted { "interrupted at " } else { "" };
                format!("{interrupted}{}", last.verdict())
            }
            Err(diverged) => format!("diverged at epoch {}", diverged.epoch()),
        }
    }

    /// How it did on the test data at its last epoch, if there is any.
    pub(crate) fn test_score(&self) -> Option<Score> {
        self.end.as_ref().ok()?.test
    }

    /// How it ended, as the two cells of a table for accuracy and loss.
    pub(crate) fn cells(&self) -> [String; 2] {
        match &self.end {
            Ok(last) => [format!("{:.3}", last.accuracy), short(last.loss())],
            Err(diverged) => ["diverged".to_owned(), format!("epoch {}", diverged.epoch())],
        }
    }
}

/// Passes if no training diverged, and else names those that did.
pub(crate) fn ensure_all_ended<'a>(
    histories: impl Iterator<Item = (String, &'a History)>,
) -> anyhow::Result<()> {
    let diverged: Vec<String> = histories
        .filter_map(|(name, history)| Some(format!("{name}: {}", history.end.as_ref().err()?)))
        .collect();
    if diverged.is_empty() { Ok(()) } else { bail!("{}", diverged.join("; ")) }
}

impl<T: Scalar> Training<T> {
    /// Trains for epochs 0 to `epochs - 1`, of which there is at least one, through the library's
    /// own `fit`, or until it is told to stop.
    ///
    /// All numbers of a record, those of the test too, are of the parameters before the step.
    pub(crate) fn run(&mut self, epochs: u64, stop: &Stop, progress: RunProgress) -> History {
        let start = Instant::now();
        let Self { model, data, watched, test, loss, optimizer, accuracy } = self;
        let settings = Fit::epochs(epochs as usize);
        // The last record judges the parameters before the last step, and so does the last frame.
        let frames = Recorder::new(watched, 0, epochs as usize - 1, 1, model);
        let mut watcher = Watcher {
            epochs,
            last: epochs - 1,
            stop,
            targets: &data.targets,
            test: test.as_ref(),
            accuracy,
            learning_rate: optimizer.learning_rate(),
            test_score: None,
            curve: Vec::new(),
            frames: frames.expect("inputs as wide as those of the training"),
            progress,
        };
        watcher.judge_before(0, model);
        let fitted = model.fit_watched(
            &data.inputs,
            &data.targets,
            &**loss,
            &mut **optimizer,
            &settings,
            &mut watcher,
        );
        let Watcher { curve, frames, progress, .. } = watcher;
        let interrupted =
            fitted.as_ref().is_ok_and(|history| history.end == End::StoppedByObserver);
        let end = match fitted {
            Ok(_) => Ok(*curve.last().expect("the last epoch is recorded")),
            Err(FitError::Diverged(divergence)) => Err(Diverged(divergence)),
            Err(error) => unreachable!("an experiment's own data and settings: {error}"),
        };
        let done = end.as_ref().map_or_else(Diverged::epoch, |last| last.epoch + 1);
        let history = History {
            records: curve.iter().filter(|record| is_logged(record.epoch)).copied().collect(),
            curve,
            frames: frames.into_frames(),
            end,
            interrupted,
            seconds: start.elapsed().as_secs_f64(),
        };
        progress.finish(done, history.verdict(), history.seconds);
        history
    }
}

/// Watches a training: keeps a record of the epochs that are logged, of those that have a frame, and
/// of the last one.
struct Watcher<'a, T: Scalar> {
    epochs: u64,
    /// The last epoch; when it is time to stop, the one that begins then, so that a training which is
    /// stopped ends as any other does, with a record and a frame of the same parameters.
    last: u64,
    stop: &'a Stop,
    targets: &'a Tensor<T>,
    test: Option<&'a Test<T>>,
    accuracy: &'a Accuracy<T>,
    /// That of the step before.
    learning_rate: f64,
    /// That of the parameters before the step, where the epoch is recorded.
    test_score: Option<Score>,
    curve: Vec<Record>,
    frames: Recorder<T>,
    progress: RunProgress,
}

impl<T: Scalar> Watcher<'_, T> {
    fn is_recorded(&self, epoch: u64) -> bool {
        is_logged(epoch) || epoch == self.last || self.frames.is_chosen(epoch as usize)
    }

    /// Judges the parameters before an epoch on the test data, if the epoch will be recorded.
    fn judge_before(&mut self, epoch: u64, model: &Model<T>) {
        let recorded = self.is_recorded(epoch);
        self.test_score = self.test.filter(|_| recorded).map(|test| {
            let Data { inputs, targets } = &test.data;
            let predictions = model.predict(inputs).expect("as wide as training data");
            Score {
                accuracy: self.accuracy_of(&predictions, targets),
                loss: test.loss.value(&predictions, targets),
            }
        });
    }

    fn accuracy_of(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        (self.accuracy)(predictions, targets).expect("predictions as wide as the targets")
    }
}

impl<T: Scalar> Observer<T> for Watcher<'_, T> {
    fn epoch(&mut self, progress: &nnfs_model::Progress<'_, T>) -> Result<Control, ObserverError> {
        let Epoch { epoch, data_loss, penalty, learning_rate, .. } = *progress.epoch();
        let epoch = epoch as u64;
        let model = progress.model();
        if self.is_recorded(epoch) {
            let record = Record {
                epoch,
                // The outputs are still those of the step's `forward`.
                accuracy: self.accuracy_of(model.outputs(), self.targets),
                data_loss,
                regularization_loss: penalty,
                learning_rate: self.learning_rate,
                test: self.test_score,
            };
            self.curve.push(record);
            if is_logged(epoch) {
                self.progress.update(&record);
            }
        }
        if epoch == self.last {
            let control = if epoch + 1 < self.epochs { Control::Stop } else { Control::Continue };
            return Ok(control);
        }
        self.learning_rate = learning_rate;
        if self.stop.is_asked_for() {
            self.last = epoch + 1;
            let done = self.last as usize;
            self.frames.record(done, model)?;
        } else {
            self.frames.epoch(progress)?;
        }
        self.judge_before(epoch + 1, model);
        Ok(Control::Continue)
    }
}

fn is_logged(epoch: u64) -> bool {
    epoch.is_multiple_of(LOG_EVERY)
}

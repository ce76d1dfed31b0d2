//! The training of an experiment: the whole data in every epoch, and a record of some epochs.

use nnfs::metrics::MetricError;
use nnfs::model::{
    Control, Divergence, End, Epoch, Evaluation, Fit, FitError, Metrics, Model, Observer,
    ObserverError, Progress,
};
use nnfs::tensor::{Loss, Optimizer, Scalar, ShapeError, Tensor};
use nnfs_report::{Frame, Recorder};

use crate::log::{ACCURACY, accuracy, is_logged, short, summary};

/// Inputs, (samples, features), and their targets, (samples, outputs).
#[derive(Debug, Clone)]
pub struct Samples<T: Scalar> {
    /// One row for each sample.
    pub inputs: Tensor<T>,
    /// One row for each sample.
    pub targets: Tensor<T>,
}

/// A network with everything that its training needs.
pub struct Training<T: Scalar> {
    /// The network.
    pub model: Model<T>,
    /// The training data.
    pub data: Samples<T>,
    /// The inputs whose predictions the report shows in every frame.
    pub watched: Tensor<T>,
    /// Data that is never trained on, if there is any.
    pub test: Option<Samples<T>>,
    /// The loss.
    pub loss: Box<dyn Loss<T>>,
    /// The optimizer.
    pub optimizer: Box<dyn Optimizer<T>>,
    /// The metric [`ACCURACY`].
    pub metrics: Metrics<T>,
}

/// The metric [`ACCURACY`], from a function of predictions and targets.
pub(crate) fn accuracy_metric<T: Scalar>(
    function: impl Fn(&Tensor<T>, &Tensor<T>) -> Result<f64, MetricError> + Send + Sync + 'static,
) -> Metrics<T> {
    Metrics::new().with(ACCURACY, function)
}

/// What a training recorded, and how it ended.
#[derive(Debug)]
pub struct Trained {
    /// The logged epochs, those of the frames, and the last one. Their numbers are those of the
    /// weights before their step.
    pub epochs: Vec<Epoch>,
    /// The predictions of the watched inputs along the way.
    pub frames: Vec<Frame>,
    /// How it ended, or where it diverged.
    pub end: Result<End, Box<Divergence>>,
}

impl Trained {
    /// The last epoch; `None` if the training diverged.
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last().filter(|_| self.end.is_ok())
    }

    /// The logged epochs.
    pub fn logged(&self) -> impl DoubleEndedIterator<Item = &Epoch> + Clone {
        self.epochs.iter().filter(|epoch| is_logged(epoch.epoch))
    }

    /// Whether it was stopped before its last epoch.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.end, Ok(End::StoppedByObserver))
    }

    /// How many epochs were done.
    pub fn done(&self) -> usize {
        match &self.end {
            Ok(_) => self.epochs.last().map_or(0, |last| last.epoch + 1),
            Err(divergence) => divergence.epoch,
        }
    }

    /// How it ended: `epoch 10000: accuracy 0.981, loss 1.13e-6`.
    pub fn verdict(&self) -> String {
        match (&self.end, self.last()) {
            (Ok(_), Some(last)) => {
                let interrupted = if self.is_interrupted() { "interrupted at " } else { "" };
                format!("{interrupted}{}", summary(last))
            }
            (Ok(_), None) => "no epoch was done".to_owned(),
            (Err(divergence), _) => format!("diverged at epoch {}", divergence.epoch),
        }
    }

    /// The results on the test data at the last epoch, if there are any.
    pub fn test(&self) -> Option<&Evaluation> {
        self.last()?.validation.as_ref()
    }

    /// The accuracy and the loss of the last epoch, as two cells of a table.
    pub fn cells(&self) -> [String; 2] {
        match (&self.end, self.last()) {
            (Err(divergence), _) => ["diverged".to_owned(), format!("epoch {}", divergence.epoch)],
            (Ok(_), Some(last)) => [format!("{:.3}", accuracy(last)), short(last.loss())],
            (Ok(_), None) => ["-".to_owned(), "-".to_owned()],
        }
    }
}

impl<T: Scalar> Training<T> {
    /// Trains for epochs 0 to `epochs - 1` with the library's `fit`.
    ///
    /// `watch` is called after every epoch with its results, which have an accuracy if the epoch is
    /// recorded. If it returns [`Control::Stop`], the training ends after one more epoch, so that its
    /// record and its last frame belong to the same weights.
    ///
    /// # Panics
    /// If there is no epoch, or if data, network and metric do not fit each other.
    pub fn run(&mut self, epochs: usize, watch: &mut dyn FnMut(&Epoch) -> Control) -> Trained {
        assert!(epochs > 0, "expected at least one epoch, found none");
        let Self { model, data, watched, test, loss, optimizer, metrics } = self;
        // The last record belongs to the weights before the last step, and so does the last frame.
        let frames = Recorder::new(watched, 0, epochs - 1, 1, model);
        let mut watcher = Watcher {
            epochs,
            last: epochs - 1,
            targets: &data.targets,
            test: test.as_ref(),
            loss: &**loss,
            metrics,
            learning_rate: optimizer.learning_rate(),
            evaluation: None,
            recorded: Vec::new(),
            frames: frames.expect("watched inputs as wide as those of the training"),
            watch,
        };
        watcher.evaluate_before(0, model);
        let fitted = model.fit_watched(
            &data.inputs,
            &data.targets,
            &**loss,
            &mut **optimizer,
            &Fit::epochs(epochs),
            &mut watcher,
        );
        let end = match fitted {
            Ok(history) => Ok(history.end),
            Err(FitError::Diverged(divergence)) => Err(divergence),
            Err(error) => panic!("data, network and metric of an experiment: {error}"),
        };
        let Watcher { recorded, frames, .. } = watcher;
        Trained { epochs: recorded, frames: frames.into_frames(), end }
    }

    /// The predictions of inputs, (samples, features): probabilities, if the loss says so.
    ///
    /// # Errors
    /// If the network does not take inputs of this width.
    pub fn predict(&self, inputs: &Tensor<T>) -> Result<Tensor<T>, ShapeError> {
        let mut predictions = self.model.predict(inputs)?;
        self.loss.link().apply_mut(&mut predictions);
        Ok(predictions)
    }
}

/// Observes a training: records the logged epochs, those that have a frame, and the last one.
struct Watcher<'a, T: Scalar> {
    epochs: usize,
    /// The last epoch. After a request to stop, the epoch after the current one: every training ends
    /// with a record and a frame of the same weights.
    last: usize,
    targets: &'a Tensor<T>,
    test: Option<&'a Samples<T>>,
    loss: &'a dyn Loss<T>,
    metrics: &'a Metrics<T>,
    /// The learning rate of the step before.
    learning_rate: f64,
    /// The results on the test data of the weights before the step, if the epoch is recorded.
    evaluation: Option<Evaluation>,
    recorded: Vec<Epoch>,
    frames: Recorder<T>,
    watch: &'a mut dyn FnMut(&Epoch) -> Control,
}

impl<T: Scalar> Watcher<'_, T> {
    fn is_recorded(&self, epoch: usize) -> bool {
        is_logged(epoch) || epoch == self.last || self.frames.is_chosen(epoch)
    }

    /// Evaluates the weights that an epoch starts with on the test data, if the epoch is recorded.
    fn evaluate_before(&mut self, epoch: usize, model: &Model<T>) {
        let test = self.test.filter(|_| self.is_recorded(epoch));
        self.evaluation = test.map(|Samples { inputs, targets }| {
            let found = model.evaluate(inputs, targets, self.loss, self.metrics);
            found.expect("test data that fits the network")
        });
    }
}

impl<T: Scalar> Observer<T> for Watcher<'_, T> {
    fn epoch(&mut self, progress: &Progress<'_, T>) -> Result<Control, ObserverError> {
        let model = progress.model();
        let mut results = progress.epoch().clone();
        let epoch = results.epoch;
        let learning_rate = std::mem::replace(&mut self.learning_rate, results.learning_rate);
        results.learning_rate = learning_rate;
        if self.is_recorded(epoch) {
            // The outputs are still those of the step's forward pass.
            results.metrics = self.metrics.of(model.outputs(), self.targets)?;
            results.validation = self.evaluation.take();
            self.recorded.push(results.clone());
        }
        let asked = (self.watch)(&results);
        if epoch == self.last {
            let is_early = epoch + 1 < self.epochs;
            return Ok(if is_early { Control::Stop } else { Control::Continue });
        }
        if asked == Control::Stop {
            self.last = epoch + 1;
            self.frames.record(self.last, model)?;
        } else {
            self.frames.epoch(progress)?;
        }
        self.evaluate_before(epoch + 1, model);
        Ok(Control::Continue)
    }
}

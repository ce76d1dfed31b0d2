//! The training loop of every experiment: the whole data at every epoch, a record now and then.

use std::time::Instant;

use anyhow::bail;
use nnfs_metrics::MetricError;
use nnfs_model::{Model, TrainError};
use nnfs_tensor::{Loss, Optimizer, Scalar, Tensor};

use super::progress::RunProgress;
use super::record::{LOG_EVERY, Record, Score, short};

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
    /// Data that is never trained on.
    pub(crate) test: Option<Data<T>>,
    pub(crate) loss: Box<dyn Loss<T>>,
    pub(crate) optimizer: Box<dyn Optimizer<T>>,
    pub(crate) accuracy: Accuracy<T>,
}

/// What came of a training.
#[derive(Debug)]
pub(crate) struct History {
    /// Every logged epoch.
    pub(crate) records: Vec<Record>,
    /// The last epoch, logged or not: what a run is judged by.
    pub(crate) end: Result<Record, Diverged>,
    pub(crate) seconds: f64,
}

/// A training that ended early.
#[derive(Debug, thiserror::Error)]
#[error("epoch {epoch}: {reason}")]
pub(crate) struct Diverged {
    pub(crate) epoch: u64,
    reason: TrainError,
}

impl History {
    /// How it ended, in words.
    pub(crate) fn verdict(&self) -> String {
        match &self.end {
            Ok(last) => {
                let Record { epoch, accuracy, .. } = last;
                format!("epoch {epoch}: accuracy {accuracy:.3}, loss {}", short(last.loss()))
            }
            Err(Diverged { epoch, .. }) => format!("diverged at epoch {epoch}"),
        }
    }

    /// How it ended, as the two cells of a table for accuracy and loss.
    pub(crate) fn cells(&self) -> [String; 2] {
        match &self.end {
            Ok(last) => [format!("{:.3}", last.accuracy), short(last.loss())],
            Err(Diverged { epoch, .. }) => ["diverged".to_owned(), format!("epoch {epoch}")],
        }
    }
}

/// Passes if no training diverged, and else names those that did.
pub(crate) fn ensure_all_ended<'a>(
    histories: impl Iterator<Item = (String, &'a History)>,
) -> anyhow::Result<()> {
    let diverged: Vec<String> = histories
        .filter_map(|(name, history)| Some(format!("{name}, {}", history.end.as_ref().err()?)))
        .collect();
    if diverged.is_empty() { Ok(()) } else { bail!("{}", diverged.join("; ")) }
}

impl<T: Scalar> Training<T> {
    /// Trains for epochs 0 to `epochs - 1`, of which there is at least one.
    ///
    /// All numbers of a record, those of the test too, are of the parameters before the step.
    pub(crate) fn run(&mut self, epochs: u64, mut progress: RunProgress) -> History {
        let start = Instant::now();
        let mut records = Vec::new();
        let mut epoch = 0;
        let end = loop {
            let (logged, last) = (epoch % LOG_EVERY == 0, epoch + 1 == epochs);
            let record = match self.step(epoch, logged || last) {
                Ok(record) => record,
                Err(reason) => break Err(Diverged { epoch, reason }),
            };
            if let Some(record) = record {
                if logged {
                    progress.update(&record);
                    records.push(record);
                }
                if last {
                    break Ok(record);
                }
            }
            epoch += 1;
        };
        let epochs = epoch + u64::from(end.is_ok());
        let history = History { records, end, seconds: start.elapsed().as_secs_f64() };
        progress.finish(epochs, history.verdict(), history.seconds);
        history
    }

    /// One step on the whole data, and a record of it if one is wanted.
    fn step(&mut self, epoch: u64, recorded: bool) -> Result<Option<Record>, TrainError> {
        let learning_rate = self.optimizer.learning_rate();
        let test = if recorded { self.test_score() } else { None };
        let Data { inputs, targets } = &self.data;
        let step = self.model.train_step(inputs, targets, &mut *self.loss, &mut *self.optimizer)?;
        Ok(recorded.then(|| Record {
            epoch,
            accuracy: self.accuracy_of(self.model.outputs(), targets),
            data_loss: step.data_loss,
            regularization_loss: step.penalty,
            learning_rate,
            test,
        }))
    }

    fn test_score(&self) -> Option<Score> {
        let Data { inputs, targets } = self.test.as_ref()?;
        let predictions = self.model.predict(inputs).expect("test data as wide as training data");
        Some(Score {
            accuracy: self.accuracy_of(&predictions, targets),
            loss: self.loss.forward(&predictions, targets),
        })
    }

    fn accuracy_of(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        (self.accuracy)(predictions, targets).expect("predictions as wide as the targets")
    }
}

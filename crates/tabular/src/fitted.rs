//! A learner that was fitted.

use std::io::Write;
use std::path::Path;

use nnfs::datasets::Table;
use nnfs::files::Task;
use nnfs::model::{End, History};

use crate::bagging::Together;
use crate::csv_file::CsvWriter;
use crate::report::lines;
use crate::scores::Baseline;
use crate::weights::column_of_weights;
use crate::{
    BaselineRows, CsvLayout, Error, Parts, Predictions, Predictor, Report, Scores, Warning, history,
};

/// A learner that was fitted to a table: the network, its scores and its history.
#[derive(Debug)]
pub struct Fitted {
    parts: Parts,
    warnings: Vec<Warning>,
    predictor: Predictor,
    test_predictions: Option<Predictions>,
    history: History,
    networks: Vec<NetworkHistory>,
    out_of_fold: Option<Predictions>,
    report: Report,
    problems: Vec<Error>,
    can_resume: bool,
    was_finished: bool,
}

/// The training of one network.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkHistory {
    /// It has no hidden layer.
    pub is_linear: bool,
    /// The fold that it did not learn from, with bagging.
    pub fold: Option<usize>,
    /// Every epoch, and why the training ended.
    pub history: History,
}

/// The weights of the rows of a table, if there is a column of weights.
fn weights_of(table: &Table, weight: Option<&str>) -> Result<Option<Vec<f64>>, Error> {
    weight.map(|name| column_of_weights(table, name)).transpose()
}

/// The baseline of classes: their shares in the training rows. For numbers, it is the mean of the training rows that
/// the scaler keeps, as for a model that is evaluated later.
fn shares(predictor: &Predictor, parts: &Parts, weight: Option<&str>) -> Option<Baseline> {
    match predictor.pipeline().task() {
        Task::Regression => None,
        Task::Classification => {
            let (rows, table) = (BaselineRows::Training, parts.train());
            let shares = weights_of(table, weight).and_then(|weights| {
                Baseline::of_rows(parts.encoder(), table, weights.as_deref(), rows)
            });
            // The rows were read before the training.
            shares.ok()
        }
    }
}

/// What a training leaves, before its network is scored.
pub(crate) struct Trained {
    pub(crate) parts: Parts,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) together: Together,
    /// The column of weights, if the rows have some.
    pub(crate) weight: Option<String>,
}

impl Fitted {
    /// Scores the network on every part of the rows. A network that cannot be scored is kept.
    pub(crate) fn new(trained: Trained) -> Self {
        let Trained { parts, warnings, together, weight } = trained;
        let history = together.history();
        let Together {
            predictor,
            out_of_fold,
            networks,
            seconds,
            checkpoint_error,
            can_resume,
            was_finished,
            is_interrupted: _,
        } = together;
        let mut problems = Vec::new();
        let mut keep = |result: Result<Option<(Predictions, Scores)>, Error>| {
            result.unwrap_or_else(|error| {
                problems.push(error);
                None
            })
        };
        let shares = shares(&predictor, &parts, weight.as_deref());
        let score = |predictions: &Predictions, table| -> Result<Scores, Error> {
            let weights = weights_of(table, weight.as_deref())?;
            let weights = weights.as_deref();
            match &shares {
                Some(shares) => Scores::of(predictions, table, weights, shares),
                None => predictions.score_weighted(table, weights),
            }
        };
        let scored = |table| -> Result<Option<(Predictions, Scores)>, Error> {
            let Some(table) = table else { return Ok(None) };
            let predictions = predictor.predict(table)?;
            let scores = score(&predictions, table)?;
            Ok(Some((predictions, scores)))
        };
        let (out_of_fold, of_folds) = keep(match out_of_fold {
            None => Ok(None),
            Some(predictions) => {
                score(&predictions, parts.train()).map(|scores| Some((predictions, scores)))
            }
        })
        .unzip();
        let train = keep(scored(Some(parts.train()))).map(|(_, scores)| scores);
        let validation = keep(scored(parts.validation())).map(|(_, scores)| scores);
        let (test_predictions, test) = keep(scored(parts.test())).unzip();
        problems.extend(checkpoint_error);
        let epochs = history.epochs.len();
        let report = Report {
            contents: parts.contents(),
            targets: predictor.targets().to_vec(),
            weight,
            task: predictor.pipeline().task(),
            train,
            out_of_fold: of_folds,
            validation,
            test,
            networks: networks.len(),
            epochs,
            end: history.end,
            saved_epoch: history.restored.unwrap_or(epochs.saturating_sub(1)),
            fit_seconds: seconds,
            notes: lines(parts.train().notes(), parts.train().source()),
            warnings: lines(&warnings, parts.train().source()),
        };
        Self {
            parts,
            warnings,
            predictor,
            test_predictions,
            history,
            networks,
            out_of_fold,
            report,
            problems,
            can_resume,
            was_finished,
        }
    }

    /// Scores, what was read, and how long the training took.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Every epoch, and why the training ended. Of several networks, the epochs are those of the first one.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The history of every network: with bagging first those with hidden layers, then the linear models.
    pub fn networks(&self) -> &[NetworkHistory] {
        &self.networks
    }

    /// The history as CSV, one row per epoch, with the number of the network in front with
    /// bagging, from 1.
    pub fn history_csv(&self) -> Vec<u8> {
        history::csv(&self.networks)
    }

    /// With bagging, the predictions of the training rows, each by the networks that did not learn from
    /// the row. A training that was interrupted may have none.
    pub fn out_of_fold(&self) -> Option<&Predictions> {
        self.out_of_fold.as_ref()
    }

    /// The rows in their parts.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// What is odd in the table, as [`Training::warnings`](crate::Training::warnings).
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The predictions for the test rows, if there are any.
    pub fn test_predictions(&self) -> Option<&Predictions> {
        self.test_predictions.as_ref()
    }

    /// The test rows as CSV: the line of each row in the file, the target and the prediction. Only the header
    /// without test rows.
    ///
    /// # Errors
    /// If a prediction is not finite.
    pub fn test_predictions_csv(&self) -> Result<Vec<u8>, Error> {
        let mut csv = Vec::new();
        self.write_test_predictions(&CsvLayout::new(), &mut csv)?;
        Ok(csv)
    }

    /// The same into a file, in columns of this layout, with the lines first and the targets before the
    /// predictions.
    ///
    /// # Errors
    /// As [`Predictor::predict_to_csv`].
    pub fn write_test_predictions(
        &self,
        layout: &CsvLayout,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let layout = layout.clone().with_lines().with_targets();
        match (&self.test_predictions, self.parts.test()) {
            (predictions, Some(table)) if predictions.is_none() || layout.has_intervals() => {
                self.predictor.predict_to_csv(table, &layout, out)
            }
            (predictions, table) => {
                let mut writer = CsvWriter::new(&layout, self.parts.encoder(), table, out)?;
                if let Some(predictions) = predictions {
                    writer.write(predictions, None, table)?;
                }
                writer.finish()
            }
        }
    }

    /// Errors that did not stop the training: scores of predictions that are not finite, and a checkpoint that
    /// could not be written. Empty after almost every training.
    pub fn problems(&self) -> &[Error] {
        &self.problems
    }

    /// The same, taken out.
    pub fn take_problems(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.problems)
    }

    /// Whether the training was stopped by its watcher before its last epoch.
    pub fn is_interrupted(&self) -> bool {
        self.history.end == End::StoppedByObserver
    }

    /// Whether a training that was stopped can be resumed from its checkpoint.
    pub fn can_resume(&self) -> bool {
        self.can_resume
    }

    /// Whether the training had already finished in its checkpoint, so that nothing was trained.
    pub fn was_finished(&self) -> bool {
        self.was_finished
    }

    /// The network, ready to predict.
    pub fn predictor(&self) -> &Predictor {
        &self.predictor
    }

    /// The network alone.
    pub fn into_predictor(self) -> Predictor {
        self.predictor
    }

    /// Saves the network with everything that predicting takes; see [`Predictor::load`].
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.predictor.save(path)
    }
}

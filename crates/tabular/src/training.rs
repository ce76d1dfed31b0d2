//! A training, from the split rows to the fitted network.

use std::time::Instant;

use nnfs::datasets::{Columns, Table};
use nnfs::files::{Checkpoints, FileScalar, Fingerprint, Pipeline, Start};
use nnfs::metrics::{weighted_binary_accuracy, weighted_categorical_accuracy, weighted_r2};
use nnfs::model::{FitError, FitState, History, balanced_class_weights};
use nnfs::prelude::*;

use crate::draws::Draws;
use crate::fitted::Trained;
use crate::memory::{MemoryNeed, Shape};
use crate::network::network;
use crate::odd::of_training;
use crate::samples::{Samples, Scales};
use crate::saves::{Saves, SavingTime};
use crate::weights::{column_of_weights, counted_rows};
use crate::{
    ClassWeights, Diverged, Error, Fitted, LossKind, Parts, Predictor, Settings, Warning, Watcher,
};

/// A training before its first epoch: the rows in their parts, the network, the loss and the optimizer.
///
/// [`Learner::prepare`](crate::Learner::prepare) makes it, and [`Learner::fit`](crate::Learner::fit) is
/// all of it at once.
#[derive(Debug)]
pub struct Training<T: FileScalar> {
    parts: Parts,
    warnings: Vec<Warning>,
    samples: Samples<T>,
    scales: Scales,
    model: Model<T>,
    loss: Box<dyn Loss<T>>,
    optimizer: Box<dyn Optimizer<T>>,
    fit: Fit<T>,
    state: FitState<T>,
    checkpoints: Option<Checkpoints<T>>,
    beginning: Beginning,
    finished: Option<History>,
    weight: Option<String>,
}

/// Where a training begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// At the first epoch.
    Start,
    /// At the first epoch, because there is no checkpoint to resume from.
    NoCheckpoint,
    /// After some epochs, from a checkpoint.
    Resumed {
        /// How many were done before.
        epochs: usize,
    },
    /// It has already finished in its checkpoint.
    Finished,
}

impl<T: FileScalar> Training<T> {
    pub(crate) fn new(
        settings: &Settings,
        loss_kind: LossKind,
        columns: &Columns,
        table: &Table,
    ) -> Result<Self, Error> {
        let counted = match &settings.weight {
            Some(name) => counted_rows(table, &column_of_weights(table, name)?),
            None => None,
        };
        let mut parts = Parts::of(counted.as_ref().unwrap_or(table), columns, settings, loss_kind)?;
        memory_need::<T>(&parts, settings, loss_kind).check(settings.memory_limit)?;
        let mut odd = std::mem::take(&mut parts.outliers);
        let (scales, (samples, validation)) = Scales::fit::<T>(&parts, settings, loss_kind)?;
        odd.extend(scales.warnings.iter().cloned());
        let widths = (samples.inputs.ncols(), samples.targets.ncols());
        let model = network(widths, settings)?;
        let kind = settings.optimizer;
        let rate = settings.learning_rate.unwrap_or_else(|| kind.default_learning_rate());
        let (loss, optimizer) = (loss_kind.build(), kind.build(rate));
        let fit = fit_settings(&samples, validation, settings, loss_kind)?;
        let fit = with_weights(fit, &samples, &parts, settings)?;
        let mut training = Self {
            warnings: of_training(table, &parts, settings)?.into_iter().chain(odd).collect(),
            parts,
            samples,
            scales,
            model,
            loss,
            optimizer,
            fit,
            state: FitState::new(),
            checkpoints: None,
            beginning: Beginning::Start,
            finished: None,
            weight: settings.weight.clone(),
        };
        training.prepare_checkpoints(settings)?;
        Ok(training)
    }

    /// Recognizes the checkpoint of this training, and goes back to it if that is asked for.
    fn prepare_checkpoints(&mut self, settings: &Settings) -> Result<(), Error> {
        let Some(checkpoint) = &settings.checkpoint else { return Ok(()) };
        let Samples { inputs, targets } = &self.samples;
        let (model, loss, optimizer) = (&self.model, &*self.loss, &*self.optimizer);
        let fingerprint = Fingerprint::new(model, inputs, targets, loss, optimizer, &self.fit);
        let encoder = self.parts.encoder();
        let fingerprint = fingerprint
            .with("target columns", encoder.target_names().join(", "))
            .with_checksum("input columns", encoder.input_names().join("\n").as_bytes());
        let fingerprint = checkpoint
            .parts
            .iter()
            .fold(fingerprint, |fingerprint, (part, value)| fingerprint.with(part, value));
        let every = checkpoint.every.unwrap_or(0);
        let checkpoints = Checkpoints::new(&checkpoint.path, fingerprint).every(every);
        if checkpoint.resume {
            let (model, optimizer) = (&mut self.model, &mut *self.optimizer);
            self.beginning = match checkpoints.start(model, optimizer, &self.fit)? {
                Start::Afresh(_) => Beginning::NoCheckpoint,
                Start::Resumed(state) => {
                    self.state = state;
                    Beginning::Resumed { epochs: self.state.next_epoch() }
                }
                Start::Finished(history) => {
                    self.finished = Some(history);
                    Beginning::Finished
                }
            };
        }
        self.checkpoints = Some(checkpoints);
        Ok(())
    }

    /// The rows in their parts.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// What is odd in the table: missing values, columns without influence or with the numbers of the
    /// rows, categories that only held-out rows have, outliers.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Where the training begins.
    pub fn beginning(&self) -> Beginning {
        self.beginning
    }

    /// The network.
    pub fn model(&self) -> &Model<T> {
        &self.model
    }

    /// The loss.
    pub fn loss(&self) -> &dyn Loss<T> {
        &*self.loss
    }

    /// The optimizer.
    pub fn optimizer(&self) -> &dyn Optimizer<T> {
        &*self.optimizer
    }

    /// The inputs of some rows, scaled as the network takes them.
    ///
    /// # Errors
    /// If the values are not what their columns should hold.
    pub fn inputs(&self, table: &Table) -> Result<Tensor<T>, Error> {
        self.scales.inputs_of(self.parts.encoder(), table)
    }

    /// Trains until the last epoch, until early stopping, or until the watcher stops it. Saves
    /// checkpoints on the way, and scores the network.
    ///
    /// # Errors
    /// [`Error::Diverged`] if a number becomes infinite or NaN, and [`Error::Fit`] if training fails for
    /// another reason. A checkpoint that cannot be written and scores that are not finite do not fail the
    /// training: see [`Fitted::problems`].
    pub fn fit(mut self, watcher: &mut dyn Watcher<T>) -> Result<Fitted, Error> {
        let Some(history) = self.finished.take() else {
            return self.train(watcher);
        };
        let seconds = history.epochs.iter().map(|epoch| epoch.seconds).sum();
        let Self { parts, warnings, scales, model, loss, weight, samples, fit, .. } = self;
        let predictor = predictor(&parts, scales, model, &*loss)?;
        drop((samples, fit));
        Ok(Fitted::new(Trained {
            parts,
            warnings,
            predictor,
            history,
            seconds,
            checkpoint_error: None,
            can_resume: true,
            was_finished: true,
            weight,
        }))
    }

    fn train(self, watcher: &mut dyn Watcher<T>) -> Result<Fitted, Error> {
        let Self {
            parts, warnings, samples, scales, loss, fit, state, checkpoints, weight, ..
        } = self;
        let (mut model, mut optimizer) = (self.model, self.optimizer);
        let Samples { inputs, targets } = &samples;
        let first_epoch = state.next_epoch();
        let has_checkpoints = checkpoints.is_some();
        let last_epoch = fit.epoch_count() - 1;
        let time = SavingTime::new();
        let mut saves = Saves { checkpoints, watcher, last_epoch, failed: None, time };
        let start = Instant::now();
        let (loss, optimizer) = (&*loss, &mut *optimizer);
        let fitted = model.fit_from(state, inputs, targets, loss, optimizer, &fit, &mut saves);
        let seconds = start.elapsed().as_secs_f64();
        let Saves { watcher, failed, .. } = saves;
        let history = match fitted {
            Ok(history) => history,
            Err(FitError::Diverged(divergence)) => {
                let last_good = match divergence.epochs.is_empty() {
                    true => None,
                    false => predictor(&parts, scales, model, loss).ok(),
                };
                let divergence = *divergence;
                return Err(Error::Diverged(Box::new(Diverged { divergence, last_good })));
            }
            Err(error) => return Err(Error::Fit(error)),
        };
        watcher.end(&model, &history);
        let before = history.epochs[..first_epoch].iter().map(|epoch| epoch.seconds).sum::<f64>();
        let predictor = predictor(&parts, scales, model, loss)?;
        // Scoring takes memory for every row too.
        drop((samples, fit));
        Ok(Fitted::new(Trained {
            parts,
            warnings,
            predictor,
            history,
            seconds: before + seconds,
            can_resume: has_checkpoints && failed.is_none(),
            checkpoint_error: failed.map(Error::Checkpoint),
            was_finished: false,
            weight,
        }))
    }
}

/// The memory that a training of these rows needs.
fn memory_need<T: FileScalar>(parts: &Parts, settings: &Settings, loss: LossKind) -> MemoryNeed {
    let contents = parts.contents();
    let outputs = match loss {
        LossKind::SigmoidCrossEntropy => 1,
        _ => parts.encoder().target_width(),
    };
    let shape = Shape {
        rows: contents.train + contents.validation,
        scored: contents.train.max(contents.validation).max(contents.test),
        inputs: contents.inputs,
        outputs,
        number: size_of::<T>(),
    };
    MemoryNeed::of(settings, shape)
}

/// The network with everything that predicting takes.
fn predictor<T: FileScalar>(
    parts: &Parts,
    scales: Scales,
    model: Model<T>,
    loss: &dyn Loss<T>,
) -> Result<Predictor, Error> {
    let pipeline = Pipeline::new(model)
        .with_link(loss.link())?
        .with_encoder(parts.encoder().clone())?
        .with_input_scaler(scales.inputs)?;
    let pipeline = match scales.targets {
        Some(scaler) => pipeline.with_target_scaler(scaler)?,
        None => pipeline,
    };
    Ok(Predictor::new(T::into_any(pipeline)).expect("it has an encoder"))
}

/// The settings of `fit`, with the accuracy of classes as metric, or R2 where it can be computed.
fn fit_settings<T: FileScalar>(
    train: &Samples<T>,
    validation: Option<Samples<T>>,
    settings: &Settings,
    loss: LossKind,
) -> Result<Fit<T>, Error> {
    let rows = train.inputs.nrows();
    let mut fit = Fit::epochs(settings.epochs)
        .batch_size(settings.batch_size.min(rows))
        .shuffle(Draws::new(settings.seed).shuffle());
    let mut fewest = rows;
    if let Some(Samples { inputs, targets }) = validation {
        fewest = fewest.min(inputs.nrows());
        fit = fit.validation(inputs, targets);
    }
    if let Some(patience) = settings.patience {
        fit = fit.early_stopping(patience);
    }
    Ok(match loss {
        LossKind::SoftmaxCrossEntropy => {
            fit.weighted_metric("accuracy", weighted_categorical_accuracy)
        }
        // Of logits: the probability is above a half where the logit is above 0.
        LossKind::SigmoidCrossEntropy => fit
            .weighted_metric("accuracy", |logits, targets, weights| {
                weighted_binary_accuracy(logits, targets, 0.0, weights)
            }),
        // A single row has no variance.
        _ if fewest > 1 => fit.weighted_metric("r2", weighted_r2),
        _ => fit,
    })
}

/// The settings of `fit` with the weights of rows and classes.
fn with_weights<T: FileScalar>(
    mut fit: Fit<T>,
    train: &Samples<T>,
    parts: &Parts,
    settings: &Settings,
) -> Result<Fit<T>, Error> {
    let weights_of =
        |table| settings.weight.as_deref().map(|name| column_of_weights(table, name)).transpose();
    let weights = weights_of(parts.train())?;
    if settings.class_weights == ClassWeights::Balanced {
        let weights = balanced_class_weights(&train.targets, weights.as_deref());
        fit = fit.class_weights(weights);
    }
    if let Some(weights) = weights {
        fit = fit.weights(weights);
    }
    if let Some(table) = parts.validation()
        && let Some(weights) = weights_of(table)?
    {
        fit = fit.validation_weights(weights);
    }
    Ok(fit)
}

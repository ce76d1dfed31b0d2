//! All that training a network takes, and its checkpoints.

use std::time::Instant;

use nnfs::files::{FileScalar, Fingerprint, Start};
use nnfs::metrics::{binary_accuracy, categorical_accuracy, r2};
use nnfs::model::{FitState, History, Observer};
use nnfs::prelude::*;
use nnfs_report::{Fact, Recorder, epochs_apart};

use super::data::Data;
use super::draws::Draws;
use super::options::{Dtype, LossKind, OptimizerKind, TrainOptions, TrainingOptions};
use super::progress::Display;
use super::report::Outcome;
use super::saves::Saves;
use super::tensors::{Samples, Tensors};
use crate::folder::Folder;
use crate::output::{count, warn};
use crate::stop::Stop;

/// The decay of AdamW, PyTorch's default.
const WEIGHT_DECAY: f64 = 0.01;

/// The momentum of SGD, scikit-learn's default.
const MOMENTUM: f64 = 0.9;

/// Where the training stands.
pub(super) const CHECKPOINT: &str = "checkpoint.safetensors";

/// All that training a network takes.
pub(crate) struct Training<T: FileScalar> {
    loss: Box<dyn Loss<T>>,
    optimizer: Box<dyn Optimizer<T>>,
    settings: Fit<T>,
    /// Where it starts.
    state: FitState<T>,
    saves: Saves<T>,
    /// The settings, for the report.
    facts: Vec<Fact>,
}

impl<T: FileScalar> Training<T> {
    /// Of a network before its first epoch.
    ///
    /// # Errors
    /// If a setting is out of range, which the options have checked.
    pub(crate) fn new(
        model: &Model<T>,
        options: &TrainOptions,
        loss: LossKind,
        data: &Data,
        tensors: &Tensors<T>,
        folder: &Folder,
    ) -> anyhow::Result<Self> {
        let facts = facts(options, data.train.rows());
        let TrainOptions { training: options, seed, .. } = options;
        let Samples { inputs, targets } = &tensors.train;
        let settings = settings(tensors, options, loss, Draws::new(*seed))?;
        let (loss, optimizer) = (loss.build(), optimizer(options)?);
        let fingerprint = options.has_checkpoints().then(|| {
            let input_columns = data.encoder.input_names().join("\n");
            Fingerprint::new(model, inputs, targets, &*loss, &*optimizer, &settings)
                .with_checksum("file", &data.bytes)
                .with("target columns", data.encoder.target_names().join(", "))
                .with_checksum("input columns", input_columns.as_bytes())
        });
        let every = options.checkpoint_every.map_or(0, usize::from);
        let saves = Saves::new(folder.file(CHECKPOINT), fingerprint, every);
        Ok(Self { loss, optimizer, settings, state: FitState::new(), saves, facts })
    }

    /// Whether a training that was interrupted can be resumed.
    pub(crate) fn can_resume(&self) -> bool {
        self.saves.can_resume()
    }

    /// What it does, for the report.
    pub(crate) fn facts(&self, model: &Model<T>) -> Vec<Fact> {
        let widths = model.summary().rows.into_iter().filter(|row| row.parameters > 0);
        let network = widths.fold(model.input_width().to_string(), |network, row| {
            format!("{network}-{}", row.outputs)
        });
        let mut facts = vec![
            Fact::new("network", network),
            Fact::new("loss", self.loss.description().kind.replace('_', " ")),
            Fact::new("optimizer", self.optimizer.description().kind),
            Fact::new("learning rate", self.optimizer.learning_rate().to_string()),
        ];
        facts.extend(self.facts.iter().cloned());
        facts
    }

    /// Goes back to where the checkpoint was, if there is one. Gives what came of a training that is
    /// over.
    ///
    /// # Errors
    /// If the checkpoint is damaged, or of another training.
    pub(crate) fn resume(
        &mut self,
        model: &mut Model<T>,
        folder: &Folder,
    ) -> anyhow::Result<Option<Outcome>> {
        self.state = match self.saves.start(model, &mut *self.optimizer, &self.settings)? {
            Start::Afresh(state) => {
                warn(&format!("no checkpoint in {folder}: starting afresh"));
                state
            }
            Start::Resumed(state) => {
                warn(&format!("resuming with epoch {}", state.next_epoch() + 1));
                state
            }
            Start::Finished(history) => {
                let seconds = history.epochs.iter().map(|epoch| epoch.seconds).sum();
                let asked = self.settings.epoch_count();
                return Ok(Some(Outcome { history, seconds, asked, frames: Vec::new() }));
            }
        };
        Ok(None)
    }

    /// Trains until the last epoch or until `stop` is asked for, and saves checkpoints on the way.
    ///
    /// # Errors
    /// Those of `fit`, a divergence above all.
    pub(crate) fn run(
        &mut self,
        model: &mut Model<T>,
        Samples { inputs, targets }: &Samples<T>,
        watched: &Tensor<T>,
        stop: &Stop,
        quiet: bool,
    ) -> anyhow::Result<Outcome> {
        let Self { loss, optimizer, settings, saves, state, .. } = self;
        let (state, asked) = (std::mem::take(state), settings.epoch_count());
        let first_epoch = state.next_epoch();
        let mut display = Display::new(quiet, first_epoch, asked);
        let apart = epochs_apart(watched.nrows(), inputs.nrows());
        let mut recorder = Recorder::new(watched, first_epoch, asked, apart, model)?;
        let mut display_or_stop = |progress: &Progress<'_, T>| {
            display.update(progress.epoch());
            let is_last = progress.epoch().epoch + 1 == asked;
            if stop.is_asked_for() && !is_last { Control::Stop } else { Control::Continue }
        };
        let start = Instant::now();
        let fitted = model.fit_from(
            state,
            inputs,
            targets,
            &**loss,
            &mut **optimizer,
            settings,
            &mut (&mut display_or_stop, recorder.by_ref(), saves.by_ref()),
        );
        let seconds = start.elapsed().as_secs_f64();
        display.finish();
        let history = fitted?;
        let before = history.epochs[..first_epoch].iter().map(|epoch| epoch.seconds).sum::<f64>();
        let mut outcome = Outcome { history, seconds: before + seconds, asked, frames: Vec::new() };
        // The last frame is of the weights that are kept.
        let (kept, done) = (outcome.saved_epoch() + 1, outcome.history.epochs.len());
        if kept < done {
            recorder.record_restored(kept, model)?;
        } else {
            recorder.record(done, model)?;
        }
        outcome.frames = recorder.into_frames();
        Ok(outcome)
    }

    /// Marks the training as finished in its checkpoint, once all else is written.
    ///
    /// # Errors
    /// If a checkpoint could not be written, now or at the end of an epoch.
    pub(crate) fn finish(self, history: &History) -> anyhow::Result<()> {
        self.saves.finish(history)
    }
}

/// Settings that the page tells, beside those that a training knows itself.
fn facts(options: &TrainOptions, rows: usize) -> Vec<Fact> {
    let TrainOptions { training, network, seed, .. } = options;
    let numbers = match network.dtype {
        Dtype::F32 => "f32",
        Dtype::F64 => "f64",
    };
    let mut facts = vec![
        Fact::new("epochs asked for", training.epochs.to_string()),
        Fact::new("batch size", training.batch.get().min(rows).to_string()),
        Fact::new("rows trained on", rows.to_string()),
        Fact::new("numbers", numbers),
        Fact::new("seed", seed.to_string()),
    ];
    if let Some(patience) = training.patience {
        facts.push(Fact::new("patience", count(patience.get(), "epoch")));
    }
    facts
}

/// The settings of `fit`: with the accuracy of classes, or R2 where it can be told.
fn settings<T: FileScalar>(
    tensors: &Tensors<T>,
    options: &TrainingOptions,
    loss: LossKind,
    draws: Draws,
) -> anyhow::Result<Fit<T>> {
    let rows = tensors.train.inputs.nrows();
    let mut settings = Fit::epochs(options.epochs.get())
        .batch_size(options.batch.get().min(rows))
        .shuffle(draws.shuffle());
    let mut fewest = rows;
    if let Some(Samples { inputs, targets }) = &tensors.validation {
        settings = settings.validation(inputs.clone(), targets.clone());
        fewest = fewest.min(inputs.nrows());
    }
    if let Some(patience) = options.patience {
        settings = settings.early_stopping(patience.get());
    }
    Ok(match loss {
        LossKind::SoftmaxCrossEntropy => settings.metric("accuracy", categorical_accuracy),
        // Of logits: the probability is above a half where the logit is above 0.
        LossKind::BinaryCrossEntropy => settings
            .metric("accuracy", |predictions, targets| binary_accuracy(predictions, targets, 0.0)),
        // A single row has no spread to explain.
        _ if fewest > 1 => settings.metric("r2", r2),
        _ => settings,
    })
}

fn optimizer<T: Scalar>(options: &TrainingOptions) -> anyhow::Result<Box<dyn Optimizer<T>>> {
    let kind = options.optimizer;
    let rate = options.learning_rate.unwrap_or_else(|| kind.default_learning_rate());
    let rate = LearningRate::constant(rate)?;
    Ok(match kind {
        OptimizerKind::Sgd => Box::new(Sgd::new(rate).momentum(MOMENTUM)),
        OptimizerKind::Adagrad => Box::new(AdaGrad::new(rate)),
        OptimizerKind::Rmsprop => Box::new(RmsProp::new(rate)),
        OptimizerKind::Adam => Box::new(Adam::new(rate)),
        OptimizerKind::Adamw => Box::new(AdamW::new(rate).weight_decay(WEIGHT_DECAY)),
    })
}

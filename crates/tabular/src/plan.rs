//! From settings to the networks of a training.

use std::path::{Path, PathBuf};

use nnfs::datasets::Table;
use nnfs::files::{Checkpoints, Difference, FileScalar, Fingerprint, ResumeError, Start};
use nnfs::metrics::{weighted_binary_accuracy, weighted_categorical_accuracy, weighted_r2};
use nnfs::model::{FitState, balanced_class_weights};
use nnfs::prelude::*;

use crate::bagging::{Folds, Ridge};
use crate::draws::Draws;
use crate::network::{linear_model, network};
use crate::network_fit::{Member, NetworkFit};
use crate::samples::Samples;
use crate::settings::task_of;
use crate::weights::relative_weights;
use crate::{
    Beginning, Checkpointing, ClassWeights, Error, LossKind, Parts, RateSchedule, Recipe, Settings,
};

/// What the networks of a training are made of.
pub(crate) struct Plan<'a, T: FileScalar> {
    pub(crate) parts: &'a Parts,
    pub(crate) samples: &'a Samples<T>,
    pub(crate) settings: &'a Settings,
    pub(crate) loss: (LossKind, &'a dyn Loss<T>),
}

impl<T: FileScalar> Plan<'_, T> {
    /// With bagging, the folds of the training rows.
    ///
    /// # Errors
    /// If there are fewer than two training rows.
    pub(crate) fn folds(&self) -> Result<Option<Folds>, Error> {
        let Recipe::Bagging { folds } = self.settings.recipe else { return Ok(None) };
        let table = self.parts.train();
        if table.rows() < 2 {
            return Err(Error::NoFolds { file: table.source().to_owned(), rows: table.rows() });
        }
        let labels = self.parts.encoder().labels(table)?;
        let mut rng = Draws::new(self.settings.seed).folds();
        Ok(Some(Folds::new(table.rows(), labels.as_deref(), folds, &mut rng)))
    }

    /// The networks before their training, and where it begins. With bagging there are a network and a
    /// linear model for each fold.
    ///
    /// # Errors
    /// If a weight is not a number, a checkpoint is damaged or belongs to another training.
    pub(crate) fn networks(
        &self,
        folds: Option<&Folds>,
        validation: Option<Samples<T>>,
    ) -> Result<(Vec<NetworkFit<T>>, Beginning), Error> {
        let weights = self.weights_of(self.parts.train())?;
        let Some(folds) = folds else {
            let weights_of_validation = match self.parts.validation() {
                Some(table) => self.weights_of(table)?,
                None => None,
            };
            let held_out = validation.as_ref().map(|samples| samples.inputs.nrows());
            let mut fit =
                self.fit(None, held_out, (weights.clone(), weights.as_deref()), self.settings);
            if let Some(Samples { inputs, targets }) = validation {
                fit = fit.validation(inputs, targets);
            }
            if let Some(weights) = weights_of_validation {
                fit = fit.validation_weights(weights);
            }
            let mut network = self.network(None, self.settings, fit)?;
            let beginning = match &self.settings.checkpoint {
                None => Beginning::Start,
                Some(checkpoint) => {
                    let (own, other) = (&checkpoint.path, checkpoint.path_of_network(0));
                    check_recipe(checkpoint, own, other, self.settings.recipe)?;
                    self.prepare_checkpoints(&mut network, checkpoint, own)?
                }
            };
            return Ok((vec![network], beginning));
        };
        if let Some(checkpoint) = &self.settings.checkpoint {
            let (own, other) = (checkpoint.path_of_network(0), checkpoint.path.clone());
            check_recipe(checkpoint, &own, other, self.settings.recipe)?;
        }
        let mut networks = Vec::with_capacity(2 * folds.count());
        let mut beginnings = Vec::with_capacity(2 * folds.count());
        for is_linear in [false, true] {
            for fold in 0..folds.count() {
                let number = networks.len();
                let member = Member { is_linear, fold };
                let mut network = self.member(member, folds, weights.as_deref())?;
                if let Some(checkpoint) =
                    self.settings.checkpoint.as_ref().filter(|_| !network.is_solved)
                {
                    let path = checkpoint.path_of_network(number);
                    beginnings.push(self.prepare_checkpoints(&mut network, checkpoint, &path)?);
                }
                networks.push(network);
            }
        }
        let epochs = networks.iter().map(NetworkFit::epochs_done).sum();
        Ok((networks, together(&beginnings, epochs)))
    }

    /// A network of an ensemble before its training, without checkpoints. `weights` are those of all rows.
    ///
    /// # Errors
    /// If a setting is out of range.
    pub(crate) fn member(
        &self,
        member: Member,
        folds: &Folds,
        weights: Option<&[f64]>,
    ) -> Result<NetworkFit<T>, Error> {
        let Member { is_linear, fold } = member;
        let number = if is_linear { folds.count() + fold } else { fold };
        let settings = self.settings_of(number, is_linear);
        let (learned, held_out) = (folds.rows_without(fold), folds.rows_of(fold));
        let some = |rows: &[usize]| -> Option<Vec<f64>> {
            rows.iter().map(|&row| weights.map(|weights| weights[row])).collect()
        };
        // The smallest fold decides, so that all networks have the same metrics.
        let fewest = Some(folds.smallest());
        let mut fit = self.fit(Some(&learned), fewest, (some(&learned), weights), &settings);
        // The rows themselves are copied when the network is trained.
        if let Some(weights) = some(&held_out) {
            fit = fit.validation_weights(weights);
        }
        let mut network = self.network(Some(member), &settings, fit)?;
        network.is_solved = is_linear && self.solves_linear_models();
        Ok(network)
    }

    /// Whether the linear models are ridge regressions, which need no epochs: of numbers with the squared
    /// error, unless penalties are given, and of tables that are not too large.
    fn solves_linear_models(&self) -> bool {
        let &Settings { l1, l2, .. } = self.settings;
        let (rows, inputs) = self.samples.inputs.shape();
        self.loss.0 == LossKind::MeanSquaredError
            && l1 == 0.0
            && l2.unwrap_or(0.0) == 0.0
            && Ridge::suits(rows, inputs)
    }

    /// The settings of one network of several. Each has other random numbers.
    fn settings_of(&self, number: usize, is_linear: bool) -> Settings {
        let mut settings = self.settings.clone();
        settings.seed = Draws::new(self.settings.seed).seed_of_network(number);
        // The best epoch is kept.
        let rows = self.samples.inputs.nrows();
        settings.patience = Some(settings.patience_for(rows).unwrap_or(usize::MAX));
        if is_linear {
            settings.hidden = Some(Vec::new());
            settings.dropout = 0.0;
        } else {
            settings.l2 = Some(settings.l2_for(rows, task_of(self.loss.0)));
        }
        settings
    }

    /// A network, untrained.
    fn network(
        &self,
        member: Option<Member>,
        settings: &Settings,
        fit: Fit<T>,
    ) -> Result<NetworkFit<T>, Error> {
        let widths = (self.samples.inputs.ncols(), self.samples.targets.ncols());
        let model = match member {
            Some(Member { is_linear: true, .. }) => linear_model(widths, settings)?,
            _ => network(widths, settings)?,
        };
        let rows = self.samples.inputs.nrows();
        let optimizer = settings.optimizer.build(settings.learning_rate_for(rows)?);
        let state = FitState::new();
        Ok(NetworkFit {
            member,
            model,
            optimizer,
            fit,
            state,
            checkpoints: None,
            finished: None,
            is_solved: false,
        })
    }

    /// The settings of `fit` without validation data, with the accuracy of classes as metric, or R2 where it
    /// can be computed. `learned` are the rows that the network learns from, all by default, and `held_out`
    /// is the number of rows to validate with.
    fn fit(
        &self,
        learned: Option<&[usize]>,
        held_out: Option<usize>,
        (weights, all_weights): (Option<Vec<f64>>, Option<&[f64]>),
        settings: &Settings,
    ) -> Fit<T> {
        // The number of all rows, so that the networks of all folds have the same.
        let all = self.samples.inputs.nrows();
        let rows = learned.map_or(all, <[usize]>::len);
        let mut fit = Fit::epochs(settings.epochs_for(all))
            .batch_size(settings.batch_size_for(all).min(rows))
            .shuffle(Draws::new(settings.seed).shuffle());
        let fewest = held_out.unwrap_or(rows).min(rows);
        if let Some(patience) = settings.patience_for(all) {
            fit = fit.early_stopping(patience);
        }
        if settings.class_weights == ClassWeights::Balanced {
            // All training rows decide, so that the networks of all folds have the same, and each class has one.
            let targets = &self.samples.targets;
            let weights = balanced_class_weights(targets, all_weights);
            fit = fit
                .class_weights(weights.expect("targets of classes and weights that were checked"));
        }
        if let Some(weights) = weights {
            fit = fit.weights(weights);
        }
        match self.loss.0 {
            LossKind::SoftmaxCrossEntropy => {
                fit.weighted_metric("accuracy", weighted_categorical_accuracy)
            }
            // The outputs are logits: the probability is above a half where the logit is above 0.
            LossKind::SigmoidCrossEntropy => fit
                .weighted_metric("accuracy", |logits, targets, weights| {
                    weighted_binary_accuracy(logits, targets, 0.0, weights)
                }),
            // A single row has no variance.
            _ if fewest > 1 => fit.weighted_metric("r2", weighted_r2),
            _ => fit,
        }
    }

    /// The weights of some rows, relative to their mean, if the rows have weights.
    pub(crate) fn weights_of(&self, table: &Table) -> Result<Option<Vec<f64>>, Error> {
        let weight = self.settings.weight.as_deref();
        weight.map(|name| relative_weights(table, name)).transpose()
    }

    /// Recognizes the checkpoint of a network, and goes back to it if that is asked for.
    fn prepare_checkpoints(
        &self,
        network: &mut NetworkFit<T>,
        checkpoint: &Checkpointing,
        path: &Path,
    ) -> Result<Beginning, Error> {
        let Samples { inputs, targets } = self.samples;
        let NetworkFit { member, model, optimizer, fit, .. } = &*network;
        let loss = self.loss.1;
        let mut fingerprint = Fingerprint::new(model, inputs, targets, loss, &**optimizer, fit);
        if let Some(Member { is_linear, fold }) = member {
            let kind = if *is_linear { "linear model" } else { "network" };
            fingerprint = fingerprint.with("member", format!("{kind} without fold {fold}"));
        }
        if let Recipe::Bagging { folds } = self.settings.recipe {
            // The rows of a fold depend on the number of folds, and the inputs here are those of all rows.
            fingerprint = fingerprint.with("folds", folds);
        }
        let encoder = self.parts.encoder();
        let fingerprint = fingerprint
            .with("target columns", encoder.target_names().join(", "))
            .with_checksum("input columns", encoder.input_names().join("\n").as_bytes());
        let fingerprint = checkpoint
            .parts
            .iter()
            .fold(fingerprint, |fingerprint, (part, value)| fingerprint.with(part, value));
        let every = checkpoint.every.unwrap_or(0);
        let checkpoints = Checkpoints::new(path, fingerprint).every(every);
        let mut beginning = Beginning::Start;
        if checkpoint.resume {
            let NetworkFit { model, optimizer, fit, state, finished, .. } = network;
            let start = checkpoints.start(model, &mut **optimizer, fit);
            beginning =
                match start.map_err(|error| resume_error(error, self.settings.rate_schedule()))? {
                    Start::Afresh(_) => Beginning::NoCheckpoint,
                    Start::Resumed(resumed) => {
                        *state = resumed;
                        Beginning::Resumed { epochs: state.next_epoch() }
                    }
                    Start::Finished(history) => {
                        *finished = Some(history);
                        Beginning::Finished
                    }
                };
        }
        network.checkpoints = Some(checkpoints);
        Ok(beginning)
    }
}

/// Where a training of several networks begins, if `epochs` epochs of all networks together were done before.
fn together(beginnings: &[Beginning], epochs: usize) -> Beginning {
    let all = |beginning| beginnings.iter().all(|&it| it == beginning);
    if beginnings.is_empty() || all(Beginning::Start) {
        Beginning::Start
    } else if all(Beginning::NoCheckpoint) {
        Beginning::NoCheckpoint
    } else if all(Beginning::Finished) {
        Beginning::Finished
    } else {
        Beginning::Resumed { epochs }
    }
}

/// Checks that there is no checkpoint of the other recipe in the place of one of this recipe.
fn check_recipe(
    checkpoint: &Checkpointing,
    own: &Path,
    other: PathBuf,
    expected: Recipe,
) -> Result<(), Error> {
    let is_other = checkpoint.resume && other.is_file() && !own.exists();
    if is_other { Err(Error::OtherRecipe { path: other, expected }) } else { Ok(()) }
}

/// The error of a checkpoint; if it differs only in the number of epochs of a cosine, the one that says so.
fn resume_error(error: ResumeError, schedule: RateSchedule) -> Error {
    match &error {
        ResumeError::Differs { path, differences } if schedule == RateSchedule::Cosine => {
            match &differences[..] {
                [Difference { part, checkpoint, now }]
                    if part == "optimizer" && without_steps(checkpoint) == without_steps(now) =>
                {
                    Error::CosineEpochs { path: path.clone() }
                }
                _ => error.into(),
            }
        }
        _ => error.into(),
    }
}

/// The description of an optimizer without the number of steps of its schedule.
fn without_steps(optimizer: &str) -> Option<(&str, &str)> {
    let (before, steps) = optimizer.split_once("steps ")?;
    Some((before, steps.trim_start_matches(|digit: char| digit.is_ascii_digit())))
}

//! A training, from the split rows to the fitted network.

use std::time::Instant;

use nnfs::datasets::{Columns, Table};
use nnfs::files::FileScalar;
use nnfs::prelude::*;

use crate::bagging::{FEW_ROWS, Folds, predict_held_out, put_together};
use crate::fitted::Trained;
use crate::memory::{MemoryNeed, Shape};
use crate::network_fit::{Failed, Member, NetworkFit, NetworkOfFold};
use crate::odd::of_training;
use crate::plan::Plan;
use crate::samples::{Samples, Scales};
use crate::side_by_side::train_all;
use crate::threads::available_threads;
use crate::weights::{column_of_weights, counted_rows, relative_weights, weights_in_loss};
use crate::{Control, Diverged, Error, Fitted, LossKind, Parts, Settings, Warning, Watcher};

/// A training before its first epoch: the rows in their parts, the networks and the loss.
///
/// [`Learner::prepare`](crate::Learner::prepare) makes it, and [`Learner::fit`](crate::Learner::fit) is
/// all of it at once. The plain [`Recipe`](crate::Recipe) has one network.
#[derive(Debug)]
pub struct Training<T: FileScalar> {
    parts: Parts,
    warnings: Vec<Warning>,
    samples: Samples<T>,
    scales: Scales,
    /// With bagging, the folds of the training rows.
    folds: Option<Folds>,
    /// At least one.
    networks: Vec<NetworkFit<T>>,
    loss: Box<dyn Loss<T>>,
    beginning: Beginning,
    weight: Option<String>,
    settings: Settings,
    loss_kind: LossKind,
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
        /// How many epochs of all networks together were done before. A network that had finished
        /// counts all of its epochs, also if it had stopped early.
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
        skipped: Option<Warning>,
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
        let loss = loss_kind.build();
        let plan = Plan { parts: &parts, samples: &samples, settings, loss: (loss_kind, &*loss) };
        let folds = plan.folds()?;
        let (networks, beginning) = plan.networks(folds.as_ref(), validation)?;
        Ok(Self {
            warnings: skipped
                .into_iter()
                .chain(of_training(table, &parts, settings)?)
                .chain(odd)
                .collect(),
            parts,
            samples,
            scales,
            folds,
            networks,
            loss,
            beginning,
            weight: settings.weight.clone(),
            settings: settings.clone(),
            loss_kind,
        })
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

    /// The network; of several, the first one.
    pub fn model(&self) -> &Model<T> {
        &self.networks[0].model
    }

    /// The number of epochs after which [`Training::model`] had its weights: 0 unless the training is resumed.
    pub fn epochs_of_model(&self) -> usize {
        let NetworkFit { state, finished, .. } = &self.networks[0];
        match finished {
            None => state.next_epoch(),
            Some(history) => history.restored.map_or(history.epochs.len(), |epoch| epoch + 1),
        }
    }

    /// The number of networks.
    pub fn network_count(&self) -> usize {
        self.networks.len()
    }

    /// The number of networks that are linear models, because they have no hidden layers.
    pub fn linear_count(&self) -> usize {
        let is_linear = |network: &&NetworkFit<T>| {
            let layers = network.model.layers();
            layers.len() == 1 && layers.iter().all(|layer| layer.activation().is_none())
        };
        self.networks.iter().filter(is_linear).count()
    }

    /// The number of epochs of each network, if it is not stopped early.
    pub fn epochs(&self) -> usize {
        self.networks[0].fit.epoch_count()
    }

    /// The number of epochs of all networks together, if none is stopped early. A ridge regression has none.
    pub fn epochs_of_all(&self) -> usize {
        self.networks.iter().map(NetworkFit::epochs).fold(0, usize::saturating_add)
    }

    /// The number of networks that are trained in epochs: all but those that are ridge regressions.
    pub fn networks_with_epochs(&self) -> usize {
        self.networks.iter().filter(|network| !network.is_solved).count()
    }

    /// The loss.
    pub fn loss(&self) -> &dyn Loss<T> {
        &*self.loss
    }

    /// The optimizer; of several networks, that of the first one.
    pub fn optimizer(&self) -> &dyn Optimizer<T> {
        &*self.networks[0].optimizer
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
    /// Several networks are trained side by side on all processors, or one after the other if there are
    /// checkpoints. The number of processors does not change a bit of the result.
    ///
    /// # Errors
    /// [`Error::Diverged`] if a number becomes infinite or NaN, and [`Error::Fit`] if training fails for
    /// another reason. A checkpoint that cannot be written and scores that are not finite do not fail the
    /// training: see [`Fitted::problems`].
    pub fn fit(self, watcher: &mut dyn Watcher<T>) -> Result<Fitted, Error> {
        self.fit_on(available_threads(), watcher)
    }

    /// [`Training::fit`] on this many threads.
    pub(crate) fn fit_on(
        self,
        threads: usize,
        watcher: &mut dyn Watcher<T>,
    ) -> Result<Fitted, Error> {
        let start = Instant::now();
        let Self {
            parts, warnings, samples, scales, folds, networks, loss, weight, settings, ..
        } = self;
        let has_checkpoints = networks[0].checkpoints.is_some();
        let threads = if has_checkpoints { 1 } else { threads };
        let train = |mut network: NetworkFit<T>, watcher: &mut dyn Watcher<T>| {
            let learned = match (network.member, &folds) {
                (Some(member), Some(folds)) => {
                    let Samples { inputs, targets } = samples.rows(&folds.rows_of(member.fold));
                    network.fit = network.fit.validation(inputs, targets);
                    Some(samples.rows(&folds.rows_without(member.fold)))
                }
                _ => None,
            };
            let learned = learned.as_ref().unwrap_or(&samples);
            if network.is_solved {
                return Ok(network.solve(learned));
            }
            network.train(learned, &*loss, watcher)
        };
        let count = networks.len();
        let trained = train_all(networks, threads, train, watcher);
        let mut trained = trained.map_err(|(network, failed)| match failed {
            Failed::Diverged { divergence, model, member } => {
                let last_good =
                    (!divergence.epochs.is_empty()).then_some(*model).and_then(|model| {
                        scales.clone().predictor(Pipeline::new(model), &parts, &*loss).ok()
                    });
                let network = member.map(|Member { is_linear, fold }| NetworkOfFold {
                    network,
                    is_linear,
                    fold,
                });
                Error::Diverged(Box::new(Diverged { network, divergence: *divergence, last_good }))
            }
            Failed::Other(error) => Error::Fit(error),
        })?;
        let weights = weight.as_deref().map(|name| relative_weights(parts.train(), name));
        let weights = weights.transpose()?;
        let of_loss = weights_in_loss(&samples.targets, weights.clone(), settings.class_weights);
        let mut is_interrupted = trained.len() < count;
        if let Some(folds) = folds.as_ref().filter(|_| samples.inputs.nrows() <= FEW_ROWS)
            && !is_interrupted
        {
            let loss = (self.loss_kind, &*loss);
            let plan = Plan { parts: &parts, samples: &samples, settings: &settings, loss };
            let again = |member| plan.member(member, folds, weights.as_deref()).ok();
            let control = predict_held_out(
                &mut trained,
                (&samples, folds, of_loss.as_deref()),
                again,
                train,
                threads,
                watcher,
            );
            is_interrupted = control == Control::Stop;
        }
        let rows = (&samples, folds.as_ref(), of_loss.as_deref());
        let mut together = put_together(trained, rows, &parts, scales, &*loss)?;
        together.is_interrupted = is_interrupted;
        if together.networks.len() > 1 && !has_checkpoints {
            // Several are trained at the same time.
            together.seconds = start.elapsed().as_secs_f64();
        }
        // Scoring takes memory for every row too.
        drop((samples, folds, of_loss));
        Ok(Fitted::new(Trained { parts, warnings, together, weight }))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watcher::EachEpoch;
    use crate::{Classifier, Regressor};

    #[test]
    fn the_number_of_threads_does_not_change_a_bit() {
        let row = |row: usize| [row.to_string(), (row * row % 17).to_string()];
        let table = Table::from_rows("data", &["x", "y"], (0..60).map(row)).unwrap();
        check_threads(|| Regressor::new("y").epochs(4).prepare(&table).unwrap());
        let long = Table::from_rows("data", &["x", "y"], (0..700).map(row)).unwrap();
        check_threads(|| Regressor::new("y").epochs(2).prepare(&long).unwrap());
        check_threads(|| Classifier::new("y").epochs(8).prepare(&table).unwrap());
        check_threads(|| Classifier::new("y").epochs(2).prepare(&long).unwrap());
    }

    fn check_threads(prepare: impl Fn() -> Training<f32>) {
        let bits = |threads| {
            let training = prepare();
            let mut watcher = EachEpoch(|_: &crate::Epoch| Control::Continue);
            let fitted = training.fit_on(threads, &mut watcher).unwrap();
            let predictions = fitted.out_of_fold().unwrap().clone();
            (fitted.predictor().pipeline().to_bytes().unwrap(), predictions)
        };
        let one = bits(1);
        for threads in [2, 4, 16] {
            assert!(bits(threads) == one, "{threads} threads");
        }
    }
}

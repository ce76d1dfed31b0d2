//! The training of one network.

use std::fmt;
use std::time::Instant;

use nnfs::files::{Checkpoints, FileScalar};
use nnfs::model::{Divergence, End, FitError, FitState, History};
use nnfs::prelude::*;

use crate::bagging::Ridge;
use crate::samples::Samples;
use crate::saves::{Saves, SavingTime};
use crate::{Error, Watcher};

/// One network before its training, with everything that the training takes except the rows.
#[derive(Debug)]
pub(crate) struct NetworkFit<T: FileScalar> {
    /// With bagging, whether it has no hidden layer, and the fold that it does not learn from.
    pub(crate) member: Option<Member>,
    pub(crate) model: Model<T>,
    pub(crate) optimizer: Box<dyn Optimizer<T>>,
    pub(crate) fit: Fit<T>,
    pub(crate) state: FitState<T>,
    pub(crate) checkpoints: Option<Checkpoints<T>>,
    /// The history of a training that had finished in its checkpoint.
    pub(crate) finished: Option<History>,
    /// It is a ridge regression, without epochs.
    pub(crate) is_solved: bool,
}

/// The place of a network in an ensemble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    /// It has no hidden layer.
    pub(crate) is_linear: bool,
    /// It does not learn from the rows of this fold.
    pub(crate) fold: usize,
}

/// One of the networks of an ensemble. Its text counts from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkOfFold {
    /// Its position in [`Fitted::networks`](crate::Fitted::networks), from 0.
    pub network: usize,
    /// It has no hidden layer.
    pub is_linear: bool,
    /// The fold whose rows it does not learn from, from 0.
    pub fold: usize,
}

impl fmt::Display for NetworkOfFold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { network, is_linear, fold } = self;
        let kind = if *is_linear { "a linear model " } else { "" };
        write!(f, "network {network} ({kind}without the rows of fold {fold})")
    }
}

/// A network after its training.
#[derive(Debug)]
pub(crate) struct TrainedNetwork<T: FileScalar> {
    pub(crate) member: Option<Member>,
    pub(crate) model: Model<T>,
    pub(crate) history: History,
    pub(crate) seconds: f64,
    pub(crate) checkpoint_error: Option<Error>,
    pub(crate) can_resume: bool,
    pub(crate) was_finished: bool,
    /// It is a ridge regression, without epochs.
    pub(crate) is_solved: bool,
    /// The outputs for its held-out rows after another epoch than that of its weights, for honest scores.
    pub(crate) held_out: Option<Tensor<T>>,
}

/// Why a training of a network failed.
#[derive(Debug)]
pub(crate) enum Failed<T: FileScalar> {
    /// A number became infinite or NaN. The model has the weights of the last good epoch.
    Diverged { divergence: Box<Divergence>, model: Box<Model<T>>, member: Option<Member> },
    /// Another reason.
    Other(FitError),
}

impl<T: FileScalar> NetworkFit<T> {
    /// The most epochs that it takes.
    pub(crate) fn epochs(&self) -> usize {
        if self.is_solved { 0 } else { self.fit.epoch_count() }
    }

    /// The number of epochs before this training; a network that had finished needs none of its epochs.
    pub(crate) fn epochs_done(&self) -> usize {
        if self.finished.is_some() { self.epochs() } else { self.state.next_epoch() }
    }

    /// The ridge regression of some rows.
    ///
    /// # Panics
    /// If there are no inputs.
    pub(crate) fn solve(self, Samples { inputs, targets }: &Samples<T>) -> TrainedNetwork<T> {
        let start = Instant::now();
        let (inputs, targets) = (inputs.map(T::to_f64), targets.map(T::to_f64));
        let Ridge { weights, biases, .. } = Ridge::fit(&inputs, &targets, self.fit.row_weights());
        let (weights, biases) = (weights.map(T::from_f64), biases.map(T::from_f64));
        let dense = Dense::from_parameters(weights, biases).expect("the widths of the rows");
        TrainedNetwork {
            member: self.member,
            model: Model::new(inputs.ncols()).then(dense).expect("one layer"),
            history: History { epochs: Vec::new(), end: End::Done, restored: None },
            seconds: start.elapsed().as_secs_f64(),
            checkpoint_error: None,
            can_resume: true,
            was_finished: true,
            is_solved: true,
            held_out: None,
        }
    }

    /// Trains until the last epoch, until early stopping, or until the watcher stops it.
    pub(crate) fn train(
        self,
        samples: &Samples<T>,
        loss: &dyn Loss<T>,
        watcher: &mut dyn Watcher<T>,
    ) -> Result<TrainedNetwork<T>, Failed<T>> {
        let Self { member, mut model, mut optimizer, fit, state, checkpoints, finished, .. } = self;
        if let Some(history) = finished {
            let seconds = history.epochs.iter().map(|epoch| epoch.seconds).sum();
            return Ok(TrainedNetwork {
                member,
                model,
                history,
                seconds,
                checkpoint_error: None,
                can_resume: true,
                was_finished: true,
                is_solved: false,
                held_out: None,
            });
        }
        let Samples { inputs, targets } = samples;
        let first_epoch = state.next_epoch();
        let has_checkpoints = checkpoints.is_some();
        let last_epoch = fit.epoch_count() - 1;
        let time = SavingTime::new();
        let mut saves = Saves { checkpoints, watcher, last_epoch, failed: None, time };
        let start = Instant::now();
        let optimizer = &mut *optimizer;
        let fitted = model.fit_from(state, inputs, targets, loss, optimizer, &fit, &mut saves);
        let seconds = start.elapsed().as_secs_f64();
        let Saves { watcher, failed, .. } = saves;
        let history = match fitted {
            Ok(history) => history,
            Err(FitError::Diverged(divergence)) => {
                return Err(Failed::Diverged { divergence, model: Box::new(model), member });
            }
            Err(error) => return Err(Failed::Other(error)),
        };
        watcher.end(&model, &history);
        model.clear_pass();
        let before = history.epochs[..first_epoch].iter().map(|epoch| epoch.seconds).sum::<f64>();
        Ok(TrainedNetwork {
            member,
            model,
            history,
            seconds: before + seconds,
            can_resume: has_checkpoints && failed.is_none(),
            checkpoint_error: failed.map(Error::Checkpoint),
            was_finished: false,
            is_solved: false,
            held_out: None,
        })
    }
}

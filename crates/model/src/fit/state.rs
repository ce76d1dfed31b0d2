//! The state of a training between two epochs.

use nnfs_tensor::{Scalar, Tensor};

use crate::{Epoch, FitError, Model};

/// The state of a training between two epochs, apart from the model and the optimizer.
///
/// An observer finds it in [`Progress::state`](crate::Progress::state). To resume the training, restore
/// the weights of the model and the state of the optimizer (with
/// [`Optimizer::state`](nnfs_tensor::Optimizer::state) and `restore`), and pass a copy of this state to
/// [`Model::fit_from`]. The rest of the training gives the same bits as without the interruption, and
/// it may have more epochs than at first. No random generator is saved: the order of the rows depends
/// on a seed and the number of the epoch alone.
#[derive(Debug, Clone, PartialEq)]
pub struct FitState<T> {
    /// The epochs so far, in order.
    pub epochs: Vec<Epoch>,
    /// The best weights so far, if early stopping was chosen.
    pub best: Option<Best<T>>,
}

/// The weights of the epoch with the smallest loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Best<T> {
    /// The epoch at whose end the model had them, from 0.
    pub epoch: usize,
    /// Their loss: [`Epoch::judged_loss`].
    pub loss: f64,
    /// The value of every parameter, in the order of the layers.
    pub weights: Vec<Tensor<T>>,
}

impl<T: Scalar> FitState<T> {
    /// The state before the first epoch.
    pub fn new() -> Self {
        Self { epochs: Vec::new(), best: None }
    }

    /// The number of the next epoch, from 0.
    pub fn next_epoch(&self) -> usize {
        self.epochs.len()
    }

    /// The number of epochs since the best one, or of all epochs if there is no best one.
    pub fn epochs_without_improvement(&self) -> usize {
        let best = self.best.as_ref().map_or(0, |best| best.epoch + 1);
        self.epochs.len().saturating_sub(best)
    }

    /// Checks that this is the state of a training of the model.
    pub(crate) fn check(&self, model: &Model<T>) -> Result<(), FitError> {
        let Some(best) = &self.best else { return Ok(()) };
        if best.epoch >= self.epochs.len() {
            return Err(FitError::BestEpoch { epoch: best.epoch, epochs: self.epochs.len() });
        }
        model.check_weights("best weights to resume from", &best.weights).map_err(FitError::State)
    }

    /// Adds an epoch, and keeps the weights of the model if their loss is the smallest so far.
    pub(crate) fn push(&mut self, epoch: Epoch, model: &Model<T>) {
        let (number, loss) = (epoch.epoch, epoch.judged_loss.filter(|loss| loss.is_finite()));
        self.epochs.push(epoch);
        let Some(loss) = loss else { return };
        if self.best.as_ref().is_none_or(|best| loss < best.loss) {
            let mut weights = self.best.take().map_or_else(Vec::new, |best| best.weights);
            model.weights_to(&mut weights);
            self.best = Some(Best { epoch: number, loss, weights });
        }
    }
}

impl<T: Scalar> Default for FitState<T> {
    fn default() -> Self {
        Self::new()
    }
}

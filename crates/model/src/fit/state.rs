//! All that a training remembers between two epochs.

use nnfs_tensor::{Scalar, Tensor};

use crate::{Epoch, Model};

/// All that a training remembers between two epochs, beside the model and its optimizer.
///
/// An observer finds it in [`Progress::state`](crate::Progress::state). To go on from there, bring the
/// model and the optimizer back to where they were (with
/// [`Optimizer::state`](nnfs_tensor::Optimizer::state) and `restore`) and hand it to
/// [`Fit::resume`](crate::Fit::resume): the rest of the training gives the same bits as without the
/// break. The shuffle of an epoch follows from its seed and its number, and so no generator is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct FitState<T> {
    /// What the epochs so far found; the next one has the number of these.
    pub epochs: Vec<Epoch>,
    /// The best weights so far, if early stopping was asked for.
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

    /// The number of the epoch that comes next, from 0.
    pub fn next_epoch(&self) -> usize {
        self.epochs.len()
    }

    /// The number of epochs since the best one, or of all epochs if there is no best one.
    pub fn epochs_without_improvement(&self) -> usize {
        let best = self.best.as_ref().map_or(0, |best| best.epoch + 1);
        self.epochs.len().saturating_sub(best)
    }

    /// Keeps the model's weights if their loss is the smallest so far.
    pub(crate) fn judge(&mut self, epoch: usize, loss: f64, model: &Model<T>) {
        let improved = self.best.as_ref().is_none_or(|best| loss < best.loss);
        if improved && loss.is_finite() {
            let mut weights = self.best.take().map_or_else(Vec::new, |best| best.weights);
            model.copy_weights_to(&mut weights);
            self.best = Some(Best { epoch, loss, weights });
        }
    }
}

impl<T: Scalar> Default for FitState<T> {
    fn default() -> Self {
        Self::new()
    }
}

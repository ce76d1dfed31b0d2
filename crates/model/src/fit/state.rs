//! The state of a training between two epochs.

use nnfs_tensor::{Scalar, Tensor};

use crate::{Epoch, FitError, Model};

/// The state of a training between two epochs, apart from the model and the optimizer.
///
/// An observer finds it in [`Progress::state`](crate::Progress::state). To resume the training, restore
/// the weights of the model and the state of the optimizer (with
/// [`Optimizer::state`](nnfs_tensor::Optimizer::state) and `restore`), and pass a copy of this state to
/// [`Model::fit_from`]. The rest of the training gives the same bits as without the interruption, and
/// it may have more epochs than at first. The order of the rows depends on a seed and the number of the epoch alone.
/// A layer with a random generator, such as `Dropout`, must go on with the generator: keep a clone of the model, or
/// save the model to a file. Its weights alone are not enough.
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
    /// The state before the first epoch, with which [`Model::fit_from`] is [`Model::fit_watched`].
    ///
    /// ```
    /// use nnfs_layers::{Dense, Initializer};
    /// use nnfs_losses::MeanSquaredError;
    /// use nnfs_model::{Fit, FitState, Model};
    /// use nnfs_optimizers::Sgd;
    /// use nnfs_tensor::Tensor;
    /// use rand::{SeedableRng, rngs::ChaCha8Rng};
    /// let dense = Dense::new(1, 1, Initializer::Zeros, &mut ChaCha8Rng::seed_from_u64(0))?;
    /// let mut model = Model::new(1).then(dense)?;
    /// let (x, y) = (Tensor::from_element(1, 1, 1.0), Tensor::from_element(1, 1, 3.0));
    /// let (mut sgd, fit) = (Sgd::new(0.25), Fit::epochs(2));
    /// let start = FitState::new();
    /// let history = model.fit_from(start, &x, &y, &MeanSquaredError, &mut sgd, &fit, &mut ())?;
    /// assert_eq!(history.epochs.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

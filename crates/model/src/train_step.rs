//! One training step. Shapes and data are checked first; the loss and the gradients before the parameters
//! change.

use nnfs_tensor::{
    Loss, Optimizer, Scalar, ShapeError, Tensor, Trainable, first_non_finite, map_mut, shape_text,
};

use crate::divergence::BadLayer;
use crate::evaluate::loss_of;
use crate::gradients::gradient_norm;
use crate::{Model, NonFinite, TrainError};

/// What a training step computed before it moved the parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The mean loss over the batch.
    pub data_loss: f64,
    /// The penalty of the parameters: the book's regularization loss.
    pub penalty: f64,
    /// The norm of the gradients of all parameters together, before clipping; NaN if the loss is not
    /// finite.
    pub gradient_norm: f64,
}

impl Step {
    /// What training minimizes: the loss of the data and the penalty together.
    pub fn loss(&self) -> f64 {
        self.data_loss + self.penalty
    }
}

/// The weights of the samples of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchWeights<'a> {
    /// One for each row, one of which is above 0.
    pub(crate) rows: &'a [f64],
    /// The mean weight of the batch, divided by that of all training rows.
    pub(crate) share: f64,
}

impl<T: Scalar> Model<T> {
    /// One step: computes predictions, their loss and its gradient, passes it back through the layers,
    /// and moves the parameters.
    ///
    /// Afterwards [`Model::outputs`] still holds the predictions that the loss was computed from.
    ///
    /// # Errors
    /// If shapes do not fit, the optimizer has stepped another network, the batch is empty, the data
    /// is not finite, or the loss or a gradient is not. The parameters are then as they were before the
    /// step.
    pub fn train_step(
        &mut self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
        optimizer: &mut dyn Optimizer<T>,
    ) -> Result<Step, TrainError> {
        self.check_batch(inputs, targets)?;
        optimizer.check(self)?;
        self.step(inputs, targets, None, loss, optimizer, None).map_err(|(step, bad)| match bad {
            (layer, NonFinite::Gradients) => {
                TrainError::NonFiniteGradient { layer, data_loss: step.data_loss }
            }
            _ => TrainError::NonFiniteLoss { data_loss: step.data_loss, penalty: step.penalty },
        })
    }

    /// A step on a batch that was checked, which `fit` makes too. With weights, a batch of heavy rows counts
    /// more than a batch of light ones, so that the steps of an epoch follow the weighted mean over all
    /// training rows.
    ///
    /// # Errors
    /// If the loss or a gradient is not finite: where that is. Nothing has moved then.
    pub(crate) fn step(
        &mut self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        weights: Option<BatchWeights<'_>>,
        loss: &dyn Loss<T>,
        optimizer: &mut dyn Optimizer<T>,
        clip_norm: Option<f64>,
    ) -> Result<Step, (Step, BadLayer)> {
        let Self { layers, pass, gradient, .. } = self;
        let predictions = pass.forward(layers, inputs);
        let data_loss = loss_of(loss, predictions, targets, weights.map(|weights| weights.rows));
        let penalty = layers.as_slice().penalty();
        let mut step = Step { data_loss, penalty, gradient_norm: f64::NAN };
        if !step.loss().is_finite() {
            return Err((step, self.find_bad_forward()));
        }
        match weights {
            None => loss.gradient_to(predictions, targets, gradient),
            Some(BatchWeights { rows, share }) => {
                loss.weighted_gradient_to(predictions, targets, rows, gradient);
                let share = T::from_f64(share);
                map_mut(gradient, |slope| slope * share);
            }
        }
        pass.backward(layers, inputs, gradient, None);
        step.gradient_norm = gradient_norm(self);
        if !step.gradient_norm.is_finite() {
            return Err((step, self.find_bad_gradients()));
        }
        if let Some(max) = clip_norm.filter(|&max| step.gradient_norm > max) {
            self.scale_gradients(max / step.gradient_norm);
        }
        optimizer.step(self);
        Ok(step)
    }

    /// Everything that can be wrong with a batch.
    pub(crate) fn check_batch(
        &self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
    ) -> Result<(), TrainError> {
        self.check_inputs(inputs)?;
        let expected = (inputs.nrows(), self.output_width());
        if targets.shape() != expected {
            let expected = format!("{}x{}", expected.0, expected.1);
            return Err(ShapeError::new("targets", expected, shape_text(targets)).into());
        }
        if inputs.nrows() == 0 {
            return Err(TrainError::EmptyBatch);
        }
        check_finite("inputs", inputs)?;
        check_finite("targets", targets)
    }
}

fn check_finite<T: Scalar>(what: &'static str, tensor: &Tensor<T>) -> Result<(), TrainError> {
    match first_non_finite(tensor) {
        None => Ok(()),
        Some((row, column)) => {
            let value = tensor[(row, column)].to_f64();
            Err(TrainError::NonFiniteData { what, row, column, value })
        }
    }
}

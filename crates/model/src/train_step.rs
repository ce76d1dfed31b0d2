//! One training step. Shapes and data are checked first; the loss and the gradients before the parameters
//! change.
//!
//! ```text
//! train_step -> step    loss, gradient, clipping, optimizer
//! Pass   (pass.rs)      a whole batch, or a large one in parts
//! Tape   (tape.rs)      the layers, forward and backward
//! Parts  (parts.rs)     a tape for each part, shared by threads
//! ```

use nnfs_tensor::{
    Loss, Optimizer, Scalar, ShapeError, Tensor, Trainable, first_non_finite, shape_text,
};

use crate::divergence::Diverged;
use crate::evaluate::{BatchWeights, loss_gradient_to, loss_of};
use crate::gradients::{clip_gradients, gradient_norm};
use crate::{Model, NonFinite, TrainError};

/// What a training step computed before it moved the parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The mean loss over the batch.
    pub data_loss: f64,
    /// The penalty of the parameters: the book's regularization loss.
    pub penalty: f64,
    /// The norm of the gradients of all parameters together, before clipping.
    pub gradient_norm: f64,
}

impl Step {
    /// What training minimizes: the loss of the data and the penalty together.
    pub fn loss(&self) -> f64 {
        self.data_loss + self.penalty
    }
}

impl<T: Scalar> Model<T> {
    /// One step: computes predictions, their loss and its gradient, passes it back through the layers,
    /// and moves the parameters.
    ///
    /// The state of the optimizer is not checked, as [`Model::fit`] does at the end of an epoch.
    /// Afterwards [`Model::outputs`] still holds the predictions that the loss was computed from.
    ///
    /// # Errors
    /// If shapes do not fit, the loss needs another number of outputs, the optimizer has stepped another
    /// network, the batch is empty, the data is not finite, or the loss or a gradient is not. The parameters
    /// are then as they were before the step.
    pub fn train_step(
        &mut self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
        optimizer: &mut dyn Optimizer<T>,
    ) -> Result<Step, TrainError> {
        self.check_loss(loss)?;
        self.check_batch(inputs, targets)?;
        optimizer.check(self)?;
        let step = self.step(inputs, targets, None, loss, optimizer, None);
        step.map_err(|Diverged { data_loss, penalty, bad: (layer, quantity) }| match quantity {
            NonFinite::Gradients => TrainError::NonFiniteGradient { layer, data_loss },
            _ => TrainError::NonFiniteLoss { data_loss, penalty },
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
    ) -> Result<Step, Diverged> {
        let Self { layers, pass, gradient, .. } = self;
        let predictions = pass.forward(layers, inputs);
        let data_loss = loss_of(loss, predictions, targets, weights.map(|weights| weights.rows));
        let penalty = layers.as_slice().penalty();
        if !(data_loss + penalty).is_finite() {
            return Err(Diverged { data_loss, penalty, bad: self.find_bad_forward() });
        }
        loss_gradient_to(loss, predictions, targets, weights, gradient);
        pass.backward(layers, inputs, gradient, None);
        let gradient_norm = match clip_norm {
            Some(max) => clip_gradients(self, max),
            None => gradient_norm(self),
        };
        if !gradient_norm.is_finite() {
            return Err(Diverged { data_loss, penalty, bad: self.find_bad_gradients() });
        }
        optimizer.step(self);
        Ok(Step { data_loss, penalty, gradient_norm })
    }

    /// Checks that the loss fits the number of outputs: the softmax of a single output is always 1, and
    /// teaches nothing.
    pub(crate) fn check_loss(&self, loss: &dyn Loss<T>) -> Result<(), ShapeError> {
        loss.link().check(self.output_width())
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

//! One training step: data flowing one way, with everything checked at the door.

use nnfs_tensor::{
    Loss, Optimizer, Scalar, ShapeError, Tensor, Trainable, first_non_finite, shape_text,
};

use crate::gradients::gradient_norm;
use crate::{Model, TrainError};

/// What a training step found before it moved the parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The mean loss over the batch.
    pub data_loss: f64,
    /// The penalty of the parameters: the book's regularization loss.
    pub penalty: f64,
}

impl Step {
    /// What training makes small: the loss of the data and the penalty together.
    pub fn loss(&self) -> f64 {
        self.data_loss + self.penalty
    }
}

impl<T: Scalar> Model<T> {
    /// One step: predictions, their loss, its gradient, back through the layers, and the
    /// parameters moved.
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

        let step = self.compute_gradients(inputs, targets, loss);
        if !step.loss().is_finite() {
            let Step { data_loss, penalty } = step;
            return Err(TrainError::NonFiniteLoss { data_loss, penalty });
        }
        if !gradient_norm(self).is_finite() {
            let (layer, _) = self.find_bad_gradients();
            return Err(TrainError::NonFiniteGradient { layer, data_loss: step.data_loss });
        }
        optimizer.step(self);
        Ok(step)
    }

    /// A step without the last move: the gradients of all parameters, unless the loss is not finite.
    pub(crate) fn compute_gradients(
        &mut self,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
    ) -> Step {
        let predictions = self.forward(inputs);
        let data_loss = loss.value(predictions, targets);
        let step = Step { data_loss, penalty: self.penalty() };
        if step.loss().is_finite() {
            let mut gradient = std::mem::take(&mut self.gradient);
            loss.gradient_to(self.outputs(), targets, &mut gradient);
            self.backward_parameters(inputs, &gradient);
            self.gradient = gradient;
        }
        step
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

//! From outputs to probabilities and classes.

use nnfs_tensor::{Loss, Scalar, ShapeError, Tensor, argmax};

use crate::Model;

impl<T: Scalar> Model<T> {
    /// Predicts the probabilities of classes, (samples, outputs): applies to the outputs the link of the
    /// loss that the model was trained on ([`Loss::link`]).
    ///
    /// # Errors
    /// If the inputs do not have `input_width` columns, or the link is the softmax of a single output.
    pub fn predict_probabilities(
        &self,
        inputs: &Tensor<T>,
        loss: &dyn Loss<T>,
    ) -> Result<Tensor<T>, ShapeError> {
        let link = loss.link();
        link.check(self.output_width())?;
        let mut outputs = self.predict(inputs)?;
        link.apply_mut(&mut outputs);
        Ok(outputs)
    }

    /// The class of each sample, from 0.
    ///
    /// ```text
    /// class = argmax_j p_j     of several outputs; the first of equal ones
    /// class = p > 0.5          of a single output
    /// ```
    ///
    /// # Errors
    /// As [`Model::predict_probabilities`].
    pub fn predict_classes(
        &self,
        inputs: &Tensor<T>,
        loss: &dyn Loss<T>,
    ) -> Result<Vec<usize>, ShapeError> {
        let probabilities = self.predict_probabilities(inputs, loss)?;
        let class = |row| match self.output_width() {
            1 => usize::from(probabilities[(row, 0)].to_f64() > 0.5),
            _ => argmax(&probabilities, row),
        };
        Ok((0..inputs.nrows()).map(class).collect())
    }
}

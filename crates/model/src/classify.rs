//! From outputs to probabilities and classes.

use nnfs_tensor::{Loss, OutputLink, Scalar, ShapeError, Tensor, argmax};

use crate::{ClassifyError, Model};

impl<T: Scalar> Model<T> {
    /// Predicts the probabilities of classes, (samples, outputs).
    ///
    /// The link of the loss ([`Loss::link`]) is applied to the outputs. Pass the loss of the training. With an
    /// identity link the outputs are returned unchanged.
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
    /// As [`Model::predict_probabilities`], if outputs have no class because one is NaN, or if the link is the sigmoid
    /// of several outputs: each of them is one yes or no, and a sample may have several classes or none.
    pub fn predict_classes(
        &self,
        inputs: &Tensor<T>,
        loss: &dyn Loss<T>,
    ) -> Result<Vec<usize>, ClassifyError> {
        let outputs = self.output_width();
        if outputs > 1 && loss.link() == OutputLink::Sigmoid {
            return Err(ClassifyError::SeveralSigmoids { outputs });
        }
        let probabilities = self.predict_probabilities(inputs, loss)?;
        let class = |row| {
            // The argmax of a row with a NaN is the NaN.
            let column = argmax(&probabilities, row);
            match probabilities[(row, column)].to_f64() {
                largest if largest.is_nan() => Err(self.find_bad_output(inputs, row)?),
                probability if outputs == 1 => Ok(usize::from(probability > 0.5)),
                _ => Ok(column),
            }
        };
        (0..inputs.nrows()).map(class).collect()
    }

    /// The error of the output that made a probability of this row NaN.
    fn find_bad_output(&self, inputs: &Tensor<T>, row: usize) -> Result<ClassifyError, ShapeError> {
        let outputs = self.predict(&inputs.rows(row, 1).into_owned())?;
        let bad = outputs.iter().position(|output| !output.is_finite());
        let column = bad.unwrap_or(0);
        Ok(ClassifyError::NotFinite { row, column, found: outputs[column].to_f64() })
    }
}

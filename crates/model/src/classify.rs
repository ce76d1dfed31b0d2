//! From outputs to probabilities and classes.

use nnfs_tensor::{Scalar, ShapeError, Tensor, argmax, map_mut, softmax_rows_mut};

use crate::Model;

/// What stands between the outputs of a model and what they mean.
///
/// A classifier that is trained on logits (the loss takes the softmax itself) ends in a layer whose
/// outputs are no probabilities yet. The link makes them ones, once, after prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OutputLink {
    /// Nothing: numbers of a regression, or probabilities already.
    #[default]
    Identity,
    /// Each output by itself: `p = 1 / (1 + exp(-x))`.
    Sigmoid,
    /// Each row together: `p_j = exp(x_j) / sum(exp(x))`.
    Softmax,
}

impl OutputLink {
    /// Applies the link to outputs (samples, outputs) in place.
    ///
    /// ```
    /// use nnfs_model::OutputLink;
    /// use nnfs_tensor::Tensor;
    /// let mut outputs = Tensor::from_row_slice(1, 2, &[3.0, 3.0]);
    /// OutputLink::Softmax.apply_mut(&mut outputs);
    /// assert_eq!(outputs.as_slice(), [0.5, 0.5]);
    /// ```
    pub fn apply_mut<T: Scalar>(self, outputs: &mut Tensor<T>) {
        match self {
            Self::Identity => {}
            Self::Sigmoid => {
                let one = T::from_f64(1.0);
                map_mut(outputs, |x| one / (one + (-x).exp()));
            }
            Self::Softmax => softmax_rows_mut(outputs),
        }
    }

    /// Whether the link makes sense for so many outputs.
    ///
    /// # Errors
    /// For the softmax of a single output, which is 1 whatever the output is.
    pub fn check(self, outputs: usize) -> Result<(), ShapeError> {
        if self != Self::Softmax || outputs > 1 {
            return Ok(());
        }
        Err(ShapeError::new("outputs for softmax", "at least 2", outputs.to_string()))
    }
}

impl<T: Scalar> Model<T> {
    /// Predicts and applies the link: the probabilities of classes, (samples, outputs).
    ///
    /// # Errors
    /// If the inputs do not have `input_width` columns, or the link is a softmax of one output.
    pub fn predict_probabilities(
        &self,
        inputs: &Tensor<T>,
        link: OutputLink,
    ) -> Result<Tensor<T>, ShapeError> {
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
        link: OutputLink,
    ) -> Result<Vec<usize>, ShapeError> {
        let probabilities = self.predict_probabilities(inputs, link)?;
        let class = |row| match self.output_width() {
            1 => usize::from(probabilities[(row, 0)].to_f64() > 0.5),
            _ => argmax(&probabilities, row),
        };
        Ok((0..inputs.nrows()).map(class).collect())
    }
}

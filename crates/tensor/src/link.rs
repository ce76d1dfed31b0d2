//! From the outputs of a model to predictions.

use std::fmt;

use crate::{Scalar, ShapeError, Tensor, softmax_rows_mut};

/// The function that turns the outputs of a model into predictions. In statistics it is the inverse of the link
/// function; in Keras, the activation of the last layer.
///
/// A classifier that is trained on logits (the loss applies the softmax or the sigmoid itself) ends in
/// a layer whose outputs are not probabilities yet. The link is applied once, after prediction. It
/// follows from the loss: [`Loss::link`](crate::Loss::link).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OutputLink {
    /// No function: the outputs are the numbers of a regression, or already probabilities.
    #[default]
    Identity,
    /// Each output by itself: `p = 1 / (1 + exp(-x))`.
    Sigmoid,
    /// Each row together: `p_j = exp(x_j) / sum(exp(x))`.
    Softmax,
}

/// `identity`, `sigmoid` or `softmax`.
impl fmt::Display for OutputLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Identity => "identity",
            Self::Sigmoid => "sigmoid",
            Self::Softmax => "softmax",
        })
    }
}

impl OutputLink {
    /// Applies the link to outputs (samples, outputs) in place.
    ///
    /// ```
    /// use nnfs_tensor::{OutputLink, Tensor};
    /// let mut outputs = Tensor::from_row_slice(1, 2, &[3.0, 3.0]);
    /// OutputLink::Softmax.apply_mut(&mut outputs);
    /// assert_eq!(outputs.as_slice(), [0.5, 0.5]);
    /// ```
    pub fn apply_mut<T: Scalar>(self, outputs: &mut Tensor<T>) {
        match self {
            Self::Identity => {}
            Self::Sigmoid => T::sigmoid_mut(outputs.as_mut_slice()),
            Self::Softmax => softmax_rows_mut(outputs),
        }
    }

    /// Checks that the link makes sense for this number of outputs.
    ///
    /// # Errors
    /// For the softmax of a single output, which is always 1.
    pub fn check(self, outputs: usize) -> Result<(), ShapeError> {
        if self != Self::Softmax || outputs > 1 {
            return Ok(());
        }
        Err(ShapeError::new("outputs for softmax", "at least 2", outputs.to_string()))
    }
}

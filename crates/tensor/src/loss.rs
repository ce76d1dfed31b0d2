//! What training makes small.

use std::fmt::Debug;

use crate::{Description, OutputLink, Scalar, Tensor};

/// A loss: how far predictions are from targets, as one number, and its derivative.
///
/// Both tensors have one row for each sample and one column for each output, and the same shape.
/// The loss is a mean over the batch, and so its gradient is divided by the number of samples:
/// neither grows with the batch.
///
/// A loss is a value without memory. The caller owns the gradient.
pub trait Loss<T: Scalar>: Debug + Send + Sync {
    /// The mean loss over the batch, without penalties.
    ///
    /// # Panics
    /// If the shapes differ.
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64;

    /// Writes dL/d(predictions), which has the shape of the predictions; `gradient` is resized.
    ///
    /// # Panics
    /// If the shapes of predictions and targets differ.
    fn gradient_to(&self, predictions: &Tensor<T>, targets: &Tensor<T>, gradient: &mut Tensor<T>);

    /// What turns the outputs of a model that was trained on this loss into predictions.
    fn link(&self) -> OutputLink;

    /// Its kind and settings, such as `huber (delta 1)`.
    fn description(&self) -> Description;
}

//! What training makes small.

use std::fmt::Debug;

use crate::{Description, Scalar, Tensor};

/// A loss: how far predictions are from targets, as one number, and its derivative.
///
/// Both tensors have one row a sample and one column an output, and the same shape. The loss is
/// a mean over the batch, and so its gradient is divided by the number of samples: neither grows
/// with the batch.
pub trait Loss<T: Scalar>: Debug + Send + Sync {
    /// The mean loss over the batch, without penalties.
    ///
    /// # Panics
    /// If the shapes differ.
    fn forward(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64;

    /// dL/d(predictions), the same shape as the predictions.
    ///
    /// # Panics
    /// If the shapes differ.
    fn backward(&mut self, predictions: &Tensor<T>, targets: &Tensor<T>) -> &Tensor<T>;

    /// Its kind and settings, such as `huber (delta 1)`.
    fn description(&self) -> Description;
}

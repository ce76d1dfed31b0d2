//! Loss functions.

use std::fmt::Debug;

use crate::{Description, OutputLink, Scalar, Tensor, select_rows_to, weight_rows_mut};

/// A loss: how far predictions are from targets, as one number, and its derivative.
///
/// Both tensors have one row for each sample and one column for each output, and the same shape.
/// The loss is a mean over the batch, and so its gradient is divided by the number of samples:
/// neither grows with the batch.
///
/// ```text
/// L = 1/N * sum l_i             l_i the loss of row i alone
/// L = sum w_i l_i / sum w_i     with a weight for each sample
/// ```
///
/// A loss needs four methods. Those with weights have defaults that use the first two.
///
/// A loss keeps no state. The caller owns the gradient.
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

    /// The weighted mean loss over the batch, without penalties: `sum w_i l_i / sum w_i`. A sample of
    /// weight 2 counts as two equal ones.
    ///
    /// Weights are at least 0, and one is above 0; see [`sum_of_weights`](crate::sum_of_weights). The
    /// default copies each row and calls [`Loss::value`]. The losses of `nnfs-losses` allocate nothing.
    ///
    /// # Panics
    /// If the shapes differ, or there is not one weight for each row.
    fn weighted_value(&self, predictions: &Tensor<T>, targets: &Tensor<T>, weights: &[f64]) -> f64 {
        let (rows, found) = (predictions.nrows(), weights.len());
        assert!(rows == found, "weights: expected {rows}, one for each row, found {found}");
        let (mut prediction, mut target) = (Tensor::default(), Tensor::default());
        let mut sum = 0.0;
        for (row, &weight) in weights.iter().enumerate().filter(|&(_, &weight)| weight > 0.0) {
            select_rows_to(predictions, &[row], &mut prediction);
            select_rows_to(targets, &[row], &mut target);
            sum += weight * self.value(&prediction, &target);
        }
        sum / weights.iter().sum::<f64>()
    }

    /// Writes the gradient of [`Loss::weighted_value`]; `gradient` is resized.
    ///
    /// ```text
    /// dL/dp_ij = w_i N / sum(w) * (the same without weights)
    /// ```
    ///
    /// # Panics
    /// If the shapes of predictions and targets differ, or there is not one weight for each row.
    fn weighted_gradient_to(
        &self,
        predictions: &Tensor<T>,
        targets: &Tensor<T>,
        weights: &[f64],
        gradient: &mut Tensor<T>,
    ) {
        self.gradient_to(predictions, targets, gradient);
        weight_rows_mut(gradient, weights);
    }

    /// What turns the outputs of a model that was trained on this loss into predictions.
    fn link(&self) -> OutputLink;

    /// Its kind and settings, such as `huber (delta 1)`.
    fn description(&self) -> Description;
}

//! Softmax and categorical cross-entropy in one, on logits.

use nnfs_tensor::{Description, Loss, Scalar, Tensor, assert_same_shape, softmax_rows_to};

/// Softmax followed by categorical cross-entropy, as one loss on N rows of logits x; the targets
/// are one-hot.
///
/// ```text
/// p        = softmax of each row of x
/// L        = -1/N * sum y * ln(p)        ln(p_ij) = x_ij - max - ln(sum_k exp(x_ik - max))
/// dL/dx_ij = (p_ij * sum_k y_ik - y_ij) / N
/// ```
/// The book's `Activation_Softmax_Loss_CategoricalCrossentropy`. The logarithm never sees a 0, and
/// so nothing is clipped: the gradient does not die where the network is surely wrong.
#[derive(Debug, Clone, Default)]
pub struct SoftmaxCrossEntropy<T: Scalar> {
    gradient: Tensor<T>,
}

impl<T: Scalar> SoftmaxCrossEntropy<T> {
    /// The loss; it has no settings.
    pub fn new() -> Self {
        Self { gradient: Tensor::default() }
    }
}

impl<T: Scalar> Loss<T> for SoftmaxCrossEntropy<T> {
    fn forward(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        assert_same_shape("predictions", predictions, "targets", targets);
        let mut loss = 0.0;
        for (logits, targets) in predictions.row_iter().zip(targets.row_iter()) {
            let logit = |column: usize| logits[column].to_f64();
            let columns = 0..logits.len();
            // Not `f64::max`, which would drop a NaN.
            let largest = columns.clone().map(logit).fold(f64::NEG_INFINITY, |largest, value| {
                if largest > value { largest } else { value }
            });
            let sum: f64 = columns.clone().map(|column| (logit(column) - largest).exp()).sum();
            let log_sum = largest + sum.ln();
            loss += columns
                .map(|column| targets[column].to_f64() * (log_sum - logit(column)))
                .sum::<f64>();
        }
        loss / predictions.nrows() as f64
    }

    fn backward(&mut self, predictions: &Tensor<T>, targets: &Tensor<T>) -> &Tensor<T> {
        assert_same_shape("predictions", predictions, "targets", targets);
        let samples = T::from_f64(predictions.nrows() as f64);
        softmax_rows_to(predictions, &mut self.gradient);
        for (mut gradients, targets) in self.gradient.row_iter_mut().zip(targets.row_iter()) {
            // 1 for a one-hot row.
            let weight = targets.iter().fold(T::ZERO, |sum, &target| sum + target);
            for (gradient, &target) in gradients.iter_mut().zip(targets.iter()) {
                *gradient = (*gradient * weight - target) / samples;
            }
        }
        &self.gradient
    }

    fn description(&self) -> Description {
        Description::new("softmax_cross_entropy")
    }
}

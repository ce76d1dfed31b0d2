//! Categorical cross-entropy on probabilities: for one class of several.

use nnfs_tensor::{Description, Loss, Scalar, Tensor};

use crate::batch::{clipped, is_clipped, sum_over, write_gradient};

/// Categorical cross-entropy over N rows of probabilities, each the output of a softmax; the
/// targets are one-hot.
///
/// ```text
/// c        = p clipped to [1e-7, 1 - 1e-7]
/// L        = -1/N * sum y * ln(c)
/// dL/dp_ij = -y_ij / p_ij / N,  0 where the clip binds
/// ```
/// Chapters 5 and 9 of the book, as repeated in chapter 17; its backward is not clipped, and at
/// p = 0 gives infinities. For training, `SoftmaxCrossEntropy` on the logits is the better choice.
#[derive(Debug, Clone, Default)]
pub struct CategoricalCrossEntropy<T: Scalar> {
    gradient: Tensor<T>,
}

impl<T: Scalar> CategoricalCrossEntropy<T> {
    /// The loss; it has no settings.
    pub fn new() -> Self {
        Self { gradient: Tensor::default() }
    }
}

impl<T: Scalar> Loss<T> for CategoricalCrossEntropy<T> {
    fn forward(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        let sum = sum_over(predictions, targets, |prediction, target| {
            target.to_f64() * clipped(prediction.to_f64()).ln()
        });
        -sum / predictions.nrows() as f64
    }

    fn backward(&mut self, predictions: &Tensor<T>, targets: &Tensor<T>) -> &Tensor<T> {
        let samples = T::from_f64(predictions.nrows() as f64);
        write_gradient(predictions, targets, &mut self.gradient, |prediction, target| {
            if is_clipped(prediction) { T::ZERO } else { -target / prediction / samples }
        });
        &self.gradient
    }

    fn description(&self) -> Description {
        Description::new("categorical_cross_entropy")
    }
}

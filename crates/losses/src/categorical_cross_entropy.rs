//! Categorical cross-entropy on probabilities: for one class of several.

use nnfs_tensor::{Description, Loss, OutputLink, Scalar, Tensor, ln};

use crate::batch::{clipped, is_clipped, sum_over, weighted_mean, write_gradient};

/// Categorical cross-entropy over N rows of probabilities, each the output of a softmax; the
/// targets are one-hot.
///
/// ```text
/// c        = p clipped to [1e-7, 1 - 1e-7]
/// L        = -1/N * sum y * ln(c)
/// dL/dp_ij = -y_ij / p_ij / N,  0 where the clip binds
/// ```
/// Chapters 5 and 9 of the book, as repeated in chapter 17. The book's backward pass does not clip: at
/// p = 0 it gives infinities. Here the derivative is that of the clipped loss. For training,
/// `SoftmaxCrossEntropy` on the logits is the better choice.
///
/// ```
/// use nnfs_losses::CategoricalCrossEntropy;
/// use nnfs_tensor::{Loss, Tensor};
/// let predictions = Tensor::from_row_slice(1, 3, &[0.5, 0.25, 0.25]);
/// let targets = Tensor::from_row_slice(1, 3, &[1.0, 0.0, 0.0]);
/// let loss = CategoricalCrossEntropy;
/// assert!((loss.value(&predictions, &targets) - 2.0_f64.ln()).abs() < 1e-12);
/// let mut gradient = Tensor::default();
/// loss.gradient_to(&predictions, &targets, &mut gradient);
/// assert_eq!(gradient, Tensor::from_row_slice(1, 3, &[-2.0, 0.0, 0.0]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CategoricalCrossEntropy;

/// `y * ln(c)`
fn log_likelihood<T: Scalar>(prediction: T, target: T) -> f64 {
    target.to_f64() * ln(clipped(prediction.to_f64()))
}

impl<T: Scalar> Loss<T> for CategoricalCrossEntropy {
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        -sum_over(predictions, targets, log_likelihood) / predictions.nrows() as f64
    }

    fn weighted_value(&self, predictions: &Tensor<T>, targets: &Tensor<T>, weights: &[f64]) -> f64 {
        -weighted_mean(predictions, targets, weights, log_likelihood)
    }

    fn gradient_to(&self, predictions: &Tensor<T>, targets: &Tensor<T>, gradient: &mut Tensor<T>) {
        let samples = T::from_f64(predictions.nrows() as f64);
        write_gradient(predictions, targets, gradient, |prediction, target| {
            if is_clipped(prediction) { T::ZERO } else { -target / prediction / samples }
        });
    }

    fn link(&self) -> OutputLink {
        OutputLink::Identity
    }

    fn description(&self) -> Description {
        Description::new("categorical_cross_entropy")
    }
}

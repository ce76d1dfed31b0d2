//! Binary cross-entropy: for outputs that are each a yes or a no.

use nnfs_tensor::{Description, Loss, OutputLink, Scalar, Tensor, ln};

use crate::batch::{clipped, is_clipped, sum_over, weighted_mean, write_gradient};

/// Binary cross-entropy over N samples of J probabilities, each the output of a sigmoid.
///
/// ```text
/// c        = p clipped to [1e-7, 1 - 1e-7]
/// L        = -1/(N J) * sum (y * ln(c) + (1 - y) * ln(1 - c))
/// dL/dp_ij = -(y_ij / p_ij - (1 - y_ij) / (1 - p_ij)) / J / N,  0 where the clip binds
/// ```
/// Chapter 16 of the book, as repeated in chapter 17. Where the clip binds, the book's backward pass gives
/// the slope at the edge of the clip. Here the derivative is that of the clipped loss, which is 0 there. For
/// training, `SigmoidCrossEntropy` on the logits is the better choice.
///
/// ```
/// use nnfs_losses::BinaryCrossEntropy;
/// use nnfs_tensor::{Loss, Tensor};
/// let predictions = Tensor::from_row_slice(2, 1, &[0.5, 0.5]);
/// let targets = Tensor::from_row_slice(2, 1, &[1.0, 0.0]);
/// let loss = BinaryCrossEntropy;
/// assert!((loss.value(&predictions, &targets) - 2.0_f64.ln()).abs() < 1e-12);
/// let mut gradient = Tensor::default();
/// loss.gradient_to(&predictions, &targets, &mut gradient);
/// assert_eq!(gradient, Tensor::from_row_slice(2, 1, &[-1.0, 1.0]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BinaryCrossEntropy;

/// `y * ln(c) + (1 - y) * ln(1 - c)`
fn log_likelihood<T: Scalar>(prediction: T, target: T) -> f64 {
    let (probability, target) = (clipped(prediction.to_f64()), target.to_f64());
    target * ln(probability) + (1.0 - target) * ln(1.0 - probability)
}

impl<T: Scalar> Loss<T> for BinaryCrossEntropy {
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        -sum_over(predictions, targets, log_likelihood) / predictions.len() as f64
    }

    fn weighted_value(&self, predictions: &Tensor<T>, targets: &Tensor<T>, weights: &[f64]) -> f64 {
        let mean = weighted_mean(predictions, targets, weights, log_likelihood);
        -mean / predictions.ncols() as f64
    }

    fn gradient_to(&self, predictions: &Tensor<T>, targets: &Tensor<T>, gradient: &mut Tensor<T>) {
        let samples = T::from_f64(predictions.nrows() as f64);
        let outputs = T::from_f64(predictions.ncols() as f64);
        let one = T::from_f64(1.0);
        write_gradient(predictions, targets, gradient, |prediction, target| {
            if is_clipped(prediction) {
                return T::ZERO;
            }
            -(target / prediction - (one - target) / (one - prediction)) / outputs / samples
        });
    }

    fn link(&self) -> OutputLink {
        OutputLink::Identity
    }

    fn description(&self) -> Description {
        Description::new("binary_cross_entropy")
    }
}

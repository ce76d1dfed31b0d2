//! Sigmoid and binary cross-entropy in one, on logits.

use nnfs_tensor::{
    Description, Loss, OutputLink, Scalar, Tensor, assert_same_shape, sigmoid_to, softplus, zip_mut,
};

use crate::batch::{sum_over, weighted_mean};

/// Sigmoid followed by binary cross-entropy, as one loss on N samples of J logits x; each logit is
/// one yes or no.
///
/// ```text
/// p        = 1 / (1 + exp(-x))
/// L        = -1/(N J) * sum (y * ln(p) + (1 - y) * ln(1 - p))
///          =  1/(N J) * sum (max(x, 0) - x * y + ln(1 + exp(-|x|)))
/// dL/dx_ij = (p_ij - y_ij) / J / N
/// ```
/// The second form of L never overflows. The argument of the logarithm is never 0, so no clipping is needed,
/// and the gradient stays large for confident wrong predictions. It is TensorFlow's
/// `sigmoid_cross_entropy_with_logits` and PyTorch's `BCEWithLogitsLoss`.
///
/// ```
/// use nnfs_losses::SigmoidCrossEntropy;
/// use nnfs_tensor::{Loss, Tensor};
/// let predictions = Tensor::from_row_slice(2, 1, &[0.0, 0.0]);
/// let targets = Tensor::from_row_slice(2, 1, &[1.0, 0.0]);
/// let loss = SigmoidCrossEntropy;
/// assert!((loss.value(&predictions, &targets) - 2.0_f64.ln()).abs() < 1e-12);
/// let mut gradient = Tensor::default();
/// loss.gradient_to(&predictions, &targets, &mut gradient);
/// assert_eq!(gradient, Tensor::from_row_slice(2, 1, &[-0.25, 0.25]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SigmoidCrossEntropy;

/// `max(x, 0) - x * y + ln(1 + exp(-|x|))`
fn cross_entropy<T: Scalar>(logit: T, target: T) -> f64 {
    let (x, y) = (logit.to_f64(), target.to_f64());
    x.max(0.0) - x * y + softplus(-x.abs())
}

impl<T: Scalar> Loss<T> for SigmoidCrossEntropy {
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        sum_over(predictions, targets, cross_entropy) / predictions.len() as f64
    }

    fn weighted_value(&self, predictions: &Tensor<T>, targets: &Tensor<T>, weights: &[f64]) -> f64 {
        let mean = weighted_mean(predictions, targets, weights, cross_entropy);
        mean / predictions.ncols() as f64
    }

    fn gradient_to(&self, predictions: &Tensor<T>, targets: &Tensor<T>, gradient: &mut Tensor<T>) {
        let samples = T::from_f64(predictions.nrows() as f64);
        let outputs = T::from_f64(predictions.ncols() as f64);
        assert_same_shape("predictions", predictions, "targets", targets);
        sigmoid_to(predictions, gradient);
        zip_mut(gradient, targets, |p, y| (p - y) / outputs / samples);
    }

    fn link(&self) -> OutputLink {
        OutputLink::Sigmoid
    }

    fn description(&self) -> Description {
        Description::new("sigmoid_cross_entropy")
    }
}

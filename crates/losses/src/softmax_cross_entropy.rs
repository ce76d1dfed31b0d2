//! Softmax and categorical cross-entropy in one, on logits.

use nnfs_tensor::{
    Description, Loss, OutputLink, Scalar, Tensor, argmax, assert_same_shape, exp, ln_1p,
    softmax_rows_to,
};

/// Softmax followed by categorical cross-entropy, as one loss on N rows of logits x; the targets
/// are one-hot.
///
/// ```text
/// p        = softmax of each row of x
/// L        = -1/N * sum y * ln(p)
/// ln(p_ij) = (x_ij - x_im) - ln(1 + sum over k != m of exp(x_ik - x_im))    x_im = max_k x_ik
/// dL/dx_ij = (p_ij * sum_k y_ik - y_ij) / N
/// ```
/// The book's `Activation_Softmax_Loss_CategoricalCrossentropy`. The argument of the logarithm is never 0, so no
/// clipping is needed, and the gradient stays large for confident wrong predictions.
///
/// ```
/// use nnfs_losses::SoftmaxCrossEntropy;
/// use nnfs_tensor::{Loss, Tensor};
/// let predictions = Tensor::from_row_slice(1, 2, &[0.0, 0.0]);
/// let targets = Tensor::from_row_slice(1, 2, &[1.0, 0.0]);
/// let loss = SoftmaxCrossEntropy;
/// assert!((loss.value(&predictions, &targets) - 2.0_f64.ln()).abs() < 1e-12);
/// let mut gradient = Tensor::default();
/// loss.gradient_to(&predictions, &targets, &mut gradient);
/// assert_eq!(gradient, Tensor::from_row_slice(1, 2, &[-0.5, 0.5]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SoftmaxCrossEntropy;

/// `-sum_j y_j * ln(p_j)` of a row.
fn row_loss<T: Scalar>(predictions: &Tensor<T>, targets: &Tensor<T>, row: usize) -> f64 {
    let (x, y) = (predictions.row(row), targets.row(row));
    let largest = argmax(predictions, row);
    let difference = |column: usize| x[column].to_f64() - x[largest].to_f64();
    // Without the 1 of the largest logit, which would swallow small terms.
    let others = (0..x.len()).filter(|&column| column != largest);
    let sum = others.map(|column| exp(difference(column))).sum::<f64>();
    let ln_sum = ln_1p(sum);
    let ln_p = |column| difference(column) - ln_sum;
    -(0..x.len()).map(|column| y[column].to_f64() * ln_p(column)).sum::<f64>()
}

impl<T: Scalar> Loss<T> for SoftmaxCrossEntropy {
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        assert_same_shape("predictions", predictions, "targets", targets);
        let mut sum = 0.0;
        for row in 0..predictions.nrows() {
            sum += row_loss(predictions, targets, row);
        }
        sum / predictions.nrows() as f64
    }

    fn weighted_value(&self, predictions: &Tensor<T>, targets: &Tensor<T>, weights: &[f64]) -> f64 {
        assert_same_shape("predictions", predictions, "targets", targets);
        let (rows, found) = (predictions.nrows(), weights.len());
        assert!(rows == found, "weights: expected {rows}, one for each row, found {found}");
        let mut sum = 0.0;
        for (row, &weight) in weights.iter().enumerate().filter(|&(_, &weight)| weight > 0.0) {
            sum += weight * row_loss(predictions, targets, row);
        }
        sum / weights.iter().sum::<f64>()
    }

    fn gradient_to(&self, predictions: &Tensor<T>, targets: &Tensor<T>, gradient: &mut Tensor<T>) {
        assert_same_shape("predictions", predictions, "targets", targets);
        let samples = T::from_f64(predictions.nrows() as f64);
        softmax_rows_to(predictions, gradient);
        for (mut gradients, targets) in gradient.row_iter_mut().zip(targets.row_iter()) {
            // 1 for a one-hot row.
            let weight = targets.iter().fold(T::ZERO, |sum, &target| sum + target);
            for (gradient, &target) in gradients.iter_mut().zip(targets.iter()) {
                *gradient = (*gradient * weight - target) / samples;
            }
        }
    }

    fn link(&self) -> OutputLink {
        OutputLink::Softmax
    }

    fn description(&self) -> Description {
        Description::new("softmax_cross_entropy")
    }
}

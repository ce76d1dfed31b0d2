//! Mean absolute error: an error counts in proportion to its size, so that outliers count less than in the
//! squared error.

use nnfs_tensor::{Description, Loss, OutputLink, Scalar, Tensor};

use crate::batch::{sum_over, weighted_mean, write_gradient};

/// Mean absolute error over N samples of J outputs, for regression with outliers.
///
/// ```text
/// L        = 1/(N J) * sum |y - p|
/// dL/dp_ij = sign(p_ij - y_ij) / J / N        sign(0) = 0
/// ```
/// Chapter 17, sections 5 to 7, whose code has the opposite sign and so climbs; see
/// `docs/errata.md`.
///
/// ```
/// use nnfs_losses::MeanAbsoluteError;
/// use nnfs_tensor::{Loss, Tensor};
/// let predictions = Tensor::from_row_slice(2, 1, &[1.0, 2.0]);
/// let targets = Tensor::from_row_slice(2, 1, &[0.0, 4.0]);
/// let loss = MeanAbsoluteError;
/// assert_eq!(loss.value(&predictions, &targets), 1.5);
/// let mut gradient = Tensor::default();
/// loss.gradient_to(&predictions, &targets, &mut gradient);
/// assert_eq!(gradient, Tensor::from_row_slice(2, 1, &[0.5, -0.5]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MeanAbsoluteError;

/// `|y - p|`
fn absolute_error<T: Scalar>(prediction: T, target: T) -> f64 {
    (target - prediction).abs().to_f64()
}

impl<T: Scalar> Loss<T> for MeanAbsoluteError {
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        sum_over(predictions, targets, absolute_error) / predictions.len() as f64
    }

    fn weighted_value(&self, predictions: &Tensor<T>, targets: &Tensor<T>, weights: &[f64]) -> f64 {
        let mean = weighted_mean(predictions, targets, weights, absolute_error);
        mean / predictions.ncols() as f64
    }

    fn gradient_to(&self, predictions: &Tensor<T>, targets: &Tensor<T>, gradient: &mut Tensor<T>) {
        let samples = T::from_f64(predictions.nrows() as f64);
        let outputs = T::from_f64(predictions.ncols() as f64);
        write_gradient(predictions, targets, gradient, |prediction, target| {
            (prediction - target).sign() / outputs / samples
        });
    }

    fn link(&self) -> OutputLink {
        OutputLink::Identity
    }

    fn description(&self) -> Description {
        Description::new("mean_absolute_error")
    }
}

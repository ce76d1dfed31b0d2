//! Mean squared error: large errors count most.

use nnfs_tensor::{Description, Loss, OutputLink, Scalar, Tensor};

use crate::batch::{sum_over, weighted_mean, write_gradient};

/// Mean squared error over N samples of J outputs, for regression.
///
/// ```text
/// L        = 1/(N J) * sum (y - p)^2
/// dL/dp_ij = -2 * (y_ij - p_ij) / J / N
/// ```
/// Chapter 17, sections 2 to 4.
///
/// ```
/// use nnfs_losses::MeanSquaredError;
/// use nnfs_tensor::{Loss, Tensor};
/// let predictions = Tensor::from_row_slice(2, 1, &[1.0, 2.0]);
/// let targets = Tensor::from_row_slice(2, 1, &[0.0, 4.0]);
/// let loss = MeanSquaredError;
/// assert_eq!(loss.value(&predictions, &targets), 2.5);
/// let mut gradient = Tensor::default();
/// loss.gradient_to(&predictions, &targets, &mut gradient);
/// assert_eq!(gradient, Tensor::from_row_slice(2, 1, &[1.0, -2.0]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MeanSquaredError;

/// `(y - p)^2`
fn squared_error<T: Scalar>(prediction: T, target: T) -> f64 {
    let error = target - prediction;
    (error * error).to_f64()
}

impl<T: Scalar> Loss<T> for MeanSquaredError {
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        sum_over(predictions, targets, squared_error) / predictions.len() as f64
    }

    fn weighted_value(&self, predictions: &Tensor<T>, targets: &Tensor<T>, weights: &[f64]) -> f64 {
        let mean = weighted_mean(predictions, targets, weights, squared_error);
        mean / predictions.ncols() as f64
    }

    fn gradient_to(&self, predictions: &Tensor<T>, targets: &Tensor<T>, gradient: &mut Tensor<T>) {
        // One operation after another, as the book has it: its digits depend on the order.
        let samples = T::from_f64(predictions.nrows() as f64);
        let outputs = T::from_f64(predictions.ncols() as f64);
        let slope = T::from_f64(-2.0);
        write_gradient(predictions, targets, gradient, |prediction, target| {
            slope * (target - prediction) / outputs / samples
        });
    }

    // The outputs of the model are the predictions.
    fn link(&self) -> OutputLink {
        OutputLink::Identity
    }

    // The name in model files, checkpoints and summaries.
    fn description(&self) -> Description {
        Description::new("mean_squared_error")
    }
}

//! Mean squared error: large errors count most.

use nnfs_tensor::{Description, Loss, OutputLink, Scalar, Tensor};

use crate::batch::{sum_over, write_gradient};

/// Mean squared error over N samples of J outputs, for regression.
///
/// ```text
/// L        = 1/(N J) * sum (y - p)^2
/// dL/dp_ij = -2 * (y_ij - p_ij) / J / N
/// ```
/// Chapter 17, sections 2 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MeanSquaredError;

impl<T: Scalar> Loss<T> for MeanSquaredError {
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        let sum = sum_over(predictions, targets, |prediction, target| {
            let error = target - prediction;
            (error * error).to_f64()
        });
        sum / predictions.len() as f64
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

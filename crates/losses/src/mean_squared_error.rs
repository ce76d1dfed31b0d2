//! Mean squared error: large errors count most.

use nnfs_tensor::{Description, Loss, Scalar, Tensor};

use crate::batch::{sum_over, write_gradient};

/// Mean squared error over N samples of J outputs, for regression.
///
/// ```text
/// L        = 1/(N J) * sum (y - p)^2
/// dL/dp_ij = -2 * (y_ij - p_ij) / J / N
/// ```
/// Chapter 17, sections 2 to 4.
#[derive(Debug, Clone, Default)]
pub struct MeanSquaredError<T: Scalar> {
    gradient: Tensor<T>,
}

impl<T: Scalar> MeanSquaredError<T> {
    /// The loss; it has no settings.
    pub fn new() -> Self {
        Self { gradient: Tensor::default() }
    }
}

impl<T: Scalar> Loss<T> for MeanSquaredError<T> {
    fn forward(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        let sum = sum_over(predictions, targets, |prediction, target| {
            let error = target - prediction;
            (error * error).to_f64()
        });
        sum / predictions.len() as f64
    }

    fn backward(&mut self, predictions: &Tensor<T>, targets: &Tensor<T>) -> &Tensor<T> {
        // One operation after another, as the book has it: its digits depend on the order.
        let samples = T::from_f64(predictions.nrows() as f64);
        let outputs = T::from_f64(predictions.ncols() as f64);
        let slope = T::from_f64(-2.0);
        write_gradient(predictions, targets, &mut self.gradient, |prediction, target| {
            slope * (target - prediction) / outputs / samples
        });
        &self.gradient
    }

    fn description(&self) -> Description {
        Description::new("mean_squared_error")
    }
}

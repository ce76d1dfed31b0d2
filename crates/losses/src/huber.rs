//! Huber loss: squared where the error is small, absolute where it is large.

use nnfs_tensor::{Description, Loss, Scalar, SettingError, Tensor};

use crate::batch::{sum_over, write_gradient};

/// Huber loss over N samples of J outputs, with e = p - y.
///
/// ```text
/// L        = 1/(N J) * sum of  e^2 / 2                    where |e| <= delta
///                              delta * (|e| - delta / 2)  elsewhere
/// dL/dp_ij = clamp(e_ij, -delta, delta) / J / N
/// ```
/// Huber, 1964: Robust Estimation of a Location Parameter.
#[derive(Debug, Clone)]
pub struct Huber<T: Scalar> {
    delta: f64,
    gradient: Tensor<T>,
}

impl<T: Scalar> Huber<T> {
    /// The error at which the loss goes over from squared to absolute.
    ///
    /// # Errors
    /// If delta is not finite and above 0.
    pub fn new(delta: f64) -> Result<Self, SettingError> {
        let delta = SettingError::check_positive("delta of Huber", delta)?;
        Ok(Self { delta, gradient: Tensor::default() })
    }

    /// The error at which the loss goes over from squared to absolute.
    pub fn delta(&self) -> f64 {
        self.delta
    }
}

impl<T: Scalar> Default for Huber<T> {
    /// A delta of 1, as in Keras and PyTorch.
    fn default() -> Self {
        Self { delta: 1.0, gradient: Tensor::default() }
    }
}

impl<T: Scalar> Loss<T> for Huber<T> {
    fn forward(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        let delta = self.delta;
        let sum = sum_over(predictions, targets, |prediction, target| {
            let error = (prediction - target).abs().to_f64();
            if error <= delta { error * error / 2.0 } else { delta * (error - delta / 2.0) }
        });
        sum / predictions.len() as f64
    }

    fn backward(&mut self, predictions: &Tensor<T>, targets: &Tensor<T>) -> &Tensor<T> {
        let samples = T::from_f64(predictions.nrows() as f64);
        let outputs = T::from_f64(predictions.ncols() as f64);
        let delta = T::from_f64(self.delta);
        write_gradient(predictions, targets, &mut self.gradient, |prediction, target| {
            let error = prediction - target;
            let slope = if error.abs() > delta { error.sign() * delta } else { error };
            slope / outputs / samples
        });
        &self.gradient
    }

    fn description(&self) -> Description {
        Description::new("huber").with("delta", self.delta)
    }
}

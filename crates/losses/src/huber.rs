//! Huber loss: squared where the error is small, absolute where it is large.

use nnfs_tensor::{Description, Loss, OutputLink, Scalar, SettingError, Tensor};

use crate::batch::{sum_over, weighted_mean, write_gradient};

/// Huber loss over N samples of J outputs, with e = p - y.
///
/// ```text
/// L        = 1/(N J) * sum of  e^2 / 2                    where |e| <= delta
///                              delta * (|e| - delta / 2)  elsewhere
/// dL/dp_ij = clamp(e_ij, -delta, delta) / J / N
/// ```
/// Huber, 1964: Robust Estimation of a Location Parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Huber {
    delta: f64,
}

impl Huber {
    /// Sets the error at which the loss changes from squared to absolute.
    ///
    /// ```
    /// use nnfs_losses::Huber;
    /// use nnfs_tensor::{Loss, Tensor};
    /// let predictions = Tensor::from_row_slice(2, 1, &[1.0, 2.0]);
    /// let targets = Tensor::from_row_slice(2, 1, &[0.0, 4.0]);
    /// let loss = Huber::new(1.0)?;
    /// assert_eq!(loss.value(&predictions, &targets), 1.0);
    /// let mut gradient = Tensor::default();
    /// loss.gradient_to(&predictions, &targets, &mut gradient);
    /// assert_eq!(gradient, Tensor::from_row_slice(2, 1, &[0.5, -0.5]));
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// If delta is not finite and above 0.
    pub fn new(delta: f64) -> Result<Self, SettingError> {
        Ok(Self { delta: SettingError::check_positive("delta of Huber", delta)? })
    }

    /// The error at which the loss changes from squared to absolute.
    pub fn delta(&self) -> f64 {
        self.delta
    }

    /// The loss of one prediction and its target.
    fn entry<T: Scalar>(&self) -> impl Fn(T, T) -> f64 {
        let delta = self.delta;
        move |prediction, target| {
            let error = (prediction - target).abs().to_f64();
            if error <= delta { error * error / 2.0 } else { delta * (error - delta / 2.0) }
        }
    }
}

impl Default for Huber {
    /// A delta of 1, as in Keras and PyTorch.
    fn default() -> Self {
        Self { delta: 1.0 }
    }
}

impl<T: Scalar> Loss<T> for Huber {
    fn value(&self, predictions: &Tensor<T>, targets: &Tensor<T>) -> f64 {
        sum_over(predictions, targets, self.entry()) / predictions.len() as f64
    }

    fn weighted_value(&self, predictions: &Tensor<T>, targets: &Tensor<T>, weights: &[f64]) -> f64 {
        let mean = weighted_mean(predictions, targets, weights, self.entry());
        mean / predictions.ncols() as f64
    }

    fn gradient_to(&self, predictions: &Tensor<T>, targets: &Tensor<T>, gradient: &mut Tensor<T>) {
        let samples = T::from_f64(predictions.nrows() as f64);
        let outputs = T::from_f64(predictions.ncols() as f64);
        let delta = T::from_f64(self.delta);
        write_gradient(predictions, targets, gradient, |prediction, target| {
            let error = prediction - target;
            let slope = if error.abs() > delta { error.sign() * delta } else { error };
            slope / outputs / samples
        });
    }

    fn link(&self) -> OutputLink {
        OutputLink::Identity
    }

    fn description(&self) -> Description {
        Description::new("huber").with("delta", self.delta)
    }
}

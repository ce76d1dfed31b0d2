//! The gradients of all parameters together: their norm, and clipping by it.

use nnfs_tensor::{Scalar, Trainable, map_mut, squared_norm};

/// The norm of the gradients of all parameters of a layer or a model together:
/// `sqrt(sum(gradient^2))`, in double precision; 0 without parameters.
pub fn gradient_norm<T: Scalar>(network: &(impl Trainable<T> + ?Sized)) -> f64 {
    let mut sum = 0.0;
    network.for_each_parameter(&mut |parameter| sum += squared_norm(&parameter.gradient));
    sum.sqrt()
}

/// Gradient clipping: scales the gradients of all parameters of a layer or a model down to the norm `max`, if
/// theirs is larger. Returns their norm before, as `clip_grad_norm_` of PyTorch does.
///
/// ```text
/// norm = sqrt(sum of the squares of all entries)
/// g    = g * max / norm                             if norm > max
/// ```
/// A norm that is infinite or NaN is returned, and the gradients stay as they are. [`Fit::clip_norm`] does
/// this in a training.
///
/// Pascanu et al., 2013: On the difficulty of training recurrent neural networks.
///
/// ```
/// use nnfs_model::{clip_gradients, gradient_norm};
/// use nnfs_tensor::{Parameter, Tensor};
/// let mut weights = Parameter::new(Tensor::zeros(1, 2));
/// weights.gradient = Tensor::from_row_slice(1, 2, &[3.0, 4.0]);
/// assert_eq!(clip_gradients(&mut weights, 0.5), 5.0);
/// assert!((gradient_norm(&weights) - 0.5).abs() < 1e-15);
/// // The gradients are short enough now.
/// assert_eq!(clip_gradients(&mut weights, 1.0), gradient_norm(&weights));
/// ```
///
/// # Panics
/// If `max` is not above 0.
///
/// [`Fit::clip_norm`]: crate::Fit::clip_norm
pub fn clip_gradients<T: Scalar>(network: &mut (impl Trainable<T> + ?Sized), max: f64) -> f64 {
    assert!(max > 0.0, "clip_gradients: expected a norm above 0, found {max}");
    let norm = gradient_norm(network);
    if norm.is_finite() && norm > max {
        let factor = T::from_f64(max / norm);
        network.for_each_parameter_mut(&mut |parameter| {
            map_mut(&mut parameter.gradient, |gradient| gradient * factor);
        });
    }
    norm
}

#[cfg(test)]
mod tests {
    use nnfs_tensor::{Parameter, Tensor};

    use super::*;

    /// Scaled by 1 / infinity, they would be 0 or NaN, and hide where the infinity is.
    #[test]
    fn gradients_that_are_not_finite_stay_as_they_are() {
        for bad in [f64::INFINITY, f64::NAN, 1e200] {
            let mut weights = Parameter::new(Tensor::zeros(1, 2));
            weights.gradient = Tensor::from_row_slice(1, 2, &[bad, 1.0]);
            assert!(!clip_gradients(&mut weights, 1.0).is_finite());
            assert_eq!(weights.gradient[0].to_bits(), bad.to_bits());
            assert_eq!(weights.gradient[1], 1.0);
        }
    }
}

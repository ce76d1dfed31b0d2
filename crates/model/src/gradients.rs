//! The gradients of all parameters together: their norm, and clipping by it.

use nnfs_tensor::{Scalar, Trainable};

use crate::Model;

/// The sum of squares in double precision.
///
/// Several sums side by side, as an addition waits for the one before; in an order that does not
/// depend on the machine.
pub(crate) fn squared_norm<T: Scalar>(values: &[T]) -> f64 {
    const SUMS: usize = 8;
    let (chunks, rest) = values.as_chunks::<SUMS>();
    let mut sums = [0.0; SUMS];
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += value.to_f64() * value.to_f64();
        }
    }
    let rest: f64 = rest.iter().map(|value| value.to_f64() * value.to_f64()).sum();
    sums.iter().sum::<f64>() + rest
}

/// The norm of the gradients of all parameters of a layer or a model together:
/// `sqrt(sum(gradient^2))`, in double precision; 0 without parameters.
pub fn gradient_norm<T: Scalar>(network: &(impl Trainable<T> + ?Sized)) -> f64 {
    let mut sum = 0.0;
    network.for_each_parameter(&mut |parameter| sum += squared_norm(parameter.gradient.as_slice()));
    sum.sqrt()
}

impl<T: Scalar> Model<T> {
    /// Multiplies the gradients of all parameters.
    pub(crate) fn scale_gradients(&mut self, factor: f64) {
        let factor = T::from_f64(factor);
        self.for_each_parameter_mut(&mut |parameter| {
            for gradient in parameter.gradient.as_mut_slice() {
                *gradient = *gradient * factor;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_squared_once() {
        let values: Vec<f64> = (1..=19).map(f64::from).collect();
        assert_eq!(squared_norm(&values), 2470.0);
        assert_eq!(squared_norm::<f32>(&[]), 0.0);
        assert!(squared_norm(&[1.0, f64::NAN]).is_nan());
    }
}

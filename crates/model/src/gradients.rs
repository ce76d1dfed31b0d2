//! The gradients of all parameters together: their norm, and clipping by it.

use nnfs_tensor::{Scalar, Trainable, map_mut, squared_norm};

use crate::Model;

/// The norm of the gradients of all parameters of a layer or a model together:
/// `sqrt(sum(gradient^2))`, in double precision; 0 without parameters.
pub fn gradient_norm<T: Scalar>(network: &(impl Trainable<T> + ?Sized)) -> f64 {
    let mut sum = 0.0;
    network.for_each_parameter(&mut |parameter| sum += squared_norm(&parameter.gradient));
    sum.sqrt()
}

impl<T: Scalar> Model<T> {
    /// Multiplies the gradients of all parameters.
    pub(crate) fn scale_gradients(&mut self, factor: f64) {
        let factor = T::from_f64(factor);
        self.for_each_parameter_mut(&mut |parameter| {
            map_mut(&mut parameter.gradient, |gradient| gradient * factor);
        });
    }
}

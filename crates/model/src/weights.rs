//! Copies of the weights: to go back to.

use nnfs_tensor::{Scalar, ShapeError, Tensor, Trainable, shape_text};

use crate::Model;

impl<T: Scalar> Model<T> {
    /// Copies the value of every parameter, in the order of the layers, into tensors that are used
    /// again.
    pub(crate) fn copy_weights_to(&self, weights: &mut Vec<Tensor<T>>) {
        let mut position = 0;
        self.for_each_parameter(&mut |parameter| {
            match weights.get_mut(position) {
                Some(copy) => copy.copy_from(&parameter.value),
                None => weights.push(parameter.value.clone()),
            }
            position += 1;
        });
    }

    /// Takes up such copies.
    pub(crate) fn restore_weights(&mut self, weights: &[Tensor<T>]) {
        let mut weights = weights.iter();
        self.for_each_parameter_mut(&mut |parameter| {
            parameter.value.copy_from(weights.next().expect("a copy of every parameter"));
        });
    }

    /// Whether copies have the number and shapes of the parameters.
    pub(crate) fn check_weights(&self, weights: &[Tensor<T>]) -> Result<(), ShapeError> {
        let mut expected = Vec::new();
        self.for_each_parameter(&mut |parameter| expected.push(shape_text(&parameter.value)));
        let found: Vec<String> = weights.iter().map(shape_text).collect();
        if expected == found {
            return Ok(());
        }
        Err(ShapeError::new("best weights to resume from", expected.join(", "), found.join(", ")))
    }
}

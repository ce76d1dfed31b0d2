//! Reading, setting and copying the weights of a model.

use nnfs_tensor::{Scalar, ShapeError, Tensor, Trainable, resize_mut, shape_text};

use crate::Model;

impl<T: Scalar> Model<T> {
    /// A copy of the value of every parameter, from the first layer to the last: of a dense layer the
    /// weights, then the biases. Keras calls it `get_weights`.
    ///
    /// ```
    /// use nnfs_layers::Dense;
    /// use nnfs_model::Model;
    /// use nnfs_tensor::Tensor;
    ///
    /// let dense = Dense::from_parameters(Tensor::from_element(2, 1, 0.5), Tensor::zeros(1, 1))?;
    /// let mut model = Model::new(2).then(dense)?;
    /// let mut weights = model.weights();
    /// assert_eq!(weights, [Tensor::from_element(2, 1, 0.5), Tensor::zeros(1, 1)]);
    ///
    /// weights[1].fill(3.0);
    /// model.set_weights(&weights)?;
    /// assert_eq!(model.predict(&Tensor::zeros(1, 2))?.as_slice(), [3.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn weights(&self) -> Vec<Tensor<T>> {
        let mut weights = Vec::new();
        self.weights_to(&mut weights);
        weights
    }

    /// [`Model::weights`] into tensors that are used again: nothing is allocated if they are copies of
    /// this model's weights.
    pub fn weights_to(&self, weights: &mut Vec<Tensor<T>>) {
        let mut position = 0;
        self.for_each_parameter(&mut |parameter| {
            match weights.get_mut(position) {
                Some(copy) => {
                    resize_mut(copy, parameter.value.nrows(), parameter.value.ncols());
                    copy.copy_from(&parameter.value);
                }
                None => weights.push(parameter.value.clone()),
            }
            position += 1;
        });
        weights.truncate(position);
    }

    /// Sets the value of every parameter, in the order of [`Model::weights`]. To copy the weights of
    /// another model: `model.set_weights(&other.weights())`.
    ///
    /// # Errors
    /// If there are not as many tensors as parameters, or one has another shape. Nothing is set then.
    pub fn set_weights(&mut self, weights: &[Tensor<T>]) -> Result<(), ShapeError> {
        self.check_weights("weights of the model", weights)?;
        let mut weights = weights.iter();
        self.for_each_parameter_mut(&mut |parameter| {
            parameter.value.copy_from(weights.next().expect("one for every parameter"));
        });
        Ok(())
    }

    /// Checks that tensors have the number and the shapes of the parameters.
    pub(crate) fn check_weights(
        &self,
        what: &str,
        weights: &[Tensor<T>],
    ) -> Result<(), ShapeError> {
        let mut expected = Vec::new();
        self.for_each_parameter(&mut |parameter| expected.push(parameter.value.shape()));
        if weights.iter().map(Tensor::shape).eq(expected) {
            return Ok(());
        }
        let mut expected = Vec::new();
        self.for_each_parameter(&mut |parameter| expected.push(shape_text(&parameter.value)));
        let found: Vec<String> = weights.iter().map(shape_text).collect();
        Err(ShapeError::new(what, expected.join(", "), found.join(", ")))
    }
}

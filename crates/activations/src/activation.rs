//! An element-by-element function as a layer of its own.

use nnfs_tensor::{
    Description, Elementwise, Layer, Scalar, ShapeError, Tensor, Trainable, assert_same_shape,
    resize_mut,
};

/// A layer that applies a function to every element: `Activation::new(Relu)`.
///
/// The same function given to a `Dense` layer computes the same bits in one pass less.
#[derive(Debug, Clone, Default)]
pub struct Activation<T: Scalar, F> {
    function: F,
    outputs: Tensor<T>,
    input_gradient: Tensor<T>,
}

impl<T: Scalar, F: Elementwise<T>> Activation<T, F> {
    /// A layer of this function.
    pub fn new(function: F) -> Self {
        Self { function, outputs: Tensor::default(), input_gradient: Tensor::default() }
    }
}

impl<T: Scalar, F> Trainable<T> for Activation<T, F> {}

impl<T: Scalar, F: Elementwise<T>> Layer<T> for Activation<T, F> {
    fn forward(&mut self, inputs: &Tensor<T>) -> &Tensor<T> {
        resize_mut(&mut self.outputs, inputs.nrows(), inputs.ncols());
        self.outputs.copy_from(inputs);
        self.function.apply_mut(self.outputs.as_mut_slice());
        &self.outputs
    }

    fn backward(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) -> &Tensor<T> {
        assert_same_shape("inputs of Activation", inputs, "its outputs", &self.outputs);
        assert_same_shape("gradients", gradient, "outputs of Activation", &self.outputs);
        resize_mut(&mut self.input_gradient, inputs.nrows(), inputs.ncols());
        self.function.chain_to(
            self.outputs.as_slice(),
            gradient.as_slice(),
            self.input_gradient.as_mut_slice(),
        );
        &self.input_gradient
    }

    fn outputs(&self) -> &Tensor<T> {
        &self.outputs
    }

    fn input_gradient(&self) -> &Tensor<T> {
        &self.input_gradient
    }

    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        resize_mut(outputs, inputs.nrows(), inputs.ncols());
        outputs.copy_from(inputs);
        self.function.apply_mut(outputs.as_mut_slice());
    }

    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }

    fn description(&self) -> Description {
        self.function.description()
    }
}

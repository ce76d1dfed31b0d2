//! An element-by-element function as a layer.

use nnfs_tensor::{
    Description, Elementwise, Layer, RowLayer, Scalar, ShapeError, Tensor, Trainable,
    assert_same_shape, resize_mut,
};

/// A layer that applies a function to every element: `Activation::new(Relu)`.
///
/// ```text
/// forward    Y  = f(X)
/// backward   dX = G * f'        G = dL/dY, element by element
/// ```
/// The same function given to a `Dense` layer computes the same bits in one pass less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Activation<F> {
    function: F,
}

impl<F> Activation<F> {
    /// A layer of this function.
    ///
    /// ```
    /// use nnfs_activations::{Activation, Relu};
    /// use nnfs_tensor::{Layer, Tensor};
    /// let (inputs, mut outputs) = (Tensor::from_row_slice(1, 3, &[-2.0, 0.0, 2.0]), Tensor::default());
    /// Activation::new(Relu).predict_to(&inputs, &mut outputs);
    /// assert_eq!(outputs, Tensor::from_row_slice(1, 3, &[0.0, 0.0, 2.0]));
    /// ```
    pub fn new(function: F) -> Self {
        Self { function }
    }
}

impl<T: Scalar, F> Trainable<T> for Activation<F> {}

impl<T: Scalar, F: Elementwise<T> + Clone + 'static> Layer<T> for Activation<F> {
    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        resize_mut(outputs, inputs.nrows(), inputs.ncols());
        outputs.copy_from(inputs);
        self.function.apply_mut(outputs.as_mut_slice());
    }

    fn backward_to(
        &mut self,
        inputs: &Tensor<T>,
        outputs: &Tensor<T>,
        gradient: &Tensor<T>,
        input_gradient: Option<&mut Tensor<T>>,
    ) {
        assert_same_shape("inputs of Activation", inputs, "its outputs", outputs);
        assert_same_shape("gradients", gradient, "outputs of Activation", outputs);
        let Some(input_gradient) = input_gradient else { return };
        resize_mut(input_gradient, inputs.nrows(), inputs.ncols());
        let (y, g) = (outputs.as_slice(), gradient.as_slice());
        self.function.chain_to(y, g, input_gradient.as_mut_slice());
    }

    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }

    fn description(&self) -> Description {
        self.function.description()
    }

    fn activation(&self) -> Option<&dyn Elementwise<T>> {
        Some(&self.function)
    }

    fn is_row_wise(&self) -> bool {
        true
    }

    fn row_layer(&self) -> Box<dyn RowLayer<T>> {
        Box::new(self.clone())
    }
}

impl<T: Scalar, F: Elementwise<T>> RowLayer<T> for Activation<F> {
    fn predict_row(&self, inputs: &[T], outputs: &mut [T]) {
        outputs.copy_from_slice(inputs);
        self.function.apply_mut(outputs);
    }
}

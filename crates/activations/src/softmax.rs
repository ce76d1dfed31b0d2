//! Softmax: a row of numbers becomes a row of probabilities.

use nnfs_tensor::{
    Description, Layer, Scalar, ShapeError, Tensor, Trainable, assert_same_shape, resize_mut,
    softmax_rows_to,
};

/// The softmax layer, for the probabilities of three or more classes.
///
/// ```text
/// p_ij = exp(x_ij - max_j x_ij) / sum_j exp(x_ij - max_j x_ij)
/// dL/dx_ij = p_ij * (g_ij - sum_k p_ik * g_ik)
/// ```
/// The second line is the Jacobian of the book, `diag(p) - p p^T`, times the gradient, without
/// building it for every sample.
///
/// In training, `SoftmaxCrossEntropy` of `nnfs-losses` on the layer before is faster and does not
/// lose digits where a probability is near 0.
#[derive(Debug, Clone)]
pub struct Softmax<T: Scalar> {
    outputs: Tensor<T>,
    input_gradient: Tensor<T>,
}

impl<T: Scalar> Softmax<T> {
    /// A softmax layer.
    pub fn new() -> Self {
        Self { outputs: Tensor::default(), input_gradient: Tensor::default() }
    }
}

impl<T: Scalar> Default for Softmax<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Scalar> Trainable<T> for Softmax<T> {}

impl<T: Scalar> Layer<T> for Softmax<T> {
    fn forward(&mut self, inputs: &Tensor<T>) -> &Tensor<T> {
        softmax_rows_to(inputs, &mut self.outputs);
        &self.outputs
    }

    fn backward(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) -> &Tensor<T> {
        assert_same_shape("inputs of Softmax", inputs, "its outputs", &self.outputs);
        assert_same_shape("gradients", gradient, "outputs of Softmax", &self.outputs);
        resize_mut(&mut self.input_gradient, inputs.nrows(), inputs.ncols());
        for row in 0..gradient.nrows() {
            let mean = (0..gradient.ncols()).fold(T::ZERO, |mean, column| {
                mean + self.outputs[(row, column)] * gradient[(row, column)]
            });
            for column in 0..gradient.ncols() {
                self.input_gradient[(row, column)] =
                    self.outputs[(row, column)] * (gradient[(row, column)] - mean);
            }
        }
        &self.input_gradient
    }

    fn outputs(&self) -> &Tensor<T> {
        &self.outputs
    }

    fn input_gradient(&self) -> &Tensor<T> {
        &self.input_gradient
    }

    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        softmax_rows_to(inputs, outputs);
    }

    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        if input_width == 0 {
            return Err(ShapeError::new("width of Softmax", "at least 1", "0"));
        }
        Ok(input_width)
    }

    fn description(&self) -> Description {
        Description::new("softmax")
    }
}

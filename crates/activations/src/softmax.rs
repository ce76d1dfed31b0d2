//! Softmax: a row of numbers becomes a row of probabilities.

use nnfs_tensor::{
    Description, Layer, RowLayer, Scalar, ShapeError, Tensor, Trainable, assert_same_shape,
    resize_mut, softmax_row_mut, softmax_rows_to,
};

/// The softmax layer, for the probabilities of two or more classes.
///
/// ```text
/// p_ij     = exp(x_ij - max_j x_ij) / sum_j exp(x_ij - max_j x_ij)
/// dL/dx_ij = p_ij * (g_ij - sum_k p_ik * g_ik)                        g = dL/dp
/// ```
/// The second line is the Jacobian of the book, `diag(p) - p p^T`, times the gradient, without
/// building it for every sample.
///
/// A single column gives probabilities of 1, which teach nothing: for one of two classes, use two columns or
/// a sigmoid. It is allowed because saved models may have such a layer.
///
/// In training, `SoftmaxCrossEntropy` of `nnfs-losses` on the layer before is faster and does not
/// lose digits where a probability is near 0.
///
/// ```
/// use nnfs_activations::Softmax;
/// use nnfs_tensor::{Layer, Tensor};
/// let (logits, mut probabilities) = (Tensor::from_row_slice(1, 2, &[3.0, 3.0]), Tensor::default());
/// Softmax.predict_to(&logits, &mut probabilities);
/// assert_eq!(probabilities, Tensor::from_row_slice(1, 2, &[0.5, 0.5]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Softmax;

impl<T: Scalar> Trainable<T> for Softmax {}

impl<T: Scalar> Layer<T> for Softmax {
    fn predict_to(&self, x: &Tensor<T>, p: &mut Tensor<T>) {
        softmax_rows_to(x, p);
    }

    fn backward_to(
        &mut self,
        x: &Tensor<T>,
        p: &Tensor<T>,
        g: &Tensor<T>,
        dx: Option<&mut Tensor<T>>,
    ) {
        assert_same_shape("inputs of Softmax", x, "its outputs", p);
        assert_same_shape("gradients", g, "outputs of Softmax", p);
        let Some(dx) = dx else { return };
        resize_mut(dx, x.nrows(), x.ncols());
        for i in 0..p.nrows() {
            let sum = (0..p.ncols()).fold(T::ZERO, |sum, k| sum + p[(i, k)] * g[(i, k)]);
            for j in 0..p.ncols() {
                dx[(i, j)] = p[(i, j)] * (g[(i, j)] - sum);
            }
        }
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

    fn is_row_wise(&self) -> bool {
        true
    }

    fn row_layer(&self) -> Box<dyn RowLayer<T>> {
        Box::new(*self)
    }
}

impl<T: Scalar> RowLayer<T> for Softmax {
    fn predict_row(&self, x: &[T], p: &mut [T]) {
        p.copy_from_slice(x);
        softmax_row_mut(p);
    }
}

//! The matrix products of a dense layer, without a transposed copy.
//!
//! ```text
//! forward          outputs         = f(inputs * weights + biases)
//! weight gradient  weight_gradient = inputs^T * gradient
//! input gradient   input_gradient  = gradient * weights^T
//! ```
//!
//! nalgebra's own `tr_mul_to` is a loop of dot products, and its `gemm` takes no transposed operand
//! and allocates. Here a transpose is the same data with its two strides exchanged.
//!
//! A column that is 0 for many rows may be skipped: 0 times infinity or NaN may give 0.

use nnfs_kernel::{Epilogue, Strided, in_parts};

use crate::{Elementwise, Scalar, Tensor, resize_mut};

/// `outputs = left * right`, where 0 times infinity or NaN may give 0.
///
/// `outputs` takes the shape that it needs.
///
/// ```
/// use nnfs_tensor::{Tensor, multiply_to};
/// let left = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
/// let right = Tensor::from_row_slice(2, 1, &[1.0, 10.0]);
/// let mut outputs = Tensor::default();
/// multiply_to(&left, &right, &mut outputs);
/// assert_eq!(outputs, Tensor::from_row_slice(2, 1, &[21.0, 43.0]));
/// ```
///
/// # Panics
/// If the shapes of the factors do not fit; the message has both.
pub fn multiply_to<T: Scalar>(left: &Tensor<T>, right: &Tensor<T>, outputs: &mut Tensor<T>) {
    product_to("multiply_to", strided(left), strided(right), Epilogue::None, outputs);
}

/// `outputs = left^T * right`, where 0 times infinity or NaN may give 0.
///
/// `outputs` takes the shape that it needs.
///
/// ```
/// use nnfs_tensor::{Tensor, transpose_multiply_to};
/// let left = Tensor::from_row_slice(2, 1, &[1.0, 2.0]);
/// let right = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
/// let mut outputs = Tensor::default();
/// transpose_multiply_to(&left, &right, &mut outputs);
/// assert_eq!(outputs, Tensor::from_row_slice(1, 2, &[7.0, 10.0]));
/// ```
///
/// # Panics
/// If the shapes of the factors do not fit; the message has both.
pub fn transpose_multiply_to<T: Scalar>(
    left: &Tensor<T>,
    right: &Tensor<T>,
    outputs: &mut Tensor<T>,
) {
    let (left, right) = (strided(left), strided(right));
    check("transpose_multiply_to", left.transpose(), right);
    resize_mut(outputs, left.columns(), right.columns());
    T::transposed_product(left, right, outputs.as_mut_slice());
}

/// `outputs = left * right^T`, where 0 times infinity or NaN may give 0.
///
/// `outputs` takes the shape that it needs.
///
/// ```
/// use nnfs_tensor::{Tensor, multiply_transpose_to};
/// let left = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
/// let right = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
/// let mut outputs = Tensor::default();
/// multiply_transpose_to(&left, &right, &mut outputs);
/// assert_eq!(outputs, Tensor::from_row_slice(1, 2, &[5.0, 11.0]));
/// ```
///
/// # Panics
/// If the shapes of the factors do not fit; the message has both.
pub fn multiply_transpose_to<T: Scalar>(
    left: &Tensor<T>,
    right: &Tensor<T>,
    outputs: &mut Tensor<T>,
) {
    let right = strided(right).transpose();
    product_to("multiply_transpose_to", strided(left), right, Epilogue::None, outputs);
}

/// `outputs = f(inputs * weights + biases)`: the forward pass of a dense layer. Without an activation
/// `f` is the identity.
///
/// The activation's [epilogue](Elementwise::epilogue) is applied while the outputs are written; an
/// activation without one is applied afterwards. `outputs` takes the shape that it needs.
///
/// ```
/// use nnfs_tensor::{Tensor, dense_to};
/// let inputs = Tensor::from_row_slice(2, 1, &[1.0, -1.0]);
/// let weights = Tensor::from_row_slice(1, 2, &[2.0, 3.0]);
/// let biases = Tensor::from_row_slice(1, 2, &[0.5, 4.0]);
/// let mut outputs = Tensor::default();
/// dense_to(&inputs, &weights, &biases, None, &mut outputs);
/// assert_eq!(outputs, Tensor::from_row_slice(2, 2, &[2.5, 7.0, -1.5, 1.0]));
/// ```
///
/// # Panics
/// If the shapes do not fit.
pub fn dense_to<T: Scalar>(
    inputs: &Tensor<T>,
    weights: &Tensor<T>,
    biases: &Tensor<T>,
    activation: Option<&dyn Elementwise<T>>,
    outputs: &mut Tensor<T>,
) {
    let units = weights.ncols();
    let biases = biases.as_slice();
    let found = biases.len();
    assert!(found == units, "dense_to: {found} biases for {units} columns");

    let fused = activation.and_then(|f| f.epilogue(biases));
    let epilogue = fused.unwrap_or(Epilogue::Bias(biases));
    product_to("dense_to", strided(inputs), strided(weights), epilogue, outputs);
    if let (Some(f), None) = (activation, fused) {
        in_parts(outputs.as_mut_slice(), &|part| f.apply_mut(part));
    }
}

fn strided<T: Scalar>(tensor: &Tensor<T>) -> Strided<'_, T> {
    Strided::new(tensor.as_slice(), tensor.nrows(), tensor.ncols())
}

/// Checks the shapes, resizes the outputs and calls the product of this kind of number.
fn product_to<T: Scalar>(
    name: &str,
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    epilogue: Epilogue<'_, T>,
    outputs: &mut Tensor<T>,
) {
    check(name, left, right);
    resize_mut(outputs, left.rows(), right.columns());
    T::product(left, right, outputs.as_mut_slice(), epilogue);
}

fn check<T: Scalar>(name: &str, left: Strided<'_, T>, right: Strided<'_, T>) {
    assert!(
        left.columns() == right.rows(),
        "{name}: a {}x{} matrix cannot be multiplied by a {}x{} one",
        left.rows(),
        left.columns(),
        right.rows(),
        right.columns(),
    );
}

//! The three matrix products of a dense layer, without a transposed copy.
//!
//! ```text
//! forward          outputs         = inputs   * weights
//! weight gradient  weight_gradient = inputs^T * gradient
//! input gradient   input_gradient  = gradient * weights^T
//! ```
//!
//! nalgebra's own `tr_mul_to` is a loop of dot products and its `gemm` takes no transposed
//! operand, so the kernels below hand strides to `matrixmultiply` (which nalgebra brings along):
//! a transpose is the same data with its two strides exchanged.

use crate::{Scalar, Tensor};

/// A matrix seen through strides: element (i, j) is `data[i * row_stride + j * column_stride]`.
#[derive(Debug, Clone, Copy)]
pub struct Strided<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a, T: Scalar> Strided<'a, T> {
    /// The tensor as it is.
    pub fn new(tensor: &'a Tensor<T>) -> Self {
        let (rows, columns) = tensor.shape();
        Self { data: tensor.as_slice(), rows, columns, row_stride: 1, column_stride: rows }
    }

    /// The same data with rows and columns exchanged; nothing is copied.
    #[must_use]
    pub fn transpose(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How far apart in the data neighbouring rows lie.
    pub fn row_stride(&self) -> usize {
        self.row_stride
    }

    /// How far apart in the data neighbouring columns lie.
    pub fn column_stride(&self) -> usize {
        self.column_stride
    }

    /// The data from the element at a row and a column on.
    ///
    /// # Panics
    /// If the position lies outside the data.
    pub fn data_from(&self, row: usize, column: usize) -> &'a [T] {
        &self.data[row * self.row_stride + column * self.column_stride..]
    }
}

/// `outputs = left * right`.
///
/// ```
/// use nnfs_tensor::{Tensor, multiply_to};
/// let left = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
/// let right = Tensor::from_row_slice(2, 1, &[1.0, 10.0]);
/// let mut outputs = Tensor::zeros(2, 1);
/// multiply_to(&left, &right, &mut outputs);
/// assert_eq!(outputs, Tensor::from_row_slice(2, 1, &[21.0, 43.0]));
/// ```
///
/// # Panics
/// If the shapes do not fit; the message has all three.
pub fn multiply_to<T: Scalar>(left: &Tensor<T>, right: &Tensor<T>, outputs: &mut Tensor<T>) {
    product_to("multiply_to", Strided::new(left), Strided::new(right), outputs);
}

/// `outputs = left^T * right`.
///
/// ```
/// use nnfs_tensor::{Tensor, transpose_multiply_to};
/// let left = Tensor::from_row_slice(2, 1, &[1.0, 2.0]);
/// let right = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
/// let mut outputs = Tensor::zeros(1, 2);
/// transpose_multiply_to(&left, &right, &mut outputs);
/// assert_eq!(outputs, Tensor::from_row_slice(1, 2, &[7.0, 10.0]));
/// ```
///
/// # Panics
/// If the shapes do not fit; the message has all three.
pub fn transpose_multiply_to<T: Scalar>(
    left: &Tensor<T>,
    right: &Tensor<T>,
    outputs: &mut Tensor<T>,
) {
    let left = Strided::new(left).transpose();
    product_to("transpose_multiply_to", left, Strided::new(right), outputs);
}

/// `outputs = left * right^T`.
///
/// ```
/// use nnfs_tensor::{Tensor, multiply_transpose_to};
/// let left = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
/// let right = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
/// let mut outputs = Tensor::zeros(1, 2);
/// multiply_transpose_to(&left, &right, &mut outputs);
/// assert_eq!(outputs, Tensor::from_row_slice(1, 2, &[5.0, 11.0]));
/// ```
///
/// # Panics
/// If the shapes do not fit; the message has all three.
pub fn multiply_transpose_to<T: Scalar>(
    left: &Tensor<T>,
    right: &Tensor<T>,
    outputs: &mut Tensor<T>,
) {
    let right = Strided::new(right).transpose();
    product_to("multiply_transpose_to", Strided::new(left), right, outputs);
}

/// Checks the shapes, then leaves the work to the kernel of the scalar.
fn product_to<T: Scalar>(
    name: &str,
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut Tensor<T>,
) {
    assert!(
        left.columns == right.rows && outputs.shape() == (left.rows, right.columns),
        "{name}: a {}x{} matrix times a {}x{} one does not fit into {}x{}",
        left.rows,
        left.columns,
        right.rows,
        right.columns,
        outputs.nrows(),
        outputs.ncols(),
    );
    T::product(left, right, outputs.as_mut_slice());
}

/// The kernels of the two hardware scalars differ in one name only.
macro_rules! matrixmultiply_kernel {
    ($name:ident, $scalar:ty, $gemm:path) => {
        #[allow(unsafe_code)]
        pub(crate) fn $name(
            left: Strided<'_, $scalar>,
            right: Strided<'_, $scalar>,
            outputs: &mut [$scalar],
        ) {
            assert_eq!(left.columns, right.rows, "inner dimensions");
            assert_eq!(outputs.len(), left.rows * right.columns, "size of the outputs");
            // SAFETY: a `Strided` is made from a whole tensor, and so every (i, j) inside its
            // rows and columns is inside its data. `outputs` holds rows * columns values, and as
            // a mutable slice it cannot overlap the operands. With beta = 0 it is only written.
            unsafe {
                $gemm(
                    left.rows,
                    left.columns,
                    right.columns,
                    1.0,
                    left.data.as_ptr(),
                    left.row_stride as isize,
                    left.column_stride as isize,
                    right.data.as_ptr(),
                    right.row_stride as isize,
                    right.column_stride as isize,
                    0.0,
                    outputs.as_mut_ptr(),
                    1,
                    left.rows as isize,
                );
            }
        }
    };
}

matrixmultiply_kernel!(product_f32, f32, matrixmultiply::sgemm);
matrixmultiply_kernel!(product_f64, f64, matrixmultiply::dgemm);

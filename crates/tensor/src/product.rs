//! The three matrix products of a dense layer, without a transposed copy.
//!
//! ```text
//! forward          outputs         = inputs   * weights
//! weight gradient  weight_gradient = inputs^T * gradient
//! input gradient   input_gradient  = gradient * weights^T
//! ```
//!
//! nalgebra's own `tr_mul_to` is a loop of dot products, and its `gemm` takes no transposed operand
//! and allocates. Here a transpose is the same data with its two strides exchanged, and the kernel
//! of the scalar takes it from there; see `kernel` for `f32` and `f64`.
//!
//! A column that is 0 for many rows need not be multiplied: 0 times infinity or NaN may give 0.

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

    /// The columns before one, and those from it on.
    #[cfg(feature = "rayon")]
    pub(crate) fn split_columns(self, column: usize) -> (Self, Self) {
        let data = &self.data[column * self.column_stride..];
        let columns = self.columns - column;
        (Self { columns: column, ..self }, Self { data, columns, ..self })
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

    /// All the data.
    pub fn data(&self) -> &'a [T] {
        self.data
    }

    /// The data from the element at a row and a column on.
    ///
    /// # Panics
    /// If the position lies outside the data.
    pub fn data_from(&self, row: usize, column: usize) -> &'a [T] {
        &self.data[row * self.row_stride + column * self.column_stride..]
    }
}

/// `outputs = left * right`, where 0 times infinity or NaN may give 0.
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
    product_to("multiply_to", Strided::new(left), Strided::new(right), Finish::Plain, outputs);
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
    product_to("transpose_multiply_to", left, Strided::new(right), Finish::Plain, outputs);
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
    product_to("multiply_transpose_to", Strided::new(left), right, Finish::Plain, outputs);
}

/// What is done with the sums of a product while they are written: the rest of a dense layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finish<'a, T> {
    /// Nothing.
    Plain,
    /// Adds the bias of the column.
    Bias(&'a [T]),
    /// Adds the bias of the column; then ReLU: 0 where the result is not above 0 (NaN stays NaN).
    BiasRelu(&'a [T]),
}

impl<T> Finish<'_, T> {
    /// What is done with so many columns from one on.
    pub(crate) fn of_columns(self, first: usize, count: usize) -> Self {
        match self {
            Self::Plain => Self::Plain,
            Self::Bias(biases) => Self::Bias(&biases[first..first + count]),
            Self::BiasRelu(biases) => Self::BiasRelu(&biases[first..first + count]),
        }
    }

    /// What is done where sums are made in parts along the inner dimension: a bias is where they
    /// start, ReLU comes at their end.
    pub(crate) fn of_inner(self, first: usize, count: usize, inner: usize) -> Self {
        match self {
            Self::BiasRelu(biases) if first + count < inner => Self::Bias(biases),
            finish => finish,
        }
    }
}

impl<T: Scalar> Finish<'_, T> {
    /// Does it to outputs that are already written: column-major, `rows` in each column.
    pub fn apply(self, outputs: &mut [T], rows: usize) {
        let (Self::Bias(biases) | Self::BiasRelu(biases)) = self else { return };
        let is_relu = matches!(self, Self::BiasRelu(_));
        let zero = T::default();
        for (column, &bias) in outputs.chunks_exact_mut(rows.max(1)).zip(biases) {
            for output in column {
                *output += bias;
                if is_relu && *output <= zero {
                    *output = zero;
                }
            }
        }
    }
}

/// `outputs = finish(left * right)`: a dense layer in one pass over its outputs.
///
/// ```
/// use nnfs_tensor::{Finish, Tensor, multiply_and_finish_to};
/// let inputs = Tensor::from_row_slice(2, 1, &[1.0, -1.0]);
/// let weights = Tensor::from_row_slice(1, 2, &[2.0, 3.0]);
/// let mut outputs = Tensor::zeros(2, 2);
/// multiply_and_finish_to(&inputs, &weights, Finish::BiasRelu(&[0.5, 4.0]), &mut outputs);
/// assert_eq!(outputs, Tensor::from_row_slice(2, 2, &[2.5, 7.0, 0.0, 1.0]));
/// ```
///
/// # Panics
/// If the shapes do not fit, or there is not one bias a column.
pub fn multiply_and_finish_to<T: Scalar>(
    left: &Tensor<T>,
    right: &Tensor<T>,
    finish: Finish<'_, T>,
    outputs: &mut Tensor<T>,
) {
    let (left, right) = (Strided::new(left), Strided::new(right));
    product_to("multiply_and_finish_to", left, right, finish, outputs);
}

/// Checks the shapes, then leaves the work to the kernel of the scalar.
fn product_to<T: Scalar>(
    name: &str,
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    finish: Finish<'_, T>,
    outputs: &mut Tensor<T>,
) {
    if let Finish::Bias(biases) | Finish::BiasRelu(biases) = finish {
        let (found, expected) = (biases.len(), right.columns);
        assert!(found == expected, "{name}: {found} biases for {expected} columns");
    }
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
    T::product(left, right, outputs.as_mut_slice(), finish);
}

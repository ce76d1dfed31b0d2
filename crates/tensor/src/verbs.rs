//! Operations on whole tensors. Layers, activations, losses and optimizers write their formulas with them;
//! the kernels below use the registers, the caches and the threads of the machine.

use nnfs_kernel as kernel;

use crate::{Elementwise, Scalar, Tensor, assert_same_shape, resize_mut};

/// Replaces each entry `x` by `f(x)`.
///
/// ```
/// use nnfs_tensor::{Tensor, map_mut};
/// let mut values = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
/// map_mut(&mut values, |x| x * x);
/// assert_eq!(values, Tensor::from_row_slice(1, 2, &[1.0, 4.0]));
/// ```
#[inline]
pub fn map_mut<T: Scalar>(values: &mut Tensor<T>, f: impl Fn(T) -> T) {
    kernel::map_mut(values.as_mut_slice(), f);
}

/// `values_ij = f(values_ij, others_ij)`
///
/// ```
/// use nnfs_tensor::{Tensor, zip_mut};
/// let mut values = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
/// zip_mut(&mut values, &Tensor::from_row_slice(1, 2, &[10.0, 20.0]), |a, b| b - a);
/// assert_eq!(values, Tensor::from_row_slice(1, 2, &[9.0, 18.0]));
/// ```
///
/// # Panics
/// If the shapes differ.
#[inline]
pub fn zip_mut<T: Scalar>(values: &mut Tensor<T>, others: &Tensor<T>, f: impl Fn(T, T) -> T) {
    assert_same_shape("zip_mut: values", values, "others", others);
    kernel::zip_mut(values.as_mut_slice(), others.as_slice(), f);
}

/// The logistic function of each entry: `probabilities_ij = 1 / (1 + exp(-logits_ij))`.
///
/// `probabilities` takes the shape that it needs.
pub fn sigmoid_to<T: Scalar>(logits: &Tensor<T>, probabilities: &mut Tensor<T>) {
    resize_mut(probabilities, logits.nrows(), logits.ncols());
    probabilities.copy_from(logits);
    T::sigmoid_mut(probabilities.as_mut_slice());
}

/// `results_ij = f(left_ij, right_ij)`
///
/// `results` takes the shape that it needs.
///
/// ```
/// use nnfs_tensor::{Tensor, zip_map_to};
/// let left = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
/// let right = Tensor::from_row_slice(1, 2, &[10.0, 20.0]);
/// let mut results = Tensor::default();
/// zip_map_to(&left, &right, &mut results, |a, b| b - a);
/// assert_eq!(results, Tensor::from_row_slice(1, 2, &[9.0, 18.0]));
/// ```
///
/// # Panics
/// If the shapes of `left` and `right` differ.
#[inline]
pub fn zip_map_to<T: Scalar>(
    left: &Tensor<T>,
    right: &Tensor<T>,
    results: &mut Tensor<T>,
    f: impl Fn(T, T) -> T,
) {
    assert_same_shape("zip_map_to: left entries", left, "right ones", right);
    resize_mut(results, left.nrows(), left.ncols());
    kernel::zip_map_to(left.as_slice(), right.as_slice(), results.as_mut_slice(), f);
}

/// The sum of `f(left_ij, right_ij)` over all entries, in double precision.
///
/// The order of the additions is the same on every machine.
///
/// ```
/// use nnfs_tensor::{Tensor, zip_sum};
/// let predictions = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
/// let targets = Tensor::from_row_slice(1, 2, &[1.5, 2.5]);
/// let sum = zip_sum(&predictions, &targets, |p: f64, y| (y - p).abs());
/// assert_eq!(sum, 1.0);
/// ```
///
/// # Panics
/// If the shapes differ.
#[inline]
pub fn zip_sum<T: Scalar>(left: &Tensor<T>, right: &Tensor<T>, f: impl Fn(T, T) -> f64) -> f64 {
    assert_same_shape("zip_sum: left entries", left, "right ones", right);
    kernel::zip_sum(left.as_slice(), right.as_slice(), f)
}

/// The sum of `weights_i * f(left_ij, right_ij)` over all entries, in double precision. A row of weight 0
/// does not count, whatever it holds.
///
/// The order of the additions is the same on every machine.
///
/// ```
/// use nnfs_tensor::{Tensor, weighted_zip_sum};
/// let predictions = Tensor::from_column_slice(2, 1, &[1.0, 2.0]);
/// let targets = Tensor::from_column_slice(2, 1, &[1.5, 2.5]);
/// let sum = weighted_zip_sum(&predictions, &targets, &[1.0, 3.0], |p: f64, y| (y - p).abs());
/// assert_eq!(sum, 2.0);
/// ```
///
/// # Panics
/// If the shapes differ, or there is not one weight for each row.
#[inline]
pub fn weighted_zip_sum<T: Scalar>(
    left: &Tensor<T>,
    right: &Tensor<T>,
    weights: &[f64],
    f: impl Fn(T, T) -> f64,
) -> f64 {
    assert_same_shape("weighted_zip_sum: left entries", left, "right ones", right);
    assert_weights(weights, left.nrows());
    if left.is_empty() {
        return 0.0;
    }
    // The storage is column-major: a chunk is a column.
    let columns = left.as_slice().chunks_exact(left.nrows());
    let columns = columns.zip(right.as_slice().chunks_exact(left.nrows()));
    columns.map(|(left, right)| kernel::weighted_zip_sum(left, right, weights, &f)).sum()
}

/// Multiplies each row by its weight, relative to the mean of all weights.
///
/// ```text
/// values_ij = values_ij * w_i * N / sum(w)        N rows
/// ```
///
/// So the gradient of a mean over the rows becomes that of the weighted mean. A row of weight 0 becomes 0.
///
/// ```
/// use nnfs_tensor::{Tensor, weight_rows_mut};
/// let mut values = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
/// weight_rows_mut(&mut values, &[3.0, 1.0]);
/// assert_eq!(values, Tensor::from_row_slice(2, 2, &[1.5, 3.0, 1.5, 2.0]));
/// ```
///
/// # Panics
/// If there is not one weight for each row.
pub fn weight_rows_mut<T: Scalar>(values: &mut Tensor<T>, weights: &[f64]) {
    let rows = values.nrows();
    assert_weights(weights, rows);
    let mean = weights.iter().sum::<f64>() / rows as f64;
    for (row, weight) in weights.iter().enumerate() {
        let factor = T::from_f64(weight / mean);
        for value in values.row_mut(row).iter_mut() {
            *value = if *weight > 0.0 { *value * factor } else { T::ZERO };
        }
    }
}

fn assert_weights(weights: &[f64], rows: usize) {
    assert!(
        weights.len() == rows,
        "weights: expected {rows}, one for each row, found {}",
        weights.len()
    );
}

/// `sums_j = sum over i of values_ij`: the sum of the rows.
///
/// `sums` takes the shape 1 x columns.
///
/// ```
/// use nnfs_tensor::{Tensor, sum_rows_to};
/// let values = Tensor::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
/// let mut sums = Tensor::default();
/// sum_rows_to(&values, &mut sums);
/// assert_eq!(sums, Tensor::from_row_slice(1, 2, &[4.0, 6.0]));
/// ```
pub fn sum_rows_to<T: Scalar>(values: &Tensor<T>, sums: &mut Tensor<T>) {
    resize_mut(sums, 1, values.ncols());
    T::sum_columns_to(values.as_slice(), values.nrows(), sums.as_mut_slice());
}

/// The chain rule through an activation `Y = f(X)`, and the sum of the rows of the result, in one pass.
///
/// ```text
/// D_ij   = G_ij * f'(X_ij)        from the outputs Y and their gradient G
/// sums_j = sum over i of D_ij
/// ```
/// `delta` (D) and `sums` take the shapes that they need.
///
/// # Panics
/// If the shapes of `outputs` and `gradient` differ.
pub fn chain_and_sum_to<T: Scalar>(
    f: &dyn Elementwise<T>,
    outputs: &Tensor<T>,
    gradient: &Tensor<T>,
    delta: &mut Tensor<T>,
    sums: &mut Tensor<T>,
) {
    assert_same_shape("gradients", gradient, "outputs", outputs);
    let (rows, columns) = outputs.shape();
    resize_mut(delta, rows, columns);
    resize_mut(sums, 1, columns);
    kernel::zip_map_and_sum_columns_to(
        outputs.as_slice(),
        gradient.as_slice(),
        delta.as_mut_slice(),
        rows,
        sums.as_mut_slice(),
        &|outputs: &[T], gradient: &[T], delta: &mut [T]| f.chain_to(outputs, gradient, delta),
    );
}

/// Copies some rows, in the order of `rows`; a row may be there several times.
///
/// `results` takes the shape that it needs, and allocates nothing if it was as large before.
///
/// ```
/// use nnfs_tensor::{Tensor, select_rows_to};
/// let samples = Tensor::from_row_slice(3, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// let mut batch = Tensor::default();
/// select_rows_to(&samples, &[2, 0], &mut batch);
/// assert_eq!(batch, Tensor::from_row_slice(2, 2, &[5.0, 6.0, 1.0, 2.0]));
/// ```
///
/// # Panics
/// If there is no such row.
pub fn select_rows_to<T: Scalar>(tensor: &Tensor<T>, rows: &[usize], results: &mut Tensor<T>) {
    let count = tensor.nrows();
    if let Some(row) = rows.iter().find(|&&row| row >= count) {
        panic!("select_rows_to: row {row} of a tensor of {count} rows");
    }
    resize_mut(results, rows.len(), tensor.ncols());
    if results.is_empty() {
        return;
    }
    // The storage is column-major: a chunk is a column.
    let columns = tensor.as_slice().chunks_exact(count);
    for (results, column) in results.as_mut_slice().chunks_exact_mut(rows.len()).zip(columns) {
        for (result, &row) in results.iter_mut().zip(rows) {
            *result = column[row];
        }
    }
}

/// Applies an optimizer's formula to every entry w of a parameter, its gradient g and the N numbers of
/// state that belong to it.
///
/// ```text
/// (w, state) = formula(w, g, state)
/// ```
/// State that has decayed below the normal range of the kind of number (1e-38 for `f32`) becomes 0,
/// because a CPU computes with such numbers a hundred times more slowly.
///
/// ```
/// use nnfs_tensor::{Tensor, update_mut};
/// let mut weights = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
/// let gradient = Tensor::from_row_slice(1, 2, &[0.5, -0.5]);
/// let mut velocity = Tensor::zeros(1, 2);
/// // SGD with a momentum of 0.9 and a learning rate of 1.
/// update_mut(&mut weights, &gradient, [&mut velocity], |w, g, [v]| {
///     let v = 0.9 * v - g;
///     (w + v, [v])
/// });
/// assert_eq!(weights, Tensor::from_row_slice(1, 2, &[0.5, 2.5]));
/// assert_eq!(velocity, Tensor::from_row_slice(1, 2, &[-0.5, 0.5]));
/// ```
///
/// # Panics
/// If the shapes differ.
#[inline]
pub fn update_mut<T: Scalar, const N: usize>(
    values: &mut Tensor<T>,
    gradient: &Tensor<T>,
    state: [&mut Tensor<T>; N],
    formula: impl Fn(T, T, [T; N]) -> (T, [T; N]),
) {
    assert_same_shape("gradients", gradient, "values of a parameter", values);
    for state in &state {
        assert_same_shape("values of a parameter", values, "tensors of the optimizer", state);
    }
    let state = state.map(Tensor::as_mut_slice);
    kernel::update_mut(values.as_mut_slice(), gradient.as_slice(), state, formula);
}

/// Whether no entry is infinite or NaN.
///
/// ```
/// use nnfs_tensor::{Tensor, all_finite};
/// assert!(all_finite(&Tensor::from_element(2, 2, 1.0)));
/// assert!(!all_finite(&Tensor::from_element(2, 2, f64::NAN)));
/// ```
pub fn all_finite<T: Scalar>(tensor: &Tensor<T>) -> bool {
    kernel::all(tensor.as_slice(), T::is_finite)
}

/// The row and the column of the first entry that is infinite or NaN, column by column.
///
/// ```
/// use nnfs_tensor::{Tensor, first_non_finite};
/// let tensor = Tensor::from_row_slice(2, 2, &[1.0, f64::NAN, 1.0, f64::INFINITY]);
/// assert_eq!(first_non_finite(&tensor), Some((0, 1)));
/// ```
pub fn first_non_finite<T: Scalar>(tensor: &Tensor<T>) -> Option<(usize, usize)> {
    if all_finite(tensor) {
        return None;
    }
    let position = tensor.as_slice().iter().position(|value| !value.is_finite())?;
    Some((position % tensor.nrows(), position / tensor.nrows()))
}

/// The sum of the squares of all entries, in double precision.
///
/// The order of the additions is the same on every machine.
///
/// ```
/// use nnfs_tensor::{Tensor, squared_norm};
/// assert_eq!(squared_norm(&Tensor::from_row_slice(1, 2, &[3.0, 4.0])), 25.0);
/// ```
pub fn squared_norm<T: Scalar>(tensor: &Tensor<T>) -> f64 {
    kernel::squared_norm(tensor.as_slice(), T::to_f64)
}

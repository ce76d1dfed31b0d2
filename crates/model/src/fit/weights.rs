//! The weights of the rows of a training.

use std::borrow::Cow;

use nnfs_tensor::{Scalar, ShapeError, Tensor, argmax, sum_of_weights};

use crate::TrainError;

/// The weights that make every class count the same.
///
/// ```text
/// w_k = n / (K * n_k)        n rows, n_k of them of class k, K classes
/// ```
///
/// Targets are (samples, classes), one-hot, or one column of 0 and 1, which are two classes. It is
/// `class_weight="balanced"` of scikit-learn. With weights of the rows, the numbers of rows are sums of
/// weights. A class without rows gets weight 0.
///
/// King and Zeng, 2001: Logistic Regression in Rare Events Data.
///
/// ```
/// use nnfs_model::balanced_class_weights;
/// use nnfs_tensor::Tensor;
/// let targets = Tensor::from_column_slice(4, 1, &[0.0, 0.0, 0.0, 1.0]);
/// assert_eq!(balanced_class_weights(&targets, None), [4.0 / 6.0, 4.0 / 2.0]);
/// ```
///
/// # Panics
/// If there are rows but no columns, or not one weight for each row.
pub fn balanced_class_weights<T: Scalar>(targets: &Tensor<T>, weights: Option<&[f64]>) -> Vec<f64> {
    let (rows, found) = (targets.nrows(), weights.map_or(targets.nrows(), <[f64]>::len));
    assert!(rows == found, "weights: expected {rows}, one for each row, found {found}");
    let mut counts = vec![0.0; classes(targets)];
    for row in 0..rows {
        counts[class_of(targets, row)] += weights.map_or(1.0, |weights| weights[row]);
    }
    let (n, classes) = (counts.iter().sum::<f64>(), counts.len() as f64);
    let weight = |count: f64| if count > 0.0 { n / (classes * count) } else { 0.0 };
    counts.into_iter().map(weight).collect()
}

/// The weights of some rows: those of the loss, and those of the metrics, which have no class weights.
#[derive(Debug, Clone, Default)]
pub(super) struct RowWeights<'a> {
    pub(super) loss: Option<Cow<'a, [f64]>>,
    pub(super) metrics: Option<&'a [f64]>,
}

impl<'a> RowWeights<'a> {
    /// The weights of the rows of these targets.
    ///
    /// # Errors
    /// If there is not one weight for each row or class, a weight is out of range, or all are 0.
    pub(super) fn of<T: Scalar>(
        weights: Option<&'a [f64]>,
        class_weights: Option<&[f64]>,
        targets: &Tensor<T>,
    ) -> Result<Self, TrainError> {
        if let Some(weights) = weights {
            sum_of_weights(weights, targets.nrows())?;
        }
        let Some(class_weights) = class_weights else {
            return Ok(Self { loss: weights.map(Cow::Borrowed), metrics: weights });
        };
        let classes = classes(targets);
        if class_weights.len() != classes {
            let expected = format!("{classes}, one for each class");
            let found = class_weights.len().to_string();
            return Err(ShapeError::new("class weights", expected, found).into());
        }
        let of_row = |row| weights.map_or(1.0, |weights| weights[row]);
        let product = |row| class_weights[class_of(targets, row)] * of_row(row);
        let loss: Vec<f64> = (0..targets.nrows()).map(product).collect();
        sum_of_weights(&loss, targets.nrows())?;
        Ok(Self { loss: Some(Cow::Owned(loss)), metrics: weights })
    }
}

/// The number of classes of targets: two for a single column.
fn classes<T: Scalar>(targets: &Tensor<T>) -> usize {
    targets.ncols().max(2)
}

/// The class of a row of targets.
fn class_of<T: Scalar>(targets: &Tensor<T>, row: usize) -> usize {
    match targets.ncols() {
        1 => usize::from(targets[row].to_f64() > 0.5),
        _ => argmax(targets, row),
    }
}

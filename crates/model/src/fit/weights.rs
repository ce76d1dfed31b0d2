//! The weights of the rows of a training.

use std::borrow::Cow;

use nnfs_tensor::{Scalar, ShapeError, Tensor, argmax, sum_of_weights};

use super::settings::{Fit, Validation};
use crate::{FitError, TrainError};

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
/// assert_eq!(balanced_class_weights(&targets, None)?, [4.0 / 6.0, 4.0 / 2.0]);
/// # Ok::<(), nnfs_model::TrainError>(())
/// ```
///
/// # Errors
/// If the targets are not classes, or the weights are not what [`sum_of_weights`] expects.
pub fn balanced_class_weights<T: Scalar>(
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<Vec<f64>, TrainError> {
    if let Some(weights) = weights {
        sum_of_weights(weights, targets.nrows())?;
    }
    check_classes(targets, weights)?;
    let mut counts = vec![0.0; classes(targets)];
    for (row, weight) in counted_rows(targets, weights) {
        counts[class_of(targets, row)] += weight;
    }
    let (n, classes) = (counts.iter().sum::<f64>(), counts.len() as f64);
    let weight = |count: f64| if count > 0.0 { n / (classes * count) } else { 0.0 };
    Ok(counts.into_iter().map(weight).collect())
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
    /// If there is not one weight for each row or class, a weight is out of range, all are 0, or there are
    /// weights of classes and the targets are not classes.
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
        check_classes(targets, weights)?;
        let of_row = |row| weights.map_or(1.0, |weights| weights[row]);
        let product = |row| class_weights[class_of(targets, row)] * of_row(row);
        let loss: Vec<f64> = (0..targets.nrows()).map(product).collect();
        sum_of_weights(&loss, targets.nrows())?;
        Ok(Self { loss: Some(Cow::Owned(loss)), metrics: weights })
    }

    /// The weights of the validation data that was given.
    ///
    /// # Errors
    /// As [`RowWeights::of`].
    pub(super) fn of_validation_data<T: Scalar>(settings: &'a Fit<T>) -> Result<Self, FitError> {
        let Validation::Data(_, targets) = &settings.validation else {
            return Ok(Self::default());
        };
        let weights = settings.validation_weights.as_deref();
        let class_weights = settings.class_weights.as_deref();
        Self::of(weights, class_weights, targets).map_err(FitError::Validation)
    }

    /// Checks that each row that counts has a weight above 0 in the loss.
    ///
    /// # Errors
    /// For the first row that does not: the weight of its class is 0, or too small for its product with that
    /// of the row.
    pub(super) fn check_every_row_counts<T: Scalar>(
        &self,
        targets: &Tensor<T>,
    ) -> Result<(), TrainError> {
        let Some(loss) = &self.loss else { return Ok(()) };
        match counted_rows(targets, self.metrics).find(|&(row, _)| loss[row] == 0.0) {
            Some((row, _)) => {
                Err(TrainError::ClassOfNoWeight { row, class: class_of(targets, row) })
            }
            None => Ok(()),
        }
    }
}

/// The rows with a weight above 0, and their weights. The others do not count.
fn counted_rows<T: Scalar>(
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> impl Iterator<Item = (usize, f64)> {
    let weight = move |row| weights.map_or(1.0, |weights| weights[row]);
    (0..targets.nrows()).map(move |row| (row, weight(row))).filter(|&(_, weight)| weight > 0.0)
}

/// Checks that the targets of the rows that count are classes: one column of 0 and 1, or one-hot.
fn check_classes<T: Scalar>(
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<(), TrainError> {
    if targets.ncols() == 0 {
        return Err(ShapeError::new("columns of the targets", "at least 1", "0").into());
    }
    let is_class = |row: usize| {
        let numbers = || targets.row(row).into_iter().map(|target| target.to_f64());
        let ones = numbers().filter(|&number| number == 1.0).count();
        let zeros = numbers().filter(|&number| number == 0.0).count();
        ones + zeros == targets.ncols() && (ones == 1 || targets.ncols() == 1)
    };
    match counted_rows(targets, weights).find(|&(row, _)| !is_class(row)) {
        Some((row, _)) => {
            let found = targets.row(row).iter().map(|target| target.to_f64()).collect();
            Err(TrainError::NotClasses { row, found })
        }
        None => Ok(()),
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

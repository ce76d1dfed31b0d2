//! A column of weights.

use nnfs::datasets::{Selector, Table};
use nnfs::files::FileScalar;
use nnfs::model::balanced_class_weights;
use nnfs::prelude::*;
use nnfs::tensor::{WeightError, sum_of_weights};

use crate::{ClassWeights, Error};

/// The weights of the rows of a table.
///
/// # Errors
/// If there is no such column, a value is not a number, or is negative or infinite, or all are 0.
pub(crate) fn column_of_weights(table: &Table, name: &str) -> Result<Vec<f64>, Error> {
    let column = table.column(&Selector::from(name))?;
    let rows = 0..table.rows();
    let weights = rows.map(|row| table.number(row, column)).collect::<Result<Vec<_>, _>>()?;
    sum_of_weights(&weights, table.rows()).map_err(|error| match error {
        WeightError::Value { row, found } => {
            Error::Weight { place: table.place(row, column), found }
        }
        source => {
            Error::Weights { file: table.source().to_owned(), column: name.to_owned(), source }
        }
    })?;
    Ok(weights)
}

/// The weights of the rows of a table, divided by their mean: only their ratios count in a training. Otherwise the
/// penalty of a ridge regression would be stronger for smaller weights.
///
/// # Errors
/// As [`column_of_weights`].
pub(crate) fn relative_weights(table: &Table, name: &str) -> Result<Vec<f64>, Error> {
    let mut weights = column_of_weights(table, name)?;
    let mean = weights.iter().sum::<f64>() / weights.len() as f64;
    weights.iter_mut().for_each(|weight| *weight /= mean);
    Ok(weights)
}

/// The mean of some numbers, weighted if there are weights.
///
/// ```text
/// sum_i w_i x_i / sum_i w_i
/// ```
pub(crate) fn weighted_mean(
    numbers: impl IntoIterator<Item = f64>,
    weights: Option<&[f64]>,
) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (row, number) in numbers.into_iter().enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        sum += weight * number;
        total += weight;
    }
    sum / total
}

/// The weights of rows in the loss: their own, times those of their classes if they are balanced. The targets are
/// one-hot, or one column of 0 and 1.
pub(crate) fn weights_in_loss<T: FileScalar>(
    targets: &Tensor<T>,
    weights: Option<Vec<f64>>,
    class_weights: ClassWeights,
) -> Option<Vec<f64>> {
    if class_weights == ClassWeights::Equal {
        return weights;
    }
    let of_classes = balanced_class_weights(targets, weights.as_deref());
    let of_classes = of_classes.expect("targets of classes and weights that were checked");
    let class_of = |row: usize| match targets.ncols() {
        1 => usize::from(targets[row] > T::ZERO),
        _ => targets.row(row).iter().position(|&target| target > T::ZERO).unwrap_or(0),
    };
    let weight = |row: usize| weights.as_ref().map_or(1.0, |weights| weights[row]);
    Some((0..targets.nrows()).map(|row| weight(row) * of_classes[class_of(row)]).collect())
}

/// The rows whose weight is above 0, if some have weight 0: those do not count.
pub(crate) fn counted_rows(table: &Table, weights: &[f64]) -> Option<Table> {
    let is_counted = |row: &usize| weights[*row] > 0.0;
    let rows: Vec<usize> = (0..table.rows()).filter(is_counted).collect();
    (rows.len() < table.rows()).then(|| table.select_rows(&rows))
}

/// The rows whose weight is above 0, and their weights, if a column of weights is given; otherwise all rows.
///
/// # Errors
/// As [`column_of_weights`].
pub(crate) fn weighted_rows(
    table: &Table,
    weight: Option<&str>,
) -> Result<(Table, Option<Vec<f64>>), Error> {
    let Some(weight) = weight else { return Ok((table.clone(), None)) };
    let mut weights = column_of_weights(table, weight)?;
    let counted = counted_rows(table, &weights).unwrap_or_else(|| table.clone());
    weights.retain(|&weight| weight > 0.0);
    Ok((counted, Some(weights)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_classes_have_equal_sums_of_weights() {
        let targets: Tensor<f64> = Tensor::from_row_slice(4, 2, &[1., 0., 1., 0., 1., 0., 0., 1.]);
        let column = targets.columns(1, 1).into_owned();
        for targets in [targets, column] {
            let balanced = |weights| weights_in_loss(&targets, weights, ClassWeights::Balanced);
            assert_eq!(balanced(None).unwrap(), [4. / 6., 4. / 6., 4. / 6., 2.]);
            let weights = balanced(Some(vec![1., 2., 0., 3.])).unwrap();
            assert_eq!(weights, [1., 2., 0., 3.]);
            assert_eq!(weights_in_loss(&targets, None, ClassWeights::Equal), None);
        }
    }
}

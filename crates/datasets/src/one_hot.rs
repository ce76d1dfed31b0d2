//! Labels as targets.

use nnfs_tensor::{Scalar, Tensor};

use crate::LabelError;

/// Labels as one-hot targets, (labels, classes): 1 in the column of the label, 0 elsewhere.
///
/// ```
/// use nnfs_datasets::one_hot;
/// let targets = one_hot::<f64>(&[2, 0], 3)?;
/// assert_eq!(targets.row(0).iter().copied().collect::<Vec<_>>(), [0.0, 0.0, 1.0]);
/// assert_eq!(targets.row(1).iter().copied().collect::<Vec<_>>(), [1.0, 0.0, 0.0]);
///
/// let error = one_hot::<f64>(&[2, 3], 3).unwrap_err();
/// assert_eq!(error.to_string(), "label of row 1 (from 0): expected less than 3 (the number of classes), found 3");
/// # Ok::<(), nnfs_datasets::LabelError>(())
/// ```
///
/// # Errors
/// If a label is not less than `classes`; the error names the first such row.
pub fn one_hot<T: Scalar>(labels: &[usize], classes: usize) -> Result<Tensor<T>, LabelError> {
    if let Some(row) = labels.iter().position(|&label| label >= classes) {
        return Err(LabelError::OutOfRange { row, found: labels[row], classes });
    }
    Ok(Tensor::from_fn(labels.len(), classes, |row, class| {
        T::data(if labels[row] == class { 1.0 } else { 0.0 })
    }))
}

//! Rows to learn from, and rows to test with.

use std::collections::BTreeMap;

use nnfs_tensor::{Scalar, SettingError, Tensor};
use rand::Rng;
use rand::seq::SliceRandom;

/// Splits rows by chance into those to train with and those to test with, in this order.
///
/// ```text
/// test = round(fraction * rows)
/// ```
///
/// Every row is in one of the two, which come in a random order. The same generator in the same
/// state gives the same split.
///
/// ```
/// use nnfs_datasets::train_test_split;
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// let (train, test) = train_test_split(10, 0.3, &mut ChaCha8Rng::seed_from_u64(0))?;
/// assert_eq!((train.len(), test.len()), (7, 3));
/// # Ok::<(), nnfs_datasets::SplitError>(())
/// ```
///
/// # Errors
/// If `fraction`, the share of the test, is not in [0, 1), or if it leaves nothing to train with.
pub fn train_test_split(
    rows: usize,
    fraction: f64,
    rng: &mut (impl Rng + ?Sized),
) -> Result<(Vec<usize>, Vec<usize>), SplitError> {
    let test = test_rows(rows, fraction)?;
    let mut train: Vec<usize> = (0..rows).collect();
    train.shuffle(rng);
    let test = train.split_off(rows - test);
    Ok((train, test))
}

/// Splits rows by chance as [`train_test_split`] does, with each class in its share in both parts.
///
/// The test takes `floor(fraction * rows of the class)` rows of each class, and one more of those
/// with the largest remainders until it has `round(fraction * rows)` rows. Every class keeps one row to
/// train with, even if the test becomes smaller by that.
///
/// ```
/// use nnfs_datasets::stratified_split;
/// use rand::{SeedableRng, rngs::ChaCha8Rng};
/// let labels = [0, 0, 0, 0, 1, 1];
/// let (_, test) = stratified_split(&labels, 0.5, &mut ChaCha8Rng::seed_from_u64(0))?;
/// assert_eq!(test.iter().filter(|&&row| labels[row] == 1).count(), 1);
/// # Ok::<(), nnfs_datasets::SplitError>(())
/// ```
///
/// # Errors
/// As [`train_test_split`].
pub fn stratified_split(
    labels: &[usize],
    fraction: f64,
    rng: &mut (impl Rng + ?Sized),
) -> Result<(Vec<usize>, Vec<usize>), SplitError> {
    let total = test_rows(labels.len(), fraction)?;
    let mut classes = BTreeMap::<usize, Vec<usize>>::new();
    for (row, &label) in labels.iter().enumerate() {
        classes.entry(label).or_default().push(row);
    }
    let mut classes: Vec<Vec<usize>> = classes.into_values().collect();
    let share = |class: &Vec<usize>| fraction * class.len() as f64;
    // Rounding may not take a class's last row: the share is below it.
    let count = |class: &Vec<usize>| (share(class) as usize).min(class.len() - 1);
    let mut counts: Vec<usize> = classes.iter().map(count).collect();

    // The largest remainders first; of equal ones, the class that comes first.
    let remainder = |class: usize| share(&classes[class]).fract();
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)));
    let mut missing = total.saturating_sub(counts.iter().sum());
    for class in order {
        if missing > 0 && counts[class] + 1 < classes[class].len() {
            counts[class] += 1;
            missing -= 1;
        }
    }

    let (mut train, mut test) = (Vec::new(), Vec::new());
    for (class, count) in classes.iter_mut().zip(counts) {
        class.shuffle(rng);
        test.extend(class.drain(..count));
        train.append(class);
    }
    train.shuffle(rng);
    test.shuffle(rng);
    Ok((train, test))
}

/// Rows of a tensor, in the order of `rows`; a row may come again.
///
/// # Panics
/// If there are not so many rows.
pub fn select_rows<T: Scalar>(tensor: &Tensor<T>, rows: &[usize]) -> Tensor<T> {
    let count = tensor.nrows();
    if let Some(row) = rows.iter().find(|&&row| row >= count) {
        panic!("select_rows: row {row} of a tensor of {count} rows");
    }
    tensor.select_rows(rows)
}

/// How many rows the test takes.
fn test_rows(rows: usize, fraction: f64) -> Result<usize, SplitError> {
    SettingError::check_fraction("fraction of the test", fraction)?;
    let test = (fraction * rows as f64).round() as usize;
    if test >= rows {
        return Err(SplitError::NothingToTrain { rows, fraction });
    }
    Ok(test)
}

/// Why rows cannot be split.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// The fraction is out of its range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// All rows, if there are any, would be in the test.
    #[error(
        "split: expected a row to train with, found none in {rows} rows less a fraction of {fraction}"
    )]
    NothingToTrain {
        /// How many rows there are.
        rows: usize,
        /// The fraction of the test.
        fraction: f64,
    },
}

//! Splits of the rows into training rows and test rows.

use std::collections::BTreeMap;

use nnfs_tensor::{Scalar, SettingError, Tensor, select_rows_to};
use rand::Rng;
use rand::seq::SliceRandom;

/// Splits rows at random: `(training rows, test rows)`.
///
/// ```text
/// number of test rows = round(fraction * rows)
/// ```
///
/// Every row is in one of the two parts, and both are in random order. The same generator in the same
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
/// If `fraction`, the fraction of test rows, is not in [0, 1), or if it leaves no training rows.
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

/// Splits rows at random as [`train_test_split`], with the same fraction of every class in both parts.
///
/// The test rows are `floor(fraction * rows of the class)` rows of each class, and one more of the
/// classes with the largest remainders until there are `round(fraction * rows)`. Every class keeps at
/// least one training row, even if there are fewer test rows then.
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
/// As for [`train_test_split`].
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
    // `fraction` is below 1, but rounding must not take the last row of a class.
    let count = |class: &Vec<usize>| (share(class) as usize).min(class.len() - 1);
    let mut counts: Vec<usize> = classes.iter().map(count).collect();

    // The largest remainders first; of equal remainders, the first class.
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

/// Some rows of a tensor, in the order of `rows`; a row may be there several times.
///
/// [`select_rows_to`] copies them into a buffer.
///
/// # Panics
/// If there is no such row.
pub fn select_rows<T: Scalar>(tensor: &Tensor<T>, rows: &[usize]) -> Tensor<T> {
    let mut selected = Tensor::default();
    select_rows_to(tensor, rows, &mut selected);
    selected
}

/// The number of test rows.
fn test_rows(rows: usize, fraction: f64) -> Result<usize, SplitError> {
    SettingError::check_fraction("test fraction", fraction)?;
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
    /// The fraction is out of range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// All rows, if there are any, would be test rows.
    #[error("split: a fraction of {fraction} leaves no training rows out of {rows}")]
    NothingToTrain {
        /// The number of rows.
        rows: usize,
        /// The fraction of test rows.
        fraction: f64,
    },
}

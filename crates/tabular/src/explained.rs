//! Outliers of a target that the inputs explain.

use std::collections::HashSet;

use nnfs::datasets::{Encoder, StandardScaler, Table};
use nnfs::prelude::*;

use crate::Error;
use crate::bagging::Ridge;

/// How many parts the rows are divided into.
const PARTS: usize = 5;

/// The most numbers of the inputs.
const MOST_NUMBERS: usize = 1 << 22;

/// The most rows of a table with more inputs than this.
const MANY: usize = 256;

/// An outlier is explained if the prediction leaves at most this share of its distance from the median.
const UNEXPLAINED: f64 = 0.5;

/// Which outliers of a target a linear model predicts from other rows: those of a rare flag, for example. They are no
/// errors, and without them nothing is learned about the flag.
///
/// ```text
/// p   a ridge regression on four fifths of the rows predicts the others
/// an outlier y is explained if |y - p| <= |y - median| / 2
/// ```
///
/// `numbers` are the targets of `rows`, and `far` the positions of the outliers among them. Nothing is explained if
/// this holds for fewer than half of the outliers: a few of many may be near by chance. Rows of large tables are
/// sampled; outliers that are not among them are explained if all others are.
///
/// # Errors
/// If a value is not what its column should hold.
pub(crate) fn explained(
    table: &Table,
    encoder: &Encoder,
    rows: &[usize],
    (numbers, far): (&[f64], &[usize]),
    median: f64,
) -> Result<HashSet<usize>, Error> {
    let width = encoder.input_width().max(1);
    let most = if width > MANY { MANY } else { usize::MAX }.min(MOST_NUMBERS / width);
    let sample = sample(rows.len(), far, most);
    let sampled: Vec<usize> = sample.iter().map(|&index| rows[index]).collect();
    let inputs = encoder.inputs::<f64>(&table.select_rows(&sampled))?;
    // Numbers without a finite spread explain nothing.
    let Ok((_, inputs)) = StandardScaler::fit_transform(&inputs) else {
        return Ok(HashSet::new());
    };
    let targets = Tensor::from_fn(sample.len(), 1, |row, _| numbers[sample[row]]);
    let predictions = predictions(&inputs, &targets);
    let is_far: HashSet<usize> = far.iter().copied().collect();
    let positions = (0..sample.len()).filter(|&row| is_far.contains(&sample[row]));
    let positions: Vec<usize> = positions.collect();
    let is_explained = |&&row: &&usize| {
        let distance = |from: f64| (targets[row] - from).abs();
        distance(predictions[row]) <= UNEXPLAINED * distance(median)
    };
    let found: HashSet<usize> =
        positions.iter().filter(is_explained).map(|&it| sample[it]).collect();
    Ok(if found.len() == positions.len() {
        is_far
    } else if 2 * found.len() >= positions.len() {
        found
    } else {
        HashSet::new()
    })
}

/// At most `most` of the rows, half of them outliers if there are so many: the outliers first, and then others at even
/// distances.
fn sample(rows: usize, far: &[usize], most: usize) -> Vec<usize> {
    let is_far: HashSet<usize> = far.iter().copied().collect();
    let mut sample: Vec<usize> = far.iter().copied().take(most / 2).collect();
    let others: Vec<usize> = (0..rows).filter(|row| !is_far.contains(row)).collect();
    let step = others.len().div_ceil((most - sample.len()).max(1)).max(1);
    sample.extend(others.into_iter().step_by(step));
    sample
}

/// Each row predicted by a ridge regression of other rows. The rows are dealt to the parts in turn.
fn predictions(inputs: &Tensor<f64>, targets: &Tensor<f64>) -> Vec<f64> {
    let mut predictions = vec![f64::NAN; inputs.nrows()];
    for part in 0..PARTS {
        let (held_out, learned): (Vec<usize>, Vec<usize>) =
            (0..inputs.nrows()).partition(|row| row % PARTS == part);
        let Ridge { weights, biases, .. } =
            Ridge::fit(&inputs.select_rows(&learned), &targets.select_rows(&learned), None);
        let predicted = inputs.select_rows(&held_out) * weights;
        for (&row, predicted) in held_out.iter().zip(predicted.iter()) {
            predictions[row] = predicted + biases[0];
        }
    }
    predictions
}

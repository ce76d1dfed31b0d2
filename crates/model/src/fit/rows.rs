//! Which rows an epoch trains on, in which order, and how they are gathered into a batch.

use std::ops::Range;

use nnfs_tensor::{Scalar, Tensor, select_rows_to, stream};
use rand::seq::SliceRandom;

use super::settings::Validation;
use super::weights::RowWeights;
use crate::{Fit, FitError};

/// Inputs and targets, one row per sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Data<'a, T: Scalar> {
    pub(super) inputs: &'a Tensor<T>,
    pub(super) targets: &'a Tensor<T>,
    /// Of the loss.
    pub(super) weights: Option<&'a [f64]>,
    pub(super) metric_weights: Option<&'a [f64]>,
}

impl<'a, T: Scalar> Data<'a, T> {
    pub(super) fn new(
        inputs: &'a Tensor<T>,
        targets: &'a Tensor<T>,
        weights: &'a RowWeights<'_>,
    ) -> Self {
        let RowWeights { loss, metrics } = weights;
        Self { inputs, targets, weights: loss.as_deref(), metric_weights: *metrics }
    }

    /// The rows with a weight above 0; the others do not count. Class weights make no difference: they are
    /// weights of the loss alone.
    pub(super) fn counted_rows(self) -> Vec<usize> {
        let is_counted =
            |row: &usize| self.metric_weights.is_none_or(|weights| weights[*row] > 0.0);
        (0..self.inputs.nrows()).filter(is_counted).collect()
    }
}

/// The rows that a validation fraction holds out, copied; empty without a fraction.
#[derive(Debug)]
pub(super) struct HeldOut<T: Scalar> {
    /// Their numbers, sorted.
    pub(super) rows: Vec<usize>,
    inputs: Tensor<T>,
    targets: Tensor<T>,
    weights: Option<Vec<f64>>,
    metric_weights: Option<Vec<f64>>,
}

impl<T: Scalar> HeldOut<T> {
    /// Draws the rows from those that count.
    ///
    /// # Errors
    /// If the fraction leaves one side without a row.
    pub(super) fn of(
        data: Data<'_, T>,
        counted: &[usize],
        settings: &Fit<T>,
    ) -> Result<Self, FitError> {
        let rows = match settings.validation {
            Validation::Fraction { fraction, seed } => {
                let rows = counted.len();
                let validation = (fraction * rows as f64).round() as usize;
                if validation == 0 || validation >= rows {
                    return Err(FitError::Split { fraction, validation, rows });
                }
                draw_rows(counted.to_vec(), validation, seed)
            }
            Validation::Without | Validation::Data(..) => Vec::new(),
        };
        let (mut inputs, mut targets) = (Tensor::default(), Tensor::default());
        select_rows_to(data.inputs, &rows, &mut inputs);
        select_rows_to(data.targets, &rows, &mut targets);
        let select = |weights: Option<&[f64]>| {
            weights.map(|weights| rows.iter().map(|&row| weights[row]).collect())
        };
        let (weights, metric_weights) = (select(data.weights), select(data.metric_weights));
        Ok(Self { rows, inputs, targets, weights, metric_weights })
    }

    pub(super) fn data(&self) -> Data<'_, T> {
        let Self { inputs, targets, weights, metric_weights, .. } = self;
        let (weights, metric_weights) = (weights.as_deref(), metric_weights.as_deref());
        Data { inputs, targets, weights, metric_weights }
    }
}

/// The training rows of the data, and their order in the current epoch.
#[derive(Debug)]
pub(super) struct Rows {
    rows: Vec<usize>,
    order: Vec<usize>,
    /// Whether these are all rows of the data, in its order.
    whole: bool,
}

impl Rows {
    /// The rows that count, without the `validation` rows. `data_rows` is the number of rows of the data.
    pub(super) fn new(mut rows: Vec<usize>, validation: &[usize], data_rows: usize) -> Self {
        rows.retain(|row| validation.binary_search(row).is_err());
        Self { order: rows.clone(), whole: rows.len() == data_rows, rows }
    }

    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    /// Shuffles the rows for an epoch; their order depends on the seed and the epoch alone.
    pub(super) fn shuffle(&mut self, seed: u64, epoch: usize) {
        self.order.copy_from_slice(&self.rows);
        self.order.shuffle(&mut stream(seed, 1 + epoch as u64));
        self.whole = false;
    }

    /// Restores the order of the data.
    pub(super) fn sort(&mut self, data_rows: usize) {
        self.order.copy_from_slice(&self.rows);
        self.whole = self.rows.len() == data_rows;
    }

    /// The ranges of the batches in the current order.
    pub(super) fn batches(&self, size: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let count = self.count();
        (0..count).step_by(size).map(move |start| start..count.min(start.saturating_add(size)))
    }

    /// Whether a batch is the whole data in its order, so that no copy is needed.
    pub(super) fn is_all(&self, batch: &Range<usize>) -> bool {
        self.whole && batch.len() == self.count()
    }

    /// Copies the rows of a batch.
    pub(super) fn gather_to<T: Scalar>(
        &self,
        batch: &Range<usize>,
        source: &Tensor<T>,
        target: &mut Tensor<T>,
    ) {
        select_rows_to(source, &self.order[batch.clone()], target);
    }

    /// The sum of the weights of a batch, or its number of rows without weights.
    pub(super) fn weight(&self, batch: &Range<usize>, weights: Option<&[f64]>) -> f64 {
        match weights {
            Some(weights) => self.order[batch.clone()].iter().map(|&row| weights[row]).sum(),
            None => batch.len() as f64,
        }
    }

    /// Copies the weights of a batch; none without weights.
    pub(super) fn gather_weights_to(
        &self,
        batch: &Range<usize>,
        source: Option<&[f64]>,
        target: &mut Vec<f64>,
    ) {
        target.clear();
        let Some(weights) = source else { return };
        target.extend(self.order[batch.clone()].iter().map(|&row| weights[row]));
    }
}

/// `count` of the rows, drawn with a seed and sorted.
fn draw_rows(mut drawn: Vec<usize>, count: usize, seed: u64) -> Vec<usize> {
    drawn.shuffle(&mut stream(seed, 0));
    drawn.truncate(count);
    drawn.sort_unstable();
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All rows, without those of validation.
    fn rows_of(count: usize, validation: &[usize]) -> Rows {
        Rows::new((0..count).collect(), validation, count)
    }

    #[test]
    fn batches_cover_every_row_once() {
        for (count, size) in [(1, 1), (10, 3), (9, 3), (7, 7), (7, usize::MAX)] {
            let mut rows = rows_of(count, &[]);
            for epoch in 0..3 {
                rows.shuffle(5, epoch);
                let batches = rows.batches(size);
                let mut seen: Vec<usize> =
                    batches.flat_map(|batch| rows.order[batch].to_vec()).collect();
                seen.sort_unstable();
                assert!(seen.into_iter().eq(0..count), "{count} {size}");
            }
        }
    }

    #[test]
    fn a_shuffle_follows_from_seed_and_epoch() {
        let order = |seed, epochs: &[usize]| {
            let mut rows = rows_of(50, &[]);
            epochs.iter().for_each(|&epoch| rows.shuffle(seed, epoch));
            rows.order
        };
        assert_eq!(order(1, &[0, 1, 2]), order(1, &[2]));
        assert_ne!(order(1, &[2]), order(1, &[1]));
        assert_ne!(order(1, &[2]), order(2, &[2]));
        // The same on every machine and in every version: resumed trainings depend on it.
        let mut rows = rows_of(8, &[]);
        rows.shuffle(0, 0);
        assert_eq!(rows.order, [0, 6, 4, 3, 5, 1, 7, 2]);
    }

    #[test]
    fn the_rows_of_validation_are_left_out() {
        let validation = draw_rows((0..20).collect(), 6, 3);
        assert_eq!(validation.len(), 6);
        let mut rows = rows_of(20, &validation);
        let mut all = [rows.order.clone(), validation].concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..20));
        rows.sort(20);
        assert!(!rows.is_all(&(0..14)));
        let mut whole = rows_of(20, &[]);
        assert!(whole.is_all(&(0..20)) && !whole.is_all(&(0..10)));
        whole.shuffle(0, 0);
        assert!(!whole.is_all(&(0..20)));
    }
}

//! The weights of samples, as the metrics use them.

use nnfs_tensor::sum_of_weights;

use crate::MetricError;

/// The weights of the rows; without them, each row has weight 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weights<'a> {
    weights: Option<&'a [f64]>,
    rows: usize,
    sum: f64,
}

impl<'a> Weights<'a> {
    /// The weights of this many rows, checked.
    pub(crate) fn of(weights: Option<&'a [f64]>, rows: usize) -> Result<Self, MetricError> {
        let sum = match weights {
            Some(weights) => sum_of_weights(weights, rows)?,
            None => rows as f64,
        };
        Ok(Self { weights, rows, sum })
    }

    /// The sum of all weights.
    pub(crate) fn sum(self) -> f64 {
        self.sum
    }

    /// The rows with a weight above 0, and their weights. A row of weight 0 does not count.
    pub(crate) fn rows(self) -> impl Iterator<Item = (usize, f64)> {
        let weight = move |row| self.weights.map_or(1.0, |weights| weights[row]);
        (0..self.rows).map(move |row| (row, weight(row))).filter(|&(_, weight)| weight > 0.0)
    }

    /// `sum(w_i * f(i)) / sum(w_i)` over the rows.
    pub(crate) fn mean(self, f: impl Fn(usize) -> f64) -> f64 {
        self.rows().map(|(row, weight)| weight * f(row)).sum::<f64>() / self.sum
    }
}

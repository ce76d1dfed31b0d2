//! Which columns of a table matter, and how: permutation importance and partial dependence.

mod dependence;
mod grid;
mod importance;

use std::ops::Range;

pub use dependence::{DependenceSettings, PartialDependence};
pub use grid::Grid;
pub use importance::{Importance, ImportanceSettings, Importances, ScoreOfClasses};
use nnfs::datasets::{Input, Table};
use nnfs::prelude::*;
use nnfs::rand::Rng;
use nnfs::rand::seq::SliceRandom;

use crate::weights::weighted_rows;
use crate::{Error, Predictor};

/// The table if it has at most `rows` rows, and otherwise `rows` of its rows, drawn without replacement and in
/// their order.
pub fn sample_rows(table: &Table, rows: usize, rng: &mut (impl Rng + ?Sized)) -> Table {
    if table.rows() <= rows {
        return table.clone();
    }
    let mut all: Vec<usize> = (0..table.rows()).collect();
    let (drawn, _) = all.partial_shuffle(rng, rows);
    drawn.sort_unstable();
    table.select_rows(drawn)
}

/// The inputs of the rows of a table before they are scaled, and which of them belong to each column.
struct EncodedRows<'a> {
    predictor: &'a Predictor,
    columns: &'a [Input],
    inputs: Tensor<f64>,
}

impl<'a> EncodedRows<'a> {
    fn new(predictor: &'a Predictor, table: &Table) -> Result<Self, Error> {
        let encoder = predictor.encoder();
        if predictor.pipeline().input_scaler().is_none() {
            encoder.refuse_missing_numbers(table)?;
        }
        Ok(Self { predictor, columns: encoder.input_columns(), inputs: encoder.inputs(table)? })
    }

    /// The inputs of a column: none if it was constant in the training rows.
    fn inputs_of(&self, column: usize) -> Range<usize> {
        let width = |input: &Input| input.coding.width();
        let start = self.columns[..column].iter().map(width).sum();
        start..start + width(&self.columns[column])
    }

    /// Predicted numbers, or the probability of each class: (rows, targets or classes).
    fn predict(&self, inputs: &Tensor<f64>) -> Result<Tensor<f64>, Error> {
        let predictions = self.predictor.predict_inputs(inputs)?;
        Ok(predictions.probabilities().unwrap_or_else(|| predictions.values()).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_drawn_once_each_in_their_order_and_only_if_there_are_more() {
        let table = Table::from_rows("t", &["x"], (0..50).map(|row| [row.to_string()])).unwrap();
        let drawn = sample_rows(&table, 20, &mut ChaCha8Rng::seed_from_u64(1));
        let values: Vec<usize> =
            (0..drawn.rows()).map(|row| drawn.value(row, 0).parse().unwrap()).collect();
        assert_eq!(values.len(), 20);
        assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "{values:?}");
        assert_ne!(values, (0..20).collect::<Vec<_>>());
        assert_eq!(sample_rows(&table, 50, &mut ChaCha8Rng::seed_from_u64(1)), table);
    }
}

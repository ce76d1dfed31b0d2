//! Partial dependence.

use std::num::NonZeroUsize;

use nnfs::datasets::{Selector, Table};
use nnfs::prelude::*;

use super::grid::EncodedGrid;
use super::{EncodedRows, Grid, weighted_rows};
use crate::prediction::{classes, targets};
use crate::weights::weighted_mean;
use crate::{Error, Predictor};

/// How [`Predictor::partial_dependence`] is computed.
#[derive(Debug, Clone, PartialEq)]
pub struct DependenceSettings {
    /// The most values that a column is set to; 100 by default, as in scikit-learn.
    pub resolution: NonZeroUsize,
    /// The two quantiles between which numbers lie, from 0 to 1; 0.05 and 0.95 by default.
    pub percentiles: [f64; 2],
    /// The column of weights of the rows, if there is one.
    pub weight: Option<String>,
}

impl Default for DependenceSettings {
    fn default() -> Self {
        Self {
            resolution: const { NonZeroUsize::new(100).unwrap() },
            percentiles: [0.05, 0.95],
            weight: None,
        }
    }
}

/// How the mean prediction depends on a column.
#[derive(Debug, Clone, PartialEq)]
pub struct PartialDependence {
    /// The name of the column.
    pub column: String,
    /// The values that it was set to.
    pub grid: Grid,
    /// The targets, or the classes.
    pub outputs: Vec<String>,
    /// The mean predicted number of each target, or the mean probability of each class: (values of the
    /// grid, outputs).
    pub means: Tensor<f64>,
}

impl Predictor {
    /// How the prediction depends on a column on average: the mean prediction over the rows of a table if all of
    /// them have the same value in this column, for each value of a grid.
    ///
    /// ```text
    /// f_j(v) = sum_i w_i f(x_i1, ..., v, ..., x_ip) / sum_i w_i      v in place of x_ij
    /// ```
    ///
    /// For classes, `f` is the probability of each class. `None` if the column has no influence: it is not an
    /// input, or was constant in the training rows, or has no value in these rows.
    ///
    /// ```text
    /// numbers      all different ones if they are fewer than the resolution; otherwise equidistant ones between
    ///              the percentiles (from the smallest to the largest if almost all rows have the same number)
    /// words        each category of the training rows; if there are more than the resolution, those that most
    ///              of these rows have
    /// dates        dates of these rows, at equidistant ranks between the percentiles
    /// ```
    ///
    /// It averages over combinations that may not exist, such as a house of 30 square metres with six rooms, so
    /// it can mislead where columns depend on each other.
    ///
    /// The sources are J. H. Friedman, *Greedy Function Approximation: A Gradient Boosting Machine*, The Annals
    /// of Statistics 29 (2001), section 8.2, and `sklearn.inspection.partial_dependence`, which gives the same
    /// numbers with `method="brute"`.
    ///
    /// ```
    /// # use nnfs_tabular::{Regressor, Table};
    /// use nnfs_tabular::{DependenceSettings, Grid};
    /// # let quarter = |row: usize| ["hill", "port"][row % 2].to_owned();
    /// # let rows = (0..40).map(|row| [(30 + row).to_string(), quarter(row), (3 * row).to_string()]);
    /// # let table = Table::from_rows("prices", &["area", "quarter", "price"], rows)?;
    /// # let predictor = Regressor::new("price").epochs(2).fit(&table)?.into_predictor();
    /// let settings = DependenceSettings::default();
    /// let found = predictor.partial_dependence(&table, "quarter", &settings)?.unwrap();
    /// assert_eq!(found.grid, Grid::Categories(vec!["hill".to_owned(), "port".to_owned()]));
    /// assert_eq!(found.means.shape(), (2, 1));
    /// assert!(predictor.partial_dependence(&table, "price", &settings)?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Predictor::predict`], if the table does not have the column, or if the column of weights is not
    /// one.
    ///
    /// # Panics
    /// If the percentiles are not from 0 to 1, or the first is not below the second.
    pub fn partial_dependence(
        &self,
        table: &Table,
        column: &str,
        settings: &DependenceSettings,
    ) -> Result<Option<PartialDependence>, Error> {
        let [low, high] = settings.percentiles;
        assert!(0.0 <= low && low < high && high <= 1.0, "percentiles from {low} to {high}");
        let place = table.column(&Selector::from(column))?;
        let (table, weights) = weighted_rows(table, settings.weight.as_deref())?;
        let rows = EncodedRows::new(self, &table)?;
        let Some(index) = rows.columns.iter().position(|input| input.name == column) else {
            return Ok(None);
        };
        let (range, coding) = (rows.inputs_of(index), &rows.columns[index].coding);
        let grid = EncodedGrid::of(&table, place, coding, &rows.inputs, range.clone(), settings);
        let Some(EncodedGrid { grid, inputs: values }) = grid else { return Ok(None) };
        let encoder = self.encoder();
        let outputs = if classes(encoder).is_empty() { targets(encoder) } else { classes(encoder) };
        let mut means = Tensor::zeros(grid.len(), outputs.len());
        let mut inputs = rows.inputs.clone();
        for (point, value) in values.iter().enumerate() {
            for (input, &number) in range.clone().zip(value) {
                inputs.column_mut(input).fill(number);
            }
            let predictions = rows.predict(&inputs)?;
            for (output, predictions) in predictions.column_iter().enumerate() {
                means[(point, output)] =
                    weighted_mean(predictions.iter().copied(), weights.as_deref());
            }
        }
        let (column, outputs) = (column.to_owned(), outputs.to_vec());
        Ok(Some(PartialDependence { column, grid, outputs, means }))
    }
}

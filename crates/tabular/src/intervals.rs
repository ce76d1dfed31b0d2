//! Prediction intervals for the rows of tables.

use nnfs::datasets::Table;
use nnfs::model::Intervals;
use nnfs::tensor::Tensor;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::weights::{weighted_mean, weighted_rows};
use crate::{Error, Predictions, Predictor, Value};

impl Predictor {
    /// Predicts for each row the numbers between which a share of `level` of the targets is expected to be,
    /// (rows, targets), in the units of the targets.
    ///
    /// ```
    /// # use nnfs_tabular::{Regressor, Table};
    /// # let rows = (0..40).map(|row| [(30 + row).to_string(), (3 * row).to_string()]);
    /// # let table = Table::from_rows("prices", &["area", "price"], rows)?;
    /// # let predictor = Regressor::new("price").epochs(2).fit(&table)?.into_predictor();
    /// let intervals = predictor.predict_intervals(&table, 0.9)?;
    /// assert!(intervals.low[0] < intervals.high[0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [`CrossConformal`](nnfs::model::CrossConformal) has the formula. A regression that is trained with
    /// [`Recipe::Bagging`](crate::Recipe), which is the default, has intervals.
    ///
    /// # Errors
    /// [`Error::NoIntervals`] if the model has none; if the level is out of range, or as
    /// [`Predictor::predict`].
    pub fn predict_intervals(&self, table: &Table, level: f64) -> Result<Intervals, Error> {
        self.check_level(level)?;
        let outputs = self.pipeline().outputs_of_table(table)?;
        self.intervals_around(&outputs, table, level)
    }

    /// The predictions for the rows of a table and their intervals, from the same outputs of the networks.
    ///
    /// # Errors
    /// As [`Predictor::predict_intervals`].
    pub(crate) fn predict_with_intervals(
        &self,
        table: &Table,
        level: f64,
    ) -> Result<(Predictions, Intervals), Error> {
        self.check_level(level)?;
        let outputs = self.pipeline().outputs_of_table(table)?;
        // A prediction is between the ends of its interval, and finite if they are.
        let intervals = self.intervals_around(&outputs, table, level)?;
        Ok((self.of_outputs(&outputs)?, intervals))
    }

    /// The intervals around the outputs of the networks for the rows of a table.
    ///
    /// # Errors
    /// If an end is not finite.
    fn intervals_around(
        &self,
        outputs: &Tensor<f64>,
        table: &Table,
        level: f64,
    ) -> Result<Intervals, Error> {
        let intervals = self.pipeline().intervals_around(outputs, level)?;
        let is_bad = |row: &usize| {
            let ends = [&intervals.low, &intervals.high].map(|end| end.row(*row));
            ends.iter().any(|end| end.iter().any(|number| !number.is_finite()))
        };
        match (0..table.rows()).find(is_bad) {
            Some(row) => {
                let (file, line) = (table.source().to_owned(), table.line(row));
                Err(Error::NotFinite { file, line })
            }
            None => Ok(intervals),
        }
    }

    /// [`Predictor::predict_intervals`] of one row, (1, targets), whose values are found by name as in
    /// [`Predictor::predict_row`]. They are those of the row in a table of several rows.
    ///
    /// ```
    /// # use nnfs_tabular::{Regressor, Table};
    /// # let rows = (0..40).map(|row| [(30 + row).to_string(), (3 * row).to_string()]);
    /// # let table = Table::from_rows("prices", &["area", "price"], rows)?;
    /// # let predictor = Regressor::new("price").epochs(2).fit(&table)?.into_predictor();
    /// let intervals = predictor.predict_row_intervals(&[("area", 55.0.into())], 0.9)?;
    /// println!("from {} to {}", intervals.low[0], intervals.high[0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Predictor::predict_intervals`], for the file `row`.
    pub fn predict_row_intervals(
        &self,
        row: &[(&str, Value<'_>)],
        level: f64,
    ) -> Result<Intervals, Error> {
        let (names, values): (Vec<&str>, Vec<&Value>) =
            row.iter().map(|(name, value)| (*name, value)).unzip();
        self.predict_intervals(&self.table_of("row", &names, [values])?, level)
    }

    /// Checks that the model has intervals of a level.
    ///
    /// # Errors
    /// As [`Predictor::predict_intervals`].
    pub fn check_level(&self, level: f64) -> Result<(), Error> {
        let Some(conformal) = self.pipeline().intervals() else {
            return Err(Error::NoIntervals { task: self.pipeline().task() });
        };
        conformal.rank(level)?;
        Ok(())
    }

    /// Compares the intervals for the rows of a table with its targets; with the weights of a column, if one is
    /// given. A row of weight 0 is left out.
    ///
    /// # Errors
    /// As [`Predictor::predict_intervals`] and [`Predictor::score_weighted`].
    pub fn score_intervals(
        &self,
        table: &Table,
        level: f64,
        weight: Option<&str>,
    ) -> Result<IntervalScores, Error> {
        let (table, weights) = weighted_rows(table, weight)?;
        let table = &table;
        let Intervals { low, high } = self.predict_intervals(table, level)?;
        let encoder = self.pipeline().encoder().expect("a predictor has an encoder");
        let targets: Tensor<f64> = encoder.targets(table)?;
        let of_target = |(index, name): (usize, &String)| {
            let mean = |of_row: &dyn Fn(usize) -> f64| {
                weighted_mean((0..table.rows()).map(of_row), weights.as_deref())
            };
            let place = |row| (row, index);
            TargetIntervals {
                target: name.clone(),
                coverage: mean(&|row| {
                    let within = low[place(row)]..=high[place(row)];
                    f64::from(u8::from(within.contains(&targets[place(row)])))
                }),
                mean_width: mean(&|row| high[place(row)] - low[place(row)]),
            }
        };
        let targets = self.targets().iter().enumerate().map(of_target).collect();
        Ok(IntervalScores { level, targets })
    }
}

/// How good prediction intervals are, of each target by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalScores {
    /// The level of the intervals: the share of the targets that they should cover.
    pub level: f64,
    /// One for each target.
    pub targets: Vec<TargetIntervals>,
}

/// How good the prediction intervals of one target are. If the rows have weights, both are weighted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetIntervals {
    /// The name of the target.
    #[serde(skip)]
    pub target: String,
    /// The share of the rows whose target is within its interval, ends included.
    pub coverage: f64,
    /// The mean of `high - low`, in the unit of the target.
    pub mean_width: f64,
}

/// `level`, and of one target `coverage` and `mean_width`; of several, `targets` by name.
impl Serialize for IntervalScores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("level", &self.level)?;
        if let [target] = self.targets.as_slice() {
            map.serialize_entry("coverage", &target.coverage)?;
            map.serialize_entry("mean_width", &target.mean_width)?;
        } else {
            map.serialize_entry("targets", &ByName(&self.targets))?;
        }
        map.end()
    }
}

struct ByName<'a>(&'a [TargetIntervals]);

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|target| (&target.target, target)))
    }
}

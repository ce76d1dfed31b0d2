//! How good predictions are.

use std::fmt;

use nnfs::datasets::Table;
use nnfs::metrics::{
    MetricError, categorical_accuracy, mean_absolute_error, r2, root_mean_squared_error,
};
use nnfs::prelude::*;
use serde::Serialize;

use crate::{Error, Predictions};

/// The metrics of predictions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scores {
    /// Of numbers, in the units of the targets.
    Regression {
        /// The coefficient of determination; `None` for a single row, which has no variance.
        r2: Option<f64>,
        /// The mean absolute error.
        mae: f64,
        /// The root of the mean squared error.
        rmse: f64,
    },
    /// Of classes.
    Classification {
        /// The fraction of rows whose most likely class is right.
        accuracy: f64,
        /// The mean of `-ln(p)` for the predicted probability `p` of the right class, p at least 1e-7.
        loss: f64,
    },
}

impl Scores {
    /// Compares the predictions for the rows of a table with its targets.
    pub(crate) fn of(predictions: &Predictions, table: &Table) -> Result<Self, Error> {
        let targets = predictions.encoder().targets::<f64>(table)?;
        if let Some(probabilities) = predictions.probabilities() {
            return Ok(Self::Classification {
                accuracy: categorical_accuracy(probabilities, &targets)?,
                loss: CategoricalCrossEntropy.value(probabilities, &targets),
            });
        }
        let numbers = predictions.values();
        Ok(Self::Regression {
            r2: match r2(numbers, &targets) {
                Err(MetricError::SingleSample) => None,
                r2 => Some(r2?),
            },
            mae: mean_absolute_error(numbers, &targets)?,
            rmse: root_mean_squared_error(numbers, &targets)?,
        })
    }

    /// The metrics by name, in this order.
    pub fn by_name(&self) -> Vec<(&'static str, Option<f64>)> {
        match *self {
            Self::Regression { r2, mae, rmse } => {
                vec![("r2", r2), ("mae", Some(mae)), ("rmse", Some(rmse))]
            }
            Self::Classification { accuracy, loss } => {
                vec![("accuracy", Some(accuracy)), ("loss", Some(loss))]
            }
        }
    }
}

/// `r2 0.9870, mae 1.2034, rmse 1.5321`
impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scores = self.by_name().into_iter();
        let scores = scores.filter_map(|(name, value)| Some(format!("{name} {}", short(value?))));
        f.write_str(&scores.collect::<Vec<_>>().join(", "))
    }
}

/// A number in a few digits.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-2..1e6).contains(&size) {
        format!("{value:.4}")
    } else {
        format!("{value:.3e}")
    }
}

//! How good a saved model is on a table: what `train` and `evaluate` both tell.

use nnfs::datasets::{Encoder, Table};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::metrics::{
    MetricError, categorical_accuracy, mean_absolute_error, r2, root_mean_squared_error,
};
use nnfs::prelude::*;
use serde::Serialize;

use crate::predictions::predict;

/// The metrics of a task.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Scores {
    /// In the units of the targets.
    Regression {
        /// Missing for a single row, which has no spread to explain.
        r2: Option<f64>,
        mae: f64,
        rmse: f64,
    },
    Classification {
        accuracy: f64,
        /// The mean of `-ln(p)` for the probability `p` of the class that it is, p at least 1e-7.
        loss: f64,
    },
}

impl Scores {
    /// Predicts the rows of a table and compares with its targets.
    ///
    /// # Errors
    /// If a column is missing or a value is not what its column should hold.
    pub(crate) fn of<T: FileScalar>(
        pipeline: &Pipeline<T>,
        encoder: &Encoder,
        table: &Table,
    ) -> anyhow::Result<Self> {
        let targets = encoder.targets::<f64>(table)?;
        let predictions = predict(pipeline, table)?;
        if encoder.labels(table)?.is_some() {
            let probabilities = pipeline.class_probabilities(&predictions)?;
            return Ok(Self::Classification {
                accuracy: categorical_accuracy(&probabilities, &targets)?,
                loss: CategoricalCrossEntropy.value(&probabilities, &targets),
            });
        }
        Ok(Self::Regression {
            r2: match r2(&predictions, &targets) {
                Err(MetricError::SingleSample) => None,
                r2 => Some(r2?),
            },
            mae: mean_absolute_error(&predictions, &targets)?,
            rmse: root_mean_squared_error(&predictions, &targets)?,
        })
    }

    /// The metrics by name.
    pub(crate) fn by_name(&self) -> Vec<(&'static str, Option<f64>)> {
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

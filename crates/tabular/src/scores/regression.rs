//! How good predicted numbers are.

use nnfs::metrics::{
    MetricError, weighted_mean_absolute_error, weighted_median_absolute_error, weighted_r2,
    weighted_root_mean_squared_error,
};
use nnfs::prelude::*;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Baseline, BaselineRows, Score};
use crate::{Error, Predictions};

/// The name of the mean of the R2 of several targets.
/// No target and metric have this name together: they end with the metric.
const MEAN_R2: &str = "mean r2 of all targets";

/// The scores of predicted numbers, of each target by itself: targets may have different units.
#[derive(Debug, Clone, PartialEq)]
pub struct RegressionScores {
    /// One for each target.
    pub targets: Vec<TargetScores>,
    /// The rows whose mean the baseline predicts.
    pub baseline_rows: BaselineRows,
}

/// The scores of one target.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetScores {
    /// The name of the target.
    #[serde(skip)]
    pub target: String,
    /// The metrics of the predictions.
    #[serde(flatten)]
    pub metrics: NumberMetrics,
    /// The metrics of a constant prediction: the mean of the [`BaselineRows`].
    pub baseline: NumberMetrics,
}

/// The metrics of predicted numbers, in the unit of the target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NumberMetrics {
    /// The coefficient of determination; `None` for a single row, which has no variance.
    pub r2: Option<f64>,
    /// The mean absolute error.
    pub mae: f64,
    /// The root of the mean squared error.
    pub rmse: f64,
    /// The median absolute error.
    pub median_absolute_error: f64,
}

impl RegressionScores {
    pub(super) fn of(
        predictions: &Predictions,
        targets: &Tensor<f64>,
        weights: Option<&[f64]>,
        baseline: &Baseline,
    ) -> Result<Self, Error> {
        let names = predictions.encoder().target_names();
        let of_target = |(index, name): (usize, &String)| -> Result<TargetScores, Error> {
            let column = |tensor: &Tensor<f64>| tensor.columns(index, 1).into_owned();
            let (predicted, targets) = (column(predictions.values()), column(targets));
            let mean = Tensor::from_element(targets.nrows(), 1, baseline.means[index]);
            Ok(TargetScores {
                target: name.clone(),
                metrics: NumberMetrics::of(&predicted, &targets, weights)?,
                baseline: NumberMetrics::of(&mean, &targets, weights)?.without_rounding(),
            })
        };
        let targets = names.iter().enumerate().map(of_target);
        Ok(Self { targets: targets.collect::<Result<_, _>>()?, baseline_rows: baseline.rows })
    }

    /// The coefficient of determination; for several targets, the mean of theirs. It has no unit. `None`
    /// for a single row.
    pub fn r2(&self) -> Option<f64> {
        self.mean_r2(|target| target.metrics)
    }

    fn mean_r2(&self, metrics: impl Fn(&TargetScores) -> NumberMetrics) -> Option<f64> {
        let sum: Option<f64> = self.targets.iter().map(|target| metrics(target).r2).sum();
        sum.map(|sum| sum / self.targets.len() as f64)
    }

    /// The scores of each target. If there are several, their mean R2 is first.
    pub(super) fn all(&self) -> Vec<Score> {
        let several = self.targets.len() > 1;
        let of_target = |TargetScores { target, metrics, baseline }: &TargetScores| {
            let pairs = metrics.by_name().into_iter().zip(baseline.by_name());
            let scores = pairs.map(|((metric, value), (_, baseline))| {
                let name = if several { format!("{target} {metric}") } else { metric.to_owned() };
                Score { name, target: several.then(|| target.clone()), metric, value, baseline }
            });
            scores.collect::<Vec<_>>()
        };
        let mean = several.then(|| Score {
            name: MEAN_R2.to_owned(),
            target: None,
            metric: MEAN_R2,
            value: self.r2(),
            baseline: self.mean_r2(|target| target.baseline),
        });
        mean.into_iter().chain(self.targets.iter().flat_map(of_target)).collect()
    }
}

impl NumberMetrics {
    fn of(
        predictions: &Tensor<f64>,
        targets: &Tensor<f64>,
        weights: Option<&[f64]>,
    ) -> Result<Self, MetricError> {
        Ok(Self {
            r2: match weighted_r2(predictions, targets, weights) {
                Err(MetricError::SingleSample) => None,
                r2 => Some(r2?),
            },
            mae: weighted_mean_absolute_error(predictions, targets, weights)?,
            rmse: weighted_root_mean_squared_error(predictions, targets, weights)?,
            median_absolute_error: weighted_median_absolute_error(predictions, targets, weights)?,
        })
    }

    /// The R2 of the mean of the same rows is 0, but for rounding.
    fn without_rounding(self) -> Self {
        let r2 = self.r2.map(|r2| if r2.abs() < 1e-9 { 0.0 } else { r2 });
        Self { r2, ..self }
    }

    fn by_name(self) -> [(&'static str, Option<f64>); 4] {
        let Self { r2, mae, rmse, median_absolute_error } = self;
        [
            ("r2", r2),
            ("mae", Some(mae)),
            ("rmse", Some(rmse)),
            ("median_absolute_error", Some(median_absolute_error)),
        ]
    }
}

/// One target: its metrics and `baseline`. Several: the mean `r2`, and `targets` by name.
impl Serialize for RegressionScores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [target] = self.targets.as_slice() {
            return target.serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("r2", &self.r2())?;
        map.serialize_entry("targets", &ByName(&self.targets))?;
        map.end()
    }
}

struct ByName<'a>(&'a [TargetScores]);

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|target| (&target.target, target)))
    }
}

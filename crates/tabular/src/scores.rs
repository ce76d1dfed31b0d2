//! How good predictions are.

mod classification;
mod regression;
mod table;

use std::fmt;

pub use classification::{ClassBaseline, ClassMetrics, ClassScores, ClassificationScores};
use nnfs::datasets::{Encoder, Table};
use nnfs::prelude::*;
pub use regression::{NumberMetrics, RegressionScores, TargetScores};
use serde::Serialize;
use table::ScoreTable;
pub(crate) use table::{write_baseline, write_classes, write_metrics, write_weights};

use crate::{Error, Predictions};

/// The metrics of predictions, each beside that of a baseline, which knows no input.
///
/// They equal those of scikit-learn. If the rows have weights, they are weighted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scores {
    /// Of numbers.
    Regression(RegressionScores),
    /// Of classes.
    Classification(ClassificationScores),
}

/// A metric, and that of the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The name, such as `r2`; for several targets with the target, such as `y1 r2`.
    pub name: String,
    /// The target, if there are several and the metric is of one of them.
    pub target: Option<String>,
    /// The name without the target.
    pub metric: &'static str,
    /// The metric of the predictions; `None` if it is not defined, also because the numbers are too large.
    pub value: Option<f64>,
    /// The metric of the baseline: of the mean, or of the most frequent class, of the [`BaselineRows`].
    pub baseline: Option<f64>,
}

impl Score {
    /// The metric and that of the baseline in a few digits; `-` if it is not defined.
    pub fn texts(&self) -> [String; 2] {
        [self.value, self.baseline].map(|value| value.map_or("-".to_owned(), short))
    }
}

/// The rows that a baseline is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BaselineRows {
    /// The training rows.
    Training,
    /// The rows that are scored.
    Scored,
}

/// `the training rows` or `these rows`
impl fmt::Display for BaselineRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Training => "the training rows",
            Self::Scored => "these rows",
        })
    }
}

impl Scores {
    /// Compares the predictions for the rows of a table with its targets.
    pub(crate) fn of(
        predictions: &Predictions,
        table: &Table,
        weights: Option<&[f64]>,
        baseline: &Baseline,
    ) -> Result<Self, Error> {
        let targets = predictions.encoder().targets::<f64>(table)?;
        Ok(match predictions.probabilities() {
            Some(_) => Self::Classification(ClassificationScores::of(
                predictions,
                &targets,
                weights,
                baseline,
            )?),
            None => {
                Self::Regression(RegressionScores::of(predictions, &targets, weights, baseline)?)
            }
        })
    }

    /// All metrics in their order, without those of single classes. A metric that is NaN is not defined.
    pub fn all(&self) -> Vec<Score> {
        let mut all = match self {
            Self::Regression(scores) => scores.all(),
            Self::Classification(scores) => scores.all(),
        };
        for Score { value, baseline, .. } in &mut all {
            *value = value.filter(|value| !value.is_nan());
            *baseline = baseline.filter(|baseline| !baseline.is_nan());
        }
        all
    }

    /// The value of a metric by its name in [`Scores::all`]; `None` if it is not defined.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.all().into_iter().find(|score| score.name == name)?.value
    }

    /// How much better than the baseline the predictions are: 1 if they are perfect, 0 if they are as good,
    /// and below 0 if they are worse. `None` if it is not defined.
    ///
    /// ```text
    /// numbers   R2
    /// classes   1 - loss / (loss of the baseline)
    /// ```
    ///
    /// In forecasting it is known as a skill score.
    pub fn skill(&self) -> Option<f64> {
        let skill = match self {
            Self::Regression(scores) => scores.r2()?,
            Self::Classification(scores) => {
                1.0 - scores.metrics.loss / scores.baseline.metrics.loss
            }
        };
        Some(skill).filter(|skill| !skill.is_nan())
    }

    /// The scores and the baseline as the table that `nnfs evaluate` prints, and the scores of each class. If the
    /// rows have weights, the table names their column.
    pub fn table<'a>(&'a self, weight: Option<&'a str>) -> impl fmt::Display + 'a {
        ScoreTable { scores: self, weight }
    }

    /// The rows that the baseline is made of: the training rows if the model has a standard scaler of its targets,
    /// which keeps their means, and in a [`Report`](crate::Report); otherwise the rows that are scored.
    pub fn baseline_rows(&self) -> BaselineRows {
        match self {
            Self::Regression(scores) => scores.baseline_rows,
            Self::Classification(scores) => scores.baseline_rows,
        }
    }

    /// The scores of numbers.
    pub fn regression(&self) -> Option<&RegressionScores> {
        match self {
            Self::Regression(scores) => Some(scores),
            Self::Classification(_) => None,
        }
    }

    /// The scores of classes.
    pub fn classification(&self) -> Option<&ClassificationScores> {
        match self {
            Self::Regression(_) => None,
            Self::Classification(scores) => Some(scores),
        }
    }
}

/// `r2 0.9870, mae 1.2034, rmse 1.5321, median_absolute_error 0.9811`
impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scores = self.all().into_iter();
        let text = |Score { name, value, .. }| Some(format!("{name} {}", short(value?)));
        f.write_str(&scores.filter_map(text).collect::<Vec<_>>().join(", "))
    }
}

/// A prediction that is the same for every row: the mean of each column of the targets. For classes, whose
/// targets are one-hot, these are the shares of the classes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Baseline {
    means: Vec<f64>,
    rows: BaselineRows,
}

impl Baseline {
    /// That of numbers with these means in the training rows.
    pub(crate) fn of_means(means: &[f64]) -> Self {
        Self { means: means.to_vec(), rows: BaselineRows::Training }
    }

    /// That of the rows of a table.
    pub(crate) fn of_rows(
        encoder: &Encoder,
        table: &Table,
        weights: Option<&[f64]>,
        rows: BaselineRows,
    ) -> Result<Self, Error> {
        let targets = encoder.targets::<f64>(table)?;
        Ok(Self { means: means(&targets, weights), rows })
    }
}

/// The mean of each column.
fn means(targets: &Tensor<f64>, weights: Option<&[f64]>) -> Vec<f64> {
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let total: f64 = (0..targets.nrows()).map(weight).sum();
    let sum = |column: usize| {
        let terms = (0..targets.nrows()).map(|row| weight(row) * targets[(row, column)]);
        terms.sum::<f64>()
    };
    (0..targets.ncols()).map(|column| sum(column) / total).collect()
}

/// A number in four significant digits, with all digits before the decimal point. Numbers whose size is a million or
/// more, or below 0.0001, have an exponent; 0 is `0.0000`.
///
/// ```
/// # use nnfs_tabular::short;
/// let texts = [0.97754, 4.65713, 88.86493, 20971.2865, 0.000_123_4, 4_684_603.99].map(short);
/// assert_eq!(texts, ["0.9775", "4.657", "88.86", "20971", "0.0001234", "4.685e6"]);
/// ```
pub fn short(value: f64) -> String {
    let written = format!("{value:.3e}");
    // The exponent after rounding: 9.9999 becomes 10.00.
    let exponent: Option<i32> = written.split_once('e').and_then(|(_, digits)| digits.parse().ok());
    match exponent {
        _ if value == 0.0 => "0.0000".to_owned(),
        Some(exponent @ -4..=5) => format!("{value:.*}", (3 - exponent).max(0) as usize),
        _ => written,
    }
}

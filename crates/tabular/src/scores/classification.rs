//! How good predicted classes and their probabilities are.

use std::cmp::Reverse;

use nnfs::metrics::{
    ConfusionMatrix, MetricError, weighted_brier_score, weighted_log_loss, weighted_roc_auc,
};
use nnfs::prelude::*;
use serde::Serialize;

use super::{Baseline, BaselineRows, Score, means};
use crate::{Error, Predictions};

/// Log-probabilities are computed for this many rows at a time.
const BLOCK: usize = 4096;

/// The scores of predicted classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassificationScores {
    /// The metrics of the predictions.
    #[serde(flatten)]
    pub metrics: ClassMetrics,
    /// The metrics of each class, in the order of the classes.
    pub classes: Vec<ClassScores>,
    /// What the most frequent class gives.
    pub baseline: ClassBaseline,
    /// The rows whose most frequent class and shares of classes the baseline predicts.
    #[serde(skip)]
    pub baseline_rows: BaselineRows,
}

/// The metrics of all classes together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClassMetrics {
    /// The fraction of rows whose most likely class is right.
    pub accuracy: f64,
    /// The mean recall of the classes that have rows.
    pub balanced_accuracy: f64,
    /// The mean of `-ln(p)` for the predicted probability `p` of the right class, from the logarithms of
    /// the probabilities and not clipped.
    pub loss: f64,
    /// The Brier score: the mean squared distance of the probabilities from what happened.
    pub brier_score: f64,
    /// The area under the ROC curve of the second of two classes; `None` for more classes, and if one of
    /// the two has no rows.
    pub roc_auc: Option<f64>,
}

/// The metrics of one class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassScores {
    /// The name of the class.
    pub class: String,
    /// The number of rows that have it.
    pub rows: usize,
    /// The fraction of the rows predicted as the class that have it; 0 if there are none.
    pub precision: f64,
    /// The fraction of the rows of the class that are predicted as it; 0 if there are none.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// What predicting the most frequent class gives, with the shares of the classes as probabilities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassBaseline {
    /// The most frequent class.
    pub class: String,
    /// The metrics.
    #[serde(flatten)]
    pub metrics: ClassMetrics,
}

impl ClassificationScores {
    pub(super) fn of(
        predictions: &Predictions,
        targets: &Tensor<f64>,
        weights: Option<&[f64]>,
        baseline: &Baseline,
    ) -> Result<Self, Error> {
        let (names, probabilities) = (predictions.classes(), predictions.class_probabilities());
        let confusion = ConfusionMatrix::weighted(probabilities, targets, weights)?;
        let metrics = ClassMetrics {
            accuracy: confusion.accuracy(),
            balanced_accuracy: confusion.balanced_accuracy(),
            loss: log_loss(predictions, targets, weights)?,
            brier_score: weighted_brier_score(probabilities, targets, weights)?,
            roc_auc: roc_auc(probabilities, targets, weights)?,
        };
        let classes = names.iter().enumerate().map(|(class, name)| ClassScores {
            class: name.clone(),
            rows: targets.column(class).iter().filter(|&&target| target > 0.5).count(),
            precision: confusion.precision(class),
            recall: confusion.recall(class),
            f1: confusion.f1(class),
        });
        let most_frequent = most_frequent(&baseline.means);
        let of_baseline = ClassBaseline {
            class: names[most_frequent].clone(),
            metrics: of_shares(&baseline.means, most_frequent, targets, weights, metrics.roc_auc),
        };
        Ok(Self {
            metrics,
            classes: classes.collect(),
            baseline: of_baseline,
            baseline_rows: baseline.rows,
        })
    }

    /// The scores of the classes that have rows, the most frequent first.
    pub fn by_rows(&self) -> Vec<&ClassScores> {
        let mut classes: Vec<_> = self.classes.iter().filter(|class| class.rows > 0).collect();
        // The sort is stable: classes with the same number of rows stay in their order.
        classes.sort_by_key(|class| Reverse(class.rows));
        classes
    }

    pub(super) fn all(&self) -> Vec<Score> {
        let (metrics, baseline) = (self.metrics.by_name(), self.baseline.metrics.by_name());
        let scores = metrics.into_iter().zip(baseline).map(|((metric, value), (_, baseline))| {
            Score { name: metric.to_owned(), target: None, metric, value, baseline }
        });
        let two = self.classes.len() == 2;
        scores.filter(|score| two || score.metric != "roc_auc").collect()
    }
}

impl ClassMetrics {
    fn by_name(self) -> [(&'static str, Option<f64>); 5] {
        let Self { accuracy, balanced_accuracy, loss, brier_score, roc_auc } = self;
        [
            ("accuracy", Some(accuracy)),
            ("balanced_accuracy", Some(balanced_accuracy)),
            ("loss", Some(loss)),
            ("brier_score", Some(brier_score)),
            ("roc_auc", roc_auc),
        ]
    }
}

/// The log loss, whose logarithms are made block by block: for many rows and classes they are large.
fn log_loss(
    predictions: &Predictions,
    targets: &Tensor<f64>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    let rows = targets.nrows();
    let (mut sum, mut total) = (0.0, 0.0);
    for start in (0..rows).step_by(BLOCK) {
        let count = BLOCK.min(rows - start);
        let weights = weights.map(|weights| &weights[start..start + count]);
        let weight = weights.map_or(count as f64, |weights| weights.iter().sum());
        if weight == 0.0 {
            continue;
        }
        let logarithms = predictions.log_probabilities_of(start..start + count);
        let targets = targets.rows(start, count).into_owned();
        sum += weight * weighted_log_loss(&logarithms, &targets, weights)?;
        total += weight;
    }
    Ok(sum / total)
}

/// The area under the ROC curve of two classes that both have rows.
fn roc_auc(
    probabilities: &Tensor<f64>,
    targets: &Tensor<f64>,
    weights: Option<&[f64]>,
) -> Result<Option<f64>, MetricError> {
    if targets.ncols() != 2 {
        return Ok(None);
    }
    let second = |tensor: &Tensor<f64>| tensor.columns(1, 1).into_owned();
    match weighted_roc_auc(&second(probabilities), &second(targets), weights) {
        Err(MetricError::SingleClass) => Ok(None),
        area => area.map(Some),
    }
}

/// The first of the largest shares.
fn most_frequent(shares: &[f64]) -> usize {
    let mut largest = 0;
    for (class, &share) in shares.iter().enumerate() {
        if share > shares[largest] {
            largest = class;
        }
    }
    largest
}

/// The metrics of one prediction for every row, with these probabilities.
///
/// ```text
/// f = the shares of the classes in the rows of the baseline, m = the most frequent one, s = the shares here
/// accuracy            s_m
/// balanced accuracy   1 / (the number of classes with s_k > 0) if s_m > 0, and 0 otherwise
/// loss                -sum_k s_k * ln(f_k)
/// Brier score         sum_k s_k * sum_j (f_j - [j = k])^2, half of it for two classes
/// ROC AUC             1/2
/// ```
fn of_shares(
    shares: &[f64],
    most_frequent: usize,
    targets: &Tensor<f64>,
    weights: Option<&[f64]>,
    roc_auc: Option<f64>,
) -> ClassMetrics {
    let here = means(targets, weights);
    let present = || here.iter().enumerate().filter(|&(_, &share)| share > 0.0);
    let squares: f64 = shares.iter().map(|share| share * share).sum();
    // sum_j (f_j - [j = k])^2 = sum_j f_j^2 - 2 f_k + 1
    let distance = |class: usize| squares - 2.0 * shares[class] + 1.0;
    let brier_score = present().map(|(class, share)| share * distance(class)).sum::<f64>();
    ClassMetrics {
        accuracy: here[most_frequent],
        balanced_accuracy: if here[most_frequent] > 0.0 {
            1.0 / present().count() as f64
        } else {
            0.0
        },
        // Not the negative of the sum, which is -0 if all rows have one class.
        loss: 0.0 - present().map(|(class, share)| share * shares[class].ln()).sum::<f64>(),
        brier_score: if here.len() == 2 { brier_score / 2.0 } else { brier_score },
        roc_auc: roc_auc.map(|_| 0.5),
    }
}

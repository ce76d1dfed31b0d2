//! Metrics of predicted probabilities.

use nnfs_tensor::{Scalar, ShapeError, Tensor, argmax, exp, ln_1p, shape_text, softplus};

use crate::MetricError;
use crate::classification::is_nan;
use crate::error::{check, check_classes, check_each_has_a_class, check_zeros_and_ones};
use crate::weights::Weights;

/// The logarithms of the softmax of each row of logits, (samples, classes), in double precision.
///
/// ```text
/// ln(p_ij) = (x_ij - x_im) - ln(1 + sum over k != m of exp(x_ik - x_im))    x_im = max_k x_ik
/// ```
///
/// No probability underflows to 0 on the way, so the logarithm of a tiny one keeps its digits.
///
/// ```
/// use nnfs_metrics::log_softmax;
/// use nnfs_tensor::Tensor;
/// let logits = Tensor::from_row_slice(1, 2, &[0.0, 1000.0]);
/// assert_eq!(log_softmax(&logits)?, Tensor::from_row_slice(1, 2, &[-1000.0, 0.0]));
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the logits have 0 columns.
pub fn log_softmax<T: Scalar>(logits: &Tensor<T>) -> Result<Tensor<f64>, MetricError> {
    if logits.ncols() == 0 {
        let expected = "at least 1 column";
        return Err(ShapeError::new("logits", expected, shape_text(logits)).into());
    }
    let mut logarithms = logits.map(Scalar::to_f64);
    for row in 0..logits.nrows() {
        let largest = argmax(logits, row);
        let max = logits[(row, largest)].to_f64();
        // Without the 1 of the largest logit, which would swallow small terms.
        let others = (0..logits.ncols()).filter(|&column| column != largest);
        let sum = others.map(|column| exp(logits[(row, column)].to_f64() - max)).sum::<f64>();
        let ln_sum = ln_1p(sum);
        logarithms.row_mut(row).apply(|logit| *logit = (*logit - max) - ln_sum);
    }
    Ok(logarithms)
}

/// The logarithms of the probabilities of the two classes, (samples, 2), from one column of logits x, in
/// double precision.
///
/// ```text
/// ln(1 - p) = -ln(1 + exp(x))
/// ln(p)     = -ln(1 + exp(-x))        p = 1 / (1 + exp(-x)), the probability of the second class
/// ```
///
/// ```
/// use nnfs_metrics::log_sigmoid;
/// use nnfs_tensor::Tensor;
/// let logits = Tensor::from_element(1, 1, 1000.0);
/// assert_eq!(log_sigmoid(&logits)?, Tensor::from_row_slice(1, 2, &[-1000.0, 0.0]));
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If there is not one column.
pub fn log_sigmoid<T: Scalar>(logits: &Tensor<T>) -> Result<Tensor<f64>, MetricError> {
    if logits.ncols() != 1 {
        return Err(ShapeError::new("logits", "1 column", shape_text(logits)).into());
    }
    Ok(Tensor::from_fn(logits.nrows(), 2, |row, class| {
        let x = logits[row].to_f64();
        -softplus(if class == 0 { x } else { -x }) + 0.0
    }))
}

/// The logarithm of a probability that is 1 in single precision may be above 0 by rounding.
const ROUNDING: f64 = 1e-6;

/// The mean of `-ln(p)` for the predicted probability p of the right class, from the logarithms of the
/// probabilities.
///
/// ```text
/// log loss = -1/N * sum_ij t_ij * ln(p_ij)
/// ```
///
/// Both tensors are (samples, classes), and the targets one-hot. [`log_softmax`] and [`log_sigmoid`] make
/// the logarithms from logits. Nothing is clipped: a class of probability 0 costs infinity. A NaN in the
/// column of the class gives NaN. (scikit-learn's `log_loss` takes probabilities and clips them.)
///
/// Good, 1952: Rational Decisions.
///
/// ```
/// use nnfs_metrics::{log_loss, log_sigmoid};
/// use nnfs_tensor::Tensor;
/// let logarithms = log_sigmoid(&Tensor::from_column_slice(2, 1, &[1000.0, 0.0]))?;
/// let targets = Tensor::from_row_slice(2, 2, &[1.0, 0.0, 0.0, 1.0]);
/// assert_eq!(log_loss(&logarithms, &targets)?, (1000.0 + 2.0_f64.ln()) / 2.0);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ, the tensors are empty, they have only one column, or a logarithm is above 0, which means that
/// it may be a probability. A logarithm of up to 1e-6 is accepted, because single precision rounds.
/// [`MetricError::NoClass`] if no target of a row is above 0.
pub fn log_loss<T: Scalar>(
    log_probabilities: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    weighted_log_loss(log_probabilities, targets, None)
}

/// [`log_loss`] with a weight for each sample.
///
/// ```text
/// log loss = -sum_ij w_i * t_ij * ln(p_ij) / sum_i w_i
/// ```
///
/// # Errors
/// As [`log_loss`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
pub fn weighted_log_loss<T: Scalar>(
    log_probabilities: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    check(log_probabilities, targets)?;
    check_classes(log_probabilities)?;
    let weights = Weights::of(weights, targets.nrows())?;
    check_each_has_a_class(targets, weights)?;
    for (row, _) in weights.rows() {
        let is_bad = |&column: &usize| log_probabilities[(row, column)].to_f64() > ROUNDING;
        if let Some(column) = (0..targets.ncols()).find(is_bad) {
            let found = log_probabilities[(row, column)].to_f64();
            return Err(MetricError::Logarithm { row, column, found });
        }
    }
    Ok(weights.mean(|row| {
        let terms = (0..targets.ncols()).map(|class| {
            let (ln_p, t) = (log_probabilities[(row, class)].to_f64(), targets[(row, class)]);
            // Another class may have the probability 0: 0 * ln(0) counts as 0.
            if t == T::ZERO { 0.0 } else { -t.to_f64() * ln_p }
        });
        terms.sum()
    }))
}

/// The Brier score: the mean squared distance of probabilities from what happened.
///
/// ```text
/// one column    mean((p - t)^2)                   p of the second class
/// two columns   1/2 * mean(sum_j (p_ij - t_ij)^2)
/// more          mean(sum_j (p_ij - t_ij)^2)
/// ```
///
/// Both tensors are (samples, 1) or (samples, classes), and the targets 0 or 1. One and two columns give
/// the same. It is `brier_score_loss` of scikit-learn. A probability that is NaN gives NaN.
///
/// Brier, 1950: Verification of Forecasts Expressed in Terms of Probability.
///
/// ```
/// use nnfs_metrics::brier_score;
/// use nnfs_tensor::Tensor;
/// let targets = Tensor::from_column_slice(2, 1, &[1.0, 0.0]);
/// let probabilities = Tensor::from_column_slice(2, 1, &[0.5, 0.0]);
/// assert_eq!(brier_score(&probabilities, &targets)?, 0.125);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ, the tensors are empty, or a target is neither 0 nor 1. [`MetricError::NoClass`] if there are
/// several columns, and no target of a row is 1.
pub fn brier_score<T: Scalar>(
    probabilities: &Tensor<T>,
    targets: &Tensor<T>,
) -> Result<f64, MetricError> {
    weighted_brier_score(probabilities, targets, None)
}

/// [`brier_score`] with a weight for each sample: the means are weighted.
///
/// # Errors
/// As [`brier_score`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects.
pub fn weighted_brier_score<T: Scalar>(
    probabilities: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    check(probabilities, targets)?;
    let (rows, columns) = targets.shape();
    let weights = Weights::of(weights, rows)?;
    check_zeros_and_ones("Brier score", targets, weights)?;
    if columns > 1 {
        check_each_has_a_class(targets, weights)?;
    }
    let mean = weights.mean(|row| {
        let error =
            |column| probabilities[(row, column)].to_f64() - targets[(row, column)].to_f64();
        (0..columns).map(|column| error(column).powi(2)).sum()
    });
    Ok(if columns == 2 { mean / 2.0 } else { mean })
}

/// The area under the ROC curve: the probability that a sample of the second class scores higher than
/// one of the first.
///
/// ```text
/// AUC = mean over all pairs of  1    s_i > s_j        i of the second class, j of the first
///                               1/2  s_i = s_j
///                               0    s_i < s_j
/// ```
///
/// Scores are (samples, 1), probabilities or logits of the second class; targets are 0 or 1. It is
/// `roc_auc_score` of scikit-learn, and 1/2 for scores that know nothing.
///
/// Hanley and McNeil, 1982: The Meaning and Use of the Area under a Receiver Operating Characteristic
/// (ROC) Curve.
///
/// ```
/// use nnfs_metrics::roc_auc;
/// use nnfs_tensor::Tensor;
/// let targets = Tensor::from_column_slice(4, 1, &[0.0, 0.0, 1.0, 1.0]);
/// let scores = Tensor::from_column_slice(4, 1, &[0.1, 0.4, 0.35, 0.8]);
/// assert_eq!(roc_auc(&scores, &targets)?, 0.75);
/// # Ok::<(), nnfs_metrics::MetricError>(())
/// ```
///
/// # Errors
/// If the shapes differ, there are 0 samples or several columns, a score is NaN, a target is neither 0 nor 1, or
/// all samples are of one class.
pub fn roc_auc<T: Scalar>(scores: &Tensor<T>, targets: &Tensor<T>) -> Result<f64, MetricError> {
    weighted_roc_auc(scores, targets, None)
}

/// [`roc_auc`] with a weight for each sample: a pair has the product of its two weights.
///
/// # Errors
/// As [`roc_auc`], or if the weights are not what
/// [`sum_of_weights`](nnfs_tensor::sum_of_weights) expects. A sample of weight 0 is of no class.
pub fn weighted_roc_auc<T: Scalar>(
    scores: &Tensor<T>,
    targets: &Tensor<T>,
    weights: Option<&[f64]>,
) -> Result<f64, MetricError> {
    check(scores, targets)?;
    if scores.ncols() != 1 {
        return Err(ShapeError::new("scores", "1 column", shape_text(scores)).into());
    }
    let weights = Weights::of(weights, scores.nrows())?;
    if let Some((row, _)) = weights.rows().find(|&(row, _)| is_nan(scores[row])) {
        return Err(MetricError::Nan { what: "scores", row });
    }
    check_zeros_and_ones("ROC AUC", targets, weights)?;
    let mut samples: Vec<(f64, bool, f64)> = weights
        .rows()
        .map(|(row, weight)| (scores[row].to_f64(), targets[row].to_f64() > 0.5, weight))
        .collect();
    samples.sort_by(|a, b| a.0.total_cmp(&b.0));

    // The weights of both classes with a lower score, and of the pairs in the right order.
    let (mut first, mut second, mut right) = (0.0, 0.0, 0.0);
    for equal in samples.chunk_by(|a, b| a.0 == b.0) {
        let of_class = |class| equal.iter().filter(move |it| it.1 == class).map(|it| it.2).sum();
        let (of_first, of_second): (f64, f64) = (of_class(false), of_class(true));
        right += of_second * (first + of_first / 2.0);
        first += of_first;
        second += of_second;
    }
    if first == 0.0 || second == 0.0 {
        return Err(MetricError::SingleClass);
    }
    Ok(right / (first * second))
}

//! The metrics against scikit-learn, without and with weights; `../golden.py` says how the values were
//! computed.

#[path = "../golden/classification.rs"]
#[rustfmt::skip]
mod classification;
#[path = "../golden/regression.rs"]
#[rustfmt::skip]
mod regression;

use classification::*;
use nnfs_metrics::{
    ConfusionMatrix, log_softmax, weighted_brier_score, weighted_categorical_accuracy,
    weighted_log_loss, weighted_mean_absolute_error, weighted_mean_squared_error,
    weighted_median_absolute_error, weighted_r2, weighted_roc_auc,
    weighted_root_mean_squared_error,
};
use nnfs_tensor::{Tensor, exp};
use regression::*;

struct Classes {
    logits: &'static [&'static [f64]],
    targets: &'static [&'static [f64]],
    weights: &'static [f64],
    unweighted: ClassScores,
    weighted: ClassScores,
}

struct ClassScores {
    accuracy: f64,
    balanced_accuracy: f64,
    precision: &'static [f64],
    recall: &'static [f64],
    f1: &'static [f64],
    macro_f1: f64,
    log_loss: f64,
    brier_score: f64,
    roc_auc: f64,
}

struct Numbers {
    predictions: &'static [f64],
    targets: &'static [f64],
    weights: &'static [f64],
    unweighted: NumberScores,
    weighted: NumberScores,
}

struct NumberScores {
    r2: f64,
    mean_absolute_error: f64,
    mean_squared_error: f64,
    root_mean_squared_error: f64,
    median_absolute_error: f64,
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * (1.0 + expected.abs()), "{found}, {expected}");
}

fn tensor(rows: &[&[f64]]) -> Tensor<f64> {
    Tensor::from_fn(rows.len(), rows[0].len(), |row, column| rows[row][column])
}

fn check_classes(case: &Classes) {
    let (logits, targets) = (tensor(case.logits), tensor(case.targets));
    let logarithms = log_softmax(&logits).unwrap();
    let probabilities = logarithms.map(exp);
    for (weights, expected) in [(None, &case.unweighted), (Some(case.weights), &case.weighted)] {
        let confusion = ConfusionMatrix::weighted(&logits, &targets, weights).unwrap();
        assert_close(confusion.accuracy(), expected.accuracy);
        let accuracy = weighted_categorical_accuracy(&probabilities, &targets, weights).unwrap();
        assert_close(accuracy, expected.accuracy);
        assert_close(confusion.balanced_accuracy(), expected.balanced_accuracy);
        for class in 0..confusion.classes() {
            assert_close(confusion.precision(class), expected.precision[class]);
            assert_close(confusion.recall(class), expected.recall[class]);
            assert_close(confusion.f1(class), expected.f1[class]);
        }
        assert_close(confusion.macro_f1(), expected.macro_f1);
        let log_loss = weighted_log_loss(&logarithms, &targets, weights).unwrap();
        assert_close(log_loss, expected.log_loss);
        let brier_score = weighted_brier_score(&probabilities, &targets, weights).unwrap();
        assert_close(brier_score, expected.brier_score);
        if targets.ncols() == 2 {
            let column = |tensor: &Tensor<f64>| tensor.columns(1, 1).into_owned();
            let (p, t) = (column(&probabilities), column(&targets));
            let rounded = p.map(|p| (100.0 * p).round() / 100.0);
            assert_close(weighted_roc_auc(&rounded, &t, weights).unwrap(), expected.roc_auc);
            assert_close(weighted_brier_score(&p, &t, weights).unwrap(), expected.brier_score);
        }
    }
}

fn check_numbers(case: &Numbers) {
    let column = |values: &[f64]| Tensor::from_column_slice(values.len(), 1, values);
    let (p, t) = (column(case.predictions), column(case.targets));
    for (weights, expected) in [(None, &case.unweighted), (Some(case.weights), &case.weighted)] {
        assert_close(weighted_r2(&p, &t, weights).unwrap(), expected.r2);
        let mean = weighted_mean_absolute_error(&p, &t, weights).unwrap();
        assert_close(mean, expected.mean_absolute_error);
        let square = weighted_mean_squared_error(&p, &t, weights).unwrap();
        assert_close(square, expected.mean_squared_error);
        let root = weighted_root_mean_squared_error(&p, &t, weights).unwrap();
        assert_close(root, expected.root_mean_squared_error);
        let median = weighted_median_absolute_error(&p, &t, weights).unwrap();
        assert_close(median, expected.median_absolute_error);
    }
}

#[test]
fn metrics_of_two_classes() {
    check_classes(&TWO);
}

#[test]
fn metrics_of_several_classes_one_of_which_has_no_samples() {
    check_classes(&SEVERAL);
}

#[test]
fn metrics_of_classes_that_are_predicted_with_certainty() {
    check_classes(&SURE);
}

#[test]
fn metrics_of_numbers() {
    check_numbers(&EVEN);
    check_numbers(&ODD);
}

#[test]
fn metrics_of_equal_numbers() {
    check_numbers(&EQUAL);
}

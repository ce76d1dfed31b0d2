//! What a weight means: 2 is a doubled row, and 0 a removed one.

use nnfs_metrics::{
    ConfusionMatrix, MetricError, brier_score, log_loss, log_sigmoid, log_softmax, roc_auc,
    weighted_binary_accuracy, weighted_brier_score, weighted_categorical_accuracy,
    weighted_log_loss, weighted_mean_absolute_error, weighted_mean_squared_error,
    weighted_median_absolute_error, weighted_r2, weighted_roc_auc,
    weighted_root_mean_squared_error,
};
use nnfs_tensor::{Tensor, WeightError};
use proptest::prelude::*;

type Metric = fn(&Tensor<f64>, &Tensor<f64>, Option<&[f64]>) -> Result<f64, MetricError>;

/// Every metric that takes weights.
const METRICS: [(&str, Metric); 13] = [
    ("categorical_accuracy", weighted_categorical_accuracy),
    ("binary_accuracy", |p, t, w| weighted_binary_accuracy(p, t, 0.5, w)),
    ("balanced accuracy", |p, t, w| {
        ConfusionMatrix::weighted(p, t, w).map(|confusion| confusion.balanced_accuracy())
    }),
    ("f1", |p, t, w| ConfusionMatrix::weighted(p, t, w).map(|confusion| confusion.f1(1))),
    ("macro F1", |p, t, w| {
        ConfusionMatrix::weighted(p, t, w).map(|confusion| confusion.macro_f1())
    }),
    ("log_loss", |p, t, w| weighted_log_loss(&log_softmax(p)?, t, w)),
    ("brier_score", weighted_brier_score),
    ("roc_auc", |p, t, w| {
        weighted_roc_auc(&p.columns(0, 1).into_owned(), &t.columns(0, 1).into_owned(), w)
    }),
    ("r2", weighted_r2),
    ("mean_absolute_error", weighted_mean_absolute_error),
    ("mean_squared_error", weighted_mean_squared_error),
    ("root_mean_squared_error", weighted_root_mean_squared_error),
    ("median_absolute_error", weighted_median_absolute_error),
];

/// Predictions in quarters, so that ties occur, classes as one-hot targets, and how often each row counts.
fn data() -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>, Vec<usize>)> {
    (4..15_usize, 2..4_usize).prop_flat_map(|(rows, columns)| {
        let entries =
            prop::collection::vec((-8..8).prop_map(|n| f64::from(n) / 4.0), rows * columns);
        let classes = prop::collection::vec(0..columns, rows);
        let counts = prop::collection::vec(0..4_usize, rows);
        (entries, classes, counts).prop_map(move |(entries, classes, counts)| {
            let one = |row: usize, column| if classes[row] == column { 1.0 } else { 0.0 };
            let targets = Tensor::from_fn(rows, columns, one);
            (Tensor::from_vec(rows, columns, entries), targets, counts)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_weight_is_how_often_a_row_counts((predictions, targets, counts) in data()) {
        prop_assume!(counts.iter().filter(|&&count| count > 0).count() > 1);
        let weights: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
        let repeated = counts.iter().enumerate().flat_map(|(row, &count)| vec![row; count]);
        let rows: Vec<usize> = repeated.collect();
        for (name, metric) in METRICS {
            let weighted = metric(&predictions, &targets, Some(&weights));
            let doubled = metric(&predictions.select_rows(&rows), &targets.select_rows(&rows), None);
            match (weighted, doubled) {
                (Ok(weighted), Ok(doubled)) => prop_assert!(
                    (weighted - doubled).abs() <= 1e-12 * (1.0 + doubled.abs()),
                    "{name}: {weighted} {doubled}"
                ),
                (weighted, doubled) => prop_assert_eq!(weighted, doubled, "{}", name),
            }
        }
    }

    #[test]
    fn equal_weights_change_nothing((predictions, targets, _) in data(), weight in 0.01..100.0) {
        let weights = vec![weight; targets.nrows()];
        for (name, metric) in METRICS {
            let (with, without) =
                (metric(&predictions, &targets, Some(&weights)), metric(&predictions, &targets, None));
            let Ok(without) = without else {
                prop_assert_eq!(with, without, "{}", name);
                continue;
            };
            prop_assert!((with.unwrap() - without).abs() <= 1e-12 * (1.0 + without.abs()), "{}", name);
        }
    }
}

#[test]
fn a_row_of_weight_0_may_hold_anything() {
    let targets = Tensor::from_row_slice(4, 2, &[1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
    let mut predictions = Tensor::from_row_slice(4, 2, &[0.9, 0.1, 0.4, 0.6, 0.2, 0.8, 0.5, 0.5]);
    predictions[(1, 0)] = f64::NAN;
    predictions[(1, 1)] = f64::NAN;
    for (name, metric) in METRICS {
        let value = metric(&predictions, &targets, Some(&[1.0, 0.0, 2.0, 0.5]));
        assert!(value.as_ref().is_ok_and(|value| value.is_finite()), "{name}: {value:?}");
    }
}

#[test]
fn weights_are_checked() {
    let tensor = Tensor::from_row_slice(3, 2, &[1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
    let is_nan = |error: &WeightError| matches!(error, WeightError::Value { row: 2, found } if found.is_nan());
    for (name, metric) in METRICS {
        let refused = |weights: &[f64]| match metric(&tensor, &tensor, Some(weights)) {
            Err(MetricError::Weights(error)) => error,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(refused(&[1.0]), WeightError::Count { expected: 3, found: 1 });
        assert_eq!(refused(&[1.0, -1.0, 1.0]), WeightError::Value { row: 1, found: -1.0 });
        assert!(is_nan(&refused(&[1.0, 1.0, f64::NAN])), "{name}");
        assert_eq!(refused(&[0.0; 3]), WeightError::AllZero);
        assert_eq!(refused(&[f64::MAX; 3]), WeightError::Sum { found: f64::INFINITY });
        assert_eq!(refused(&[1e-300, 0.0, 0.0]), WeightError::Sum { found: 1e-300 });
    }
}

#[test]
fn what_cannot_be_ordered_or_compared_is_refused() {
    let column = |values: [f64; 3]| Tensor::from_column_slice(3, 1, &values);
    let (scores, targets) = (column([0.1, f64::NAN, 0.3]), column([0.0, 1.0, 1.0]));
    assert_eq!(roc_auc(&scores, &targets), Err(MetricError::Nan { what: "scores", row: 1 }));
    let scores = column([0.1, 0.2, 0.3]);
    assert_eq!(roc_auc(&scores, &column([1.0; 3])), Err(MetricError::SingleClass));
    let wide = Tensor::<f64>::zeros(3, 2);
    assert!(matches!(roc_auc(&wide, &wide), Err(MetricError::Shape(_))));
    let mut predictions = wide.clone();
    predictions[(2, 1)] = f64::NAN;
    let error = ConfusionMatrix::new(&predictions, &wide.add_scalar(0.5));
    assert!(matches!(error, Err(MetricError::Nan { row: 2, .. })), "{error:?}");
    assert!(matches!(ConfusionMatrix::new(&scores, &targets), Err(MetricError::Shape(_))));
}

/// A NaN was a target of the first class.
#[test]
fn targets_of_probabilities_are_0_or_1() {
    let column = |values: [f64; 3]| Tensor::from_column_slice(3, 1, &values);
    let scores = column([0.1, 0.7, 0.3]);
    for bad in [f64::NAN, 0.5, 2.0, -1.0] {
        let targets = column([0.0, bad, 1.0]);
        for metric in [weighted_roc_auc, weighted_brier_score] {
            let Err(MetricError::Target { row: 1, column: 0, found, .. }) =
                metric(&scores, &targets, None)
            else {
                panic!("{bad}")
            };
            assert_eq!(found.to_bits(), bad.to_bits());
            // A row of weight 0 does not count.
            assert!(metric(&scores, &targets, Some(&[1.0, 0.0, 1.0])).is_ok());
        }
    }
}

/// The log loss of probabilities would be a negative number.
#[test]
fn probabilities_are_no_logarithms() {
    let probabilities = Tensor::from_row_slice(2, 2, &[0.0, -1.0, -1.0, 0.7]);
    let targets = Tensor::<f64>::identity(2, 2);
    let error = log_loss(&probabilities, &targets);
    assert_eq!(error, Err(MetricError::Logarithm { row: 1, column: 1, found: 0.7 }));
    assert!(weighted_log_loss(&probabilities, &targets, Some(&[1.0, 0.0])).is_ok());
    // The logarithm of a probability that is 1 and some rounding.
    let rounded = f64::from(1.0_f32 + f32::EPSILON).ln();
    let logarithms = Tensor::from_row_slice(1, 2, &[rounded, -1e3]);
    let target = Tensor::from_row_slice(1, 2, &[1.0, 0.0]);
    assert_eq!(log_loss(&logarithms, &target), Ok(-rounded));
    assert_eq!(log_loss(&Tensor::from_row_slice(1, 2, &[1e-6, -1e3]), &target), Ok(-1e-6));
    assert!(log_loss(&Tensor::from_row_slice(1, 2, &[1.1e-6, -1e3]), &target).is_err());
}

#[test]
fn logits_have_the_columns_that_their_logarithms_need() {
    for columns in [0, 2] {
        let error = log_sigmoid(&Tensor::<f64>::zeros(3, columns));
        assert!(matches!(error, Err(MetricError::Shape(_))), "{columns}");
    }
    assert!(matches!(log_softmax(&Tensor::<f64>::zeros(3, 0)), Err(MetricError::Shape(_))));
}

#[test]
fn a_probability_of_0_costs_infinity_only_for_its_own_class() {
    let logarithms = Tensor::from_row_slice(1, 2, &[0.0, f64::NEG_INFINITY]);
    let target = |class| Tensor::from_fn(1, 2, |_, column| if column == class { 1.0 } else { 0.0 });
    assert_eq!(log_loss(&logarithms, &target(0)), Ok(0.0));
    assert_eq!(log_loss(&logarithms, &target(1)), Ok(f64::INFINITY));
}

#[test]
fn one_column_of_probabilities_has_the_brier_score_of_two() {
    let (p, t) = (
        Tensor::from_column_slice(2, 1, &[0.3, 0.9]),
        Tensor::from_column_slice(2, 1, &[1.0, 0.0]),
    );
    let both = |tensor: &Tensor<f64>| {
        Tensor::from_fn(2, 2, |row, class| if class == 1 { tensor[row] } else { 1.0 - tensor[row] })
    };
    let (one, two) = (brier_score(&p, &t).unwrap(), brier_score(&both(&p), &both(&t)).unwrap());
    assert!((one - two).abs() < 1e-15, "{one} {two}");
}

//! What does not fit is refused with a message that says why.

use nnfs_metrics::{
    ConfusionMatrix, MetricError, Tolerance, accuracy_within, binary_accuracy, brier_score,
    categorical_accuracy, log_loss, max_error, mean_absolute_error, mean_squared_error, r2,
    root_mean_squared_error, weighted_brier_score, weighted_categorical_accuracy,
    weighted_log_loss,
};
use nnfs_tensor::{ShapeError, Tensor};

type Metric = fn(&Tensor<f32>, &Tensor<f32>) -> Result<f64, MetricError>;

/// Every metric of predictions and targets.
const METRICS: [(&str, Metric); 8] = [
    ("accuracy_within", |p, t| accuracy_within(p, t, Tolerance::absolute(0.1).unwrap())),
    ("r2", r2),
    ("mean_absolute_error", mean_absolute_error),
    ("mean_squared_error", mean_squared_error),
    ("root_mean_squared_error", root_mean_squared_error),
    ("max_error", max_error),
    ("categorical_accuracy", categorical_accuracy),
    ("binary_accuracy", |p, t| binary_accuracy(p, t, 0.5)),
];

#[test]
fn different_shapes() {
    // The last of them has as many entries as the targets.
    for (rows, columns) in [(2, 2), (3, 1), (3, 3), (2, 3)] {
        for (name, metric) in METRICS {
            let error = metric(&Tensor::zeros(rows, columns), &Tensor::zeros(3, 2)).unwrap_err();
            let expected =
                ShapeError::new("predictions", "3x2 as the targets", format!("{rows}x{columns}"));
            assert_eq!(error, MetricError::Shape(expected), "{name}");
        }
    }
}

#[test]
fn no_entries() {
    for (rows, columns) in [(0, 0), (0, 2), (2, 0)] {
        let nothing = Tensor::zeros(rows, columns);
        for (name, metric) in METRICS {
            assert_eq!(
                metric(&nothing, &nothing).unwrap_err().to_string(),
                format!(
                    "predictions and targets: expected at least one entry, found {rows}x{columns}"
                ),
                "{name}"
            );
        }
        let error = Tolerance::from_targets(&nothing, 250.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("targets: expected at least one entry, found {rows}x{columns}")
        );
    }
}

#[test]
fn r2_of_a_single_sample() {
    let single = Tensor::<f64>::from_element(1, 3, 1.0);
    let error = r2(&single, &single).unwrap_err();
    assert_eq!(error, MetricError::SingleSample);
    assert_eq!(error.to_string(), "R2: expected at least 2 samples, found 1");
}

#[test]
fn a_single_column_has_no_classes_to_choose_from() {
    let column = Tensor::<f64>::zeros(5, 1);
    assert_eq!(
        categorical_accuracy(&column, &column).unwrap_err().to_string(),
        "predictions: expected at least 2 columns, one for each class, found 5x1"
    );
    // The logarithms of the second class alone say nothing about rows of the first.
    let logarithms = Tensor::from_element(5, 1, -0.5);
    assert!(matches!(log_loss(&logarithms, &column), Err(MetricError::Shape(_))));
    // A single column of probabilities is that of the second of two classes.
    assert_eq!(brier_score(&column, &column), Ok(0.0));
}

/// A row of zeros would count as class 0.
#[test]
fn a_row_without_a_class() {
    let predictions = Tensor::from_row_slice(3, 2, &[0.9, 0.1, 0.8, 0.2, 0.3, 0.7]);
    let targets = Tensor::from_row_slice(3, 2, &[1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    let no_class = MetricError::NoClass { row: 1 };
    assert_eq!(categorical_accuracy(&predictions, &targets), Err(no_class.clone()));
    assert_eq!(ConfusionMatrix::new(&predictions, &targets), Err(no_class.clone()));
    assert_eq!(brier_score(&predictions, &targets), Err(no_class.clone()));
    let logarithms = predictions.map(f64::ln);
    assert_eq!(log_loss(&logarithms, &targets), Err(no_class));
    // A row of weight 0 does not count, whatever it holds.
    let weights = Some(&[1.0, 0.0, 3.0][..]);
    assert_eq!(weighted_categorical_accuracy(&predictions, &targets, weights), Ok(1.0));
    let confusion = ConfusionMatrix::weighted(&predictions, &targets, weights).unwrap();
    assert_eq!(confusion.accuracy(), 1.0);
    let brier_score = weighted_brier_score(&predictions, &targets, weights).unwrap();
    assert!((brier_score - (0.1 * 0.1 + 3.0 * 0.3 * 0.3) / 4.0).abs() < 1e-15, "{brier_score}");
    let loss = weighted_log_loss(&logarithms, &targets, weights).unwrap();
    assert!((loss + (0.9_f64.ln() + 3.0 * 0.7_f64.ln()) / 4.0).abs() < 1e-15, "{loss}");
    // The largest of several targets is the class, as with smoothed labels.
    let smooth = Tensor::from_row_slice(3, 2, &[0.95, 0.05, 0.9, 0.1, 0.05, 0.95]);
    assert_eq!(categorical_accuracy(&predictions, &smooth), Ok(1.0));
}

#[test]
fn tolerances_that_nothing_can_meet() {
    for value in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        let message = format!("tolerance must be finite and above 0, found {value}");
        assert_eq!(Tolerance::absolute(value).unwrap_err().to_string(), message);
    }
    let targets = Tensor::from_column_slice(2, 1, &[0.0, 1.0]);
    for divisor in [0.0, -250.0, f64::NAN, f64::INFINITY] {
        let message =
            format!("divisor of the tolerance must be finite and above 0, found {divisor}");
        let error = Tolerance::from_targets(&targets, divisor).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn targets_without_a_spread() {
    // The standard deviation of three 0.1, computed, is not 0.
    let error = Tolerance::from_targets(&Tensor::from_element(3, 1, 0.1), 250.0).unwrap_err();
    assert_eq!(error, MetricError::Constant { value: 0.1 });
    assert_eq!(
        error.to_string(),
        "tolerance: expected targets that differ from each other, found 0.1 only"
    );
    let targets = Tensor::from_column_slice(2, 1, &[f64::NAN, 1.0]);
    assert_eq!(
        Tolerance::from_targets(&targets, 250.0).unwrap_err().to_string(),
        "tolerance must be finite and above 0, found NaN"
    );
}

#[test]
fn thresholds_that_part_nothing() {
    let column = Tensor::<f64>::zeros(5, 1);
    for threshold in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(
            binary_accuracy(&column, &column, threshold).unwrap_err().to_string(),
            format!("threshold must be finite, found {threshold}")
        );
    }
}

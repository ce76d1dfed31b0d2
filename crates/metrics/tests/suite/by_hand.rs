//! Small examples that can be computed by hand.

use nnfs_metrics::{brier_score, log_sigmoid, median_absolute_error};
use nnfs_tensor::Tensor;

fn column(values: &[f64]) -> Tensor<f64> {
    Tensor::from_column_slice(values.len(), 1, values)
}

#[test]
fn the_brier_score_is_a_mean_of_squares() {
    let score = brier_score(&column(&[0.3, 0.9]), &column(&[1.0, 0.0])).unwrap();
    assert!((score - (0.49 + 0.81) / 2.0).abs() < 1e-15, "{score}");
}

#[test]
fn the_logarithms_of_both_classes_come_from_one_logit() {
    // p = 1 / (1 + exp(-ln 3)) = 3/4
    let logarithms = log_sigmoid(&column(&[3.0_f64.ln(), -3.0_f64.ln()])).unwrap();
    let expected = [[0.25, 0.75], [0.75, 0.25]].map(|row| row.map(f64::ln));
    for (row, expected) in expected.iter().enumerate() {
        for (class, expected) in expected.iter().enumerate() {
            let found = logarithms[(row, class)];
            assert!((found - expected).abs() < 1e-15, "row {row}, class {class}: {found}");
        }
    }
    // A certain class has the logarithm 0, which prints without a sign.
    let certain = log_sigmoid(&column(&[1000.0, -1000.0])).unwrap();
    assert_eq!(certain, Tensor::from_row_slice(2, 2, &[-1000.0, 0.0, 0.0, -1000.0]));
    assert!(certain[(0, 1)].is_sign_positive() && certain[(1, 0)].is_sign_positive());
}

#[test]
fn the_median_absolute_error_is_the_mean_over_the_columns() {
    let zeros = Tensor::zeros(3, 2);
    let predictions = Tensor::from_row_slice(3, 2, &[1.0, -5.0, -2.0, 6.0, 10.0, 70.0]);
    assert_eq!(median_absolute_error(&predictions, &zeros), Ok((2.0 + 6.0) / 2.0));
    assert_eq!(
        median_absolute_error(&column(&[1.0, -3.0, 2.0, 9.0]), &Tensor::zeros(4, 1)),
        Ok(2.5)
    );
}

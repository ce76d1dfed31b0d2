//! The metrics against scikit-learn 1.9.1 and NumPy 2.4.6, and values worked out by hand.

use nnfs_metrics::{
    Tolerance, accuracy_within, argmax_rows, binary_accuracy, categorical_accuracy, max_error,
    mean_absolute_error, r2, root_mean_squared_error,
};
use nnfs_tensor::Tensor;

// import numpy as np
// from sklearn.metrics import *
// t = np.array([[3, -0.5], [2, 1], [-7, 6], [0.25, 5]])
// p = np.array([[2.5, 0], [0.5, 2], [-8, 5], [0.5, 8]])
fn targets() -> Tensor<f64> {
    Tensor::from_row_slice(4, 2, &[3.0, -0.5, 2.0, 1.0, -7.0, 6.0, 0.25, 5.0])
}

fn predictions() -> Tensor<f64> {
    Tensor::from_row_slice(4, 2, &[2.5, 0.0, 0.5, 2.0, -8.0, 5.0, 0.5, 8.0])
}

/// The first or second column of both.
fn column(index: usize) -> (Tensor<f64>, Tensor<f64>) {
    (predictions().columns(index, 1).into(), targets().columns(index, 1).into())
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 4.0 * f64::EPSILON * expected.abs(), "{found}, {expected}");
}

// print(r2_score(t, p), r2_score(t[:, 0], p[:, 0]), r2_score(t[:, 1], p[:, 1]))
#[test]
fn r2_is_that_of_scikit_learn() {
    assert_close(r2(&predictions(), &targets()).unwrap(), 0.7782211205971918);
    let [first, second] = [0, 1].map(|index| {
        let (predictions, targets) = column(index);
        r2(&predictions, &targets).unwrap()
    });
    assert_close(first, 0.9418812133571246);
    assert_close(second, 0.6145610278372591);
}

// c = [2., 2., 2.]
// print(r2_score(c, c), r2_score(c, [2, 2, 3]))
// tt = np.c_[[1., 2, 3], c]
// print(r2_score(tt, np.c_[[1., 2, 4], [2, 2, 3.]]), r2_score(tt, np.c_[[1., 2, 4], c]))
#[test]
fn r2_of_constant_targets_is_that_of_scikit_learn() {
    let constant = Tensor::from_element(3, 1, 2.0);
    let missed = Tensor::from_column_slice(3, 1, &[2.0, 2.0, 3.0]);
    assert_eq!(r2(&constant, &constant), Ok(1.0));
    assert_eq!(r2(&missed, &constant), Ok(0.0));

    let targets = Tensor::from_column_slice(3, 2, &[1.0, 2.0, 3.0, 2.0, 2.0, 2.0]);
    let second_missed = Tensor::from_column_slice(3, 2, &[1.0, 2.0, 4.0, 2.0, 2.0, 3.0]);
    let second_perfect = Tensor::from_column_slice(3, 2, &[1.0, 2.0, 4.0, 2.0, 2.0, 2.0]);
    assert_eq!(r2(&second_missed, &targets), Ok(0.25));
    assert_eq!(r2(&second_perfect, &targets), Ok(0.75));
}

// print(r2_score([.1] * 3, [.1, .1, .2])) gives -1.7e+31: the mean of three 0.1 is not 0.1.
#[test]
fn r2_knows_constant_targets_whose_mean_is_rounded() {
    let constant = Tensor::from_element(3, 1, 0.1);
    let missed = Tensor::from_column_slice(3, 1, &[0.1, 0.1, 0.2]);
    assert_eq!(r2(&missed, &constant), Ok(0.0));
}

// print(mean_absolute_error(t, p), max_error(t[:, 0], p[:, 0]), max_error(t.ravel(), p.ravel()))
// print(root_mean_squared_error(t[:, 0], p[:, 0]), root_mean_squared_error(t.ravel(), p.ravel()))
#[test]
fn errors_are_those_of_scikit_learn() {
    let (first, first_targets) = column(0);
    let (all, all_targets) = (predictions(), targets());
    assert_eq!(mean_absolute_error(&all, &all_targets), Ok(1.09375));
    assert_eq!(max_error(&first, &first_targets), Ok(1.5));
    assert_eq!(max_error(&all, &all_targets), Ok(3.0));
    assert_close(root_mean_squared_error(&first, &first_targets).unwrap(), 0.9437293044088437);
    assert_close(root_mean_squared_error(&all, &all_targets).unwrap(), 1.3607213160673275);
}

// print(np.std(t) / 250, np.std(t) / 3, np.mean(np.absolute(p - t) < np.std(t) / 3))
#[test]
fn the_tolerance_and_its_accuracy_are_those_of_numpy() {
    let chapter = Tolerance::from_targets(&targets(), Tolerance::CHAPTER_DIVISOR).unwrap();
    assert_close(chapter.value(), 0.014995311767349154);
    let third = Tolerance::from_targets(&targets(), 3.0).unwrap();
    assert_close(third.value(), 1.249609313945763);
    assert_eq!(accuracy_within(&predictions(), &targets(), third), Ok(0.75));
}

// x = np.arange(1000).reshape(-1, 1) / 1000; y = np.sin(2 * np.pi * x); precision = np.std(y) / 250
// print(precision, [np.mean(np.absolute(p - y) < precision) for p in (x, 1.003 * y)])
#[test]
fn the_tolerance_of_the_chapter_on_its_data() {
    let inputs = Tensor::from_fn(1000, 1, |row, _| row as f64 / 1000.0);
    let targets = inputs.map(|x: f64| (std::f64::consts::TAU * x).sin());
    let precision = Tolerance::from_targets(&targets, Tolerance::CHAPTER_DIVISOR).unwrap();
    assert_close(precision.value(), 0.0028284271247461905);
    assert_eq!(accuracy_within(&inputs, &targets, precision), Ok(0.002));
    assert_eq!(accuracy_within(&(&targets * 1.003), &targets, precision), Ok(0.782));
}

#[test]
fn a_difference_of_exactly_the_tolerance_is_too_far() {
    let targets = Tensor::from_column_slice(4, 1, &[1.0, 1.0, 1.0, 1.0]);
    // Twice the tolerance itself, and twice the nearest number inside: all differences are exact.
    let entries = [1.5, 0.5, 1.5_f64.next_down(), 0.5_f64.next_up()];
    let predictions = Tensor::from_column_slice(4, 1, &entries);
    let tolerance = Tolerance::absolute(0.5).unwrap();
    assert_eq!(accuracy_within(&predictions, &targets, tolerance), Ok(0.5));
}

// The square of 1e-30 would be 0 in single precision.
#[test]
fn single_precision_is_compared_in_double() {
    let (targets, predictions) = (Tensor::from_element(2, 1, 1e-30_f32), Tensor::zeros(2, 1));
    let expected = f64::from(1e-30_f32);
    assert_eq!(root_mean_squared_error(&predictions, &targets), Ok(expected));
    let tolerance = Tolerance::absolute(expected).unwrap();
    assert_eq!(accuracy_within(&predictions, &targets, tolerance), Ok(0.0));
    let tolerance = Tolerance::absolute(expected.next_up()).unwrap();
    assert_eq!(accuracy_within(&predictions, &targets, tolerance), Ok(1.0));
}

// nan = np.nan
// print(np.argmax([[1, nan, 2], [3, 3, 1], [1, 2, 2], [nan, nan, 9]], axis=1))
#[test]
fn argmax_is_that_of_numpy() {
    let nan = f64::NAN;
    let rows = [[1.0, nan, 2.0], [3.0, 3.0, 1.0], [1.0, 2.0, 2.0], [nan, nan, 9.0]];
    assert_eq!(argmax_rows(&Tensor::from_row_slice(4, 3, rows.as_flattened())), [1, 0, 1, 0]);
    assert_eq!(argmax_rows(&Tensor::<f64>::zeros(0, 3)), []);
}

#[test]
#[should_panic(expected = "argmax_rows: 2 rows have no columns")]
fn there_is_no_argmax_of_nothing() {
    argmax_rows(&Tensor::<f64>::zeros(2, 0));
}

#[test]
fn categorical_accuracy_counts_rows() {
    let targets = Tensor::<f64>::from_row_slice(
        5,
        3,
        &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0],
    );
    let rows = [
        [0.5, 0.3, 0.2],      // right
        [0.4, 0.4, 0.2],      // wrong: the first of two equal ones wins
        [-3.0, -2.0, -1.0],   // right: logits do as well
        [0.0, f64::NAN, 1.0], // wrong, though np.argmax says 1
        [0.9, f64::NAN, 0.0], // wrong, though 0.9 is the largest number
    ];
    let predictions = Tensor::from_row_slice(5, 3, rows.as_flattened());
    assert_eq!(categorical_accuracy(&predictions, &targets), Ok(0.4));
}

#[test]
fn binary_accuracy_counts_entries() {
    let targets = Tensor::from_row_slice(3, 2, &[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    let rows = [
        [0.5, 0.5], // right and wrong: the threshold itself means class 0
        [0.6, 0.4], // wrong and wrong
        [f64::NAN, f64::NAN],
    ];
    let predictions = Tensor::from_row_slice(3, 2, rows.as_flattened());
    assert_eq!(binary_accuracy(&predictions, &targets, 0.5), Ok(1.0 / 6.0));
    assert_eq!(binary_accuracy(&predictions, &targets, 0.3), Ok(2.0 / 6.0));
    assert_eq!(binary_accuracy(&predictions, &targets, 0.55), Ok(1.0 / 6.0));
    assert_eq!(binary_accuracy(&predictions, &targets, 0.6), Ok(2.0 / 6.0));
}

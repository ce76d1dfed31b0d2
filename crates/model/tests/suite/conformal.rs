//! Prediction intervals against NumPy; `golden.py` says how the values were made.

use nnfs_model::CrossConformal;
use nnfs_tensor::Tensor;

#[path = "../golden/values.rs"]
#[rustfmt::skip]
#[allow(clippy::unreadable_literal)]
mod values;

use values::{INTERVALS, OUTPUTS, PREDICTIONS, RESIDUALS, SCALED};

fn tensor(numbers: &[f64]) -> Tensor<f64> {
    Tensor::from_row_slice(numbers.len() / 2, 2, numbers)
}

#[track_caller]
fn check(conformal: &CrossConformal, cases: &[(f64, [f64; 8], [f64; 8])]) {
    for (level, low, high) in cases {
        let found = conformal.intervals_around(&tensor(&OUTPUTS), *level).unwrap();
        assert!((found.low - tensor(low)).abs().max() < 1e-12, "{level}");
        assert!((found.high - tensor(high)).abs().max() < 1e-12, "{level}");
    }
}

#[test]
fn intervals_are_those_of_numpy() {
    check(&CrossConformal::fit(&tensor(&RESIDUALS)).unwrap(), &INTERVALS);
}

#[test]
fn scaled_intervals_are_those_of_numpy() {
    let [predictions, residuals] = [&PREDICTIONS, &RESIDUALS].map(|it| tensor(it));
    check(&CrossConformal::fit_scaled(&predictions, &residuals).unwrap(), &SCALED);
}

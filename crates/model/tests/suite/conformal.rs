//! Prediction intervals against NumPy; `golden.py` says how the values were made.

use nnfs_model::CrossConformal;
use nnfs_tensor::Tensor;

#[path = "../golden/values.rs"]
#[rustfmt::skip]
#[allow(clippy::unreadable_literal)]
mod values;

use values::{FOLDS, GROWN, INTERVALS, SCALED};

#[test]
fn scaled_intervals_are_those_of_numpy() {
    let tensor = |numbers: &[f64]| Tensor::from_row_slice(numbers.len() / 2, 2, numbers);
    let folds = GROWN.map(|(predictions, residuals)| (tensor(predictions), tensor(residuals)));
    let means = FOLDS.map(|(_, means)| tensor(&means));
    let conformal = CrossConformal::fit_scaled(vec![0, 1, 2], &folds).unwrap();
    for (level, low, high) in SCALED {
        let found = conformal.intervals(level, &means).unwrap();
        assert!((found.low - tensor(&low)).abs().max() < 1e-12, "{level}");
        assert!((found.high - tensor(&high)).abs().max() < 1e-12, "{level}");
    }
}

#[test]
fn intervals_are_those_of_numpy() {
    let residuals = FOLDS.map(|(fold, _)| Tensor::from_row_slice(fold.len() / 2, 2, fold));
    let means = FOLDS.map(|(_, means)| Tensor::from_row_slice(4, 2, &means));
    let conformal = CrossConformal::fit(vec![0, 1, 2], residuals).unwrap();
    for (level, low, high) in INTERVALS {
        let found = conformal.intervals(level, &means).unwrap();
        assert_eq!(found.low, Tensor::from_row_slice(4, 2, &low), "{level}");
        assert_eq!(found.high, Tensor::from_row_slice(4, 2, &high), "{level}");
    }
}

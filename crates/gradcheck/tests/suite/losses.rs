//! Losses with right and with wrong derivatives, and the chapter's.

use nnfs_gradcheck::{GradientCheck, GradientError, Report};
use nnfs_tensor::{Loss, Tensor};

use crate::blocks::LossOf;

fn predictions() -> Tensor<f64> {
    Tensor::from_row_slice(3, 2, &[0.9, 0.2, -0.3, 1.4, 0.6, 0.1])
}

fn targets() -> Tensor<f64> {
    Tensor::from_row_slice(3, 2, &[1.0, -0.2, -0.8, 1.1, 0.0, 0.4])
}

fn check(loss: &dyn Loss<f64>) -> Result<Report, GradientError> {
    GradientCheck::default().loss(loss, &predictions(), &targets())
}

fn squared(p: &Tensor<f64>, y: &Tensor<f64>) -> f64 {
    (p - y).norm_squared() / p.len() as f64
}

fn absolute(p: &Tensor<f64>, y: &Tensor<f64>) -> f64 {
    (p - y).abs().sum() / p.len() as f64
}

fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

#[track_caller]
fn assert_wrong(result: &Result<Report, GradientError>) {
    assert!(
        matches!(result, Err(GradientError::Wrong { entry, .. }) if entry.tensor == "predictions"),
        "{result:?}"
    );
}

#[test]
fn right_derivatives_pass() {
    let report = check(&LossOf::new(squared, |p, y| (p - y) * 2.0 / p.len() as f64)).unwrap();
    assert_eq!((report.checked, report.skipped), (6, 0));
    let report = check(&LossOf::new(absolute, |p, y| (p - y).map(sign) / p.len() as f64)).unwrap();
    assert_eq!((report.checked, report.skipped), (6, 0));
}

#[test]
fn the_chapters_sign_of_the_absolute_error_is_refused() {
    let loss = LossOf::new(absolute, |p, y| {
        let (samples, outputs) = (p.nrows() as f64, p.ncols() as f64);
        (y - p).map(sign) / outputs / samples
    });
    let result = check(&loss);
    assert_wrong(&result);
    let Err(GradientError::Wrong { entry, wrong: 6, .. }) = result else { panic!("{result:?}") };
    assert!((entry.analytic + entry.numeric).abs() < 1e-9, "opposite signs: {entry}");
}

#[test]
fn a_forgotten_mean_is_refused() {
    // Over the batch, over the outputs, over both.
    assert_wrong(&check(&LossOf::new(squared, |p, y| (p - y) * 2.0 / p.ncols() as f64)));
    assert_wrong(&check(&LossOf::new(squared, |p, y| (p - y) * 2.0 / p.nrows() as f64)));
    assert_wrong(&check(&LossOf::new(squared, |p, y| (p - y) * 2.0)));
}

#[test]
fn the_wrong_sign_of_a_small_error_among_large_ones_is_refused() {
    let targets = predictions().map_with_location(|row, column, prediction| {
        if (row, column) == (1, 1) { prediction - 1e-6 } else { prediction - 1.0 }
    });
    let right = LossOf::new(squared, |p, y| (p - y) * 2.0 / p.len() as f64);
    let report = GradientCheck::default().loss(&right, &predictions(), &targets).unwrap();
    assert_eq!(report.checked, 6);
    let wrong = LossOf::new(squared, |p, y| {
        let mut gradient = (p - y) * 2.0 / p.len() as f64;
        gradient[(1, 1)] *= -1.0;
        gradient
    });
    let result = GradientCheck::default().loss(&wrong, &predictions(), &targets);
    let Err(GradientError::Wrong { entry, wrong: 1, .. }) = result else { panic!("{result:?}") };
    assert_eq!((entry.row, entry.column), (1, 1));
}

#[test]
fn cross_entropy_passes_right_up_to_its_clip() {
    const CLIP: f64 = 1e-7;
    fn loss(p: &Tensor<f64>, y: &Tensor<f64>) -> f64 {
        -p.zip_map(y, |p, y| y * p.clamp(CLIP, 1.0 - CLIP).ln()).sum() / p.nrows() as f64
    }
    let predictions = Tensor::from_row_slice(3, 2, &[0.7, 0.3, 2e-7, 1.0, 3e-5, 0.99]);
    let targets = Tensor::from_row_slice(3, 2, &[1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    let right = LossOf::new(loss, |p, y| -p.zip_map(y, |p, y| y / p) / p.nrows() as f64);
    let report = GradientCheck::default().loss(&right, &predictions, &targets).unwrap();
    assert_eq!((report.checked, report.skipped), (6, 0));

    // Where the clip binds, the clipped loss is flat, and 1/p is not its derivative.
    let clipped = Tensor::from_row_slice(3, 2, &[0.7, 0.3, 5e-8, 1.0, 3e-5, 0.99]);
    let result = GradientCheck::default().loss(&right, &clipped, &targets);
    let Err(GradientError::Wrong { entry, wrong: 1, .. }) = result else { panic!("{result:?}") };
    assert_eq!((entry.row, entry.column, entry.numeric), (1, 0, 0.0));
}

#[test]
fn the_saturated_logits_of_a_softmax_pass() {
    fn loss(logits: &Tensor<f64>, y: &Tensor<f64>) -> f64 {
        let rows = logits.row_iter().zip(y.row_iter());
        let losses = rows.map(|(logits, y)| {
            let top = logits.max();
            top + logits.map(|logit| (logit - top).exp()).sum().ln() - logits.dot(&y)
        });
        losses.sum::<f64>() / logits.nrows() as f64
    }
    fn derivative(logits: &Tensor<f64>, y: &Tensor<f64>) -> Tensor<f64> {
        let mut gradient = logits.clone();
        for mut row in gradient.row_iter_mut() {
            let top = row.max();
            row.apply(|logit| *logit = (*logit - top).exp());
            let sum = row.sum();
            row /= sum;
        }
        (gradient - y) / logits.nrows() as f64
    }
    let logits = Tensor::from_row_slice(2, 3, &[25.0, 0.1, -0.3, 40.0, 3.0, -60.0]);
    let targets = Tensor::from_row_slice(2, 3, &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    // The loss is tiny, but what it is computed from is not.
    for shift in [0.0, 1000.0] {
        let logits = logits.add_scalar(shift);
        let loss = LossOf::new(loss, derivative);
        let report = GradientCheck::default().loss(&loss, &logits, &targets).unwrap();
        assert_eq!((report.checked, report.skipped), (6, 0), "{shift}");
    }
}

#[test]
fn a_loss_that_is_not_finite_is_refused() {
    let loss = LossOf::new(|_, _| f64::NAN, |p, _| p.clone());
    assert_eq!(
        check(&loss).unwrap_err().to_string(),
        "loss must be finite where the gradient is checked, found NaN"
    );
}

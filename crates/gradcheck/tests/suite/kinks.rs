//! Kinks: skipped where they blur the slope, and never an excuse for a wrong derivative.

use nnfs_gradcheck::{GradientCheck, GradientError, Report};
use nnfs_tensor::Tensor;

use crate::blocks::{Function, Pointwise};

fn check(
    max_skipped: f64,
    function: Function,
    derivative: Function,
    inputs: &[f64],
) -> Result<Report, GradientError> {
    let inputs = Tensor::from_row_slice(1, inputs.len(), inputs);
    let gradient = inputs.map(|_| -2.0);
    GradientCheck::default().max_skipped(max_skipped).unwrap().layer(
        || Pointwise::new(function, derivative),
        &inputs,
        &gradient,
    )
}

fn relu(x: f64) -> f64 {
    x.max(0.0)
}

fn step(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else { 0.0 }
}

fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

#[test]
fn a_kink_at_the_very_point_is_skipped() {
    for (function, derivative) in [(relu as Function, step as Function), (f64::abs, sign)] {
        let report = check(0.5, function, derivative, &[-1.0, 0.0, 2.0]).unwrap();
        assert_eq!((report.checked, report.skipped), (2, 1));
    }
    let clip: Function = |x| x.clamp(-1.0, 1.0);
    let inside: Function = |x| if x.abs() < 1.0 { 1.0 } else { 0.0 };
    let report = check(0.5, clip, inside, &[-1.0, 0.5, 1.0, 3.0, 0.0]).unwrap();
    assert_eq!((report.checked, report.skipped), (3, 2));
}

#[test]
fn a_kink_beside_the_point_is_not_skipped() {
    let inputs: Vec<f64> = (1..=60)
        .flat_map(|tenths| [1.0, -1.0].map(|s| s * 0.1_f64.powf(0.1 * f64::from(tenths))))
        .collect();
    let report = check(0.0, relu, step, &inputs).unwrap();
    assert_eq!(report.checked, inputs.len());
    // One by one: every single one of them would have been found wrong.
    for &input in &inputs {
        let other: Function = |x| if x > 0.0 { 1.001 } else { 0.001 };
        let result = check(0.0, relu, other, &[input]);
        assert!(matches!(result, Err(GradientError::Wrong { .. })), "{input}: {result:?}");
    }
}

#[test]
fn a_wrong_derivative_is_not_skipped_at_a_kink_either() {
    // Every number between the slopes of the two sides is accepted as the derivative...
    for derivative in [|_| 0.0, |_| 0.5, |_| 1.0] as [Function; 3] {
        let error = check(0.9, relu, derivative, &[0.0, 0.0]).unwrap_err();
        assert!(
            matches!(error, GradientError::TooManyKinks { skipped: 2, total: 2, allowed: 0.9, .. }),
            "{error:?}"
        );
    }
    // ... and nothing else.
    for derivative in [|_| -0.01, |_| 1.01] as [Function; 2] {
        let result = check(0.9, relu, derivative, &[0.0, 0.0]);
        assert!(matches!(result, Err(GradientError::Wrong { wrong: 2, .. })), "{result:?}");
    }
}

#[test]
fn kinks_everywhere_prove_nothing() {
    let error = check(0.05, f64::abs, sign, &[0.0; 6]).unwrap_err();
    assert!(
        matches!(error, GradientError::TooManyKinks { skipped: 6, total: 6, allowed: 0.05, .. }),
        "{error:?}"
    );
    let table = error.report().unwrap().to_string();
    assert!(table.lines().nth(1).unwrap().ends_with("-  not checked"), "{table}");
    assert!(error.to_string().starts_with("6 of 6 entries are at a kink"), "{error}");
}

#[test]
fn the_allowed_share_is_exact() {
    let mut inputs = [1.0; 20];
    inputs[7] = 0.0;
    assert_eq!(check(0.05, relu, step, &inputs).unwrap().skipped, 1);
    assert!(check(0.049, relu, step, &inputs).is_err());
    inputs[8] = 0.0;
    assert!(check(0.05, relu, step, &inputs).is_err());
}

#[test]
fn a_jump_is_skipped_at_the_point_and_left_outside_beside_it() {
    let inputs = [0.0, 1e-5, -1e-6, 0.3];
    let report = check(0.3, f64::floor, |_| 0.0, &inputs).unwrap();
    assert_eq!((report.checked, report.skipped), (3, 1));
    let result = check(0.3, f64::floor, |_| 1e-3, &inputs);
    assert!(matches!(result, Err(GradientError::Wrong { wrong: 3, .. })), "{result:?}");
}

#[test]
fn a_kink_too_small_to_matter_is_not_skipped() {
    let report = check(0.0, |x| x + 1e-8 * x.abs(), |_| 1.0, &[0.0, 1e-6]).unwrap();
    assert_eq!(report.checked, 2);
    // But where the slope is small as well, it does matter.
    let result = check(0.0, |x| 1e-8 * x.abs(), |_| 0.0, &[0.0]);
    assert!(matches!(result, Err(GradientError::TooManyKinks { .. })), "{result:?}");
}

#[test]
fn a_penalty_has_its_kink_too() {
    let values = Tensor::from_row_slice(1, 4, &[0.0, 0.5, -0.1, 2.0]);
    let claimed = values.map(|x| 0.01 * sign(x) + 2.0 * x);
    let check = GradientCheck::default().max_skipped(0.25).unwrap();
    let report =
        check.function(&values, &claimed, |x| 0.01 * x.abs().sum() + x.norm_squared()).unwrap();
    assert_eq!((report.checked, report.skipped), (3, 1));
}

#[test]
fn a_kink_that_the_curvature_hides_is_still_a_kink() {
    // Left and right of the kink at 0 the slope rises; at the kink it falls. Seen from x, the
    // slopes of a window just wide enough fall into a narrower band than the one that holds them.
    let (left, right, x) = (-9.66e-4, -9.935e-4, 2.43e-6);
    let values = Tensor::from_element(1, 1, x);
    let claimed = Tensor::from_element(1, 1, 2.0 * x + right);
    let result = GradientCheck::default().function(&values, &claimed, |values| {
        let x = values[0];
        x * x + if x > 0.0 { right * x } else { left * x }
    });
    assert!(!matches!(result, Err(GradientError::Wrong { .. })), "{result:?}");
}

//! Layers with right and with wrong derivatives.

use nnfs_gradcheck::{Entry, GradientCheck, GradientError, Report};
use nnfs_tensor::Tensor;

use crate::blocks::{Function, L2, Linear, Pointwise, Written};

fn inputs() -> Tensor<f64> {
    Tensor::from_row_slice(2, 3, &[0.3, -1.2, 2.0, 0.7, 1.1, -0.4])
}

fn gradient() -> Tensor<f64> {
    Tensor::from_row_slice(2, 3, &[1.0, -0.5, 0.25, 0.8, 2.0, -1.5])
}

fn check_linear(spoil: fn(&mut Linear, &mut Written)) -> Result<Report, GradientError> {
    let weights = Tensor::from_row_slice(3, 3, &[0.2, -0.4, 0.9, 1.5, 0.6, -0.7, -1.1, 0.3, 0.5]);
    GradientCheck::default().layer(|| Linear::new(&weights, spoil), &inputs(), &gradient())
}

fn check_pointwise(
    function: Function,
    derivative: Function,
    inputs: &[f64],
) -> Result<Report, GradientError> {
    let inputs = Tensor::from_row_slice(1, inputs.len(), inputs);
    let gradient = inputs.map(|_| 1.0);
    GradientCheck::default().layer(|| Pointwise::new(function, derivative), &inputs, &gradient)
}

/// The entry that a check calls wrong.
#[track_caller]
fn wrong(result: Result<Report, GradientError>) -> Entry {
    match result {
        Err(GradientError::Wrong { entry, .. }) => entry,
        other => panic!("expected a wrong gradient, found {other:?}"),
    }
}

#[test]
fn right_derivatives_pass_in_every_entry() {
    let report = check_linear(|_, _| {}).unwrap();
    assert_eq!((report.checked, report.skipped), (6 + 9 + 3, 0));
    let worst = report.worst.unwrap();
    assert!(worst.error <= worst.allowed);
}

#[test]
fn a_wrong_sign_is_refused() {
    assert_eq!(wrong(check_linear(|_, written| written.input_gradient.neg_mut())).tensor, "inputs");
    let entry = wrong(check_linear(|layer, _| layer.weights.gradient.neg_mut()));
    assert_eq!(entry.tensor, "parameter 0");
    let entry = wrong(check_linear(|layer, _| layer.biases.gradient.neg_mut()));
    assert_eq!(entry.tensor, "parameter 1");
}

#[test]
fn a_thousandth_too_much_is_refused() {
    wrong(check_linear(|_, written| written.input_gradient *= 1.001));
    wrong(check_linear(|layer, _| layer.weights.gradient *= 1.001));
    wrong(check_linear(|_, written| written.input_gradient[(1, 2)] *= 0.999));
}

#[test]
fn the_tolerance_decides() {
    let check = |tolerance| {
        let values = inputs();
        let claimed = values.map(|x| 2.0 * x * (1.0 + 1e-5));
        let check = GradientCheck::default().tolerance(tolerance).unwrap();
        check.function(&values, &claimed, Tensor::norm_squared)
    };
    assert!(check(2e-5).is_ok());
    assert_eq!(wrong(check(5e-6)).tensor, "values");
}

#[test]
fn a_forgotten_penalty_is_refused() {
    let entry = wrong(check_linear(|layer, _| {
        layer.weights.gradient -= &layer.weights.value * (2.0 * L2);
    }));
    assert_eq!(entry.tensor, "parameter 0");
}

#[test]
fn a_transposed_gradient_is_refused() {
    let entry = wrong(check_linear(|layer, _| layer.weights.gradient.transpose_mut()));
    assert_eq!(entry.tensor, "parameter 0");
}

#[test]
fn the_one_wrong_entry_is_named() {
    let result = check_linear(|layer, _| layer.weights.gradient[(2, 1)] += 0.01);
    let Err(GradientError::Wrong { entry, wrong, total, .. }) = result else {
        panic!("{result:?}");
    };
    assert_eq!((entry.tensor.as_str(), entry.row, entry.column), ("parameter 0", 2, 1));
    assert_eq!((wrong, total), (1, 18));
    assert!((entry.error - 0.01).abs() < 1e-8);
}

#[test]
fn the_message_names_the_entry_and_both_values() {
    let result = check_pointwise(|x| 0.5 * x, |_| -0.5, &[1.0, 2.0]);
    let message = result.unwrap_err().to_string();
    let expected = "wrong gradient in 2 of 2 entries, worst in inputs, row 0, column ";
    assert!(message.starts_with(expected), "{message}");
    for part in ["backward gives -5e-1", "central differences give 5e-1", "error 1.0e0"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn the_wrong_sign_of_a_small_gradient_among_large_ones_is_refused() {
    let check = |spoil: fn(&mut Linear, &mut Written)| {
        let weights = Tensor::from_row_slice(3, 1, &[1.0, 1e-6, -1.0]);
        let inputs = Tensor::from_fn(20, 3, |row, column| 1.0 + (row + 2 * column) as f64 / 7.0);
        let gradient = Tensor::from_element(20, 1, 1.0);
        GradientCheck::default().layer(|| Linear::new(&weights, spoil), &inputs, &gradient)
    };
    assert_eq!(check(|_, _| {}).unwrap().checked, 60 + 3 + 1);
    let entry = wrong(check(|_, written| written.input_gradient[(4, 1)] *= -1.0));
    assert_eq!((entry.row, entry.column), (4, 1));
    assert_eq!(entry.analytic, -1e-6);
    // Forgotten altogether.
    let entry = wrong(check(|_, written| written.input_gradient[(19, 1)] = 0.0));
    assert_eq!((entry.row, entry.column), (19, 1));
}

/// Strongly curved, flat, steep, saturated: smooth all the same, and never skipped.
#[test]
fn smooth_functions_pass_and_are_never_skipped() {
    let softplus: Function = |x| (1.0 + x.exp()).ln();
    let sigmoid: Function = |x| 1.0 / (1.0 + (-x).exp());
    let functions: [(&str, Function, Function, &[f64]); 11] = [
        ("cube, flat at 0", |x| x.powi(3), |x| 3.0 * x * x, &[0.0, 1e-5, -1e-3, 2.0]),
        ("fifth power, flat at 0", |x| x.powi(5), |x| 5.0 * x.powi(4), &[0.0, 1e-4, 3.0]),
        ("cosine, flat at 0", f64::cos, |x| -x.sin(), &[0.0, 1e-6, 1.0, 100.0]),
        ("exponential", f64::exp, f64::exp, &[-30.0, 0.0, 5.0, 300.0]),
        ("logarithm near 0", f64::ln, |x| 1.0 / x, &[1e-7, 1e-5, 1e-3, 0.5, 1e6]),
        ("reciprocal near 0", |x| 1.0 / x, |x| -1.0 / (x * x), &[1e-4, -1e-3, 10.0]),
        ("fast wave", |x| (1e3 * x).sin(), |x| 1e3 * (1e3 * x).cos(), &[0.0, 0.3, -2.0]),
        ("sharp step", |x| (1e6 * x).tanh(), |x| 1e6 / (1e6 * x).cosh().powi(2), &[1.0, 0.0, 1e-6]),
        ("softplus, saturated", softplus, sigmoid, &[-40.0, -20.0, 0.0, 30.0]),
        ("softplus, lost in rounding", softplus, sigmoid, &[-40.0]),
        ("wave, lost in rounding", |x| 1e6 + 1e-3 * x.sin(), |x| 1e-3 * x.cos(), &[0.3, 1.0, 2.0]),
    ];
    for (name, function, derivative, inputs) in &functions {
        let report = check_pointwise(*function, *derivative, inputs)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((report.checked, report.skipped), (inputs.len(), 0), "{name}");
    }
    // None of this loosens the check, but for the two that are lost in rounding.
    for (name, function, derivative, inputs) in &functions[..9] {
        let last = Tensor::from_element(1, 1, *inputs.last().unwrap());
        let claimed = last.map(|x| 1.001 * derivative(x));
        let result = GradientCheck::default().function(&last, &claimed, |x| function(x[0]));
        assert!(matches!(result, Err(GradientError::Wrong { .. })), "{name}: {result:?}");
    }
}

#[test]
fn infinite_and_nan_derivatives_are_named() {
    // The root has no slope at 0, and none that is finite to its left.
    let result = check_pointwise(f64::sqrt, |x| 0.5 / x.sqrt(), &[4.0, 0.0]);
    let Err(GradientError::NonFinite(entry)) = result else { panic!("{result:?}") };
    assert_eq!((entry.tensor.as_str(), entry.row, entry.column), ("inputs", 0, 1));
    assert!(entry.analytic.is_infinite() && entry.numeric.is_nan());

    let result = check_linear(|layer, _| layer.weights.gradient[(0, 2)] = f64::INFINITY);
    let Err(GradientError::NonFinite(entry)) = result else { panic!("{result:?}") };
    assert_eq!((entry.tensor.as_str(), entry.row, entry.column), ("parameter 0", 0, 2));
    assert!(entry.numeric.is_finite());
    assert!(GradientError::NonFinite(entry).to_string().contains("backward gives inf"));

    let result = check_pointwise(|x| x, |_| f64::NAN, &[4.0]);
    assert!(matches!(result, Err(GradientError::NonFinite(_))), "{result:?}");
}

#[test]
fn a_function_that_is_not_finite_itself_is_refused() {
    let result = check_pointwise(f64::ln, |x| 1.0 / x, &[1.0, 0.0]);
    assert_eq!(
        result.unwrap_err().to_string(),
        "outputs must be finite where the gradient is checked, found -inf"
    );
}

//! The promises of the traits, and arguments that do not fit: typed errors, no panic.

use std::cell::Cell;

use nnfs_gradcheck::{GradientCheck, GradientError, Report};
use nnfs_tensor::{
    Description, Layer, Loss, OutputLink, Parameter, ShapeError, Tensor, Trainable, resize_mut,
};

use crate::blocks::{Linear, LossOf, Pointwise};

pub(crate) fn weights() -> Tensor<f64> {
    Tensor::from_row_slice(2, 3, &[0.2, -0.4, 0.9, 1.5, 0.6, -0.7])
}

pub(crate) fn inputs() -> Tensor<f64> {
    Tensor::from_row_slice(4, 2, &[0.3, -1.2, 2.0, 0.7, 1.1, -0.4, 0.5, 0.9])
}

pub(crate) fn gradient() -> Tensor<f64> {
    Tensor::from_fn(4, 3, |row, column| 0.5 + row as f64 - 0.7 * column as f64)
}

pub(crate) fn check<L: Layer<f64>>(build: impl Fn() -> L) -> Result<Report, GradientError> {
    GradientCheck::default().layer(build, &inputs(), &gradient())
}

pub(crate) fn message(result: Result<Report, GradientError>) -> String {
    result.unwrap_err().to_string()
}

/// A linear layer whose methods a test can replace.
#[derive(Debug, Clone)]
struct Odd {
    linear: Linear,
    visits: bool,
    width: usize,
}

impl Odd {
    fn new() -> Self {
        Self { linear: Linear::new(&weights(), |_, _| {}), visits: true, width: 3 }
    }
}

impl Trainable<f64> for Odd {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f64>)) {
        self.linear.for_each_parameter(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f64>)) {
        if self.visits {
            self.linear.for_each_parameter_mut(visit);
        }
    }
}

impl Layer<f64> for Odd {
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        self.linear.predict_to(inputs, outputs);
    }
    fn backward_to(
        &mut self,
        inputs: &Tensor<f64>,
        outputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
        input_gradient: Option<&mut Tensor<f64>>,
    ) {
        self.linear.backward_to(inputs, outputs, gradient, input_gradient);
    }
    fn output_width(&self, _: usize) -> Result<usize, ShapeError> {
        Ok(self.width)
    }
    fn description(&self) -> Description {
        self.linear.description()
    }
}

#[test]
fn the_layer_that_the_tests_below_break_is_whole() {
    assert_eq!(check(Odd::new).unwrap().checked, 8 + 6 + 3);
}

#[test]
fn both_visits_must_show_the_same_parameters() {
    // An optimizer would not move these weights, and their gradient would not be checked.
    let result = check(|| Odd { visits: false, ..Odd::new() });
    assert!(matches!(result, Err(GradientError::Contract(_))), "{result:?}");
}

#[test]
fn outputs_must_have_the_width_that_was_announced() {
    let result = check(|| Odd { width: 2, ..Odd::new() });
    assert_eq!(message(result), "outputs of the layer: expected 4x2, found 4x3");
}

/// Between other layers, too: the next one would be given outputs of another width.
#[test]
fn the_layers_of_a_network_must_keep_the_contract() {
    let check = |layer: Box<dyn Layer<f64>>| {
        let after = Linear::new(&weights().transpose(), |_, _| {});
        let (before, targets) = (Pointwise::new(|x| x, |_| 1.0), Tensor::zeros(4, 2));
        let loss = LossOf::new(|p, y| (p - y).sum(), |p, _| p.map(|_| 1.0));
        let layers = [Box::new(before) as Box<dyn Layer<f64>>, layer, Box::new(after)];
        nnfs_gradcheck::model(&layers, &loss, &inputs(), &targets)
    };
    assert_eq!(check(Box::new(Odd::new())).unwrap().wrong(), 0);
    let wide = Linear::new(&Tensor::from_element(2, 4, 0.5), |_, _| {});
    let result = check(Box::new(Odd { linear: wide, ..Odd::new() }));
    assert_eq!(message(result), "outputs of the layer: expected 4x3, found 4x4");
    let result = check(Box::new(Adding(Linear::new(&weights(), |_, _| {}))));
    assert!(message(result).contains("forward_to must overwrite the outputs"));
}

#[test]
fn outputs_must_be_overwritten() {
    let result = check(|| Adding(Linear::new(&weights(), |_, _| {})));
    assert_eq!(
        message(result),
        "broken contract: forward_to must overwrite the outputs, but the result depends on its previous content"
    );
}

/// A linear layer that adds to its outputs.
#[derive(Debug, Clone)]
struct Adding(Linear);

impl Trainable<f64> for Adding {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f64>)) {
        self.0.for_each_parameter(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f64>)) {
        self.0.for_each_parameter_mut(visit);
    }
}

impl Layer<f64> for Adding {
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        let before = outputs.clone();
        self.0.predict_to(inputs, outputs);
        if before.shape() == outputs.shape() {
            *outputs += before;
        }
    }
    fn backward_to(
        &mut self,
        inputs: &Tensor<f64>,
        outputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
        input_gradient: Option<&mut Tensor<f64>>,
    ) {
        self.0.backward_to(inputs, outputs, gradient, input_gradient);
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        self.0.output_width(input_width)
    }
    fn description(&self) -> Description {
        Description::new("adding")
    }
}

#[test]
fn parameter_gradients_must_be_overwritten() {
    let result = check(|| {
        Linear::new(&weights(), |layer, written| layer.weights.gradient += &written.before)
    });
    assert_eq!(
        message(result),
        "broken contract: backward_to must overwrite the gradient of parameter 0, but the result \
         depends on its previous content"
    );
}

#[test]
fn parameter_gradients_must_not_need_an_input_gradient() {
    let result = check(|| {
        Linear::new(&weights(), |layer, written| {
            if !written.is_asked_for {
                layer.biases.gradient.fill(0.0);
            }
        })
    });
    assert_eq!(
        message(result),
        "broken contract: backward_to must overwrite the gradient of parameter 1, but the result is \
         another one without an input gradient"
    );
}

#[test]
fn input_gradients_must_be_overwritten() {
    let result = check(|| {
        Linear::new(&weights(), |_, written| {
            if written.input_gradient_before.shape() == written.input_gradient.shape() {
                written.input_gradient += &written.input_gradient_before;
            }
        })
    });
    assert_eq!(
        message(result),
        "broken contract: backward_to must overwrite the input gradient, but the result depends on \
         its previous content"
    );
}

#[test]
fn gradients_must_have_the_shape_of_what_they_belong_to() {
    let result = check(|| {
        Linear::new(&weights(), |layer, _| {
            layer.weights.gradient = layer.weights.gradient.transpose();
        })
    });
    assert_eq!(message(result), "gradient of parameter 0: expected 2x3, found 3x2");
    let result = check(|| {
        Linear::new(&weights(), |_, written| {
            written.input_gradient = written.input_gradient.transpose();
        })
    });
    assert_eq!(message(result), "input gradient that the layer wrote: expected 4x2, found 2x4");
}

/// Multiplies by a mask that a counter draws anew at each `forward_to`.
#[derive(Debug, Clone)]
struct Mask {
    seed: usize,
    mask: Tensor<f64>,
}

impl Mask {
    fn new(seed: usize) -> Self {
        Self { seed, mask: Tensor::default() }
    }
}

impl Trainable<f64> for Mask {}

impl Layer<f64> for Mask {
    fn forward_to(&mut self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        self.seed += 1;
        let seed = self.seed;
        self.mask = inputs.map_with_location(|row, column, _| {
            if (row * 5 + column * 3 + seed * 7) % 4 < 2 { 0.0 } else { 2.0 }
        });
        *outputs = inputs.component_mul(&self.mask);
    }
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        *outputs = inputs.clone();
    }
    fn backward_to(
        &mut self,
        _: &Tensor<f64>,
        _: &Tensor<f64>,
        gradient: &Tensor<f64>,
        input_gradient: Option<&mut Tensor<f64>>,
    ) {
        if let Some(input_gradient) = input_gradient {
            *input_gradient = gradient.component_mul(&self.mask);
        }
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }
    fn description(&self) -> Description {
        Description::new("mask")
    }
}

#[test]
fn a_layer_that_draws_a_mask_passes_if_it_is_equally_seeded() {
    let check = GradientCheck::default();
    assert_eq!(check.layer(|| Mask::new(1), &gradient(), &gradient()).unwrap().checked, 12);

    let calls = Cell::new(0);
    let build = || {
        calls.set(calls.get() + 1);
        Mask::new(calls.get())
    };
    let error = check.layer(build, &gradient(), &gradient()).unwrap_err();
    assert_eq!(error, GradientError::Unsteady("their outputs"));
}

#[test]
fn a_layer_with_new_parameters_each_time_is_unsteady() {
    let calls = Cell::new(0.0);
    let result = check(|| {
        calls.set(calls.get() + 0.1);
        Linear::new(&weights().add_scalar(calls.get()), |_, _| {})
    });
    assert_eq!(
        message(result),
        "two layers from `build` differ in their parameters: `build` must use the same parameters and \
         the same seed"
    );
}

#[test]
fn arguments_that_do_not_fit_are_refused() {
    let check = GradientCheck::default();
    let build = || Linear::new(&weights(), |_, _| {});
    let result = check.layer(build, &Tensor::zeros(4, 5), &gradient());
    assert_eq!(message(result), "inputs of linear: expected 2 columns, found 5");
    let result = check.layer(build, &inputs(), &Tensor::zeros(3, 4));
    assert_eq!(message(result), "gradient (dL/d(outputs)): expected 4x3, found 3x4");
    let result = check.layer(build, &inputs(), &Tensor::from_element(4, 3, f64::NAN));
    assert!(message(result).starts_with("gradient must be finite"));
    let huge = || Linear::new(&(weights() * 1e200), |_, _| {});
    let result = check.layer(huge, &inputs(), &gradient());
    assert!(message(result).starts_with("penalty must be finite"));
    let result = check.layer(|| Pointwise::new(|x| x, |_| 1.0), &inputs(), &gradient());
    assert!(matches!(result, Err(GradientError::Shape(_))), "{result:?}");

    let loss = LossOf::new(|p, y| (p - y).sum(), |p, _| p.map(|_| 1.0));
    let result = check.loss(&loss, &inputs(), &Tensor::zeros(4, 1));
    assert_eq!(message(result), "targets: expected 4x2, found 4x1");
    let loss = LossOf::new(|p, _| p.sum(), |p, _| p.transpose());
    let result = check.loss(&loss, &inputs(), &inputs());
    assert_eq!(message(result), "gradient that the loss wrote: expected 4x2, found 2x4");

    let result = check.function(&inputs(), &gradient(), Tensor::sum);
    assert_eq!(message(result), "gradient: expected 4x2, found 4x3");
}

#[test]
fn infinite_values_are_refused_even_where_the_function_is_finite() {
    let values = Tensor::from_row_slice(1, 2, &[0.0, f64::INFINITY]);
    let tanh = || Pointwise::new(f64::tanh, |x| 1.0 - x.tanh().powi(2));
    let result = GradientCheck::default().layer(tanh, &values, &Tensor::from_element(1, 2, 1.0));
    assert_eq!(message(result), "inputs must be finite where the gradient is checked, found inf");
}

#[test]
fn nothing_to_check_is_refused() {
    let check = GradientCheck::default();
    let none = Tensor::zeros(0, 2);
    let result = check.layer(|| Linear::new(&weights(), |_, _| {}), &none, &Tensor::zeros(0, 3));
    assert_eq!(message(result), "inputs: expected at least one entry, found 0x2");
    assert!(check.function(&none, &none, Tensor::sum).is_err());
}

#[test]
fn settings_are_checked() {
    let check = GradientCheck::default();
    assert_eq!(
        check.tolerance(0.0).unwrap_err().to_string(),
        "tolerance must be in [1e-12, 0.1], found 0"
    );
    assert_eq!(check.step(1.0).unwrap_err().to_string(), "step must be in [1e-8, 0.1], found 1");
    assert!(check.max_skipped(1.0).is_err());
    assert!(check.max_skipped(f64::NAN).is_err());
    assert!(check.step(1e-3).unwrap().tolerance(1e-9).unwrap().max_skipped(0.0).is_ok());
}

/// A loss that adds its gradient to the tensor.
#[derive(Debug)]
struct Accumulating;

impl Loss<f64> for Accumulating {
    fn value(&self, predictions: &Tensor<f64>, _: &Tensor<f64>) -> f64 {
        predictions.sum()
    }
    fn gradient_to(&self, predictions: &Tensor<f64>, _: &Tensor<f64>, gradient: &mut Tensor<f64>) {
        resize_mut(gradient, predictions.nrows(), predictions.ncols());
        gradient.add_scalar_mut(1.0);
    }
    fn link(&self) -> OutputLink {
        OutputLink::Identity
    }
    fn description(&self) -> Description {
        Description::new("accumulating")
    }
}

#[test]
fn a_loss_must_not_accumulate() {
    let result = GradientCheck::default().loss(&Accumulating, &inputs(), &inputs());
    assert_eq!(
        message(result),
        "broken contract: gradient_to must overwrite the gradient, but the result depends on its previous content"
    );
}

//! Each check in one line, with the default settings.

use nnfs_tensor::{Layer, Loss, Tensor};

use crate::{GradientCheck, GradientError, Report};

/// Checks the gradients of a layer: dL/d(inputs) and dL/d(parameter) of every parameter.
///
/// ```text
/// L = sum(outputs * direction, element by element) + penalty
/// ```
///
/// The directions are fixed numbers of both signs between 0.5 and 1.5. The layer is copied for each
/// evaluation, so that dropout draws the same mask each time. [`GradientCheck::layer`] takes other
/// directions and other settings.
///
/// # Errors
/// As [`GradientCheck::layer`].
pub fn layer<L: Layer<f64> + ?Sized>(
    layer: &L,
    inputs: &Tensor<f64>,
) -> Result<Report, GradientError> {
    let width = layer.output_width(inputs.ncols())?;
    let gradient =
        Tensor::from_fn(inputs.nrows(), width, |row, column| direction(row * width + column));
    GradientCheck::default().layer(|| layer.clone_box(), inputs, &gradient)
}

/// Checks the gradient of a loss: dL/d(predictions).
///
/// [`GradientCheck::loss`] takes other settings.
///
/// # Errors
/// As [`GradientCheck::loss`].
pub fn loss<L: Loss<f64> + ?Sized>(
    loss: &L,
    predictions: &Tensor<f64>,
    targets: &Tensor<f64>,
) -> Result<Report, GradientError> {
    GradientCheck::default().loss(loss, predictions, targets)
}

/// Checks all gradients of a training step of a network: dL/d(predictions) of the loss, and dL/d(inputs) and
/// dL/d(parameter) of the layers.
///
/// ```text
/// L = loss(predictions, targets) + penalties
/// ```
///
/// `layers` are those of a model: `model.layers()`. [`GradientCheck::model`] takes other settings.
///
/// # Errors
/// As [`GradientCheck::model`].
pub fn model<L: Loss<f64> + ?Sized>(
    layers: &[Box<dyn Layer<f64>>],
    loss: &L,
    inputs: &Tensor<f64>,
    targets: &Tensor<f64>,
) -> Result<Report, GradientError> {
    GradientCheck::default().model(layers, loss, inputs, targets)
}

/// A number between 0.5 and 1.5 with a sign, another one for each index: multiples of the golden ratio, modulo 1.
fn direction(index: usize) -> f64 {
    let share = ((index + 1) as f64 * 0.618_033_988_749_895).fract();
    if share < 0.5 { -(0.5 + share) } else { 0.5 + share }
}

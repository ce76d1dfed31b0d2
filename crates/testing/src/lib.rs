//! What the tests of several crates share: shortcuts that return what the traits write, and a layer and
//! a function of a user. Not published.

mod custom;

pub use custom::{PassOn, Square};
use nnfs_tensor::{Layer, Loss, Scalar, Tensor};

/// The gradient of a loss, as a new tensor.
pub fn gradient<T: Scalar>(
    loss: &(impl Loss<T> + ?Sized),
    predictions: &Tensor<T>,
    targets: &Tensor<T>,
) -> Tensor<T> {
    let mut gradient = Tensor::default();
    loss.gradient_to(predictions, targets, &mut gradient);
    gradient
}

/// The outputs of a layer in training, as a new tensor.
pub fn forward<T: Scalar>(layer: &mut (impl Layer<T> + ?Sized), inputs: &Tensor<T>) -> Tensor<T> {
    let mut outputs = Tensor::default();
    layer.forward_to(inputs, &mut outputs);
    outputs
}

/// The outputs of a layer in use, as a new tensor.
pub fn predict<T: Scalar>(layer: &(impl Layer<T> + ?Sized), inputs: &Tensor<T>) -> Tensor<T> {
    let mut outputs = Tensor::default();
    layer.predict_to(inputs, &mut outputs);
    outputs
}

/// dL/d(inputs) of a layer, as a new tensor, after its parameters have got their gradients.
pub fn backward<T: Scalar>(
    layer: &mut (impl Layer<T> + ?Sized),
    inputs: &Tensor<T>,
    outputs: &Tensor<T>,
    gradient: &Tensor<T>,
) -> Tensor<T> {
    let mut input_gradient = Tensor::default();
    layer.backward_to(inputs, outputs, gradient, Some(&mut input_gradient));
    input_gradient
}

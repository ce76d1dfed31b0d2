//! A pass of a batch through the layers: forward to the predictions, and back with their gradient.

use std::borrow::Cow;

use nnfs_tensor::{Layer, Scalar, Tensor, assert_same_shape, assert_shape};

use crate::parts::Parts;
use crate::tape::Tape;

/// The last pass. A large batch goes through the layers in parts, which threads share, and any other
/// batch as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Pass<T: Scalar> {
    tape: Tape<T>,
    parts: Parts<T>,
    /// The shape of the inputs of the last `forward`.
    shape: (usize, usize),
}

impl<T: Scalar> Pass<T> {
    /// Of this many layers, before the first `forward`.
    pub(crate) fn of(layers: usize) -> Self {
        Self { tape: Tape::of(layers), parts: Parts::new(), shape: (0, 0) }
    }

    /// From the inputs to the predictions.
    pub(crate) fn forward(
        &mut self,
        layers: &mut [Box<dyn Layer<T>>],
        inputs: &Tensor<T>,
    ) -> &Tensor<T> {
        self.shape = inputs.shape();
        self.parts.divide(layers, inputs);
        if self.parts.is_empty() {
            self.tape.forward(layers, inputs)
        } else {
            let predictions = self.tape.predictions_mut();
            self.parts.forward(layers, inputs, predictions);
            predictions
        }
    }

    /// Back from dL/d(predictions) to the gradients of the parameters.
    pub(crate) fn backward(
        &mut self,
        layers: &mut [Box<dyn Layer<T>>],
        inputs: &Tensor<T>,
        gradient: &Tensor<T>,
        input_gradient: Option<&mut Tensor<T>>,
    ) {
        assert_shape("inputs of the backward pass", inputs, self.shape);
        assert_same_shape("gradients", gradient, "predictions", self.predictions());
        if self.parts.is_empty() {
            self.tape.backward(layers, inputs, gradient, input_gradient);
        } else {
            self.parts.backward(layers, gradient, input_gradient);
        }
    }

    /// The predictions of the last `forward`; empty before the first.
    pub(crate) fn predictions(&self) -> &Tensor<T> {
        self.tape.outputs().last().expect("a model has layers")
    }

    /// The outputs of a layer in the last `forward`; empty before the first.
    pub(crate) fn outputs(&self, layer: usize) -> Cow<'_, Tensor<T>> {
        if self.parts.is_empty() {
            Cow::Borrowed(&self.tape.outputs()[layer])
        } else {
            let mut outputs = Tensor::default();
            self.parts.outputs_to(layer, &mut outputs);
            Cow::Owned(outputs)
        }
    }
}

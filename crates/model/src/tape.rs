//! What a step writes on its way through the layers.

use nnfs_tensor::{Layer, Scalar, Tensor};

/// The outputs of every layer and the gradients between them, which the next step overwrites.
#[derive(Debug, Clone)]
pub(crate) struct Tape<T: Scalar> {
    /// The outputs of each layer in the last `forward`.
    outputs: Vec<Tensor<T>>,
    /// dL/d(outputs) of each layer but the last in the last `backward`.
    gradients: Vec<Tensor<T>>,
}

impl<T: Scalar> Tape<T> {
    /// Of this many layers, before the first `forward`.
    pub(crate) fn of(layers: usize) -> Self {
        let tensors = |count| vec![Tensor::default(); count];
        Self { outputs: tensors(layers), gradients: tensors(layers.saturating_sub(1)) }
    }

    /// The outputs of each layer in the last `forward`; empty before the first.
    pub(crate) fn outputs(&self) -> &[Tensor<T>] {
        &self.outputs
    }

    /// Where the predictions are written.
    pub(crate) fn predictions_mut(&mut self) -> &mut Tensor<T> {
        self.outputs.last_mut().expect("a model has layers")
    }

    /// From the inputs to the predictions: each layer computes its outputs from those before.
    pub(crate) fn forward(
        &mut self,
        layers: &mut [Box<dyn Layer<T>>],
        inputs: &Tensor<T>,
    ) -> &Tensor<T> {
        let mut inputs = inputs;
        for (layer, outputs) in layers.iter_mut().zip(&mut self.outputs) {
            layer.forward_to(inputs, outputs);
            inputs = outputs;
        }
        self.outputs.last().expect("a model has layers")
    }

    /// Back from dL/d(predictions): each layer computes its gradients from that of its outputs.
    pub(crate) fn backward(
        &mut self,
        layers: &mut [Box<dyn Layer<T>>],
        inputs: &Tensor<T>,
        gradient: &Tensor<T>,
        input_gradient: Option<&mut Tensor<T>>,
    ) {
        // Layer `index` lies between outputs[index - 1] and outputs[index], and so do their gradients. The
        // caller has both ends: the inputs and their gradient, and the gradient of the last outputs.
        let Self { outputs, gradients } = self;
        let mut input_gradient = input_gradient;
        for (index, layer) in layers.iter_mut().enumerate().rev() {
            let inputs = if index > 0 { &outputs[index - 1] } else { inputs };
            let (earlier, later) = gradients.split_at_mut(index);
            let gradient = later.first().unwrap_or(gradient); // dL/d(outputs of this layer)
            let input_gradient = earlier.last_mut().or(input_gradient.as_deref_mut());
            layer.backward_to(inputs, &outputs[index], gradient, input_gradient);
        }
    }
}

//! The check of a network and its loss together.

use nnfs_tensor::{Description, Layer, Loss, Parameter, ShapeError, Tensor, Trainable};

use crate::check::size;
use crate::compare::Comparison;
use crate::passes::Passes;
use crate::{GradientCheck, GradientError, Report};

impl GradientCheck {
    /// Checks a network and its loss: dL/d(predictions) of the loss, and dL/d(inputs) and dL/d(parameter) of
    /// the layers one after the other.
    ///
    /// ```text
    /// L = loss(predictions, targets) + penalties
    /// ```
    ///
    /// The layers are copied for each evaluation, so that dropout draws the same mask each time.
    ///
    /// # Errors
    /// As [`GradientCheck::layer`] and [`GradientCheck::loss`], or if there is no layer.
    pub fn model<L: Loss<f64> + ?Sized>(
        &self,
        layers: &[Box<dyn Layer<f64>>],
        loss: &L,
        inputs: &Tensor<f64>,
        targets: &Tensor<f64>,
    ) -> Result<Report, GradientError> {
        let build = || Chain::new(layers);
        build().output_width(inputs.ncols())?;
        let predictions = predictions(layers, inputs)?;
        let mut tensors = self.loss(loss, &predictions, targets)?.tensors;

        let mut gradient = Tensor::default();
        loss.gradient_to(&predictions, targets, &mut gradient);
        let passes = Passes::run(&build, inputs, &gradient)?;
        let hidden = size(&predictions) + gradient.amax() * size(inputs);
        let terms = |chain: &Chain, outputs: &Tensor<f64>, terms: &mut Vec<f64>| {
            terms.extend([loss.value(outputs, targets), chain.penalty()]);
        };
        let names = names(layers);
        let comparison = self.compare(&build, inputs, &passes, &names, hidden, terms)?;
        tensors.extend(comparison.into_tensors());
        Comparison::judge(self, tensors)
    }
}

/// The outputs of the last layer. Tests the contract of each layer with the inputs that it has in the network.
fn predictions(
    layers: &[Box<dyn Layer<f64>>],
    inputs: &Tensor<f64>,
) -> Result<Tensor<f64>, GradientError> {
    layers.iter().try_fold(inputs.clone(), |inputs, layer| {
        let width = layer.output_width(inputs.ncols())?;
        let gradient = Tensor::from_element(inputs.nrows(), width, 1.0);
        Ok(Passes::run(&|| layer.clone_box(), &inputs, &gradient)?.outputs)
    })
}

/// The name of every parameter: `layer 0 (dense), parameter 1`.
fn names(layers: &[Box<dyn Layer<f64>>]) -> Vec<String> {
    let mut names = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let (kind, mut number) = (layer.description().kind, 0);
        layer.for_each_parameter(&mut |_| {
            names.push(format!("layer {index} ({kind}), parameter {number}"));
            number += 1;
        });
    }
    names
}

/// Layers one after the other, as a layer.
#[derive(Debug, Clone)]
struct Chain {
    layers: Vec<Box<dyn Layer<f64>>>,
    /// The outputs of each layer in the last `forward_to`.
    outputs: Vec<Tensor<f64>>,
}

impl Chain {
    fn new(layers: &[Box<dyn Layer<f64>>]) -> Self {
        Self { layers: layers.to_vec(), outputs: vec![Tensor::default(); layers.len()] }
    }
}

impl Trainable<f64> for Chain {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f64>)) {
        self.layers.iter().for_each(|layer| layer.for_each_parameter(visit));
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f64>)) {
        self.layers.iter_mut().for_each(|layer| layer.for_each_parameter_mut(visit));
    }
}

impl Layer<f64> for Chain {
    fn forward_to(&mut self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        let mut inputs = inputs;
        for (layer, outputs) in self.layers.iter_mut().zip(&mut self.outputs) {
            layer.forward_to(inputs, outputs);
            inputs = outputs;
        }
        outputs.clone_from(inputs);
    }

    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        outputs.clone_from(inputs);
        for layer in &self.layers {
            let inputs = outputs.clone();
            layer.predict_to(&inputs, outputs);
        }
    }

    fn backward_to(
        &mut self,
        inputs: &Tensor<f64>,
        _outputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
        mut input_gradient: Option<&mut Tensor<f64>>,
    ) {
        let mut gradient = gradient.clone();
        for (index, layer) in self.layers.iter_mut().enumerate().rev() {
            let outputs = &self.outputs[index];
            if index == 0 {
                layer.backward_to(inputs, outputs, &gradient, input_gradient.take());
            } else {
                let mut before = Tensor::default();
                layer.backward_to(&self.outputs[index - 1], outputs, &gradient, Some(&mut before));
                gradient = before;
            }
        }
    }

    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        if self.layers.is_empty() {
            return Err(ShapeError::new("layers of the model", "at least one", "none"));
        }
        self.layers.iter().try_fold(input_width, |width, layer| layer.output_width(width))
    }

    fn description(&self) -> Description {
        Description::new("chain")
    }
}

//! Layers in order.

use nnfs_tensor::{Layer, Parameter, Scalar, ShapeError, Tensor, Trainable};

use crate::{ModelError, Summary};

/// A network: layers in order, each checked to take what the one before gives.
///
/// It knows the contract of a layer and no concrete one. Nothing is copied between layers: the
/// inputs of one are the outputs that the one before lends.
#[derive(Debug)]
pub struct Model<T: Scalar> {
    input_width: usize,
    output_width: usize,
    layers: Vec<Box<dyn Layer<T>>>,
    /// dL/d(predictions) of the last training step.
    pub(crate) gradient: Tensor<T>,
}

/// Memory for predicting: give the same one again, and nothing is allocated.
#[derive(Debug, Clone)]
pub struct Workspace<T: Scalar> {
    current: Tensor<T>,
    next: Tensor<T>,
}

impl<T: Scalar> Default for Workspace<T> {
    fn default() -> Self {
        Self { current: Tensor::default(), next: Tensor::default() }
    }
}

impl<T: Scalar> Model<T> {
    /// A network for samples of `input_width` features.
    ///
    /// # Errors
    /// If there is no layer or no input, or if a layer does not take the width that the one before gives.
    pub fn new(input_width: usize, layers: Vec<Box<dyn Layer<T>>>) -> Result<Self, ModelError> {
        if layers.is_empty() {
            return Err(ModelError::Empty);
        }
        if input_width == 0 {
            return Err(ModelError::NoInputs);
        }
        let mut output_width = input_width;
        for (index, layer) in layers.iter().enumerate() {
            output_width = layer.output_width(output_width).map_err(|reason| {
                ModelError::Chain { index, kind: layer.description().kind, reason }
            })?;
        }
        Ok(Self { input_width, output_width, layers, gradient: Tensor::default() })
    }

    /// How many features a sample has.
    pub fn input_width(&self) -> usize {
        self.input_width
    }

    /// How many outputs a sample has.
    pub fn output_width(&self) -> usize {
        self.output_width
    }

    /// The layers, from the inputs to the outputs.
    pub fn layers(&self) -> &[Box<dyn Layer<T>>] {
        &self.layers
    }

    /// Computes the predictions in training, dropout included.
    ///
    /// # Panics
    /// If the inputs do not have `input_width` columns.
    pub fn forward(&mut self, inputs: &Tensor<T>) -> &Tensor<T> {
        let mut values = inputs;
        for layer in &mut self.layers {
            values = layer.forward(values);
        }
        self.outputs()
    }

    /// Passes dL/d(predictions) back through every layer, and gives dL/d(inputs).
    ///
    /// `inputs` are those of the last `forward`.
    ///
    /// # Panics
    /// If the shapes are not those of the last `forward`.
    pub fn backward(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) -> &Tensor<T> {
        let (first, gradient) = self.backward_to_first(gradient);
        first.backward(inputs, gradient);
        self.layers[0].input_gradient()
    }

    /// Fills the gradients of all parameters: [`Model::backward`] without dL/d(inputs).
    ///
    /// # Panics
    /// If the shapes are not those of the last `forward`.
    pub fn backward_parameters(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) {
        let (first, gradient) = self.backward_to_first(gradient);
        first.backward_parameters(inputs, gradient);
    }

    /// Back through every layer but the first: gives that one, and the gradient of its outputs.
    fn backward_to_first<'a>(
        &'a mut self,
        gradient: &'a Tensor<T>,
    ) -> (&'a mut dyn Layer<T>, &'a Tensor<T>) {
        for index in (1..self.layers.len()).rev() {
            let (before, rest) = self.layers.split_at_mut(index);
            let (layer, after) = rest.split_first_mut().expect("index is inside");
            let inputs = before.last().expect("index is above 0").outputs();
            let gradient = after.first().map_or(gradient, |layer| layer.input_gradient());
            layer.backward(inputs, gradient);
        }
        let (first, after) = self.layers.split_first_mut().expect("a model has layers");
        (first, after.first().map_or(gradient, |layer| layer.input_gradient()))
    }

    /// The predictions of the last `forward`.
    pub fn outputs(&self) -> &Tensor<T> {
        self.layers.last().expect("a model has layers").outputs()
    }

    /// Predicts without touching any state; dropout is off.
    ///
    /// # Errors
    /// If the inputs do not have `input_width` columns.
    pub fn predict(&self, inputs: &Tensor<T>) -> Result<Tensor<T>, ShapeError> {
        let mut predictions = Tensor::default();
        self.predict_to(inputs, &mut Workspace::default(), &mut predictions)?;
        Ok(predictions)
    }

    /// Predicts into `predictions`, which takes the shape that it needs.
    ///
    /// # Errors
    /// If the inputs do not have `input_width` columns.
    pub fn predict_to(
        &self,
        inputs: &Tensor<T>,
        workspace: &mut Workspace<T>,
        predictions: &mut Tensor<T>,
    ) -> Result<(), ShapeError> {
        self.check_inputs(inputs)?;
        let Workspace { current, next } = workspace;
        let (last, hidden) = self.layers.split_last().expect("a model has layers");
        let mut values = inputs;
        for layer in hidden {
            layer.predict_to(values, next);
            std::mem::swap(current, next);
            values = current;
        }
        last.predict_to(values, predictions);
        Ok(())
    }

    /// A table of the layers with their shapes and parameter counts.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    pub(crate) fn check_inputs(&self, inputs: &Tensor<T>) -> Result<(), ShapeError> {
        if inputs.ncols() == self.input_width {
            return Ok(());
        }
        let (expected, found) = (self.input_width.to_string(), inputs.ncols().to_string());
        Err(ShapeError::new("columns of the inputs", expected, found))
    }
}

impl<T: Scalar> Trainable<T> for Model<T> {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        self.layers.as_slice().for_each_parameter(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        self.layers.as_mut_slice().for_each_parameter_mut(visit);
    }
}

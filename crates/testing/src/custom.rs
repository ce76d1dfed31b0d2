//! A layer and a function that no crate but a test knows.

use std::sync::{Arc, Mutex};

use nnfs_tensor::{
    Description, Elementwise, Layer, Parameter, Scalar, ShapeError, Tensor, Trainable,
};

/// A layer that passes on what it gets, of any description and with any parameters.
#[derive(Debug, Clone)]
pub struct PassOn<T: Scalar> {
    description: Description,
    parameters: Vec<Parameter<T>>,
    /// The inputs of each `forward_to`; copies of the layer share them.
    pub batches: Arc<Mutex<Vec<Tensor<T>>>>,
}

impl<T: Scalar> PassOn<T> {
    /// A layer of this description with parameters of these values.
    pub fn new(description: Description, parameters: Vec<Tensor<T>>) -> Self {
        let parameters = parameters.into_iter().map(Parameter::new).collect();
        Self { description, parameters, batches: Arc::default() }
    }
}

impl<T: Scalar> Trainable<T> for PassOn<T> {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        self.parameters.iter().for_each(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        self.parameters.iter_mut().for_each(visit);
    }
}

impl<T: Scalar> Layer<T> for PassOn<T> {
    fn forward_to(&mut self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        self.batches.lock().expect("no test has panicked here").push(inputs.clone());
        self.predict_to(inputs, outputs);
    }
    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        *outputs = inputs.clone();
    }
    fn backward_to(
        &mut self,
        _: &Tensor<T>,
        _: &Tensor<T>,
        gradient: &Tensor<T>,
        input_gradient: Option<&mut Tensor<T>>,
    ) {
        if let Some(input_gradient) = input_gradient {
            *input_gradient = gradient.clone();
        }
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }
    fn description(&self) -> Description {
        self.description.clone()
    }
}

/// `y = factor * x^2`, differentiable from its output for positive x.
#[derive(Debug, Clone, Copy)]
pub struct Square {
    /// What the square is multiplied by.
    pub factor: f64,
}

impl<T: Scalar> Elementwise<T> for Square {
    fn apply(&self, input: T) -> T {
        T::from_f64(self.factor) * input * input
    }
    fn chain(&self, output: T, gradient: T) -> T {
        T::from_f64(2.0) * (T::from_f64(self.factor) * output).sqrt() * gradient
    }
    fn description(&self) -> Description {
        Description::new("square").with("factor", self.factor)
    }
}

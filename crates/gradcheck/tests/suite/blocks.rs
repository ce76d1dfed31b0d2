//! Tiny layers and losses, right by themselves, that a test can spoil.

use nnfs_tensor::{
    Description, Layer, Loss, OutputLink, Parameter, Penalty, ShapeError, Tensor, Trainable,
    multiply_to, multiply_transpose_to, resize_mut, transpose_multiply_to,
};

pub(crate) type Function = fn(f64) -> f64;

/// `y = f(x)` for every element, and a derivative that may be wrong.
#[derive(Debug, Clone)]
pub(crate) struct Pointwise {
    function: Function,
    derivative: Function,
}

impl Pointwise {
    pub(crate) fn new(function: Function, derivative: Function) -> Self {
        Self { function, derivative }
    }
}

impl Trainable<f64> for Pointwise {}

impl Layer<f64> for Pointwise {
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        *outputs = inputs.map(self.function);
    }
    fn backward_to(
        &mut self,
        inputs: &Tensor<f64>,
        _: &Tensor<f64>,
        gradient: &Tensor<f64>,
        input_gradient: Option<&mut Tensor<f64>>,
    ) {
        if let Some(input_gradient) = input_gradient {
            *input_gradient = gradient.component_mul(&inputs.map(self.derivative));
        }
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }
    fn description(&self) -> Description {
        Description::new("pointwise")
    }
}

/// `outputs = inputs * weights + biases`, with an L2 penalty on the weights. `spoil` runs at the
/// end of `backward_to`.
#[derive(Debug, Clone)]
pub(crate) struct Linear {
    pub(crate) weights: Parameter<f64>,
    pub(crate) biases: Parameter<f64>,
    spoil: fn(&mut Self, &mut Written),
}

/// What `spoil` can spoil and compare beside the layer.
pub(crate) struct Written {
    pub(crate) input_gradient: Tensor<f64>,
    /// The input gradient's tensor before this `backward_to`.
    pub(crate) input_gradient_before: Tensor<f64>,
    /// The weights' gradient before this `backward_to`.
    pub(crate) before: Tensor<f64>,
    /// Whether the input gradient was asked for.
    pub(crate) is_asked_for: bool,
}

pub(crate) const L2: f64 = 0.05;

impl Linear {
    pub(crate) fn new(weights: &Tensor<f64>, spoil: fn(&mut Self, &mut Written)) -> Self {
        let mut weights = Parameter::new(weights.clone());
        weights.set_penalty(Penalty::l2(L2).unwrap());
        let biases = Parameter::new(Tensor::from_element(1, weights.value.ncols(), 0.3));
        Self { weights, biases, spoil }
    }
}

impl Trainable<f64> for Linear {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f64>)) {
        visit(&self.weights);
        visit(&self.biases);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f64>)) {
        visit(&mut self.weights);
        visit(&mut self.biases);
    }
}

impl Layer<f64> for Linear {
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        resize_mut(outputs, inputs.nrows(), self.weights.value.ncols());
        multiply_to(inputs, &self.weights.value, outputs);
        for mut row in outputs.row_iter_mut() {
            row += self.biases.value.row(0);
        }
    }
    fn backward_to(
        &mut self,
        inputs: &Tensor<f64>,
        _: &Tensor<f64>,
        gradient: &Tensor<f64>,
        mut input_gradient: Option<&mut Tensor<f64>>,
    ) {
        let mut written = Written {
            input_gradient: Tensor::zeros(inputs.nrows(), inputs.ncols()),
            input_gradient_before: input_gradient.as_deref().cloned().unwrap_or_default(),
            before: self.weights.gradient.clone(),
            is_asked_for: input_gradient.is_some(),
        };
        transpose_multiply_to(inputs, gradient, &mut self.weights.gradient);
        self.weights.add_penalty_gradient();
        self.biases.gradient.row_mut(0).copy_from(&gradient.row_sum());
        multiply_transpose_to(gradient, &self.weights.value, &mut written.input_gradient);
        (self.spoil)(self, &mut written);
        if let Some(input_gradient) = &mut input_gradient {
            **input_gradient = written.input_gradient;
        }
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        if input_width == self.weights.value.nrows() {
            return Ok(self.weights.value.ncols());
        }
        Err(ShapeError::new(
            "inputs of linear",
            format!("{} columns", self.weights.value.nrows()),
            input_width.to_string(),
        ))
    }
    fn description(&self) -> Description {
        Description::new("linear")
    }
}

/// A loss made of two functions of predictions and targets.
#[derive(Debug)]
pub(crate) struct LossOf {
    loss: fn(&Tensor<f64>, &Tensor<f64>) -> f64,
    derivative: fn(&Tensor<f64>, &Tensor<f64>) -> Tensor<f64>,
}

impl LossOf {
    pub(crate) fn new(
        loss: fn(&Tensor<f64>, &Tensor<f64>) -> f64,
        derivative: fn(&Tensor<f64>, &Tensor<f64>) -> Tensor<f64>,
    ) -> Self {
        Self { loss, derivative }
    }
}

impl Loss<f64> for LossOf {
    fn value(&self, predictions: &Tensor<f64>, targets: &Tensor<f64>) -> f64 {
        (self.loss)(predictions, targets)
    }
    fn gradient_to(
        &self,
        predictions: &Tensor<f64>,
        targets: &Tensor<f64>,
        gradient: &mut Tensor<f64>,
    ) {
        *gradient = (self.derivative)(predictions, targets);
    }
    fn link(&self) -> OutputLink {
        OutputLink::Identity
    }
    fn description(&self) -> nnfs_tensor::Description {
        nnfs_tensor::Description::new("loss_of")
    }
}

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
    outputs: Tensor<f64>,
    input_gradient: Tensor<f64>,
}

impl Pointwise {
    pub(crate) fn new(function: Function, derivative: Function) -> Self {
        let empty = Tensor::default;
        Self { function, derivative, outputs: empty(), input_gradient: empty() }
    }
}

impl Trainable<f64> for Pointwise {}

impl Layer<f64> for Pointwise {
    fn forward(&mut self, inputs: &Tensor<f64>) -> &Tensor<f64> {
        self.outputs = inputs.map(self.function);
        &self.outputs
    }
    fn backward(&mut self, inputs: &Tensor<f64>, gradient: &Tensor<f64>) -> &Tensor<f64> {
        self.input_gradient = gradient.component_mul(&inputs.map(self.derivative));
        &self.input_gradient
    }
    fn outputs(&self) -> &Tensor<f64> {
        &self.outputs
    }
    fn input_gradient(&self) -> &Tensor<f64> {
        &self.input_gradient
    }
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        *outputs = inputs.map(self.function);
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        Ok(input_width)
    }
    fn description(&self) -> Description {
        Description::new("pointwise")
    }
}

/// `outputs = inputs * weights + biases`, with an L2 penalty on the weights. `spoil` runs at the
/// end of `backward`.
#[derive(Debug, Clone)]
pub(crate) struct Linear {
    pub(crate) weights: Parameter<f64>,
    pub(crate) biases: Parameter<f64>,
    pub(crate) input_gradient: Tensor<f64>,
    /// The weights' gradient before this `backward`.
    pub(crate) before: Tensor<f64>,
    /// The inputs' gradient before this `backward`, zero if there was none.
    pub(crate) input_gradient_before: Tensor<f64>,
    outputs: Tensor<f64>,
    spoil: fn(&mut Self),
}

pub(crate) const L2: f64 = 0.05;

impl Linear {
    pub(crate) fn new(weights: &Tensor<f64>, spoil: fn(&mut Self)) -> Self {
        let mut weights = Parameter::new(weights.clone());
        weights.set_penalty(Penalty::l2(L2).unwrap());
        let biases = Parameter::new(Tensor::from_element(1, weights.value.ncols(), 0.3));
        let empty = Tensor::default;
        Self {
            weights,
            biases,
            input_gradient: empty(),
            before: empty(),
            input_gradient_before: empty(),
            outputs: empty(),
            spoil,
        }
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
    fn forward(&mut self, inputs: &Tensor<f64>) -> &Tensor<f64> {
        resize_mut(&mut self.outputs, inputs.nrows(), self.weights.value.ncols());
        multiply_to(inputs, &self.weights.value, &mut self.outputs);
        for mut row in self.outputs.row_iter_mut() {
            row += self.biases.value.row(0);
        }
        &self.outputs
    }
    fn backward(&mut self, inputs: &Tensor<f64>, gradient: &Tensor<f64>) -> &Tensor<f64> {
        self.before = self.weights.gradient.clone();
        self.input_gradient_before = if self.input_gradient.shape() == inputs.shape() {
            self.input_gradient.clone()
        } else {
            inputs * 0.0
        };
        transpose_multiply_to(inputs, gradient, &mut self.weights.gradient);
        self.weights.add_penalty_gradient();
        self.biases.gradient.row_mut(0).copy_from(&gradient.row_sum());
        resize_mut(&mut self.input_gradient, inputs.nrows(), inputs.ncols());
        multiply_transpose_to(gradient, &self.weights.value, &mut self.input_gradient);
        (self.spoil)(self);
        &self.input_gradient
    }
    fn outputs(&self) -> &Tensor<f64> {
        &self.outputs
    }
    fn input_gradient(&self) -> &Tensor<f64> {
        &self.input_gradient
    }
    fn predict_to(&self, inputs: &Tensor<f64>, outputs: &mut Tensor<f64>) {
        let mut fresh = self.clone();
        outputs.clone_from(fresh.forward(inputs));
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

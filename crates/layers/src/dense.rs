//! The dense layer: every output sees every input.

use nnfs_tensor::{
    Description, Elementwise, Layer, Parameter, Penalty, Scalar, ShapeError, Tensor, Trainable,
    assert_same_shape, assert_shape, chain_and_sum_to, dense_to, multiply_transpose_to, resize_mut,
    shape_text, sum_rows_to, transpose_multiply_to,
};
use rand::Rng;

use crate::{Initializer, LayerError};

/// A dense (fully connected) layer with an optional activation.
///
/// ```text
/// forward     Y  = f(X W + b)             X: N x inputs, W: inputs x outputs, b: 1 x outputs
/// backward    D  = G * f'                 G = dL/dY, element by element
///             dW = X^T D   + penalty'(W)
///             db = sum of the rows of D + penalty'(b)
///             dX = D W^T
/// ```
/// Chapters 3, 9 and 14 of the book; the activation inside is as in Keras, and gives the same bits
/// as a layer of its own.
#[derive(Debug)]
pub struct Dense<T: Scalar> {
    weights: Parameter<T>,
    biases: Parameter<T>,
    activation: Option<Box<dyn Elementwise<T>>>,
    outputs: Tensor<T>,
    /// D above; stays empty without an activation, where it is the gradient itself.
    delta: Tensor<T>,
    input_gradient: Tensor<T>,
}

impl<T: Scalar> Dense<T> {
    /// A layer with drawn weights and zero biases.
    ///
    /// # Errors
    /// If a width is 0 or the initializer's deviation is out of range.
    pub fn new(
        inputs: usize,
        outputs: usize,
        initializer: Initializer,
        rng: &mut impl Rng,
    ) -> Result<Self, LayerError> {
        if let Initializer::Normal { standard_deviation } = initializer {
            Initializer::normal(standard_deviation)?;
        }
        check_widths(inputs, outputs)?;
        let weights = initializer.weights(inputs, outputs, rng);
        let biases = Tensor::from_element(1, outputs, T::ZERO);
        Self::from_parameters(weights, biases)
    }

    /// A layer with these weights (inputs x outputs) and biases (1 x outputs).
    ///
    /// # Errors
    /// If a width is 0 or the biases do not fit the weights.
    pub fn from_parameters(weights: Tensor<T>, biases: Tensor<T>) -> Result<Self, LayerError> {
        let (inputs, outputs) = weights.shape();
        check_widths(inputs, outputs)?;
        if biases.shape() != (1, outputs) {
            let expected = format!("1x{outputs}");
            return Err(ShapeError::new("biases of Dense", expected, shape_text(&biases)).into());
        }
        Ok(Self {
            weights: Parameter::new(weights),
            biases: Parameter::new(biases),
            activation: None,
            outputs: Tensor::default(),
            delta: Tensor::default(),
            input_gradient: Tensor::default(),
        })
    }

    /// Applies a function to every output: `dense.activation(Relu)`.
    #[must_use]
    pub fn activation(mut self, function: impl Elementwise<T> + 'static) -> Self {
        self.activation = Some(Box::new(function));
        self
    }

    /// Regularizes the weights.
    #[must_use]
    pub fn weight_penalty(mut self, penalty: Penalty) -> Self {
        self.weights.set_penalty(penalty);
        self
    }

    /// Regularizes the biases.
    #[must_use]
    pub fn bias_penalty(mut self, penalty: Penalty) -> Self {
        self.biases.set_penalty(penalty);
        self
    }

    /// The weights: inputs x outputs.
    pub fn weights(&self) -> &Parameter<T> {
        &self.weights
    }

    /// The biases: 1 x outputs.
    pub fn biases(&self) -> &Parameter<T> {
        &self.biases
    }

    /// `outputs = f(inputs * weights + biases)`
    fn compute_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        assert_shape("inputs of Dense", inputs, (inputs.nrows(), self.weights.value.nrows()));
        let (weights, biases) = (&self.weights.value, &self.biases.value);
        dense_to(inputs, weights, biases, self.activation.as_deref(), outputs);
    }
}

fn check_widths(inputs: usize, outputs: usize) -> Result<(), ShapeError> {
    if inputs == 0 || outputs == 0 {
        let found = format!("{inputs}x{outputs}");
        return Err(ShapeError::new("weights of Dense", "at least 1x1", found));
    }
    Ok(())
}

impl<T: Scalar> Trainable<T> for Dense<T> {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        visit(&self.weights);
        visit(&self.biases);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        visit(&mut self.weights);
        visit(&mut self.biases);
    }
}

impl<T: Scalar> Layer<T> for Dense<T> {
    fn forward(&mut self, inputs: &Tensor<T>) -> &Tensor<T> {
        // Out and back again, because `compute_to` borrows the layer; nothing is copied.
        let mut outputs = std::mem::take(&mut self.outputs);
        self.compute_to(inputs, &mut outputs);
        self.outputs = outputs;
        &self.outputs
    }

    fn backward(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) -> &Tensor<T> {
        self.backward_parameters(inputs, gradient);
        resize_mut(&mut self.input_gradient, inputs.nrows(), inputs.ncols());
        let delta = if self.activation.is_some() { &self.delta } else { gradient };
        multiply_transpose_to(delta, &self.weights.value, &mut self.input_gradient);
        &self.input_gradient
    }

    fn backward_parameters(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) {
        let shape = (self.outputs.nrows(), self.weights.value.nrows());
        assert_shape("inputs of Dense", inputs, shape);
        assert_same_shape("gradients", gradient, "outputs of Dense", &self.outputs);

        let bias_gradient = &mut self.biases.gradient;
        let delta = match self.activation.as_deref() {
            Some(f) => {
                chain_and_sum_to(f, &self.outputs, gradient, &mut self.delta, bias_gradient);
                &self.delta
            }
            None => {
                sum_rows_to(gradient, bias_gradient);
                gradient
            }
        };
        transpose_multiply_to(inputs, delta, &mut self.weights.gradient);
        self.weights.add_penalty_gradient();
        self.biases.add_penalty_gradient();
    }

    fn outputs(&self) -> &Tensor<T> {
        &self.outputs
    }

    fn input_gradient(&self) -> &Tensor<T> {
        &self.input_gradient
    }

    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        self.compute_to(inputs, outputs);
    }

    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        let (inputs, outputs) = self.weights.value.shape();
        if input_width == inputs {
            Ok(outputs)
        } else {
            let (expected, found) = (inputs.to_string(), input_width.to_string());
            Err(ShapeError::new("width of the inputs of Dense", expected, found))
        }
    }

    fn description(&self) -> Description {
        let (inputs, outputs) = self.weights.value.shape();
        let mut description = Description::new("dense").with_widths(inputs, outputs);
        if let Some(activation) = &self.activation {
            description = description.with("activation", activation.description());
        }
        for (name, parameter) in [("weight", &self.weights), ("bias", &self.biases)] {
            let penalty = parameter.penalty_settings();
            for (kind, strength) in [("l1", penalty.l1_strength()), ("l2", penalty.l2_strength())] {
                if strength > 0.0 {
                    description = description.with(&format!("{name}_{kind}"), strength);
                }
            }
        }
        description
    }
}

//! The dense layer: every output sees every input.

use nnfs_tensor::{
    Description, Elementwise, Finish, Layer, Parameter, Penalty, Scalar, ShapeError, Tensor,
    Trainable, assert_same_shape, assert_shape, for_each_columns, multiply_and_finish_to,
    multiply_transpose_to, resize_mut, shape, transpose_multiply_to,
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

/// So many numbers of three matrices stay in the caches of a core.
const CACHED: usize = 8192;

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
        let biases = Tensor::from_element(1, outputs, T::parameter(0.0));
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
            return Err(ShapeError::new("biases of Dense", expected, shape(&biases)).into());
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
        let (width, units) = self.weights.value.shape();
        assert_shape("inputs of Dense", inputs, (inputs.nrows(), width));
        resize_mut(outputs, inputs.nrows(), units);
        let biases = self.biases.value.as_slice();
        let (finish, rest) = match self.activation.as_deref() {
            Some(activation) if activation.is_relu() => (Finish::BiasRelu(biases), None),
            activation => (Finish::Bias(biases), activation),
        };
        multiply_and_finish_to(inputs, &self.weights.value, finish, outputs);
        if let Some(activation) = rest {
            activation.apply_mut(outputs.as_mut_slice());
        }
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
        let (samples, units) = self.outputs.shape();
        assert_shape("inputs of Dense", inputs, (samples, self.weights.value.nrows()));
        assert_same_shape("gradients", gradient, "outputs of Dense", &self.outputs);

        let sums = self.biases.gradient.as_mut_slice();
        let delta = if let Some(activation) = &self.activation {
            resize_mut(&mut self.delta, samples, units);
            // D, a few columns at a time, and the sums of its rows while these are in the cache.
            let at_once = (CACHED / samples.max(1)).max(1);
            let (outputs, gradient) = (self.outputs.as_slice(), gradient.as_slice());
            let delta = self.delta.as_mut_slice();
            for_each_columns(delta, samples, sums, at_once, &|first, delta, sums| {
                let numbers = first * samples..first * samples + delta.len();
                activation.chain_to(&outputs[numbers.clone()], &gradient[numbers], delta);
                T::sum_columns_to(delta, samples, sums);
            });
            &self.delta
        } else {
            T::sum_columns_to(gradient.as_slice(), samples, sums);
            gradient
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
            description = description.with("activation", activation.describe());
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

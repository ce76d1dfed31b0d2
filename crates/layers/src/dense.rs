//! The dense layer: every output sees every input.

use std::sync::Arc;

use nnfs_tensor::{
    DenseRow, Description, Elementwise, Layer, Parameter, Penalty, RowLayer, Scalar, ShapeError,
    Tensor, Trainable, assert_same_shape, assert_shape, chain_and_sum_to, dense_to,
    multiply_transpose_to, shape_text, sum_rows_to, transpose_multiply_to,
};
use rand::Rng;

use crate::{Initializer, LayerError};

/// A dense (fully connected) layer with an optional activation.
///
/// ```text
/// forward     Y  = f(X W + b)             X: N x inputs, W: inputs x outputs, b: 1 x outputs
/// backward    D  = G * f'                 element by element; G = dL/dY, f' is computed from Y
///             dW = X^T D   + penalty'(W)
///             db = sum of the rows of D + penalty'(b)
///             dX = D W^T
/// ```
/// Chapters 3, 9 and 14 of the book; the activation inside is as in Keras, and gives the same bits
/// as a separate layer.
#[derive(Debug, Clone)]
pub struct Dense<T: Scalar> {
    weights: Parameter<T>,
    biases: Parameter<T>,
    activation: Option<Arc<dyn Elementwise<T>>>,
    /// Memory for D. Without an activation it stays empty, because D is G itself.
    delta: Tensor<T>,
}

impl<T: Scalar> Dense<T> {
    /// A layer with drawn weights and zero biases.
    ///
    /// ```
    /// use nnfs_layers::rand::{SeedableRng, rngs::ChaCha8Rng};
    /// use nnfs_layers::{Dense, Initializer};
    /// let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// let dense = Dense::<f32>::new(2, 3, Initializer::GlorotUniform, &mut rng)?;
    /// assert_eq!(dense.weights().value.shape(), (2, 3));
    /// assert_eq!(dense.biases().value.shape(), (1, 3));
    /// # Ok::<(), nnfs_layers::LayerError>(())
    /// ```
    ///
    /// # Errors
    /// If a width is 0 or the initializer's deviation is out of range.
    pub fn new(
        inputs: usize,
        outputs: usize,
        initializer: Initializer,
        rng: &mut impl Rng,
    ) -> Result<Self, LayerError> {
        initializer.check()?;
        check_widths(inputs, outputs)?;
        let weights = initializer.weights(inputs, outputs, rng);
        let biases = Tensor::from_element(1, outputs, T::ZERO);
        Self::from_parameters(weights, biases)
    }

    /// A layer with these weights (inputs x outputs) and biases (1 x outputs).
    ///
    /// ```
    /// use nnfs_layers::Dense;
    /// use nnfs_tensor::{Layer, Tensor};
    /// let weights = Tensor::from_row_slice(2, 1, &[3.0, 4.0]);
    /// let dense = Dense::from_parameters(weights, Tensor::from_element(1, 1, 0.5))?;
    /// let mut outputs = Tensor::default();
    /// dense.predict_to(&Tensor::from_row_slice(1, 2, &[1.0, 2.0]), &mut outputs);
    /// assert_eq!(outputs[0], 11.5);
    /// # Ok::<(), nnfs_layers::LayerError>(())
    /// ```
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
            delta: Tensor::default(),
        })
    }

    /// Applies a function to every output: `dense.activation(Relu)`.
    #[must_use]
    pub fn activation(mut self, function: impl Elementwise<T> + 'static) -> Self {
        self.activation = Some(Arc::new(function));
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
    // The forward pass, in training too: by default, Layer::forward_to calls this.
    fn predict_to(&self, x: &Tensor<T>, y: &mut Tensor<T>) {
        let Self { weights: w, biases: b, activation: f, .. } = self;
        assert_shape("inputs of Dense", x, (x.nrows(), w.value.nrows()));
        dense_to(x, &w.value, &b.value, f.as_deref(), y);
    }

    fn backward_to(
        &mut self,
        x: &Tensor<T>,
        y: &Tensor<T>,
        g: &Tensor<T>,
        dx: Option<&mut Tensor<T>>,
    ) {
        let Self { weights: w, biases: b, activation: f, delta } = self;
        assert_shape("inputs of Dense", x, (y.nrows(), w.value.nrows()));
        assert_same_shape("gradients", g, "outputs of Dense", y);
        let d: &Tensor<T> = match f.as_deref() {
            Some(f) => {
                // D = G * f', and db = the sum of the rows of D, in one pass.
                chain_and_sum_to(f, y, g, delta, &mut b.gradient);
                delta
            }
            None => {
                sum_rows_to(g, &mut b.gradient);
                g
            }
        };
        transpose_multiply_to(x, d, &mut w.gradient);
        w.add_penalty_gradient();
        b.add_penalty_gradient();
        if let Some(dx) = dx {
            multiply_transpose_to(d, &w.value, dx);
        }
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

    fn activation(&self) -> Option<&dyn Elementwise<T>> {
        self.activation.as_deref()
    }

    fn is_row_wise(&self) -> bool {
        true
    }

    fn row_layer(&self) -> Box<dyn RowLayer<T>> {
        Box::new(DenseRow::new(&self.weights.value, &self.biases.value, self.activation.clone()))
    }
}

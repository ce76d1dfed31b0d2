//! Layers in order.

use std::borrow::Cow;

use nnfs_tensor::{Layer, Parameter, Scalar, ShapeError, Tensor, Trainable, assert_shape};

use crate::pass::Pass;
use crate::{ModelError, Summary};

/// A network: layers in order. Each layer takes the outputs of the one before.
///
/// It works with any [`Layer`], and owns the tensors that a training step writes: the outputs of every layer
/// and the gradients between them. A copy has its own parameters.
///
/// ```
/// use nnfs_activations::Relu;
/// use nnfs_layers::rand::{SeedableRng, rngs::ChaCha8Rng};
/// use nnfs_layers::{Dense, Initializer};
/// use nnfs_model::Model;
///
/// let mut rng = ChaCha8Rng::seed_from_u64(0);
/// let model = Model::<f32>::new(1)
///     .then(Dense::new(1, 64, Initializer::HeNormal, &mut rng)?.activation(Relu))?
///     .then(Dense::new(64, 1, Initializer::GlorotUniform, &mut rng)?)?;
/// assert_eq!((model.input_width(), model.output_width()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Model<T: Scalar> {
    input_width: usize,
    output_width: usize,
    pub(crate) layers: Vec<Box<dyn Layer<T>>>,
    pub(crate) pass: Pass<T>,
    /// dL/d(predictions) of the last training step.
    pub(crate) gradient: Tensor<T>,
}

/// Memory for predicting: with the same one, later predictions allocate nothing.
#[derive(Debug, Clone)]
pub struct Workspace<T: Scalar> {
    current: Tensor<T>,
    next: Tensor<T>,
    /// The outputs of a member of an ensemble.
    pub(crate) member: Tensor<T>,
}

impl<T: Scalar> Default for Workspace<T> {
    fn default() -> Self {
        Self { current: Tensor::default(), next: Tensor::default(), member: Tensor::default() }
    }
}

impl<T: Scalar> Model<T> {
    /// A network without layers, for samples of `input_width` features. Add layers with
    /// [`Model::then`].
    pub fn new(input_width: usize) -> Self {
        Self {
            input_width,
            output_width: input_width,
            layers: Vec::new(),
            pass: Pass::of(0),
            gradient: Tensor::default(),
        }
    }

    /// Adds a layer after the others.
    ///
    /// # Errors
    /// If the layer does not take the width of the outputs before it, or the model has no inputs. The
    /// error names the layer.
    pub fn then(mut self, layer: impl Layer<T> + 'static) -> Result<Self, ModelError> {
        self.push(Box::new(layer))?;
        Ok(self)
    }

    /// A network of layers that are chosen while a program runs.
    ///
    /// ```
    /// use nnfs_activations::{Activation, Relu, Tanh};
    /// use nnfs_model::Model;
    /// use nnfs_tensor::Layer;
    /// let name = "tanh";
    /// let function: Box<dyn Layer<f32>> = match name {
    ///     "relu" => Box::new(Activation::new(Relu)),
    ///     _ => Box::new(Activation::new(Tanh)),
    /// };
    /// let model = Model::from_layers(3, [function])?;
    /// assert_eq!((model.input_width(), model.layers().len()), (3, 1));
    /// # Ok::<(), nnfs_model::ModelError>(())
    /// ```
    ///
    /// # Errors
    /// If there is no layer, or as [`Model::then`].
    pub fn from_layers(
        input_width: usize,
        layers: impl IntoIterator<Item = Box<dyn Layer<T>>>,
    ) -> Result<Self, ModelError> {
        let mut model = Self::new(input_width);
        layers.into_iter().try_for_each(|layer| model.push(layer))?;
        if model.layers.is_empty() { Err(ModelError::Empty) } else { Ok(model) }
    }

    fn push(&mut self, layer: Box<dyn Layer<T>>) -> Result<(), ModelError> {
        if self.input_width == 0 {
            return Err(ModelError::NoInputs);
        }
        self.output_width = layer.output_width(self.output_width).map_err(|reason| {
            let (index, kind) = (self.layers.len(), layer.description().kind);
            ModelError::Chain { index, kind, reason }
        })?;
        self.layers.push(layer);
        self.pass = Pass::of(self.layers.len());
        Ok(())
    }

    /// The number of features of a sample.
    pub fn input_width(&self) -> usize {
        self.input_width
    }

    /// The number of outputs for a sample.
    pub fn output_width(&self) -> usize {
        self.output_width
    }

    /// The layers, from the inputs to the outputs.
    pub fn layers(&self) -> &[Box<dyn Layer<T>>] {
        &self.layers
    }

    /// Computes the predictions in training, dropout included.
    ///
    /// A batch of 2048 rows or more is computed in parts, which threads share, if all layers are
    /// [row-wise](Layer::is_row_wise) and the outputs need more memory than a copy of the parameters for each
    /// part.
    ///
    /// # Panics
    /// If the inputs do not have `input_width` columns, or the model has no layer.
    pub fn forward(&mut self, inputs: &Tensor<T>) -> &Tensor<T> {
        assert_shape("inputs of the model", inputs, (inputs.nrows(), self.input_width));
        self.pass.forward(&mut self.layers, inputs)
    }

    /// Computes the gradients of all parameters, from the inputs of the last [`Model::forward`] and
    /// `gradient` = dL/d(predictions). The parameters must be those of that `forward`.
    ///
    /// # Panics
    /// If the shapes are not those of the last `forward`.
    pub fn backward(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) {
        self.pass.backward(&mut self.layers, inputs, gradient, None);
    }

    /// [`Model::backward`], which also writes dL/d(inputs); `input_gradient` is resized.
    ///
    /// # Panics
    /// If the shapes are not those of the last `forward`.
    pub fn backward_to(
        &mut self,
        inputs: &Tensor<T>,
        gradient: &Tensor<T>,
        input_gradient: &mut Tensor<T>,
    ) {
        self.pass.backward(&mut self.layers, inputs, gradient, Some(input_gradient));
    }

    /// The predictions of the last `forward`; empty before the first.
    ///
    /// # Panics
    /// If the model has no layer.
    pub fn outputs(&self) -> &Tensor<T> {
        self.pass.predictions()
    }

    /// The outputs of a layer in the last `forward`; empty before the first `forward`.
    ///
    /// Layers are counted from 0. The outputs of a batch that was computed in parts are put together in a copy.
    ///
    /// # Panics
    /// If there is no such layer.
    pub fn layer_outputs(&self, layer: usize) -> Cow<'_, Tensor<T>> {
        self.pass.outputs(layer)
    }

    /// Frees the memory of the last pass: the outputs of the layers, and the gradients between them.
    ///
    /// The gradients of the parameters stay. The next pass allocates its memory again.
    pub fn clear_pass(&mut self) {
        self.pass = Pass::of(self.layers.len());
        self.gradient = Tensor::default();
    }

    /// Predicts. No state changes, and dropout is off.
    ///
    /// # Errors
    /// If the inputs do not have `input_width` columns, or the model has no layer.
    pub fn predict(&self, inputs: &Tensor<T>) -> Result<Tensor<T>, ShapeError> {
        let mut predictions = Tensor::default();
        self.predict_to(inputs, &mut Workspace::default(), &mut predictions)?;
        Ok(predictions)
    }

    /// Predicts into `predictions`, which is resized.
    ///
    /// # Errors
    /// If the inputs do not have `input_width` columns, or the model has no layer.
    pub fn predict_to(
        &self,
        inputs: &Tensor<T>,
        workspace: &mut Workspace<T>,
        predictions: &mut Tensor<T>,
    ) -> Result<(), ShapeError> {
        self.check_inputs(inputs)?;
        let Workspace { current, next, .. } = workspace;
        let (last, hidden) = self.layers.split_last().expect("it was checked to have layers");
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
        if self.layers.is_empty() {
            return Err(ShapeError::new("layers of the model", "at least 1", "0"));
        }
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

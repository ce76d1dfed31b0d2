//! Builds layers from their descriptions.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use nnfs_activations::Activation;
use nnfs_tensor::{Description, Elementwise, Layer, Scalar, Tensor};

use super::document::to_json;
use super::{FormatError, builders};

/// Why a layer cannot be built.
pub type BuildError = Box<dyn Error + Send + Sync>;

type BuildLayer<T> =
    dyn Fn(&Description, Vec<Tensor<T>>) -> Result<Box<dyn Layer<T>>, BuildError> + Send + Sync;
type BuildFunction<T> =
    dyn Fn(&Description) -> Result<Box<dyn Elementwise<T>>, BuildError> + Send + Sync;

/// Builds the layers of a file by their kind.
///
/// A new registry has every layer of this library, and custom layers can be added. A layer describes
/// itself with [`Layer::description`]. Its builder gets this description, and the values of the
/// parameters in the order in which the layer visits them.
///
/// ```
/// # use nnfs::prelude::*;
/// # use nnfs::tensor::{Description, ShapeError};
/// use nnfs::files::{Pipeline, Registry};
/// # #[derive(Debug, Clone)]
/// # struct Scale { factor: Parameter<f32> }
/// # impl Scale {
/// #     fn new(factor: Tensor<f32>) -> Self { Self { factor: Parameter::new(factor) } }
/// # }
/// # impl Trainable<f32> for Scale {
/// #     fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<f32>)) { visit(&self.factor) }
/// #     fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<f32>)) {
/// #         visit(&mut self.factor);
/// #     }
/// # }
/// # impl Layer<f32> for Scale {
/// #     fn predict_to(&self, x: &Tensor<f32>, y: &mut Tensor<f32>) {
/// #         *y = x * self.factor.value[0];
/// #     }
/// #     fn backward_to(
/// #         &mut self, x: &Tensor<f32>, _y: &Tensor<f32>, g: &Tensor<f32>, dx: Option<&mut Tensor<f32>>,
/// #     ) {
/// #         self.factor.gradient[0] = x.dot(g);
/// #         if let Some(dx) = dx { *dx = g * self.factor.value[0]; }
/// #     }
/// #     fn output_width(&self, width: usize) -> Result<usize, ShapeError> { Ok(width) }
/// #     fn description(&self) -> Description { Description::new("scale") }
/// # }
///
/// // A custom layer with one parameter, whose description is `Description::new("scale")`.
/// let model = Model::new(2).then(Scale::new(Tensor::from_element(1, 1, 3.0)))?;
/// let bytes = Pipeline::new(model).to_bytes()?;
///
/// let registry = Registry::new().with_layer("scale", |_description, mut parameters| {
///     let factor = parameters.pop().ok_or("expected one parameter, found none")?;
///     Ok(Box::new(Scale::new(factor)))
/// });
/// let pipeline = Pipeline::from_bytes_with(&bytes, &registry)?;
/// let inputs = Tensor::from_row_slice(1, 2, &[1.0, 2.0]);
/// assert_eq!(pipeline.predict(&inputs)?.as_slice(), [3.0, 6.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Registry<T: Scalar> {
    layers: BTreeMap<String, Box<BuildLayer<T>>>,
    functions: BTreeMap<String, Box<BuildFunction<T>>>,
}

impl<T: Scalar> Registry<T> {
    /// Every layer and activation of this library.
    pub fn new() -> Self {
        builders::register(Self { layers: BTreeMap::new(), functions: BTreeMap::new() })
    }

    /// Adds a kind of layer, or replaces one.
    #[must_use]
    pub fn with_layer(
        mut self,
        kind: &str,
        build: impl Fn(&Description, Vec<Tensor<T>>) -> Result<Box<dyn Layer<T>>, BuildError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.layers.insert(kind.to_owned(), Box::new(build));
        self
    }

    /// Adds an elementwise function, or replaces one: as a layer, and as the activation of a dense
    /// layer.
    #[must_use]
    pub fn with_function(
        mut self,
        kind: &str,
        build: impl Fn(&Description) -> Result<Box<dyn Elementwise<T>>, BuildError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.functions.insert(kind.to_owned(), Box::new(build));
        self
    }

    /// Builds the layer at a position, and checks that its description is that of the file.
    pub(super) fn build(
        &self,
        index: usize,
        description: &Description,
        parameters: Vec<Tensor<T>>,
    ) -> Result<Box<dyn Layer<T>>, FormatError> {
        let shapes: Vec<_> = parameters.iter().map(Tensor::shape).collect();
        let kind = &description.kind;
        let failed = |source| FormatError::Layer { layer: index, kind: kind.clone(), source };
        let layer = if kind == builders::DENSE && !self.layers.contains_key(kind) {
            let activation = description.nested("activation");
            let activation = activation.map(|activation| self.function(index, activation));
            builders::dense(description, parameters, activation.transpose()?).map_err(failed)?
        } else if let Some(build) = self.layers.get(kind) {
            build(description, parameters).map_err(failed)?
        } else {
            Box::new(Activation::new(self.function(index, description)?))
        };
        let built = layer.description();
        if built != *description {
            let (expected, built) = (to_json(description)?, to_json(&built)?);
            return Err(failed(format!("expected {expected}, built {built}").into()));
        }
        let mut built = Vec::new();
        layer.for_each_parameter(&mut |parameter| built.push(parameter.value.shape()));
        if built != shapes {
            return Err(failed(format!("expected parameters {shapes:?}, built {built:?}").into()));
        }
        Ok(layer)
    }

    fn function(
        &self,
        layer: usize,
        description: &Description,
    ) -> Result<Arc<dyn Elementwise<T>>, FormatError> {
        let kind = &description.kind;
        let build = self.functions.get(kind).ok_or_else(|| {
            let known = self.layers.keys().chain(self.functions.keys()).map(String::as_str);
            let known = known.chain([builders::DENSE]).collect::<Vec<_>>().join(", ");
            FormatError::UnknownKind { layer, kind: kind.clone(), known }
        })?;
        let failed = |source| FormatError::Layer { layer, kind: kind.clone(), source };
        build(description).map(Arc::from).map_err(failed)
    }
}

impl<T: Scalar> Default for Registry<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the kinds; builders cannot be shown.
impl<T: Scalar> fmt::Debug for Registry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.layers.keys()).entries(self.functions.keys()).finish()
    }
}

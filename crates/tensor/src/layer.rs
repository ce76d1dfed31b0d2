//! A differentiable block, and how it describes itself.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

use crate::{Scalar, ShapeError, Tensor, Trainable};

/// A differentiable block. It owns what it writes and lends it out.
///
/// Data flows one way: `forward` turns inputs into outputs, `backward` turns the gradient of the
/// loss with respect to the outputs into that with respect to the inputs. Neither copies what it
/// is given; the caller lends the same inputs to both.
pub trait Layer<T: Scalar>: Trainable<T> + Debug + Send + Sync {
    /// Computes the outputs in training: one row a sample, as in the inputs.
    ///
    /// # Panics
    /// If the inputs do not have the width that the layer expects.
    fn forward(&mut self, inputs: &Tensor<T>) -> &Tensor<T>;

    /// dL/d(inputs), from the inputs of the last `forward` and `gradient` = dL/d(outputs).
    ///
    /// Fills the gradients of the parameters too, penalties included.
    ///
    /// # Panics
    /// If the shapes are not those of the last `forward`.
    fn backward(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) -> &Tensor<T>;

    /// The gradients of the parameters alone: [`Layer::backward`] without dL/d(inputs), which nobody
    /// asks of the first layer of a network in training.
    ///
    /// By default all of `backward`. [`Layer::input_gradient`] means nothing afterwards.
    ///
    /// # Panics
    /// As `backward`.
    fn backward_parameters(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) {
        self.backward(inputs, gradient);
    }

    /// What the last `forward` computed.
    fn outputs(&self) -> &Tensor<T>;

    /// What the last `backward` computed.
    fn input_gradient(&self) -> &Tensor<T>;

    /// Computes the outputs for use, not for training: no state is touched and dropout is off.
    ///
    /// `outputs` takes the shape that it needs.
    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>);

    /// How many columns come out when `input_width` go in.
    ///
    /// # Errors
    /// If the layer does not take that many.
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError>;

    /// Its kind and settings: for summaries, files and exports.
    fn description(&self) -> Description;
}

/// A boxed layer is a layer, so that a list of different ones can be handed around.
impl<T: Scalar, L: Layer<T> + ?Sized> Layer<T> for Box<L> {
    fn forward(&mut self, inputs: &Tensor<T>) -> &Tensor<T> {
        (**self).forward(inputs)
    }
    fn backward(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) -> &Tensor<T> {
        (**self).backward(inputs, gradient)
    }
    fn backward_parameters(&mut self, inputs: &Tensor<T>, gradient: &Tensor<T>) {
        (**self).backward_parameters(inputs, gradient);
    }
    fn outputs(&self) -> &Tensor<T> {
        (**self).outputs()
    }
    fn input_gradient(&self) -> &Tensor<T> {
        (**self).input_gradient()
    }
    fn predict_to(&self, inputs: &Tensor<T>, outputs: &mut Tensor<T>) {
        (**self).predict_to(inputs, outputs);
    }
    fn output_width(&self, input_width: usize) -> Result<usize, ShapeError> {
        (**self).output_width(input_width)
    }
    fn description(&self) -> Description {
        (**self).description()
    }
}

/// What a block says of itself: from it, the block can be made again.
///
/// It prints as kind and settings, which is what a person wants to read.
///
/// ```
/// use nnfs_tensor::Description;
/// let description = Description::new("leaky_relu").with("slope", 0.01);
/// assert_eq!(description.to_string(), "leaky_relu (slope 0.01)");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Description {
    /// The kind, in lower case: `dense`, `dropout`, `relu`.
    pub kind: String,
    /// Columns that go in and come out, where the block fixes them.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub widths: Option<(usize, usize)>,
    /// The settings, by name.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "BTreeMap::is_empty"))]
    pub settings: BTreeMap<String, Setting>,
    /// What changes while it runs and is no parameter, such as the state of a generator.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "BTreeMap::is_empty"))]
    pub state: BTreeMap<String, String>,
}

/// The value of one setting.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Setting {
    /// A number.
    Number(f64),
    /// A block inside the block, such as the activation of a dense layer.
    Nested(Description),
}

impl Description {
    /// A kind without settings.
    pub fn new(kind: &str) -> Self {
        let (settings, state) = (BTreeMap::new(), BTreeMap::new());
        Self { kind: kind.to_owned(), widths: None, settings, state }
    }

    /// Says that so many columns go in and come out.
    #[must_use]
    pub fn with_widths(mut self, inputs: usize, outputs: usize) -> Self {
        self.widths = Some((inputs, outputs));
        self
    }

    /// Adds a part of the state.
    #[must_use]
    pub fn with_state(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.state.insert(name.to_owned(), value.to_string());
        self
    }

    /// The setting of this name, if it is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.settings.get(name) {
            Some(Setting::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The setting of this name, if it is a block.
    pub fn nested(&self, name: &str) -> Option<&Self> {
        match self.settings.get(name) {
            Some(Setting::Nested(block)) => Some(block),
            _ => None,
        }
    }

    /// Adds a setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Setting>) -> Self {
        self.settings.insert(name.to_owned(), value.into());
        self
    }
}

impl From<f64> for Setting {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<Description> for Setting {
    fn from(value: Description) -> Self {
        Self::Nested(value)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Nested(value) => write!(f, "{value}"),
        }
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        for (index, (name, value)) in self.settings.iter().enumerate() {
            let before = if index == 0 { " (" } else { ", " };
            write!(f, "{before}{name} {value}")?;
        }
        if self.settings.is_empty() { Ok(()) } else { write!(f, ")") }
    }
}

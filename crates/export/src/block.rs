//! The kinds of layers and activations that can be exported.

use nnfs::tensor::Description;

use crate::ExportError;

/// The names of the kinds.
const KINDS: [&str; 8] =
    ["dense", "dropout", "linear", "relu", "leaky_relu", "sigmoid", "tanh", "softmax"];

/// A layer that can be exported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Block {
    /// `X W + b`, then an activation if there is one.
    Dense(Option<Activation>),
    /// Does nothing in prediction.
    Dropout,
    /// An activation as a layer.
    Activation(Activation),
}

/// An activation that can be exported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Activation {
    Linear,
    Relu,
    LeakyRelu { slope: f64 },
    Sigmoid,
    Tanh,
    Softmax,
}

impl Block {
    /// The layer with this description, at this position in the model.
    ///
    /// # Errors
    /// If its kind is unknown, or if it has no slope and needs one.
    pub(crate) fn of(layer: usize, description: &Description) -> Result<Self, ExportError> {
        Ok(match description.kind.as_str() {
            "dense" => {
                let activation = description.nested("activation");
                Self::Dense(activation.map(|found| Activation::of(layer, found)).transpose()?)
            }
            "dropout" => Self::Dropout,
            _ => Self::Activation(Activation::of(layer, description)?),
        })
    }
}

impl Activation {
    fn of(layer: usize, description: &Description) -> Result<Self, ExportError> {
        let kind = description.kind.as_str();
        Ok(match kind {
            "linear" => Self::Linear,
            "relu" => Self::Relu,
            "leaky_relu" => {
                let slope = description.number("slope").ok_or_else(|| ExportError::Layer {
                    layer,
                    kind: kind.to_owned(),
                    expected: "a slope".to_owned(),
                    found: "none".to_owned(),
                })?;
                Self::LeakyRelu { slope }
            }
            "sigmoid" => Self::Sigmoid,
            "tanh" => Self::Tanh,
            "softmax" => Self::Softmax,
            _ => {
                let (kind, known) = (kind.to_owned(), KINDS.join(", "));
                return Err(ExportError::UnknownKind { layer, kind, known });
            }
        })
    }

    /// The name of its kind.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Relu => "relu",
            Self::LeakyRelu { .. } => "leaky_relu",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Softmax => "softmax",
        }
    }
}

//! Activations by name.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use nnfs_tensor::{Elementwise, Scalar, UnknownName};

use crate::{LeakyRelu, Linear, Relu, Sigmoid, Tanh};

/// An activation by name, for command lines and files.
///
/// It prints and parses as `relu`, `leaky-relu`, `tanh`, `sigmoid` or `linear`. The kinds of the functions in model
/// files, such as `leaky_relu`, parse too.
///
/// ```
/// use nnfs_activations::ActivationKind;
/// let kind: ActivationKind = "tanh".parse()?;
/// assert_eq!(kind, ActivationKind::Tanh);
/// assert_eq!(kind.build::<f64>().apply(0.0), 0.0);
/// # Ok::<(), nnfs_tensor::UnknownName>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ActivationKind {
    /// [`Relu`].
    #[default]
    Relu,
    /// [`LeakyRelu`] with a slope of 0.01.
    LeakyRelu,
    /// [`Tanh`].
    Tanh,
    /// [`Sigmoid`].
    Sigmoid,
    /// [`Linear`].
    Linear,
}

impl ActivationKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Relu, Self::LeakyRelu, Self::Tanh, Self::Sigmoid, Self::Linear];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky-relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Linear => "linear",
        }
    }

    /// The function.
    pub fn build<T: Scalar>(self) -> Arc<dyn Elementwise<T>> {
        match self {
            Self::Relu => Arc::new(Relu),
            Self::LeakyRelu => Arc::new(LeakyRelu::default()),
            Self::Tanh => Arc::new(Tanh),
            Self::Sigmoid => Arc::new(Sigmoid),
            Self::Linear => Arc::new(Linear),
        }
    }
}

impl fmt::Display for ActivationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for ActivationKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let in_files = |kind: &Self| kind.build::<f64>().description().kind == name;
        let mut kinds = Self::ALL.into_iter();
        let kind = kinds.find(|kind| kind.name() == name || in_files(kind));
        kind.ok_or_else(|| UnknownName::new("activation", Self::ALL.map(Self::name), name))
    }
}

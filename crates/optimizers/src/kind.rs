//! Optimizers by name.

use std::fmt;
use std::str::FromStr;

use nnfs_tensor::{Optimizer, Scalar, UnknownName};

use crate::{AdaGrad, Adam, AdamW, LearningRate, RmsProp, Sgd};

/// An optimizer by name, for command lines and files.
///
/// It prints and parses as `sgd`, `adagrad`, `rmsprop`, `adam` or `adamw`, which is also the kind in
/// the optimizer's [description](Optimizer::description).
///
/// ```
/// use nnfs_optimizers::OptimizerKind;
/// let kind: OptimizerKind = "adagrad".parse()?;
/// assert_eq!(kind, OptimizerKind::AdaGrad);
/// let optimizer = kind.build::<f32>(kind.default_learning_rate());
/// assert_eq!(optimizer.learning_rate(), 0.01);
/// assert_eq!(optimizer.description().kind, kind.to_string());
/// # Ok::<(), nnfs_tensor::UnknownName>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OptimizerKind {
    /// Stochastic gradient descent with momentum 0.9: [`Sgd`].
    Sgd,
    /// [`AdaGrad`].
    AdaGrad,
    /// [`RmsProp`] with rho 0.9.
    RmsProp,
    /// [`Adam`] with betas 0.9 and 0.999.
    #[default]
    Adam,
    /// [`AdamW`] with a weight decay of 0.01.
    AdamW,
}

impl OptimizerKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Sgd, Self::AdaGrad, Self::RmsProp, Self::Adam, Self::AdamW];

    /// The momentum of an [`Sgd`] that is built by kind: the default of scikit-learn.
    pub const MOMENTUM: f64 = 0.9;

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sgd => "sgd",
            Self::AdaGrad => "adagrad",
            Self::RmsProp => "rmsprop",
            Self::Adam => "adam",
            Self::AdamW => "adamw",
        }
    }

    /// A learning rate to start with: 0.01 for SGD and AdaGrad, 0.001 for the others.
    pub const fn default_learning_rate(self) -> f64 {
        match self {
            Self::Sgd | Self::AdaGrad => 0.01,
            Self::RmsProp | Self::Adam | Self::AdamW => 0.001,
        }
    }

    /// An optimizer of this kind with its default settings.
    ///
    /// A learning rate that is out of range is an error of [`Optimizer::check`].
    pub fn build<T: Scalar>(self, rate: impl Into<LearningRate>) -> Box<dyn Optimizer<T>> {
        match self {
            Self::Sgd => Box::new(Sgd::new(rate).momentum(Self::MOMENTUM)),
            Self::AdaGrad => Box::new(AdaGrad::new(rate)),
            Self::RmsProp => Box::new(RmsProp::new(rate)),
            Self::Adam => Box::new(Adam::new(rate)),
            Self::AdamW => Box::new(AdamW::new(rate)),
        }
    }
}

impl fmt::Display for OptimizerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for OptimizerKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let kind = Self::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| UnknownName::new("optimizer", Self::ALL.map(Self::name), name))
    }
}

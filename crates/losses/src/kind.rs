//! Losses by name.

use std::fmt;
use std::str::FromStr;

use nnfs_tensor::{Loss, Scalar, UnknownName};

use crate::{Huber, MeanAbsoluteError, MeanSquaredError, SigmoidCrossEntropy, SoftmaxCrossEntropy};

/// A loss by name, for command lines and files.
///
/// It prints and parses as `mse`, `mae`, `huber`, `softmax-cross-entropy` or `binary-cross-entropy`. The
/// aliases `mean-squared-error`, `mean-absolute-error`, `cross-entropy`, `categorical-cross-entropy` and
/// `sigmoid-cross-entropy` parse too, and so do the kinds of these losses in checkpoints, such as
/// `mean_squared_error`. (`binary_cross_entropy` is that of a loss on probabilities, which has no name here.)
///
/// Each of them is for a network whose last layer is linear: the cross-entropies take logits, and
/// [`Loss::link`] says what makes them probabilities.
///
/// ```
/// use nnfs_losses::LossKind;
/// use nnfs_tensor::OutputLink;
/// let kind: LossKind = "binary-cross-entropy".parse()?;
/// assert_eq!(kind, LossKind::SigmoidCrossEntropy);
/// assert_eq!(kind.build::<f32>().link(), OutputLink::Sigmoid);
/// # Ok::<(), nnfs_tensor::UnknownName>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LossKind {
    /// [`MeanSquaredError`].
    #[default]
    MeanSquaredError,
    /// [`MeanAbsoluteError`].
    MeanAbsoluteError,
    /// [`Huber`] with a delta of 1.
    Huber,
    /// [`SoftmaxCrossEntropy`]: one logit for each class.
    SoftmaxCrossEntropy,
    /// [`SigmoidCrossEntropy`]: one logit for each yes or no.
    SigmoidCrossEntropy,
}

impl LossKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::MeanSquaredError,
        Self::MeanAbsoluteError,
        Self::Huber,
        Self::SoftmaxCrossEntropy,
        Self::SigmoidCrossEntropy,
    ];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MeanSquaredError => "mse",
            Self::MeanAbsoluteError => "mae",
            Self::Huber => "huber",
            Self::SoftmaxCrossEntropy => "softmax-cross-entropy",
            Self::SigmoidCrossEntropy => "binary-cross-entropy",
        }
    }

    /// Other names that parse as this kind.
    pub const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::MeanSquaredError => &["mean-squared-error"],
            Self::MeanAbsoluteError => &["mean-absolute-error"],
            Self::Huber => &[],
            Self::SoftmaxCrossEntropy => &["cross-entropy", "categorical-cross-entropy"],
            Self::SigmoidCrossEntropy => &["sigmoid-cross-entropy"],
        }
    }

    /// The loss.
    pub fn build<T: Scalar>(self) -> Box<dyn Loss<T>> {
        match self {
            Self::MeanSquaredError => Box::new(MeanSquaredError),
            Self::MeanAbsoluteError => Box::new(MeanAbsoluteError),
            Self::Huber => Box::new(Huber::default()),
            Self::SoftmaxCrossEntropy => Box::new(SoftmaxCrossEntropy),
            Self::SigmoidCrossEntropy => Box::new(SigmoidCrossEntropy),
        }
    }
}

impl fmt::Display for LossKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for LossKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let in_files = |kind: &Self| kind.build::<f64>().description().kind == name;
        let is_named = |kind: &Self| kind.name() == name || kind.aliases().contains(&name);
        let kind = Self::ALL.into_iter().find(|kind| is_named(kind) || in_files(kind));
        kind.ok_or_else(|| UnknownName::new("loss", Self::ALL.map(Self::name), name))
    }
}

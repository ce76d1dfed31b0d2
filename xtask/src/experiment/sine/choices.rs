//! What a run can be told to use: a kind of number, an optimizer, a loss.

use std::fmt;

use clap::ValueEnum;
use nnfs_losses::{Huber, MeanAbsoluteError, MeanSquaredError};
use nnfs_optimizers::{AdaGrad, Adam, AdamW, LearningRate, RmsProp, Sgd};
use nnfs_tensor::{Loss, Optimizer, Scalar, SettingError};

/// The kind of number that a run computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Arithmetic {
    /// As NumPy rounds in the book: its digits
    Numpy,
    /// Single precision: fast
    F32,
    /// Double precision
    F64,
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Numpy => "numpy",
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

/// A kind of optimizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OptimizerKind {
    /// Stochastic gradient descent; takes --momentum
    Sgd,
    /// AdaGrad
    Adagrad,
    /// RMSprop with rho 0.9
    Rmsprop,
    /// Adam with betas 0.9 and 0.999
    Adam,
    /// Adam with a decoupled weight decay of 0.01
    Adamw,
}

/// The decay of AdamW, PyTorch's default.
const WEIGHT_DECAY: f64 = 0.01;

impl OptimizerKind {
    /// The default of the book's class; AdamW, which the book has not, takes Adam's.
    pub(crate) fn default_learning_rate(self) -> f64 {
        match self {
            Self::Sgd | Self::Adagrad => 1.0,
            Self::Rmsprop | Self::Adam | Self::Adamw => 0.001,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sgd => "sgd",
            Self::Adagrad => "adagrad",
            Self::Rmsprop => "rmsprop",
            Self::Adam => "adam",
            Self::Adamw => "adamw",
        }
    }
}

/// An optimizer with its settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct OptimizerChoice {
    pub(crate) kind: OptimizerKind,
    pub(crate) learning_rate: f64,
    /// The chapter's inverse-time decay.
    pub(crate) decay: f64,
    /// Of SGD; the others have none.
    pub(crate) momentum: f64,
}

impl OptimizerChoice {
    /// A fresh optimizer.
    ///
    /// # Errors
    /// If a setting is out of range.
    pub(crate) fn build<T: Scalar>(self) -> Result<Box<dyn Optimizer<T>>, SettingError> {
        let rate = LearningRate::inverse_time(self.learning_rate, self.decay)?;
        Ok(match self.kind {
            OptimizerKind::Sgd => Box::new(Sgd::new(rate).momentum(self.momentum)),
            OptimizerKind::Adagrad => Box::new(AdaGrad::new(rate)),
            OptimizerKind::Rmsprop => Box::new(RmsProp::new(rate)),
            OptimizerKind::Adam => Box::new(Adam::new(rate)),
            OptimizerKind::Adamw => Box::new(AdamW::new(rate).weight_decay(WEIGHT_DECAY)),
        })
    }
}

impl fmt::Display for OptimizerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.name(), self.learning_rate)?;
        for (name, value) in [("decay", self.decay), ("momentum", self.momentum)] {
            if value > 0.0 {
                write!(f, ", {name} {value}")?;
            }
        }
        Ok(())
    }
}

/// A kind of loss for a regression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LossKind {
    /// Mean squared error
    Mse,
    /// Mean absolute error
    Mae,
    /// Huber loss with delta 1
    Huber,
}

impl fmt::Display for LossKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mse => "mean squared error",
            Self::Mae => "mean absolute error",
            Self::Huber => "Huber",
        })
    }
}

impl LossKind {
    pub(crate) fn build<T: Scalar>(self) -> Box<dyn Loss<T>> {
        match self {
            Self::Mse => Box::new(MeanSquaredError),
            Self::Mae => Box::new(MeanAbsoluteError),
            Self::Huber => Box::new(Huber::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optimizer_names_what_it_is_told() {
        let adam = OptimizerChoice {
            kind: OptimizerKind::Adam,
            learning_rate: 0.005,
            decay: 1e-3,
            momentum: 0.0,
        };
        assert_eq!(adam.to_string(), "adam 0.005, decay 0.001");
        let sgd = OptimizerChoice { kind: OptimizerKind::Sgd, momentum: 0.9, ..adam };
        assert_eq!(sgd.to_string(), "sgd 0.005, decay 0.001, momentum 0.9");
        assert_eq!(OptimizerChoice { decay: 0.0, ..adam }.to_string(), "adam 0.005");
    }

    #[test]
    fn every_kind_steps_at_its_rate() {
        for kind in OptimizerKind::value_variants() {
            let learning_rate = kind.default_learning_rate();
            let choice = OptimizerChoice { kind: *kind, learning_rate, decay: 0.0, momentum: 0.0 };
            let optimizer = choice.build::<f64>().unwrap();
            assert_eq!(optimizer.learning_rate(), learning_rate);
            assert_eq!(optimizer.description().kind, kind.name());
            assert!(OptimizerChoice { learning_rate: -1.0, ..choice }.build::<f64>().is_err());
            assert!(OptimizerChoice { decay: -1.0, ..choice }.build::<f64>().is_err());
        }
    }
}

//! The activations and losses that a learner can be set to.

use nnfs::files::Task;
use nnfs::prelude::*;

/// A kind of activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Activation {
    /// `max(0, x)`.
    #[default]
    Relu,
    /// ReLU with a slope of 0.01 below 0.
    LeakyRelu,
    /// The hyperbolic tangent.
    Tanh,
    /// The logistic function.
    Sigmoid,
    /// No activation.
    Linear,
}

impl Activation {
    /// A dense layer with this activation.
    pub fn after<T: Scalar>(self, dense: Dense<T>) -> Dense<T> {
        match self {
            Self::Relu => dense.activation(Relu),
            Self::LeakyRelu => dense.activation(LeakyRelu::default()),
            Self::Tanh => dense.activation(Tanh),
            Self::Sigmoid => dense.activation(Sigmoid),
            Self::Linear => dense,
        }
    }
}

/// A kind of loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossKind {
    /// Mean squared error, for a regression.
    SquaredError,
    /// Mean absolute error, for a regression.
    AbsoluteError,
    /// Huber loss with delta 1, for a regression.
    Huber,
    /// Cross-entropy of the softmax of one output per class.
    SoftmaxCrossEntropy,
    /// Cross-entropy of the sigmoid of one output, the probability of the second of two classes.
    BinaryCrossEntropy,
}

impl LossKind {
    /// The default of a task.
    pub fn of(task: Task) -> Self {
        match task {
            Task::Regression => Self::SquaredError,
            Task::Classification => Self::SoftmaxCrossEntropy,
        }
    }

    /// The task that it is for.
    pub fn task(self) -> Task {
        match self {
            Self::SquaredError | Self::AbsoluteError | Self::Huber => Task::Regression,
            Self::SoftmaxCrossEntropy | Self::BinaryCrossEntropy => Task::Classification,
        }
    }

    pub(crate) fn build<T: Scalar>(self) -> Box<dyn Loss<T>> {
        match self {
            Self::SquaredError => Box::new(MeanSquaredError),
            Self::AbsoluteError => Box::new(MeanAbsoluteError),
            Self::Huber => Box::new(Huber::default()),
            Self::SoftmaxCrossEntropy => Box::new(SoftmaxCrossEntropy),
            Self::BinaryCrossEntropy => Box::new(SigmoidCrossEntropy),
        }
    }
}

//! Stochastic gradient descent, with or without momentum.

use nnfs_tensor::{
    Description, Optimizer, OptimizerState, Scalar, SettingError, ShapeError, Trainable,
};

use crate::LearningRate;
use crate::slots::{Slots, Update};

/// Stochastic gradient descent with momentum.
///
/// ```text
/// v = momentum * v - learning_rate * g
/// w = w + v
/// ```
/// Without momentum this is plain `w - learning_rate * g`. Chapter 10 of the book: the learning
/// rate is applied before the velocity gathers it, unlike in PyTorch, where a later change of the
/// rate rescales the velocity too.
#[derive(Debug, Clone)]
pub struct Sgd<T: Scalar> {
    momentum: f64,
    slots: Slots<T, 1>,
}

impl<T: Scalar> Sgd<T> {
    /// Plain SGD; the book's default learning rate is 1.
    pub fn new(rate: LearningRate) -> Self {
        Self { momentum: 0.0, slots: Slots::new(rate) }
    }

    /// The share of the velocity that is kept.
    ///
    /// # Errors
    /// If it is not in [0, 1).
    pub fn momentum(mut self, momentum: f64) -> Result<Self, SettingError> {
        self.momentum = SettingError::check_fraction("momentum", momentum)?;
        Ok(self)
    }
}

/// The numbers of one step.
struct Formula<T> {
    momentum: T,
    rate: T,
}

impl<T: Scalar> Update<T, 1> for Formula<T> {
    #[inline(always)]
    fn update(&self, mut w: T, g: T, [mut v]: [T; 1]) -> (T, [T; 1]) {
        v = self.momentum * v - self.rate * g;
        w += v;
        (w, [v])
    }
}

impl<T: Scalar> Optimizer<T> for Sgd<T> {
    fn step(&mut self, network: &mut dyn Trainable<T>) {
        let (rate, _) = self.slots.advance();
        let formula = Formula { momentum: T::from_f64(self.momentum), rate: T::from_f64(rate) };
        self.slots.update_all(network, &formula);
    }

    fn check(&self, network: &dyn Trainable<T>) -> Result<(), ShapeError> {
        self.slots.check(network)
    }

    fn learning_rate(&self) -> f64 {
        self.slots.learning_rate()
    }

    fn state(&self) -> OptimizerState<T> {
        self.slots.state()
    }

    fn restore(&mut self, state: OptimizerState<T>) -> Result<(), ShapeError> {
        self.slots.restore(state)
    }

    fn description(&self) -> Description {
        Description::new("sgd")
            .with("learning_rate", self.slots.rate().description())
            .with("momentum", self.momentum)
    }
}

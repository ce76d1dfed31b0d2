//! Stochastic gradient descent, with or without momentum.

use nnfs_tensor::{Optimizer, OptimizerState, Scalar, SettingError, ShapeError, Trainable};

use crate::LearningRate;
use crate::slots::{Slot, Slots};

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

impl<T: Scalar> Optimizer<T> for Sgd<T> {
    fn step(&mut self, network: &mut dyn Trainable<T>) {
        let (rate, _) = self.slots.advance();
        let (momentum, rate) = (T::from_f64(self.momentum), T::from_f64(rate));
        self.slots.for_each(network, |Slot { values, gradients, state: [velocities] }| {
            for ((w, &g), v) in values.iter_mut().zip(gradients).zip(velocities) {
                *v = momentum * *v - rate * g;
                *w += *v;
            }
        });
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
}

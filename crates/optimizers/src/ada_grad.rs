//! AdaGrad: every parameter has its own rate, which only falls.

use nnfs_tensor::{
    Description, Optimizer, OptimizerState, Scalar, SettingError, ShapeError, Trainable,
};

use crate::LearningRate;
use crate::slots::{Slots, Update};

/// AdaGrad.
///
/// ```text
/// c = c + g^2
/// w = w - learning_rate * g / (sqrt(c) + epsilon)
/// ```
/// Chapter 10 of the book; Duchi, Hazan and Singer, 2011: Adaptive Subgradient Methods.
#[derive(Debug, Clone)]
pub struct AdaGrad<T: Scalar> {
    epsilon: f64,
    slots: Slots<T, 1>,
}

impl<T: Scalar> AdaGrad<T> {
    /// With an epsilon of 1e-7; the book's default learning rate is 1.
    pub fn new(rate: LearningRate) -> Self {
        Self { epsilon: 1e-7, slots: Slots::new(rate) }
    }

    /// What is added to the root, so that nothing is divided by 0.
    ///
    /// # Errors
    /// If it is not finite and above 0.
    pub fn epsilon(mut self, epsilon: f64) -> Result<Self, SettingError> {
        self.epsilon = SettingError::check_positive("epsilon", epsilon)?;
        Ok(self)
    }
}

/// The numbers of one step.
struct Formula<T> {
    minus_rate: T,
    epsilon: T,
}

impl<T: Scalar> Update<T, 1> for Formula<T> {
    #[inline(always)]
    fn update(&self, mut w: T, g: T, [mut c]: [T; 1]) -> (T, [T; 1]) {
        c += g * g;
        w += self.minus_rate * g / (c.sqrt() + self.epsilon);
        (w, [c])
    }
}

impl<T: Scalar> Optimizer<T> for AdaGrad<T> {
    fn step(&mut self, network: &mut dyn Trainable<T>) {
        let (rate, _) = self.slots.advance();
        let formula =
            Formula { minus_rate: T::from_f64(-rate), epsilon: T::from_f64(self.epsilon) };
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
        Description::new("ada_grad")
            .with("learning_rate", self.slots.rate().description())
            .with("epsilon", self.epsilon)
    }
}

//! RMSprop: every parameter has its own rate, from its recent gradients.

use nnfs_tensor::{
    Description, Optimizer, OptimizerState, Scalar, SettingError, ShapeError, Trainable,
};

use crate::LearningRate;
use crate::slots::{Slots, Update};

/// RMSprop.
///
/// ```text
/// c = rho * c + (1 - rho) * g^2
/// w = w - learning_rate * g / (sqrt(c) + epsilon)
/// ```
/// Chapter 10 of the book; Tieleman and Hinton, 2012: lecture 6.5 of Neural Networks for Machine
/// Learning.
#[derive(Debug, Clone)]
pub struct RmsProp<T: Scalar> {
    rho: f64,
    epsilon: f64,
    slots: Slots<T, 1>,
}

impl<T: Scalar> RmsProp<T> {
    /// With rho 0.9 and epsilon 1e-7; the book's default learning rate is 0.001.
    pub fn new(rate: LearningRate) -> Self {
        Self { rho: 0.9, epsilon: 1e-7, slots: Slots::new(rate) }
    }

    /// The share of the mean square that is kept.
    ///
    /// # Errors
    /// If it is not in [0, 1).
    pub fn rho(mut self, rho: f64) -> Result<Self, SettingError> {
        self.rho = SettingError::check_fraction("rho", rho)?;
        Ok(self)
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
    rho: T,
    one_minus_rho: T,
    minus_rate: T,
    epsilon: T,
}

impl<T: Scalar> Update<T, 1> for Formula<T> {
    #[inline(always)]
    fn update(&self, mut w: T, g: T, [mut c]: [T; 1]) -> (T, [T; 1]) {
        c = self.rho * c + self.one_minus_rho * (g * g);
        w += self.minus_rate * g / (c.sqrt() + self.epsilon);
        (w, [c])
    }
}

impl<T: Scalar> Optimizer<T> for RmsProp<T> {
    fn step(&mut self, network: &mut dyn Trainable<T>) {
        let (rate, _) = self.slots.advance();
        let formula = Formula {
            rho: T::from_f64(self.rho),
            one_minus_rho: T::from_f64(1.0 - self.rho),
            minus_rate: T::from_f64(-rate),
            epsilon: T::from_f64(self.epsilon),
        };
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
        Description::new("rms_prop")
            .with("learning_rate", self.slots.rate().description())
            .with("rho", self.rho)
            .with("epsilon", self.epsilon)
    }
}

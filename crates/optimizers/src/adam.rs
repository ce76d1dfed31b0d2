//! Adam, and Adam with decoupled weight decay.

use nnfs_tensor::{
    Description, Divisor, Optimizer, OptimizerState, Scalar, SettingError, ShapeError, Trainable,
};

use crate::LearningRate;
use crate::slots::{Slots, Update};

/// Adam, at its t-th step from 1.
///
/// ```text
/// m = beta_1 * m + (1 - beta_1) * g
/// c = beta_2 * c + (1 - beta_2) * g^2
/// w = w - learning_rate * (m / (1 - beta_1^t)) / (sqrt(c / (1 - beta_2^t)) + epsilon)
/// ```
/// Chapters 10 and 17 of the book; Kingma and Ba, 2015: Adam. Epsilon stands outside the root and
/// is 1e-7 by default, as in the book and Keras (PyTorch: 1e-8).
#[derive(Debug, Clone)]
pub struct Adam<T: Scalar> {
    beta_1: f64,
    beta_2: f64,
    epsilon: f64,
    slots: Slots<T, 2>,
}

impl<T: Scalar> Adam<T> {
    /// With betas of 0.9 and 0.999 and epsilon 1e-7; the book's default learning rate is 0.001.
    pub fn new(rate: LearningRate) -> Self {
        Self { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, slots: Slots::new(rate) }
    }

    /// The shares of the mean and of the mean square that are kept.
    ///
    /// # Errors
    /// If one is not in [0, 1).
    pub fn betas(mut self, beta_1: f64, beta_2: f64) -> Result<Self, SettingError> {
        self.beta_1 = SettingError::check_fraction("beta_1", beta_1)?;
        self.beta_2 = SettingError::check_fraction("beta_2", beta_2)?;
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

    /// One step; each number is first multiplied by `1 - learning_rate * decay`.
    fn step_with_decay(&mut self, network: &mut dyn Trainable<T>, decay: f64) {
        let (rate, t) = self.slots.advance();
        // `libm`, so that every machine computes the same digits.
        let correction = |beta: f64| Divisor::new(1.0 - libm::pow(beta, t as f64));
        let formula = Formula {
            shrink: (decay > 0.0).then(|| T::from_f64(1.0 - rate * decay)),
            beta_1: T::from_f64(self.beta_1),
            beta_2: T::from_f64(self.beta_2),
            one_minus_beta_1: T::from_f64(1.0 - self.beta_1),
            one_minus_beta_2: T::from_f64(1.0 - self.beta_2),
            correction_1: correction(self.beta_1),
            correction_2: correction(self.beta_2),
            minus_rate: T::from_f64(-rate),
            epsilon: T::from_f64(self.epsilon),
        };
        self.slots.update_all(network, &formula);
    }
}

/// The numbers of one step.
struct Formula<T> {
    /// `1 - learning_rate * weight_decay`, if there is a decay.
    shrink: Option<T>,
    beta_1: T,
    beta_2: T,
    one_minus_beta_1: T,
    one_minus_beta_2: T,
    /// `1 - beta_1^t`
    correction_1: Divisor<T>,
    /// `1 - beta_2^t`
    correction_2: Divisor<T>,
    minus_rate: T,
    epsilon: T,
}

impl<T: Scalar> Update<T, 2> for Formula<T> {
    #[inline(always)]
    fn update(&self, mut w: T, g: T, [mut m, mut c]: [T; 2]) -> (T, [T; 2]) {
        if let Some(shrink) = self.shrink {
            w = shrink * w;
        }
        m = self.beta_1 * m + self.one_minus_beta_1 * g;
        c = self.beta_2 * c + self.one_minus_beta_2 * (g * g);
        let (mean, square) = (m / self.correction_1, c / self.correction_2);
        w += self.minus_rate * mean / (square.sqrt() + self.epsilon);
        (w, [m, c])
    }
}

impl<T: Scalar> Optimizer<T> for Adam<T> {
    fn step(&mut self, network: &mut dyn Trainable<T>) {
        self.step_with_decay(network, 0.0);
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
        Description::new("adam")
            .with("learning_rate", self.slots.rate().description())
            .with("beta_1", self.beta_1)
            .with("beta_2", self.beta_2)
            .with("epsilon", self.epsilon)
    }
}

/// Adam with weight decay that does not pass through the moments.
///
/// ```text
/// w = (1 - learning_rate * weight_decay) * w, then a step of Adam
/// ```
/// Loshchilov and Hutter, 2019: Decoupled Weight Decay Regularization. As in PyTorch, every
/// parameter decays, biases too.
#[derive(Debug, Clone)]
pub struct AdamW<T: Scalar> {
    adam: Adam<T>,
    weight_decay: f64,
}

impl<T: Scalar> AdamW<T> {
    /// Adam's steps with this weight decay (PyTorch's default is 0.01).
    ///
    /// # Errors
    /// If the decay is negative or not finite.
    pub fn new(adam: Adam<T>, weight_decay: f64) -> Result<Self, SettingError> {
        let weight_decay = SettingError::check_not_negative("weight decay", weight_decay)?;
        Ok(Self { adam, weight_decay })
    }
}

impl<T: Scalar> Optimizer<T> for AdamW<T> {
    fn step(&mut self, network: &mut dyn Trainable<T>) {
        self.adam.step_with_decay(network, self.weight_decay);
    }

    fn check(&self, network: &dyn Trainable<T>) -> Result<(), ShapeError> {
        self.adam.check(network)
    }

    fn learning_rate(&self) -> f64 {
        self.adam.learning_rate()
    }

    fn state(&self) -> OptimizerState<T> {
        self.adam.state()
    }

    fn restore(&mut self, state: OptimizerState<T>) -> Result<(), ShapeError> {
        self.adam.restore(state)
    }

    /// That of Adam, with the weight decay.
    fn description(&self) -> Description {
        let adam = self.adam.description();
        Description { kind: "adam_w".to_owned(), ..adam }.with("weight_decay", self.weight_decay)
    }
}

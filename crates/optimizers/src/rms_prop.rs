//! RMSprop: each number of a parameter has a learning rate from its recent gradients.

use nnfs_tensor::{Description, Scalar, SettingError};

use crate::{Rule, RuleOptimizer};

/// RMSprop.
///
/// ```text
/// c = rho * c + (1 - rho) * g^2
/// w = w - learning_rate * g / (sqrt(c) + epsilon)
/// ```
/// The defaults are a rho of 0.9 and an epsilon of 1e-7.
///
/// Chapter 10 of the book, where the default learning rate is 0.001; Tieleman and Hinton, 2012:
/// lecture 6.5 of Neural Networks for Machine Learning.
///
/// ```
/// use nnfs_optimizers::RmsProp;
/// use nnfs_tensor::{Optimizer, Parameter, Tensor};
/// let mut weight = Parameter::new(Tensor::from_element(1, 1, 1.0_f64));
/// weight.gradient[0] = 0.5;
/// let mut optimizer = RmsProp::new(0.1);
/// optimizer.step(&mut weight);
/// assert!((weight.value[0] - 0.683772).abs() < 1e-6);
/// ```
// 1: RMSprop keeps one tensor for each parameter, c.
pub type RmsProp<T> = RuleOptimizer<RmsPropRule, T, 1>;

/// The rule of [`RmsProp`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RmsPropRule {
    /// The fraction of the mean square that a step keeps, in [0, 1).
    pub rho: f64,
    /// Added to the root so that nothing is divided by 0; at least 1.2e-38, the smallest normal `f32`.
    pub epsilon: f64,
}

impl Default for RmsPropRule {
    fn default() -> Self {
        Self { rho: 0.9, epsilon: 1e-7 }
    }
}

impl Rule<1> for RmsPropRule {
    fn formula<T: Scalar>(
        &self,
        learning_rate: f64,
        _t: u64,
    ) -> impl Fn(T, T, [T; 1]) -> (T, [T; 1]) {
        let Self { rho, epsilon } = *self;
        let one_minus_rho = T::from_f64(1.0 - rho);
        let [rho, learning_rate, epsilon] = [rho, learning_rate, epsilon].map(T::from_f64);
        // (w, g, [c]) -> (new w, [new c]), for one number of a parameter.
        move |mut w, g, [mut c]| {
            c = rho * c + one_minus_rho * (g * g);
            // In place and with the sign in front, as in the book: so NumPy keeps w a float32.
            w += -learning_rate * g / (c.sqrt() + epsilon);
            (w, [c])
        }
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::check_fraction("rho", self.rho)?;
        SettingError::check_epsilon("epsilon", self.epsilon).map(|_| ())
    }

    fn description(&self) -> Description {
        Description::new("rmsprop").with("rho", self.rho).with("epsilon", self.epsilon)
    }
}

impl<T: Scalar> RmsProp<T> {
    /// Sets rho: the fraction of the mean square that a step keeps, in [0, 1).
    #[must_use]
    pub fn rho(mut self, rho: f64) -> Self {
        self.rule.rho = rho;
        self
    }

    /// Sets epsilon, which is added to the root so that nothing is divided by 0. It is at least 1.2e-38, the smallest
    /// normal `f32`.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = epsilon;
        self
    }
}

//! AdaGrad: each number of a parameter has a learning rate that only falls.

use nnfs_tensor::{Description, Scalar, SettingError};

use crate::{Rule, RuleOptimizer};

/// AdaGrad.
///
/// ```text
/// c = c + g^2
/// w = w - learning_rate * g / (sqrt(c) + epsilon)
/// ```
/// The default epsilon is 1e-7.
///
/// Chapter 10 of the book, where the default learning rate is 1; Duchi, Hazan and Singer, 2011:
/// Adaptive Subgradient Methods.
///
/// ```
/// use nnfs_optimizers::AdaGrad;
/// use nnfs_tensor::{Optimizer, Parameter, Tensor};
/// let mut weight = Parameter::new(Tensor::from_element(1, 1, 1.0_f64));
/// weight.gradient[0] = 0.5;
/// let mut optimizer = AdaGrad::new(0.1);
/// optimizer.step(&mut weight);
/// assert!((weight.value[0] - 0.9).abs() < 1e-6);
/// ```
// 1: AdaGrad keeps one tensor for each parameter, c.
pub type AdaGrad<T> = RuleOptimizer<AdaGradRule, T, 1>;

/// The rule of [`AdaGrad`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdaGradRule {
    /// Added to the root so that nothing is divided by 0; at least 1.2e-38, the smallest normal `f32`.
    pub epsilon: f64,
}

impl Default for AdaGradRule {
    fn default() -> Self {
        Self { epsilon: 1e-7 }
    }
}

impl Rule<1> for AdaGradRule {
    fn formula<T: Scalar>(
        &self,
        learning_rate: f64,
        _t: u64,
    ) -> impl Fn(T, T, [T; 1]) -> (T, [T; 1]) {
        let [learning_rate, epsilon] = [learning_rate, self.epsilon].map(T::from_f64);
        // (w, g, [c]) -> (new w, [new c]), for one number of a parameter.
        move |mut w, g, [mut c]| {
            c += g * g;
            // In place and with the sign in front, as in the book: so NumPy keeps w a float32.
            w += -learning_rate * g / (c.sqrt() + epsilon);
            (w, [c])
        }
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::check_epsilon("epsilon", self.epsilon).map(|_| ())
    }

    fn description(&self) -> Description {
        Description::new("adagrad").with("epsilon", self.epsilon)
    }
}

impl<T: Scalar> AdaGrad<T> {
    /// Sets epsilon, which is added to the root so that nothing is divided by 0. It is at least 1.2e-38, the smallest
    /// normal `f32`.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = epsilon;
        self
    }
}

//! Stochastic gradient descent, with or without momentum.

use nnfs_tensor::{Description, Scalar, SettingError};

use crate::{Rule, RuleOptimizer};

/// Stochastic gradient descent with momentum.
///
/// ```text
/// v = momentum * v - learning_rate * g
/// w = w + v
/// ```
/// Without momentum, the default, this is `w - learning_rate * g`.
///
/// Chapter 10 of the book, where the default learning rate is 1. The learning rate is applied before
/// the velocity `v` accumulates it. In PyTorch it is applied to the velocity, so that a later change
/// of the learning rate rescales the whole velocity.
///
/// ```
/// use nnfs_optimizers::Sgd;
/// use nnfs_tensor::{Optimizer, Parameter, Tensor};
/// let mut weight = Parameter::new(Tensor::from_element(1, 1, 1.0_f64));
/// weight.gradient[0] = 0.5;
/// let mut optimizer = Sgd::new(0.1).momentum(0.9);
/// for _ in 0..2 {
///     optimizer.step(&mut weight);
/// }
/// assert!((weight.value[0] - 0.855).abs() < 1e-6);
/// ```
// 1: SGD keeps one tensor for each parameter, v.
pub type Sgd<T> = RuleOptimizer<SgdRule, T, 1>;

/// The rule of [`Sgd`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SgdRule {
    /// The fraction of the velocity that a step keeps, in [0, 1).
    pub momentum: f64,
}

impl Rule<1> for SgdRule {
    fn formula<T: Scalar>(
        &self,
        learning_rate: f64,
        _t: u64,
    ) -> impl Fn(T, T, [T; 1]) -> (T, [T; 1]) {
        let [momentum, learning_rate] = [self.momentum, learning_rate].map(T::from_f64);
        // (w, g, [v]) -> (new w, [new v]), for one number of a parameter.
        move |mut w, g, [mut v]| {
            v = momentum * v - learning_rate * g;
            w += v;
            (w, [v])
        }
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::check_fraction("momentum", self.momentum).map(|_| ())
    }

    fn description(&self) -> Description {
        Description::new("sgd").with("momentum", self.momentum)
    }
}

impl<T: Scalar> Sgd<T> {
    /// Sets the momentum: the fraction of the velocity that a step keeps, in [0, 1).
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.rule.momentum = momentum;
        self
    }
}

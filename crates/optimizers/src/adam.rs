//! Adam.

use nnfs_tensor::{Description, Divisor, Scalar, SettingError};

use crate::{Rule, RuleOptimizer};

/// Adam. `t` is the number of the step, from 1.
///
/// ```text
/// m = beta_1 * m + (1 - beta_1) * g
/// c = beta_2 * c + (1 - beta_2) * g^2
/// w = w - learning_rate * (m / (1 - beta_1^t)) / (sqrt(c / (1 - beta_2^t)) + epsilon)
/// ```
/// The defaults are betas of 0.9 and 0.999 and an epsilon of 1e-7. Epsilon is outside the root, as in
/// the book and in Keras; the default of PyTorch is 1e-8.
///
/// Chapters 10 and 17 of the book, where the default learning rate is 0.001; Kingma and Ba, 2015:
/// Adam: A Method for Stochastic Optimization.
///
/// ```
/// use nnfs_optimizers::{Adam, LearningRate};
/// use nnfs_tensor::{Optimizer, Parameter, Tensor};
/// let mut weight = Parameter::new(Tensor::from_element(1, 1, 1.0_f64));
/// weight.gradient[0] = 0.5;
/// let mut optimizer = Adam::new(LearningRate::inverse_time(0.1, 1e-3)?).betas(0.9, 0.99);
/// optimizer.step(&mut weight);
/// // The first step is as long as the learning rate.
/// assert!((weight.value[0] - 0.9).abs() < 1e-6);
/// # Ok::<(), nnfs_tensor::SettingError>(())
/// ```
// 2: Adam keeps two tensors for each parameter, m and c. RuleOptimizer (rule.rs) has step.
pub type Adam<T> = RuleOptimizer<AdamRule, T, 2>;

/// The rule of [`Adam`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamRule {
    /// The fraction of the mean `m` that a step keeps, in [0, 1).
    pub beta_1: f64,
    /// The fraction of the mean square `c` that a step keeps, in [0, 1).
    pub beta_2: f64,
    /// Added to the root so that nothing is divided by 0; at least 1.2e-38, the smallest normal `f32`.
    pub epsilon: f64,
}

impl Default for AdamRule {
    fn default() -> Self {
        Self { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }
}

impl Rule<2> for AdamRule {
    fn formula<T: Scalar>(
        &self,
        learning_rate: f64,
        t: u64,
    ) -> impl Fn(T, T, [T; 2]) -> (T, [T; 2]) {
        let Self { beta_1, beta_2, epsilon } = *self;
        // `libm`, so that every machine computes the same digits.
        let correction_1 = Divisor::new(1.0 - libm::pow(beta_1, t as f64));
        let correction_2 = Divisor::new(1.0 - libm::pow(beta_2, t as f64));
        let [one_minus_beta_1, one_minus_beta_2] = [1.0 - beta_1, 1.0 - beta_2].map(T::from_f64);
        let [beta_1, beta_2] = [beta_1, beta_2].map(T::from_f64);
        let [learning_rate, epsilon] = [learning_rate, epsilon].map(T::from_f64);
        // (w, g, [m, c]) -> (new w, [new m, new c]), for one number of a parameter.
        move |mut w, g, [mut m, mut c]| {
            m = beta_1 * m + one_minus_beta_1 * g;
            c = beta_2 * c + one_minus_beta_2 * (g * g);
            // In place and with the sign in front, as in the book: so NumPy keeps w a float32.
            w += -learning_rate * (m / correction_1) / ((c / correction_2).sqrt() + epsilon);
            (w, [m, c])
        }
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::check_fraction("beta_1", self.beta_1)?;
        SettingError::check_fraction("beta_2", self.beta_2)?;
        SettingError::check_epsilon("epsilon", self.epsilon).map(|_| ())
    }

    fn description(&self) -> Description {
        Description::new("adam")
            .with("beta_1", self.beta_1)
            .with("beta_2", self.beta_2)
            .with("epsilon", self.epsilon)
    }
}

impl<T: Scalar> Adam<T> {
    /// Sets the fractions of the mean `m` and of the mean square `c` that a step keeps, both in [0, 1).
    #[must_use]
    pub fn betas(mut self, beta_1: f64, beta_2: f64) -> Self {
        (self.rule.beta_1, self.rule.beta_2) = (beta_1, beta_2);
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

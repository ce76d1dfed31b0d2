//! Adam with decoupled weight decay.

use nnfs_tensor::{Description, Scalar, SettingError};

use crate::rules::AdamRule;
use crate::{Rule, RuleOptimizer};

/// [`Adam`](crate::Adam) with weight decay that does not pass through the moments.
///
/// ```text
/// w = (1 - learning_rate * weight_decay) * w, then a step of Adam
/// ```
/// The default weight decay is 0.01, as in PyTorch. As there, every parameter decays, biases too.
///
/// Loshchilov and Hutter, 2019: Decoupled Weight Decay Regularization.
///
/// ```
/// use nnfs_optimizers::AdamW;
/// use nnfs_tensor::{Optimizer, Parameter, Tensor};
/// let mut weight = Parameter::new(Tensor::from_element(1, 1, 1.0_f64));
/// weight.gradient[0] = 0.5;
/// let mut optimizer = AdamW::new(0.1).weight_decay(0.01);
/// optimizer.step(&mut weight);
/// // The decay takes 0.1 * 0.01 of the weight, and the step 0.1.
/// assert!((weight.value[0] - 0.899).abs() < 1e-6);
/// ```
// 2: AdamW keeps two tensors for each parameter, as Adam.
pub type AdamW<T> = RuleOptimizer<AdamWRule, T, 2>;

/// The rule of [`AdamW`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamWRule {
    /// The rule of the step after the decay.
    pub adam: AdamRule,
    /// The weight decay, at least 0.
    pub weight_decay: f64,
}

impl Default for AdamWRule {
    fn default() -> Self {
        Self { adam: AdamRule::default(), weight_decay: 0.01 }
    }
}

impl Rule<2> for AdamWRule {
    fn formula<T: Scalar>(
        &self,
        learning_rate: f64,
        t: u64,
    ) -> impl Fn(T, T, [T; 2]) -> (T, [T; 2]) {
        let adam = self.adam.formula(learning_rate, t);
        let kept = T::from_f64(1.0 - learning_rate * self.weight_decay);
        // (w, g, state) -> (new w, new state), for one number of a parameter.
        move |w, g, state| adam(kept * w, g, state)
    }

    fn check(&self) -> Result<(), SettingError> {
        self.adam.check()?;
        SettingError::check_not_negative("weight decay", self.weight_decay).map(|_| ())
    }

    fn description(&self) -> Description {
        let adam = self.adam.description();
        Description { kind: "adamw".to_owned(), ..adam }.with("weight_decay", self.weight_decay)
    }
}

impl<T: Scalar> AdamW<T> {
    /// Sets the weight decay, at least 0.
    #[must_use]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.rule.weight_decay = weight_decay;
        self
    }

    /// Sets the betas, as [`Adam::betas`](crate::Adam::betas).
    #[must_use]
    pub fn betas(mut self, beta_1: f64, beta_2: f64) -> Self {
        (self.rule.adam.beta_1, self.rule.adam.beta_2) = (beta_1, beta_2);
        self
    }

    /// Sets epsilon, as [`Adam::epsilon`](crate::Adam::epsilon).
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.rule.adam.epsilon = epsilon;
        self
    }
}

//! One optimizer for all rules: a rule is a formula, and everything else is the same.

use std::fmt::Debug;

use nnfs_tensor::{
    Description, Optimizer, OptimizerError, OptimizerState, Parameter, Scalar, SettingError,
    ShapeError, Tensor, Trainable, shape_text, update_mut,
};

use crate::LearningRate;

/// The formula of an optimizer, which moves each number of a parameter on its own.
///
/// `N` is the number of state tensors that the formula keeps for each parameter: 2 for Adam, its mean
/// and its mean square. [`RuleOptimizer`] makes an [`Optimizer`] of a rule.
///
/// ```
/// use nnfs_optimizers::{Rule, RuleOptimizer};
/// use nnfs_tensor::{Description, Optimizer, Parameter, Scalar, Tensor};
///
/// /// A step of fixed length against the sign of the gradient, which needs no state:
/// /// `w = w - learning_rate * sign(g)`.
/// #[derive(Debug, Default)]
/// struct SignRule;
///
/// impl Rule<0> for SignRule {
///     fn formula<T: Scalar>(
///         &self,
///         learning_rate: f64,
///         _t: u64,
///     ) -> impl Fn(T, T, [T; 0]) -> (T, [T; 0]) {
///         let learning_rate = T::from_f64(learning_rate);
///         move |mut w, g, []| {
///             w += -learning_rate * g.sign();
///             (w, [])
///         }
///     }
///
///     fn description(&self) -> Description {
///         Description::new("sign")
///     }
/// }
///
/// let mut sign = RuleOptimizer::<SignRule, f64, 0>::new(0.5);
/// let mut weights = Parameter::new(Tensor::from_row_slice(1, 2, &[1.0, 2.0]));
/// weights.gradient = Tensor::from_row_slice(1, 2, &[0.1, -7.0]);
/// sign.step(&mut weights);
/// assert_eq!(weights.value, Tensor::from_row_slice(1, 2, &[0.5, 2.5]));
/// assert_eq!(sign.description().to_string(), "sign (learning_rate constant (initial 0.5))");
/// ```
pub trait Rule<const N: usize>: Debug + Send + Sync {
    /// The function of one step: from a number `w` of a parameter, its gradient `g` and the `N`
    /// numbers of its state to the new `w` and the new state.
    ///
    /// `t` is the number of the step, from 1. The state of a parameter is zero before the first step.
    /// Numbers that all parameters share are rounded to `T` once, outside the returned function.
    fn formula<T: Scalar>(
        &self,
        learning_rate: f64,
        t: u64,
    ) -> impl Fn(T, T, [T; N]) -> (T, [T; N]);

    /// Checks the settings. By default there are none.
    ///
    /// # Errors
    /// If a setting is out of range.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// The kind and the settings, without the learning rate.
    fn description(&self) -> Description;
}

/// The optimizer of a [`Rule`]: it holds the learning rate and the state of every parameter.
///
/// A step makes the state, all zero, at the first call, and allocates nothing afterwards. An optimizer
/// without state (`N` = 0, or before its first step) accepts any network.
#[derive(Debug, Clone)]
pub struct RuleOptimizer<R, T: Scalar, const N: usize> {
    pub(crate) rule: R,
    learning_rate: LearningRate,
    /// The learning rate of the last step.
    last_rate: f64,
    state: OptimizerState<T>,
}

impl<R: Rule<N> + Default, T: Scalar, const N: usize> RuleOptimizer<R, T, N> {
    /// An optimizer with the default settings of its rule, and a learning rate: a number, or a
    /// [`LearningRate`] with a schedule.
    ///
    /// A number that is out of range is an error of [`Optimizer::check`], which `fit` and `train_step`
    /// call before they change anything.
    ///
    /// ```
    /// use nnfs_optimizers::{Adam, LearningRate};
    /// let adam = Adam::<f32>::new(0.001);
    /// let slower = Adam::<f32>::new(LearningRate::inverse_time(0.001, 1e-3)?);
    /// assert_eq!(adam.schedule().at(1000), 2.0 * slower.schedule().at(1000));
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    pub fn new(learning_rate: impl Into<LearningRate>) -> Self {
        Self::from_rule(R::default(), learning_rate)
    }
}

impl<R: Rule<N>, T: Scalar, const N: usize> RuleOptimizer<R, T, N> {
    /// An optimizer of a rule with these settings.
    ///
    /// ```
    /// use nnfs_optimizers::{Adam, rules::AdamRule};
    /// let adam = Adam::<f32>::from_rule(AdamRule { beta_1: 0.95, ..AdamRule::default() }, 0.1);
    /// assert_eq!((adam.rule().beta_1, adam.schedule().initial()), (0.95, 0.1));
    /// ```
    pub fn from_rule(rule: R, learning_rate: impl Into<LearningRate>) -> Self {
        let learning_rate = learning_rate.into();
        let last_rate = learning_rate.initial();
        Self { rule, learning_rate, last_rate, state: OptimizerState::default() }
    }

    /// The rule with its settings.
    pub fn rule(&self) -> &R {
        &self.rule
    }

    /// The learning rate and its schedule.
    pub fn schedule(&self) -> LearningRate {
        self.learning_rate
    }

    /// Changes the learning rate from the next step on, to a number or to any schedule.
    ///
    /// The state stays as it is, and a schedule counts all steps of the optimizer: after 100 steps,
    /// `exponential` with a factor of 0.99 gives `initial * 0.99^100`. [`Optimizer::learning_rate`]
    /// is the rate of the last step until the next one is made.
    ///
    /// A checkpoint stores the state and the number of steps, and not the learning rate. To resume a
    /// training after a change, make the optimizer as at the start of the training, restore its
    /// state, and set the learning rate again.
    ///
    /// ```
    /// use nnfs_optimizers::{LearningRate, Sgd};
    /// use nnfs_tensor::{Optimizer, Parameter, Tensor};
    /// let mut weight = Parameter::new(Tensor::from_element(1, 1, 1.0));
    /// weight.gradient[0] = 1.0;
    /// let mut sgd = Sgd::new(0.5);
    /// sgd.step(&mut weight);
    /// sgd.set_learning_rate(0.25);
    /// sgd.step(&mut weight);
    /// assert_eq!(weight.value[0], 0.25);
    /// ```
    pub fn set_learning_rate(&mut self, learning_rate: impl Into<LearningRate>) {
        self.learning_rate = learning_rate.into();
        if self.state.iterations == 0 {
            self.last_rate = self.learning_rate.initial();
        }
    }

    /// The state of every parameter before the first step.
    fn make_state(&mut self, network: &dyn Trainable<T>) {
        network.for_each_parameter(&mut |Parameter { value, .. }| {
            let (rows, columns) = value.shape();
            let zeros = || Tensor::from_element(rows, columns, T::ZERO);
            self.state.tensors.extend([(); N].map(|()| zeros()));
        });
    }
}

impl<R: Rule<N>, T: Scalar, const N: usize> Optimizer<T> for RuleOptimizer<R, T, N> {
    fn step(&mut self, network: &mut dyn Trainable<T>) {
        if self.state.tensors.is_empty() {
            self.make_state(network);
        }
        self.last_rate = self.learning_rate.at(self.state.iterations);
        self.state.iterations = self.state.iterations.saturating_add(1);
        let formula = self.rule.formula(self.last_rate, self.state.iterations);

        let known = self.state.tensors.len();
        let mut tensors = self.state.tensors.iter_mut();
        network.for_each_parameter_mut(&mut |Parameter { value, gradient, .. }| {
            let state = [(); N].map(|()| {
                let tensor = tensors.next();
                tensor
                    .unwrap_or_else(|| panic!("the network has more than {} parameters", known / N))
            });
            update_mut(value, gradient, state, &formula);
        });
        let left = tensors.len();
        assert!(left == 0, "the network has {} parameters, not {}", (known - left) / N, known / N);
    }

    fn state(&self) -> &OptimizerState<T> {
        &self.state
    }

    fn state_mut(&mut self) -> &mut OptimizerState<T> {
        &mut self.state
    }

    fn check(&self, network: &dyn Trainable<T>) -> Result<(), OptimizerError> {
        self.learning_rate.check()?;
        self.rule.check()?;
        Ok(self.state.check(N, network)?)
    }

    fn learning_rate(&self) -> f64 {
        self.last_rate
    }

    fn restore(&mut self, state: OptimizerState<T>) -> Result<(), ShapeError> {
        let count = state.tensors.len();
        if !count.is_multiple_of(N) {
            let expected = format!("{N} for each parameter");
            return Err(ShapeError::new("tensors of the optimizer", expected, count.to_string()));
        }
        for tensors in state.tensors.chunks(N.max(1)) {
            if tensors.iter().any(|tensor| tensor.shape() != tensors[0].shape()) {
                let shapes: Vec<String> = tensors.iter().map(shape_text).collect();
                let (expected, found) = ("the same shape for each", shapes.join(", "));
                return Err(ShapeError::new("tensors of a parameter", expected, found));
            }
        }
        self.last_rate = self.learning_rate.at(state.iterations.saturating_sub(1));
        self.state = state;
        Ok(())
    }

    fn tensors_per_parameter(&self) -> usize {
        N
    }

    fn description(&self) -> Description {
        self.rule.description().with("learning_rate", self.learning_rate.description())
    }
}

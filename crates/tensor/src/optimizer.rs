//! What moves the parameters down their gradients.

use std::fmt::Debug;

use crate::{Description, Scalar, SettingError, ShapeError, Tensor, Trainable, shape_text};

/// Moves every parameter of a network by one step, from the gradients of the last backward pass.
///
/// State is kept by position: the n-th parameter that the network visits belongs to the n-th part of
/// the state. A custom optimizer needs [`step`](Self::step), access to its [`state`](Self::state), the number
/// of [`tensors_per_parameter`](Self::tensors_per_parameter) and a [`description`](Self::description); the
/// other methods are provided. If it moves each number on its own, as Adam does, a `Rule` of
/// `nnfs-optimizers` is even less work.
pub trait Optimizer<T: Scalar>: Debug + Send + Sync {
    /// Makes one step with every parameter.
    ///
    /// The settings are not checked here. In your own loop, call [`check`](Self::check) once before the first
    /// step.
    ///
    /// # Panics
    /// If the parameters of the network differ in number or shapes from those of the steps before.
    fn step(&mut self, network: &mut dyn Trainable<T>);

    /// Everything that steps change: to save, or to return to with [`restore`](Self::restore).
    ///
    /// Its tensors are finite. `fit` takes anything else at the end of an epoch for a divergence.
    fn state(&self) -> &OptimizerState<T>;

    /// Mutable access to the state.
    fn state_mut(&mut self) -> &mut OptimizerState<T>;

    /// The number of tensors that the state has for each parameter: 2 for Adam, the mean and the mean square.
    fn tensors_per_parameter(&self) -> usize;

    /// The kind and the settings, such as the learning rate and its schedule. It can be printed even
    /// if a setting is out of range.
    fn description(&self) -> Description;

    /// Checks the settings, and that the network is the one of the steps before, if there were any.
    ///
    /// `fit` and `train_step` call it before they change anything. By default there are no settings. An
    /// optimizer without state accepts any network.
    ///
    /// # Errors
    /// If a setting is out of range, or if the parameters of the network differ in number or shapes
    /// from those of the steps before.
    fn check(&self, network: &dyn Trainable<T>) -> Result<(), OptimizerError> {
        Ok(self.state().check(self.tensors_per_parameter(), network)?)
    }

    /// The learning rate of the last step; before the first step, that of the first step.
    ///
    /// By default the number `learning_rate` of the description, or NaN if it has none.
    fn learning_rate(&self) -> f64 {
        self.description().number("learning_rate").unwrap_or(f64::NAN)
    }

    /// Puts back a state of the same kind of optimizer.
    ///
    /// # Errors
    /// If the number of tensors, or the shapes of those of one parameter, do not fit the kind of
    /// optimizer. The optimizer is then unchanged. The default accepts every state.
    fn restore(&mut self, state: OptimizerState<T>) -> Result<(), ShapeError> {
        *self.state_mut() = state;
        Ok(())
    }
}

/// What an optimizer remembers between steps.
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizerState<T> {
    /// The number of steps it has made.
    pub iterations: u64,
    /// Its tensors, parameter by parameter (for Adam: mean, square, mean, square, ...). There are
    /// none before the first step.
    pub tensors: Vec<Tensor<T>>,
}

impl<T> Default for OptimizerState<T> {
    /// The state before the first step.
    fn default() -> Self {
        Self { iterations: 0, tensors: Vec::new() }
    }
}

impl<T: Scalar> OptimizerState<T> {
    /// Checks that the tensors are those of this network, `per_parameter` for each parameter, in the
    /// shape of the parameter. Before the first step there are none, which fits every network.
    ///
    /// # Errors
    /// If the network has another number of parameters, or one of another shape.
    pub fn check(
        &self,
        per_parameter: usize,
        network: &dyn Trainable<T>,
    ) -> Result<(), ShapeError> {
        if self.tensors.is_empty() {
            return Ok(());
        }
        let mut tensors = self.tensors.chunks(per_parameter.max(1));
        let mut parameters = 0;
        let mut result = Ok(());
        network.for_each_parameter(&mut |parameter| {
            let known = tensors.next().unwrap_or_default();
            let differs = known.iter().find(|known| known.shape() != parameter.value.shape());
            if let (Some(known), Ok(())) = (differs, &result) {
                let what = format!(
                    "parameter {parameters} (from 0) of the network of the optimizer \
                     (make a new optimizer for another network)"
                );
                result =
                    Err(ShapeError::new(what, shape_text(known), shape_text(&parameter.value)));
            }
            parameters += 1;
        });
        if parameters * per_parameter != self.tensors.len() {
            let expected = self.tensors.len() / per_parameter.max(1);
            let what = "number of parameters of the network of the optimizer \
                        (make a new optimizer for another network)";
            return Err(ShapeError::new(what, expected.to_string(), parameters.to_string()));
        }
        result
    }
}

/// Why an optimizer cannot make a step.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OptimizerError {
    /// A setting, such as the learning rate, is out of range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The state belongs to another network.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

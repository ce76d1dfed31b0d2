//! What moves the parameters down their gradients.

use std::fmt::Debug;

use crate::{Description, Scalar, ShapeError, Tensor, Trainable};

/// Moves every parameter of a network by one step, from the gradients of the last backward pass.
///
/// State is kept by position: the n-th parameter that the network shows meets the n-th slot.
pub trait Optimizer<T: Scalar>: Debug + Send + Sync {
    /// One step of every parameter.
    ///
    /// # Panics
    /// If the network is not the one (in number and shapes of parameters) of the steps before.
    fn step(&mut self, network: &mut dyn Trainable<T>);

    /// Whether the network is the one of the steps before, or a first one.
    ///
    /// # Errors
    /// If its parameters differ from those in number or shapes.
    fn check(&self, network: &dyn Trainable<T>) -> Result<(), ShapeError>;

    /// The learning rate of the last step, or the first one's if there was none yet.
    fn learning_rate(&self) -> f64;

    /// A copy of everything that steps have changed: to save, or to go back to.
    fn state(&self) -> OptimizerState<T>;

    /// Takes up a state that the same kind of optimizer gave.
    ///
    /// # Errors
    /// If the number of tensors, or the shapes of those of one parameter, do not fit the kind of
    /// optimizer; it is then left as it was.
    fn restore(&mut self, state: OptimizerState<T>) -> Result<(), ShapeError>;

    /// Its kind and settings, the learning rate's schedule among them.
    fn description(&self) -> Description;
}

/// What an optimizer remembers between steps.
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizerState<T> {
    /// How many steps it has made.
    pub iterations: u64,
    /// Its tensors, parameter by parameter (for Adam: mean, square, mean, square, ...).
    pub tensors: Vec<Tensor<T>>,
}

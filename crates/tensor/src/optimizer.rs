//! The contract of optimizers.

use std::fmt::Debug;

use crate::{Description, Scalar, ShapeError, Tensor, Trainable};

/// Moves every parameter of a network by one step, from the gradients of the last backward pass.
///
/// An optimizer keeps its state by position: the n-th state belongs to the n-th parameter that the
/// network visits.
pub trait Optimizer<T: Scalar>: Debug + Send + Sync {
    /// One step of every parameter.
    ///
    /// # Panics
    /// If the network does not have the parameters (in number and shapes) of the previous steps.
    fn step(&mut self, network: &mut dyn Trainable<T>);

    /// Checks that the network is the one of the previous steps. Any network fits before the first step.
    ///
    /// # Errors
    /// If its parameters differ in number or shapes.
    fn check(&self, network: &dyn Trainable<T>) -> Result<(), ShapeError>;

    /// The learning rate of the last step; before the first step, the rate of the first one.
    fn learning_rate(&self) -> f64;

    /// A copy of everything that steps change, to save it or to restore it later.
    fn state(&self) -> OptimizerState<T>;

    /// Restores the state of an optimizer of the same kind.
    ///
    /// # Errors
    /// If the number of tensors does not fit the kind of optimizer, or the tensors of a parameter differ
    /// in shape. The optimizer is then unchanged.
    fn restore(&mut self, state: OptimizerState<T>) -> Result<(), ShapeError>;

    /// Its kind and settings, including the learning rate's schedule.
    fn description(&self) -> Description;
}

/// What an optimizer remembers between steps.
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizerState<T> {
    /// The number of steps so far.
    pub iterations: u64,
    /// Its tensors, parameter by parameter (for Adam: mean, square, mean, square, ...).
    pub tensors: Vec<Tensor<T>>,
}

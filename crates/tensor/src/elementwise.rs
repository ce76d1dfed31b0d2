//! A function applied to every element by itself.

use std::fmt::Debug;
use std::sync::Arc;

use nnfs_kernel::Epilogue;

use crate::{Description, Scalar};

/// A differentiable function of one number, whose derivative follows from its output.
///
/// An activation of this kind can be a layer by itself, or be given to a `Dense` layer. A new one needs
/// [`Elementwise::apply`], [`Elementwise::chain`] and [`Elementwise::description`].
///
/// GELU and Swish are not of this kind: several inputs have the same output, so their derivative cannot be
/// computed from it. They are custom layers.
pub trait Elementwise<T: Scalar>: Debug + Send + Sync {
    /// `y = f(x)`
    fn apply(&self, input: T) -> T;

    /// `gradient * f'(x)`, computed from `y = f(x)`: one link of the chain rule.
    fn chain(&self, output: T, gradient: T) -> T;

    /// Its kind and settings, such as `relu`.
    fn description(&self) -> Description;

    /// How a product can add `biases` and apply this function while it writes its outputs, if it can.
    ///
    /// It must give the same bits as [`Elementwise::apply`], which is then not called. By default there
    /// is none, and the function is applied to the finished outputs.
    fn epilogue<'a>(&self, biases: &'a [T]) -> Option<Epilogue<'a, T>> {
        let _ = biases;
        None
    }

    /// Whether a unit with this function can die: whether the derivative is exactly 0 over a whole range of
    /// inputs, as that of ReLU is. Diagnostics then count the units that are dead.
    fn can_die(&self) -> bool {
        false
    }

    /// Whether a unit is dead: whether the derivative is 0 at all its outputs, one for each sample, so that
    /// no gradient passes.
    fn is_dead(&self, outputs: &[T]) -> bool {
        let one = T::from_f64(1.0);
        nnfs_kernel::all(outputs, |output| self.chain(output, one) == T::ZERO)
    }

    /// Applies the function to every value in place.
    fn apply_mut(&self, values: &mut [T]) {
        nnfs_kernel::map_mut(values, |value| self.apply(value));
    }

    /// Writes `gradients[i] * f'(x[i])` for every element, computed from `outputs[i] = f(x[i])`.
    ///
    /// # Panics
    /// If the lengths differ.
    fn chain_to(&self, outputs: &[T], gradients: &[T], input_gradients: &mut [T]) {
        nnfs_kernel::zip_map_to(outputs, gradients, input_gradients, |output, gradient| {
            self.chain(output, gradient)
        });
    }
}

/// A shared function is a function, so that one can be chosen while a program runs.
impl<T: Scalar, E: Elementwise<T> + ?Sized> Elementwise<T> for Arc<E> {
    fn apply(&self, input: T) -> T {
        (**self).apply(input)
    }
    fn chain(&self, output: T, gradient: T) -> T {
        (**self).chain(output, gradient)
    }
    fn description(&self) -> Description {
        (**self).description()
    }
    fn epilogue<'a>(&self, biases: &'a [T]) -> Option<Epilogue<'a, T>> {
        (**self).epilogue(biases)
    }
    fn can_die(&self) -> bool {
        (**self).can_die()
    }
    fn is_dead(&self, outputs: &[T]) -> bool {
        (**self).is_dead(outputs)
    }
    fn apply_mut(&self, values: &mut [T]) {
        (**self).apply_mut(values);
    }
    fn chain_to(&self, outputs: &[T], gradients: &[T], input_gradients: &mut [T]) {
        (**self).chain_to(outputs, gradients, input_gradients);
    }
}

//! A function applied to every element by itself.

use std::fmt::Debug;

use crate::{Description, Scalar, vectorize};

/// A differentiable function of one number, whose derivative can be told from its output.
///
/// An activation of this kind can stand as a layer of its own, or be given to a `Dense` layer,
/// which applies it itself (ReLU while it writes its outputs, others right after). A new one needs [`Elementwise::apply`],
/// [`Elementwise::chain`] and [`Elementwise::describe`].
pub trait Elementwise<T: Scalar>: Debug + Send + Sync {
    /// `y = f(x)`
    fn apply(&self, input: T) -> T;

    /// `gradient * f'(x)`, told from `y = f(x)`: one link of the chain rule.
    fn chain(&self, output: T, gradient: T) -> T;

    /// Its kind and settings, such as `relu`.
    fn describe(&self) -> Description;

    /// Whether this is exactly ReLU, `max(0, x)`. A product applies that one itself while it writes,
    /// and [`Elementwise::apply`] is then not called in `forward`. Leave it at `false` for a function
    /// of your own.
    fn is_relu(&self) -> bool {
        false
    }

    /// Applies the function to every value in place.
    fn apply_mut(&self, values: &mut [T]) {
        vectorize(|| {
            for value in values {
                *value = self.apply(*value);
            }
        });
    }

    /// Writes `gradients[i] * f'(x[i])` for every element, told from `outputs[i] = f(x[i])`.
    fn chain_to(&self, outputs: &[T], gradients: &[T], input_gradients: &mut [T]) {
        vectorize(|| {
            let pairs = outputs.iter().zip(gradients);
            for (result, (&output, &gradient)) in input_gradients.iter_mut().zip(pairs) {
                *result = self.chain(output, gradient);
            }
        });
    }
}

/// A boxed function is a function, so that one can be chosen while a program runs.
impl<T: Scalar, E: Elementwise<T> + ?Sized> Elementwise<T> for Box<E> {
    fn apply(&self, input: T) -> T {
        (**self).apply(input)
    }
    fn chain(&self, output: T, gradient: T) -> T {
        (**self).chain(output, gradient)
    }
    fn describe(&self) -> Description {
        (**self).describe()
    }
    fn is_relu(&self) -> bool {
        (**self).is_relu()
    }
    fn apply_mut(&self, values: &mut [T]) {
        (**self).apply_mut(values);
    }
    fn chain_to(&self, outputs: &[T], gradients: &[T], input_gradients: &mut [T]) {
        (**self).chain_to(outputs, gradients, input_gradients);
    }
}

//! Anything with parameters that an optimizer can move.

use crate::{Parameter, Scalar};

/// Something that holds parameters: a parameter, a layer, a list of layers, a model.
///
/// Both methods must visit the same parameters in the same order every time, because an optimizer keeps
/// its state by position. The defaults visit nothing, which is right for a layer without parameters.
pub trait Trainable<T: Scalar> {
    /// Visits every parameter.
    fn for_each_parameter(&self, _visit: &mut dyn FnMut(&Parameter<T>)) {}

    /// Visits every parameter and may change it.
    fn for_each_parameter_mut(&mut self, _visit: &mut dyn FnMut(&mut Parameter<T>)) {}

    /// The sum of the penalties of all parameters, which is added to the loss of the data.
    ///
    /// Do not define it yourself: a model adds the penalties of its parameters, and would not call your method.
    fn penalty(&self) -> f64 {
        let mut penalty = 0.0;
        self.for_each_parameter(&mut |parameter| penalty += parameter.penalty());
        penalty
    }

    /// The number of trained numbers.
    ///
    /// Do not define it yourself: a model counts its parameters, and would not call your method.
    fn parameter_count(&self) -> usize {
        let mut count = 0;
        self.for_each_parameter(&mut |parameter| count += parameter.value.len());
        count
    }
}

impl<T: Scalar> Trainable<T> for Parameter<T> {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        visit(self);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        visit(self);
    }
}

impl<T: Scalar, P: Trainable<T> + ?Sized> Trainable<T> for &mut P {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        (**self).for_each_parameter(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        (**self).for_each_parameter_mut(visit);
    }
}

impl<T: Scalar, P: Trainable<T> + ?Sized> Trainable<T> for Box<P> {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        (**self).for_each_parameter(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        (**self).for_each_parameter_mut(visit);
    }
}

impl<T: Scalar, P: Trainable<T>> Trainable<T> for [P] {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        for part in self {
            part.for_each_parameter(visit);
        }
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        for part in self {
            part.for_each_parameter_mut(visit);
        }
    }
}

impl<T: Scalar, P: Trainable<T>, const N: usize> Trainable<T> for [P; N] {
    fn for_each_parameter(&self, visit: &mut dyn FnMut(&Parameter<T>)) {
        self.as_slice().for_each_parameter(visit);
    }
    fn for_each_parameter_mut(&mut self, visit: &mut dyn FnMut(&mut Parameter<T>)) {
        self.as_mut_slice().for_each_parameter_mut(visit);
    }
}

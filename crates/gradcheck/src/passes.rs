//! One forward and one backward pass of a layer, and the promises that they keep.

use nnfs_tensor::{Layer, Tensor};

use crate::GradientError;
use crate::expect::{broken, check_finite, check_not_empty, check_same_shape, check_shape, same};

/// What a layer computes at the given inputs, before anything is changed.
pub(crate) struct Passes {
    /// The terms of L.
    pub(crate) terms: Vec<f64>,
    pub(crate) input_gradient: Tensor<f64>,
    pub(crate) parameters: Vec<Pair>,
}

/// Value and gradient of a parameter.
type Pair = (Tensor<f64>, Tensor<f64>);

impl Passes {
    /// Runs `forward` and `backward`, and checks what the contract promises of them.
    pub(crate) fn run<L: Layer<f64>>(
        build: &impl Fn() -> L,
        inputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
    ) -> Result<Self, GradientError> {
        check_not_empty("inputs", inputs)?;
        let mut layer = build();
        let width = layer.output_width(inputs.ncols())?;
        let outputs = layer.forward(inputs).clone();
        let expected = format!("{}x{width}", inputs.nrows());
        check_shape("outputs of the layer", &outputs, &expected)?;
        check_same_shape("gradient (dL/d(outputs))", gradient, &outputs)?;
        if !same(&outputs, layer.outputs()) {
            return broken("outputs() is not what forward returned");
        }
        check_finite("outputs", outputs.iter().copied())?;
        check_finite("gradient", gradient.iter().copied())?;
        check_finite("penalty", [layer.penalty()])?;
        let mut terms = Vec::new();
        write_terms(&layer, gradient, &mut terms);

        let input_gradient = layer.backward(inputs, gradient).clone();
        check_same_shape("what backward returned", &input_gradient, inputs)?;
        if !same(&input_gradient, layer.input_gradient()) {
            return broken("input_gradient() is not what backward returned");
        }
        let parameters = parameters(&mut layer)?;
        let passes = Self { terms, input_gradient, parameters };
        passes.check_steady(build, &outputs, inputs, gradient)?;
        passes.check_nothing_accumulates(build, inputs, gradient)?;
        Ok(passes)
    }

    /// The next layer from `build` computes the same.
    fn check_steady<L: Layer<f64>>(
        &self,
        build: &impl Fn() -> L,
        outputs: &Tensor<f64>,
        inputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
    ) -> Result<(), GradientError> {
        let mut layer = build();
        let fresh = parameters(&mut layer)?;
        let equal = |(fresh, known): (&Pair, &Pair)| same(&fresh.0, &known.0);
        if fresh.len() != self.parameters.len() || !fresh.iter().zip(&self.parameters).all(equal) {
            return Err(GradientError::Unsteady("their parameters"));
        }
        if !same(outputs, layer.forward(inputs)) {
            return Err(GradientError::Unsteady("their outputs"));
        }
        if !same(&self.input_gradient, layer.backward(inputs, gradient)) {
            return Err(GradientError::Unsteady("their input gradients"));
        }
        Ok(())
    }

    /// What was in the buffers before `backward` leaves no trace in them.
    fn check_nothing_accumulates<L: Layer<f64>>(
        &self,
        build: &impl Fn() -> L,
        inputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
    ) -> Result<(), GradientError> {
        // Garbage in the gradients of the parameters, before the first backward.
        let mut twice = build();
        twice.for_each_parameter_mut(&mut |parameter| parameter.gradient.fill(f64::NAN));
        twice.forward(inputs);
        twice.backward(inputs, gradient);
        for (number, (before, after)) in
            self.parameters.iter().zip(parameters(&mut twice)?).enumerate()
        {
            if !same(&before.1, &after.1) {
                return broken(format!(
                    "backward must overwrite the gradient of parameter {number}, but the result \
                     depends on what was there"
                ));
            }
        }
        // A layer that has run backward before, and one that has not. Both run forward twice,
        // so that both draw the same second mask if they draw one.
        let mut once = build();
        once.forward(inputs);
        for layer in [&mut once, &mut twice] {
            layer.forward(inputs);
            layer.backward(inputs, gradient);
        }
        let all = |layer: &mut L| -> Result<_, GradientError> {
            let gradients = parameters(layer)?.into_iter().map(|(_, gradient)| gradient);
            Ok(std::iter::once(layer.input_gradient().clone()).chain(gradients).collect::<Vec<_>>())
        };
        if all(&mut once)?.iter().zip(&all(&mut twice)?).any(|(once, twice)| !same(once, twice)) {
            return broken("the result of backward depends on an earlier backward");
        }
        Ok(())
    }
}

/// The terms of L: outputs times gradient, and the penalty.
pub(crate) fn write_terms<L: Layer<f64>>(layer: &L, gradient: &Tensor<f64>, terms: &mut Vec<f64>) {
    terms.extend(layer.outputs().iter().zip(gradient).map(|(output, gradient)| output * gradient));
    terms.push(layer.penalty());
}

/// Value and gradient of every parameter; both visits must show the same ones.
fn parameters<L: Layer<f64>>(layer: &mut L) -> Result<Vec<Pair>, GradientError> {
    let mut shapes = Vec::new();
    layer.for_each_parameter(&mut |parameter| shapes.push(parameter.value.shape()));
    let mut found = Vec::new();
    layer.for_each_parameter_mut(&mut |parameter| {
        found.push((parameter.value.clone(), parameter.gradient.clone()));
    });
    if !shapes.iter().copied().eq(found.iter().map(|(value, _)| value.shape())) {
        return broken("for_each_parameter and for_each_parameter_mut visit different parameters");
    }
    for (number, (value, gradient)) in found.iter().enumerate() {
        check_same_shape(&format!("gradient of parameter {number}"), gradient, value)?;
    }
    Ok(found)
}

//! One forward and one backward pass of a layer, and the tests of their contract.

use nnfs_tensor::{Layer, Tensor};

use crate::GradientError;
use crate::expect::{broken, check_finite, check_not_empty, check_same_shape, check_shape, same};
use crate::rows::check_rows;

/// The results of a layer for the given inputs, before any entry is changed.
pub(crate) struct Passes {
    pub(crate) outputs: Tensor<f64>,
    pub(crate) input_gradient: Tensor<f64>,
    pub(crate) parameters: Vec<Pair>,
}

/// Value and gradient of a parameter.
pub(crate) type Pair = (Tensor<f64>, Tensor<f64>);

impl Passes {
    /// Runs `forward_to` and `backward_to`, and tests their contract.
    pub(crate) fn run<L: Layer<f64>>(
        build: &impl Fn() -> L,
        inputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
    ) -> Result<Self, GradientError> {
        check_not_empty("inputs", inputs)?;
        let mut layer = build();
        let width = layer.output_width(inputs.ncols())?;
        let mut outputs = Tensor::default();
        layer.forward_to(inputs, &mut outputs);
        let expected = format!("{}x{width}", inputs.nrows());
        check_shape("outputs of the layer", &outputs, &expected)?;
        check_same_shape("gradient (dL/d(outputs))", gradient, &outputs)?;
        check_finite("outputs", outputs.iter().copied())?;
        check_finite("gradient", gradient.iter().copied())?;
        check_finite("penalty", [layer.penalty()])?;

        let mut input_gradient = Tensor::default();
        layer.backward_to(inputs, &outputs, gradient, Some(&mut input_gradient));
        check_same_shape("input gradient that the layer wrote", &input_gradient, inputs)?;
        let parameters = parameters(&mut layer)?;
        let passes = Self { outputs, input_gradient, parameters };
        passes.check_steady(build, inputs, gradient)?;
        passes.check_overwrites(build, inputs, gradient)?;
        check_rows(build, inputs, gradient)?;
        Ok(passes)
    }

    /// Tests that the next layer from `build` computes the same.
    fn check_steady<L: Layer<f64>>(
        &self,
        build: &impl Fn() -> L,
        inputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
    ) -> Result<(), GradientError> {
        let mut layer = build();
        let fresh = parameters(&mut layer)?;
        let equal = |(fresh, known): (&Pair, &Pair)| same(&fresh.0, &known.0);
        if fresh.len() != self.parameters.len() || !fresh.iter().zip(&self.parameters).all(equal) {
            return Err(GradientError::Unsteady("their parameters"));
        }
        let [mut again, mut input_gradient] = [Tensor::default(), Tensor::default()];
        layer.forward_to(inputs, &mut again);
        if !same(&self.outputs, &again) {
            return Err(GradientError::Unsteady("their outputs"));
        }
        layer.backward_to(inputs, &again, gradient, Some(&mut input_gradient));
        if !same(&self.input_gradient, &input_gradient) {
            return Err(GradientError::Unsteady("their input gradients"));
        }
        Ok(())
    }

    /// Tests that the passes overwrite their tensors and the gradients of the parameters, and that these
    /// gradients are the same without dL/d(inputs).
    fn check_overwrites<L: Layer<f64>>(
        &self,
        build: &impl Fn() -> L,
        inputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
    ) -> Result<(), GradientError> {
        // Tensors of the right shape and of another one, with values that must be overwritten.
        for extra in [0, 1] {
            let garbage =
                |of: &Tensor<f64>| Tensor::from_element(of.nrows() + extra, of.ncols(), f64::NAN);
            let mut layer = build();
            layer.for_each_parameter_mut(&mut |parameter| parameter.gradient.fill(f64::NAN));
            let mut outputs = garbage(&self.outputs);
            layer.forward_to(inputs, &mut outputs);
            if !same(&self.outputs, &outputs) {
                return broken(
                    "forward_to must overwrite the outputs, but the result depends on its previous content",
                );
            }
            let mut input_gradient = garbage(inputs);
            layer.backward_to(inputs, &outputs, gradient, Some(&mut input_gradient));
            if !same(&self.input_gradient, &input_gradient) {
                return broken(
                    "backward_to must overwrite the input gradient, but the result depends on its previous content",
                );
            }
            self.check_parameter_gradients(&mut layer, "depends on its previous content")?;
        }
        let mut layer = build();
        let mut outputs = Tensor::default();
        layer.forward_to(inputs, &mut outputs);
        layer.backward_to(inputs, &outputs, gradient, None);
        self.check_parameter_gradients(&mut layer, "is another one without an input gradient")?;

        // A layer that has run backward before, and one that has not. Both run forward twice, so that
        // both draw the same second mask if they draw one.
        let second = |runs_backward: bool| -> Result<_, GradientError> {
            let (mut layer, mut slopes) = (build(), Tensor::default());
            let mut outputs = Tensor::default();
            layer.forward_to(inputs, &mut outputs);
            if runs_backward {
                layer.backward_to(inputs, &outputs, gradient, Some(&mut slopes));
            }
            layer.forward_to(inputs, &mut outputs);
            layer.backward_to(inputs, &outputs, gradient, Some(&mut slopes));
            let gradients = parameters(&mut layer)?.into_iter().map(|(_, gradient)| gradient);
            Ok(gradients.chain([slopes]).collect::<Vec<_>>())
        };
        if second(false)?.iter().zip(&second(true)?).any(|(once, twice)| !same(once, twice)) {
            return broken("the result of backward_to depends on an earlier backward_to");
        }
        Ok(())
    }

    fn check_parameter_gradients<L: Layer<f64>>(
        &self,
        layer: &mut L,
        but: &str,
    ) -> Result<(), GradientError> {
        let found = parameters(layer)?;
        for (number, (expected, found)) in self.parameters.iter().zip(found).enumerate() {
            if !same(&expected.1, &found.1) {
                return broken(format!(
                    "backward_to must overwrite the gradient of parameter {number}, but the result {but}"
                ));
            }
        }
        Ok(())
    }
}

/// The terms of L: outputs times gradient, and the penalty.
pub(crate) fn write_terms<L: Layer<f64>>(
    layer: &L,
    outputs: &Tensor<f64>,
    gradient: &Tensor<f64>,
    terms: &mut Vec<f64>,
) {
    terms.extend(outputs.iter().zip(gradient).map(|(output, gradient)| output * gradient));
    terms.push(layer.penalty());
}

/// The value and gradient of every parameter. Both visits must show the same parameters.
pub(crate) fn parameters<L: Layer<f64>>(layer: &mut L) -> Result<Vec<Pair>, GradientError> {
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

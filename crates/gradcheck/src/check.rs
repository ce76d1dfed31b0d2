//! The checks of a function, a loss and a layer.

use nnfs_tensor::{Layer, Loss, SettingError, Tensor};

use crate::compare::Comparison;
use crate::expect::{broken, check_finite, check_not_empty, check_same_shape, same};
use crate::passes::{Passes, write_terms};
use crate::{GradientError, Report};

/// The settings of a check of derivatives against central differences.
///
/// An entry passes if
///
/// ```text
/// |analytic - numeric| <= tolerance * max(|analytic|, |numeric|) + uncertainty of numeric
/// ```
///
/// The uncertainty is computed from the function values: from their rounding, and from the change of the
/// slope around the entry. It is not a fixed number, so the check finds the wrong sign of a small gradient
/// as well as that of a large one.
///
/// ```
/// use nnfs_gradcheck::GradientCheck;
/// use nnfs_tensor::Tensor;
/// let strict = GradientCheck::default().tolerance(1e-8)?.max_skipped(0.0)?;
/// let values = Tensor::from_row_slice(1, 2, &[3.0, -0.5]);
/// let gradient = values.map(|x| 2.0 * x);
/// strict.function(&values, &gradient, |x| x.norm_squared())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GradientCheck {
    pub(crate) step: f64,
    pub(crate) tolerance: f64,
    pub(crate) max_skipped: f64,
}

impl Default for GradientCheck {
    /// Step 1e-4, tolerance 1e-6, at most 5% of the entries skipped.
    fn default() -> Self {
        Self { step: 1e-4, tolerance: 1e-6, max_skipped: 0.05 }
    }
}

impl GradientCheck {
    /// Sets the half-width of the first window around an entry x, relative to max(1, |x|).
    ///
    /// If the curvature in it is too large, the check uses narrower windows. A wider first window resolves
    /// smaller gradients, but contains more kinks.
    ///
    /// # Errors
    /// If it is outside `[1e-8, 0.1]`.
    pub fn step(self, step: f64) -> Result<Self, SettingError> {
        let valid = (1e-8..=0.1).contains(&step);
        Ok(Self { step: SettingError::check("step", step, "in [1e-8, 0.1]", valid)?, ..self })
    }

    /// Sets the allowed relative error.
    ///
    /// # Errors
    /// If it is outside `[1e-12, 0.1]`.
    pub fn tolerance(self, tolerance: f64) -> Result<Self, SettingError> {
        let valid = (1e-12..=0.1).contains(&tolerance);
        let tolerance = SettingError::check("tolerance", tolerance, "in [1e-12, 0.1]", valid)?;
        Ok(Self { tolerance, ..self })
    }

    /// Sets the share of entries, over all tensors of a check, that may be at a kink.
    ///
    /// The share is not rounded up: of ten entries, 0.05 allows none.
    ///
    /// # Errors
    /// If it is outside `[0, 1)`.
    pub fn max_skipped(self, max_skipped: f64) -> Result<Self, SettingError> {
        let max_skipped = SettingError::check_fraction("share of skipped entries", max_skipped)?;
        Ok(Self { max_skipped, ..self })
    }

    /// Checks a layer: dL/d(inputs) and dL/d(parameter) of every parameter.
    ///
    /// `gradient` is dL/d(outputs), and has the shape of the outputs:
    ///
    /// ```text
    /// L = sum(outputs * gradient, element by element) + penalty
    /// ```
    ///
    /// `build` returns a new layer at each call, with the same parameters and the same seed, so that a
    /// dropout layer draws the same mask each time. For each entry, a check builds at least four layers and calls
    /// `forward_to` once on each; near kinks more.
    ///
    /// The check also tests the parts of the contract of [`Layer`] that could hide a wrong derivative: both
    /// visits show the same parameters, `forward_to` and `backward_to` overwrite their tensors, and the
    /// gradients of the parameters are the same without an input gradient. If the layer is
    /// [row-wise](Layer::is_row_wise), each row gives the same results alone, and the gradients of the rows
    /// add up.
    ///
    /// # Errors
    /// If a derivative is wrong or not finite, if too many entries are at a kink, if a shape does not fit, if
    /// `build` returns different layers, or if the layer breaks this contract.
    pub fn layer<L: Layer<f64>>(
        &self,
        build: impl Fn() -> L,
        inputs: &Tensor<f64>,
        gradient: &Tensor<f64>,
    ) -> Result<Report, GradientError> {
        let passes = Passes::run(&build, inputs, gradient)?;
        let hidden = gradient.amax() * size(inputs);
        let names: Vec<String> =
            (0..passes.parameters.len()).map(|number| format!("parameter {number}")).collect();
        let terms = |layer: &L, outputs: &Tensor<f64>, terms: &mut Vec<f64>| {
            write_terms(layer, outputs, gradient, terms);
        };
        self.compare(&build, inputs, &passes, &names, hidden, terms)?.report()
    }

    /// Compares the gradients of a backward pass with those of a function of the outputs of a layer, whose
    /// terms `write` writes.
    pub(crate) fn compare<L: Layer<f64>>(
        &self,
        build: &impl Fn() -> L,
        inputs: &Tensor<f64>,
        passes: &Passes,
        names: &[String],
        hidden: f64,
        write: impl Fn(&L, &Tensor<f64>, &mut Vec<f64>),
    ) -> Result<Comparison<'_>, GradientError> {
        let mut outputs = Tensor::default();
        let mut terms = Vec::new();
        write(&build(), &passes.outputs, &mut terms);
        let mut comparison = Comparison::new(self, terms, hidden);
        let mut changed = inputs.clone();
        comparison.add("inputs", inputs, &passes.input_gradient, |index, value, terms| {
            let mut layer = build();
            let before = std::mem::replace(&mut changed[index], value);
            layer.forward_to(&changed, &mut outputs);
            changed[index] = before;
            write(&layer, &outputs, terms);
        })?;
        for (number, (values, claimed)) in passes.parameters.iter().enumerate() {
            comparison.add(&names[number], values, claimed, |index, value, terms| {
                let mut layer = build();
                let mut visited = 0;
                layer.for_each_parameter_mut(&mut |parameter| {
                    if visited == number
                        && let Some(entry) = parameter.value.as_mut_slice().get_mut(index)
                    {
                        *entry = value;
                    }
                    visited += 1;
                });
                layer.forward_to(inputs, &mut outputs);
                write(&layer, &outputs, terms);
            })?;
        }
        Ok(comparison)
    }

    /// Checks a loss: dL/d(predictions).
    ///
    /// The check also tests that `gradient_to` overwrites its tensor.
    ///
    /// # Errors
    /// If a derivative is wrong or not finite, if too many entries are at a kink, if the shapes differ, or
    /// if the result depends on the previous content of the tensor.
    pub fn loss<L: Loss<f64> + ?Sized>(
        &self,
        loss: &L,
        predictions: &Tensor<f64>,
        targets: &Tensor<f64>,
    ) -> Result<Report, GradientError> {
        check_not_empty("predictions", predictions)?;
        check_same_shape("targets", targets, predictions)?;
        let value = loss.value(predictions, targets);
        check_finite("loss", [value])?;
        let (rows, columns) = predictions.shape();
        let mut claimed = Tensor::default();
        loss.gradient_to(predictions, targets, &mut claimed);
        check_same_shape("gradient that the loss wrote", &claimed, predictions)?;
        // Tensors of the right shape and of another one, with values that must be overwritten.
        for (rows, columns) in [(rows, columns), (columns + 1, rows)] {
            let mut again = Tensor::from_element(rows, columns, f64::NAN);
            loss.gradient_to(predictions, targets, &mut again);
            if !same(&claimed, &again) {
                return broken(
                    "gradient_to must overwrite the gradient, but the result depends on its previous content",
                );
            }
        }
        self.scalar("predictions", predictions, &claimed, value, |values| {
            loss.value(values, targets)
        })
    }

    /// Checks the gradient of any function of a tensor.
    ///
    /// ```
    /// use nnfs_gradcheck::GradientCheck;
    /// use nnfs_tensor::Tensor;
    /// let values = Tensor::from_row_slice(1, 2, &[3.0, -0.5]);
    /// let gradient = values.map(|x| 2.0 * x);
    /// let report = GradientCheck::default().function(&values, &gradient, |x| x.norm_squared())?;
    /// assert_eq!(report.checked, 2);
    /// # Ok::<(), nnfs_gradcheck::GradientError>(())
    /// ```
    ///
    /// # Errors
    /// If a derivative is wrong or not finite, if too many entries are at a kink, or if the shapes differ.
    pub fn function(
        &self,
        values: &Tensor<f64>,
        gradient: &Tensor<f64>,
        mut function: impl FnMut(&Tensor<f64>) -> f64,
    ) -> Result<Report, GradientError> {
        check_not_empty("values", values)?;
        check_same_shape("gradient", gradient, values)?;
        let value = function(values);
        check_finite("function", [value])?;
        self.scalar("values", values, gradient, value, function)
    }

    /// Checks a function with a single result; `value` is its result at `values`.
    fn scalar(
        &self,
        name: &str,
        values: &Tensor<f64>,
        claimed: &Tensor<f64>,
        value: f64,
        mut function: impl FnMut(&Tensor<f64>) -> f64,
    ) -> Result<Report, GradientError> {
        let mut comparison = Comparison::new(self, vec![value], size(values));
        let mut changed = values.clone();
        comparison.add(name, values, claimed, |index, value, terms| {
            let before = std::mem::replace(&mut changed[index], value);
            terms.push(function(&changed));
            changed[index] = before;
        })?;
        comparison.report()
    }
}

/// The size of the numbers that a function of these values computes with: the largest value, at least 1.
pub(crate) fn size(values: &Tensor<f64>) -> f64 {
    values.amax().max(1.0)
}

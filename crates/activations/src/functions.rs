//! Activations that work element by element. Each derivative is computed from the output.

use nnfs_tensor::{Description, Elementwise, Epilogue, Scalar, SettingError};

/// The linear activation, for the outputs of a regression.
///
/// ```text
/// y = x        y' = 1
/// ```
/// Chapter 17, section 1.
///
/// ```
/// use nnfs_activations::Linear;
/// use nnfs_tensor::Elementwise;
/// assert_eq!(Linear.apply(-2.0_f64), -2.0);
/// assert_eq!(Linear.chain(-2.0_f64, 0.5), 0.5); // output -2, gradient 0.5
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Linear;

impl<T: Scalar> Elementwise<T> for Linear {
    fn apply(&self, input: T) -> T {
        input
    }
    fn chain(&self, _output: T, gradient: T) -> T {
        gradient
    }
    fn description(&self) -> Description {
        Description::new("linear")
    }
    fn epilogue<'a>(&self, biases: &'a [T]) -> Option<Epilogue<'a, T>> {
        Some(Epilogue::Bias(biases))
    }
}

/// The rectified linear unit, for hidden layers.
///
/// ```text
/// y = max(0, x)        y' = 1 where y > 0, else 0
/// ```
/// NaN stays NaN, as in NumPy's `maximum`: a divergence is not hidden.
///
/// ```
/// use nnfs_activations::Relu;
/// use nnfs_tensor::Elementwise;
/// assert_eq!(Relu.apply(-2.0_f64), 0.0);
/// assert_eq!(Relu.chain(2.0_f64, 0.5), 0.5); // output 2, gradient 0.5
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relu;

impl<T: Scalar> Elementwise<T> for Relu {
    fn apply(&self, input: T) -> T {
        if input <= T::ZERO { T::ZERO } else { input }
    }
    // gradient * y', from the output y.
    fn chain(&self, output: T, gradient: T) -> T {
        if output <= T::ZERO { T::ZERO } else { gradient }
    }
    fn description(&self) -> Description {
        Description::new("relu")
    }
    // The product adds the biases and applies ReLU itself, which saves a pass.
    fn epilogue<'a>(&self, biases: &'a [T]) -> Option<Epilogue<'a, T>> {
        Some(Epilogue::BiasRelu(biases))
    }
    fn can_die(&self) -> bool {
        true
    }
}

/// ReLU with a small slope on the left. With a slope above 0, no unit dies for good.
///
/// ```text
/// y = x where x > 0, else slope * x        y' = 1 where y > 0, else slope
/// ```
/// Maas, Hannun and Ng, 2013: Rectifier Nonlinearities Improve Neural Network Acoustic Models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeakyRelu {
    slope: f64,
}

impl LeakyRelu {
    /// With a slope for negative inputs.
    ///
    /// ```
    /// use nnfs_activations::LeakyRelu;
    /// use nnfs_tensor::Elementwise;
    /// let leaky_relu = LeakyRelu::new(0.1)?;
    /// assert_eq!(leaky_relu.apply(-2.0_f64), -0.2);
    /// assert_eq!(leaky_relu.chain(-0.2_f64, 0.5), 0.05); // output -0.2, gradient 0.5
    /// assert!(LeakyRelu::new(1.0).is_err());
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// If the slope is not in [0, 1). The derivative is computed from the sign of the output, which a negative
    /// slope would make useless.
    pub fn new(slope: f64) -> Result<Self, SettingError> {
        Ok(Self { slope: SettingError::check_fraction("slope of LeakyRelu", slope)? })
    }

    /// The slope for negative inputs.
    pub fn slope(&self) -> f64 {
        self.slope
    }
}

impl Default for LeakyRelu {
    /// A slope of 0.01, as PyTorch has it.
    fn default() -> Self {
        Self { slope: 0.01 }
    }
}

impl<T: Scalar> Elementwise<T> for LeakyRelu {
    fn apply(&self, input: T) -> T {
        let leak = T::from_f64(self.slope) * input;
        if input <= T::ZERO { leak } else { input }
    }
    fn chain(&self, output: T, gradient: T) -> T {
        let leak = T::from_f64(self.slope) * gradient;
        if output <= T::ZERO { leak } else { gradient }
    }
    fn description(&self) -> Description {
        Description::new("leaky_relu").with("slope", self.slope)
    }
    // With a slope of 0 it is ReLU, apart from the limit: the output of -infinity is NaN.
    fn can_die(&self) -> bool {
        self.slope == 0.0
    }
}

/// The logistic function, for the probability of one of two classes.
///
/// ```text
/// y = 1 / (1 + exp(-x))        y' = (1 - y) * y
/// ```
///
/// ```
/// use nnfs_activations::Sigmoid;
/// use nnfs_tensor::Elementwise;
/// assert!((Sigmoid.apply(2.0_f64) - 0.880797077977882).abs() < 1e-12);
/// assert_eq!(Sigmoid.chain(0.5_f64, 1.0), 0.25); // output 0.5, gradient 1
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sigmoid;

impl<T: Scalar> Elementwise<T> for Sigmoid {
    fn apply(&self, input: T) -> T {
        input.sigmoid()
    }
    fn apply_mut(&self, values: &mut [T]) {
        T::sigmoid_mut(values);
    }
    fn chain(&self, output: T, gradient: T) -> T {
        gradient * (T::from_f64(1.0) - output) * output
    }
    fn description(&self) -> Description {
        Description::new("sigmoid")
    }
}

/// The hyperbolic tangent.
///
/// ```text
/// y = tanh(x)        y' = 1 - y^2
/// ```
///
/// ```
/// use nnfs_activations::Tanh;
/// use nnfs_tensor::Elementwise;
/// assert!((Tanh.apply(2.0_f64) - 0.964027580075817).abs() < 1e-12);
/// assert_eq!(Tanh.chain(0.5_f64, 1.0), 0.75); // output 0.5, gradient 1
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tanh;

impl<T: Scalar> Elementwise<T> for Tanh {
    fn apply(&self, input: T) -> T {
        input.tanh()
    }
    fn apply_mut(&self, values: &mut [T]) {
        T::tanh_mut(values);
    }
    fn chain(&self, output: T, gradient: T) -> T {
        gradient * (T::from_f64(1.0) - output * output)
    }
    fn description(&self) -> Description {
        Description::new("tanh")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_not_hidden() {
        assert!(Relu.apply(f64::NAN).is_nan());
        assert!(LeakyRelu::default().apply(f32::NAN).is_nan());
        assert!(Relu.chain(f64::NAN, f64::NAN).is_nan());
    }

    #[test]
    fn sigmoid_saturates_without_nan() {
        for (input, output) in [(-1e4, 0.0), (1e4, 1.0), (0.0, 0.5)] {
            assert_eq!(Sigmoid.apply(input), output);
            assert_eq!(Sigmoid.apply(input as f32), output as f32);
        }
    }

    #[test]
    fn units_die_where_the_derivative_is_0() {
        let can_die = |slope| Elementwise::<f64>::can_die(&LeakyRelu::new(slope).unwrap());
        assert!(can_die(0.0) && !can_die(0.01));
        assert!(Elementwise::<f64>::can_die(&Relu) && !Elementwise::<f64>::can_die(&Tanh));
    }

    #[test]
    fn the_slope_of_leaky_relu_is_checked() {
        assert!(LeakyRelu::new(0.0).is_ok());
        for slope in [-0.1, 1.0, f64::NAN] {
            assert!(LeakyRelu::new(slope).is_err(), "{slope}");
        }
    }
}

//! A trained tensor, its gradient, and the penalty on its size.

use crate::{Scalar, SettingError, Tensor};

/// The strengths of L1 and L2 regularization.
///
/// ```text
/// penalty  = l1 * sum(|w|) + l2 * sum(w^2)
/// gradient = l1 * sign(w)  + 2 * l2 * w
/// ```
///
/// At `w = 0` the gradient of L1 is 0, the middle of its subgradients, so that a weight that has reached
/// zero can stay there. (The book uses `+l1`, which moves every new bias.)
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Penalty {
    l1: f64,
    l2: f64,
}

impl Penalty {
    /// Both kinds at once.
    ///
    /// ```
    /// use nnfs_tensor::Penalty;
    /// let elastic_net = Penalty::new(1e-4, 1e-3)?;
    /// assert!(Penalty::new(-1.0, 0.0).is_err());
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// If a strength is negative or not finite.
    pub fn new(l1: f64, l2: f64) -> Result<Self, SettingError> {
        Ok(Self {
            l1: SettingError::check_not_negative("L1 strength", l1)?,
            l2: SettingError::check_not_negative("L2 strength", l2)?,
        })
    }

    /// Lasso: moves small weights to zero.
    ///
    /// ```
    /// use nnfs_tensor::{Penalty, Tensor};
    /// let weights = Tensor::from_row_slice(1, 2, &[3.0, -4.0]);
    /// assert_eq!(Penalty::l1(0.5)?.of(&weights), 3.5);
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// If the strength is negative or not finite.
    pub fn l1(strength: f64) -> Result<Self, SettingError> {
        Self::new(strength, 0.0)
    }

    /// Ridge: makes large weights smaller.
    ///
    /// ```
    /// use nnfs_tensor::{Penalty, Tensor};
    /// let weights = Tensor::from_row_slice(1, 2, &[3.0, -4.0]);
    /// assert_eq!(Penalty::l2(0.5)?.of(&weights), 12.5);
    /// # Ok::<(), nnfs_tensor::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// If the strength is negative or not finite.
    pub fn l2(strength: f64) -> Result<Self, SettingError> {
        Self::new(0.0, strength)
    }

    /// The strength of L1.
    pub fn l1_strength(&self) -> f64 {
        self.l1
    }

    /// The strength of L2.
    pub fn l2_strength(&self) -> f64 {
        self.l2
    }

    /// The penalty of these values.
    pub fn of<T: Scalar>(&self, values: &Tensor<T>) -> f64 {
        let mut penalty = 0.0;
        if self.l1 > 0.0 {
            penalty += self.l1 * values.iter().map(|value| value.to_f64().abs()).sum::<f64>();
        }
        if self.l2 > 0.0 {
            penalty += self.l2 * values.iter().map(|value| value.to_f64().powi(2)).sum::<f64>();
        }
        penalty
    }
}

/// A tensor that is trained: its value, the gradient of the loss with respect to it, and the
/// penalty on its size.
///
/// ```
/// use nnfs_tensor::{Parameter, Penalty, Tensor};
/// let mut weights = Parameter::new(Tensor::from_row_slice(1, 2, &[3.0, -4.0]));
/// weights.set_penalty(Penalty::l2(0.5)?);
/// assert_eq!(weights.penalty(), 12.5);
/// weights.add_penalty_gradient();
/// assert_eq!(weights.gradient, Tensor::from_row_slice(1, 2, &[3.0, -4.0]));
/// # Ok::<(), nnfs_tensor::SettingError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter<T> {
    /// The numbers that the optimizer moves.
    pub value: Tensor<T>,
    /// dL/d(value) after the last backward pass, including the penalty; the same shape.
    pub gradient: Tensor<T>,
    penalty: Penalty,
}

impl<T: Scalar> Parameter<T> {
    /// A parameter without a penalty and with a gradient of zero.
    pub fn new(value: Tensor<T>) -> Self {
        let gradient = Tensor::from_element(value.nrows(), value.ncols(), T::ZERO);
        Self { value, gradient, penalty: Penalty::default() }
    }

    /// Sets the penalty.
    pub fn set_penalty(&mut self, penalty: Penalty) {
        self.penalty = penalty;
    }

    /// The strengths of the penalty.
    pub fn penalty_settings(&self) -> Penalty {
        self.penalty
    }

    /// The penalty of the current value.
    pub fn penalty(&self) -> f64 {
        self.penalty.of(&self.value)
    }

    /// Adds the gradient of the penalty to the gradient. A layer calls it at the end of its backward pass.
    pub fn add_penalty_gradient(&mut self) {
        let Penalty { l1, l2 } = self.penalty;
        if l1 == 0.0 && l2 == 0.0 {
            return;
        }
        // The book adds `l1 * np.ones_like(w)`: a number of the kind of a parameter.
        let one = T::parameter(1.0);
        for (gradient, &value) in self.gradient.iter_mut().zip(&self.value) {
            if l1 > 0.0 && value > T::ZERO {
                *gradient += T::from_f64(l1) * one;
            } else if l1 > 0.0 && value < T::ZERO {
                *gradient += T::from_f64(-l1) * one;
            }
            if l2 > 0.0 {
                *gradient += T::from_f64(2.0 * l2) * value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l1_and_l2_add_up() {
        let mut parameter = Parameter::new(Tensor::from_row_slice(1, 3, &[2.0, -1.0, 0.0]));
        parameter.set_penalty(Penalty::new(0.1, 0.01).unwrap());
        assert!((parameter.penalty() - (0.1 * 3.0 + 0.01 * 5.0)).abs() < 1e-15);
        parameter.gradient.fill(1.0);
        parameter.add_penalty_gradient();
        let expected = [1.0 + 0.1 + 0.04, 1.0 - 0.1 - 0.02, 1.0];
        for (found, expected) in parameter.gradient.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
    }

    #[test]
    fn strengths_are_checked() {
        assert!(Penalty::l1(-1.0).is_err());
        assert!(Penalty::l2(f64::NAN).is_err());
        assert_eq!(
            Penalty::l2(-0.5).unwrap_err().to_string(),
            "L2 strength must be finite and at least 0, found -0.5"
        );
    }
}

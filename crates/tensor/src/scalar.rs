//! The numbers a network is made of.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use crate::product::{self, Strided};

/// A kind of number that a network can compute with: `f32`, `f64`, or one of your own.
///
/// Every layer, loss and optimizer is written once against this trait. `f32` is the fast one,
/// `f64` is the one in which derivatives are proved, and `nnfs-numpy` adds one that rounds as
/// NumPy does.
pub trait Scalar:
    nalgebra::Scalar
    + Copy
    + Debug
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + Send
    + Sync
{
    /// The number in a formula (a hyper-parameter, a count, a constant), rounded to this kind.
    fn from_f64(value: f64) -> Self;

    /// The number as a network stores it in a parameter.
    ///
    /// The same as [`Scalar::from_f64`], except for a kind that tells a literal from stored data.
    fn parameter(value: f64) -> Self {
        Self::from_f64(value)
    }

    /// The value, in double precision.
    fn to_f64(self) -> f64;

    /// The square root.
    fn sqrt(self) -> Self;

    /// e to the power of `self`.
    fn exp(self) -> Self;

    /// The natural logarithm.
    fn ln(self) -> Self;

    /// The hyperbolic tangent.
    fn tanh(self) -> Self;

    /// The absolute value.
    fn abs(self) -> Self;

    /// Whether the value is neither infinite nor NaN.
    fn is_finite(self) -> bool {
        self.to_f64().is_finite()
    }

    /// The sum of a slice, added in a fixed order that does not depend on the machine.
    ///
    /// By default one value after another, as NumPy adds the rows of a matrix of several columns
    /// (a single column it adds in pairs, which differs in the last digits of double precision).
    fn sum(values: &[Self]) -> Self {
        values.iter().fold(Self::from_f64(0.0), |sum, &value| sum + value)
    }

    /// Writes the product `left * right` into `outputs`, which is column-major and contiguous.
    ///
    /// The kernel behind [`multiply_to`](crate::multiply_to) and its two siblings. They check the
    /// shapes: `left` is m x k, `right` is k x n, `outputs` holds m * n values.
    fn product(left: Strided<'_, Self>, right: Strided<'_, Self>, outputs: &mut [Self]);
}

/// Adds in 16 interleaved lanes, so that the compiler can use vector registers, then adds the
/// lanes. The order is fixed by the code, hence the same on every machine.
macro_rules! sum_in_lanes {
    ($values:expr) => {{
        let mut lanes = [0.0; 16];
        let blocks = $values.chunks_exact(16);
        let rest = blocks.remainder();
        for block in blocks {
            for (lane, value) in lanes.iter_mut().zip(block) {
                *lane += value;
            }
        }
        lanes.iter().sum::<Self>() + rest.iter().sum::<Self>()
    }};
}

impl Scalar for f32 {
    fn from_f64(value: f64) -> Self {
        value as Self
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    fn exp(self) -> Self {
        self.exp()
    }
    fn ln(self) -> Self {
        self.ln()
    }
    fn tanh(self) -> Self {
        self.tanh()
    }
    fn abs(self) -> Self {
        self.abs()
    }
    fn sum(values: &[Self]) -> Self {
        sum_in_lanes!(values)
    }
    fn product(left: Strided<'_, Self>, right: Strided<'_, Self>, outputs: &mut [Self]) {
        product::product_f32(left, right, outputs);
    }
}

impl Scalar for f64 {
    fn from_f64(value: f64) -> Self {
        value
    }
    fn to_f64(self) -> f64 {
        self
    }
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    fn exp(self) -> Self {
        self.exp()
    }
    fn ln(self) -> Self {
        self.ln()
    }
    fn tanh(self) -> Self {
        self.tanh()
    }
    fn abs(self) -> Self {
        self.abs()
    }
    fn sum(values: &[Self]) -> Self {
        sum_in_lanes!(values)
    }
    fn product(left: Strided<'_, Self>, right: Strided<'_, Self>, outputs: &mut [Self]) {
        product::product_f64(left, right, outputs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_add_up_to_the_same_as_one_after_another() {
        for count in [0, 1, 15, 16, 17, 100] {
            let values: Vec<f64> = (0..count).map(f64::from).collect();
            assert_eq!(f64::sum(&values), f64::from(count * (count - 1) / 2));
            let values: Vec<f32> = (0..count as u16).map(f32::from).collect();
            assert_eq!(f32::sum(&values), (count * (count - 1) / 2) as f32);
        }
    }
}

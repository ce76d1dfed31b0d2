//! The numbers of a network.

use std::fmt::Debug;
use std::ops::{Div, Neg, Sub};

use nnfs_kernel::{self as kernel, Kernels};

/// A kind of number that a network can compute with: `f32`, `f64`, or a custom one.
///
/// Every layer, loss and optimizer is written once against this trait. `f32` is the fast one,
/// derivatives are proved in `f64`, and `nnfs-numpy` adds one that rounds as NumPy does.
///
/// The supertrait `Kernels` (of `nnfs-kernel`) holds zero and the products and sums of this kind; a
/// custom kind only has to give its [`ZERO`](Kernels::ZERO). Division by a [`Divisor`] is a supertrait
/// too.
pub trait Scalar:
    Kernels
    + nalgebra::Scalar
    + Debug
    + Sub<Output = Self>
    + Div<Output = Self>
    + Div<Divisor<Self>, Output = Self>
    + Neg<Output = Self>
{
    /// Whether the gradients of a large batch may be added in parts, which threads share.
    ///
    /// False by default: a kind that must give the digits of another library has that library's order.
    const ADDS_IN_PARTS: bool = false;

    /// The number in a formula (a hyper-parameter, a count, a constant), rounded to this kind.
    fn from_f64(value: f64) -> Self;

    /// The number as a network stores it in a parameter.
    ///
    /// The same as [`Scalar::from_f64`], except for a kind that distinguishes literals from stored data.
    fn parameter(value: f64) -> Self {
        Self::from_f64(value)
    }

    /// The number as data holds it: inputs and targets.
    ///
    /// The same as [`Scalar::from_f64`], except for a kind that distinguishes literals from stored data.
    fn data(value: f64) -> Self {
        Self::from_f64(value)
    }

    /// The value, in double precision.
    fn to_f64(self) -> f64;

    /// The square root.
    fn sqrt(self) -> Self;

    /// e to the power of `self`.
    ///
    /// `f32` and `f64` use the functions of `nnfs-kernel`: the same bits on every platform.
    fn exp(self) -> Self;

    /// The hyperbolic tangent.
    fn tanh(self) -> Self;

    /// The logistic function, `1 / (1 + e^-x)`.
    fn sigmoid(self) -> Self {
        let one = Self::from_f64(1.0);
        one / (one + (-self).exp())
    }

    /// Replaces each value by its [`exp`](Scalar::exp), with the same bits.
    ///
    /// `f32` and `f64` compute several values at a time; so do `tanh_mut` and `sigmoid_mut`.
    fn exp_mut(values: &mut [Self]) {
        for value in values {
            *value = value.exp();
        }
    }

    /// Replaces each value by its [`tanh`](Scalar::tanh), with the same bits.
    fn tanh_mut(values: &mut [Self]) {
        for value in values {
            *value = value.tanh();
        }
    }

    /// Replaces each value by its [`sigmoid`](Scalar::sigmoid), with the same bits.
    fn sigmoid_mut(values: &mut [Self]) {
        for value in values {
            *value = value.sigmoid();
        }
    }

    /// 1 for positive values, -1 for negative ones, 0 for 0 (unlike the `signum` of `f32`); NaN
    /// stays NaN.
    fn sign(self) -> Self {
        let sign = if self > Self::ZERO {
            1.0
        } else if self < Self::ZERO {
            -1.0
        } else {
            return self;
        };
        Self::from_f64(sign)
    }

    /// The absolute value.
    fn abs(self) -> Self;

    /// Whether the value is neither infinite nor NaN.
    fn is_finite(self) -> bool {
        self.to_f64().is_finite()
    }
}

/// A divisor that many numbers share: `x / divisor`.
///
/// For `f32` and `f64` the quotient is the product with the reciprocal, which is computed once: a CPU
/// multiplies several times faster than it divides. A kind of number that must give the digits of a
/// division divides.
///
/// ```
/// use nnfs_tensor::Divisor;
/// let correction = Divisor::<f32>::new(0.5);
/// assert_eq!(3.0_f32 / correction, 6.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Divisor<T> {
    /// The divisor itself.
    pub value: T,
    /// `1 / value`
    pub reciprocal: T,
}

impl<T: Scalar> Divisor<T> {
    /// A divisor, with its reciprocal rounded once.
    pub fn new(value: f64) -> Self {
        Self { value: T::from_f64(value), reciprocal: T::from_f64(1.0 / value) }
    }
}

impl Div<Divisor<Self>> for f32 {
    type Output = Self;
    #[inline]
    #[expect(clippy::suspicious_arithmetic_impl, reason = "a product with the reciprocal")]
    fn div(self, divisor: Divisor<Self>) -> Self {
        self * divisor.reciprocal
    }
}

impl Scalar for f32 {
    const ADDS_IN_PARTS: bool = true;

    #[inline]
    fn from_f64(value: f64) -> Self {
        value as Self
    }
    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline]
    fn exp(self) -> Self {
        kernel::exp(self)
    }
    #[inline]
    fn tanh(self) -> Self {
        kernel::tanh(self)
    }
    #[inline]
    fn sigmoid(self) -> Self {
        kernel::sigmoid(self)
    }
    fn exp_mut(values: &mut [Self]) {
        kernel::apply_mut::<kernel::Exp, Self>(values);
    }
    fn tanh_mut(values: &mut [Self]) {
        kernel::apply_mut::<kernel::Tanh, Self>(values);
    }
    fn sigmoid_mut(values: &mut [Self]) {
        kernel::apply_mut::<kernel::Sigmoid, Self>(values);
    }
    #[inline]
    fn abs(self) -> Self {
        self.abs()
    }
}

impl Div<Divisor<Self>> for f64 {
    type Output = Self;
    #[inline]
    #[expect(clippy::suspicious_arithmetic_impl, reason = "a product with the reciprocal")]
    fn div(self, divisor: Divisor<Self>) -> Self {
        self * divisor.reciprocal
    }
}

impl Scalar for f64 {
    const ADDS_IN_PARTS: bool = true;

    #[inline]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline]
    fn exp(self) -> Self {
        kernel::exp(self)
    }
    #[inline]
    fn tanh(self) -> Self {
        kernel::tanh(self)
    }
    #[inline]
    fn sigmoid(self) -> Self {
        kernel::sigmoid(self)
    }
    fn exp_mut(values: &mut [Self]) {
        kernel::apply_mut::<kernel::Exp, Self>(values);
    }
    fn tanh_mut(values: &mut [Self]) {
        kernel::apply_mut::<kernel::Tanh, Self>(values);
    }
    fn sigmoid_mut(values: &mut [Self]) {
        kernel::apply_mut::<kernel::Sigmoid, Self>(values);
    }
    #[inline]
    fn abs(self) -> Self {
        self.abs()
    }
}

//! The numbers a network is made of.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use crate::kernel;
use crate::product::{Finish, Strided};

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

    /// The number as data holds it: inputs and targets.
    ///
    /// The same as [`Scalar::from_f64`], except for a kind that tells a literal from stored data.
    fn data(value: f64) -> Self {
        Self::from_f64(value)
    }

    /// The value, in double precision.
    fn to_f64(self) -> f64;

    /// The square root.
    fn sqrt(self) -> Self;

    /// e to the power of `self`.
    fn exp(self) -> Self;

    /// The hyperbolic tangent.
    fn tanh(self) -> Self;

    /// 1 for positive values, -1 for negative ones, 0 for 0 (unlike the `signum` of `f32`); NaN
    /// stays NaN.
    fn sign(self) -> Self {
        let zero = Self::default();
        let sign = if self > zero {
            1.0
        } else if self < zero {
            -1.0
        } else {
            return self;
        };
        Self::from_f64(sign)
    }

    /// The absolute value.
    fn abs(self) -> Self;

    /// 0 instead of a number below the normal range of this kind (1e-38 for `f32`), for what fades
    /// away over many steps: a CPU takes a hundred times longer over such numbers.
    ///
    /// By default the number itself.
    fn flush(self) -> Self {
        self
    }

    /// Whether the value is neither infinite nor NaN.
    fn is_finite(self) -> bool {
        self.to_f64().is_finite()
    }

    /// `self / divisor`, for a divisor that many numbers share; `reciprocal` is `1 / divisor`.
    ///
    /// By default a product, which a CPU has several times faster. A kind that must give the digits
    /// of a division divides.
    fn divide_by(self, divisor: Self, reciprocal: Self) -> Self {
        let _ = divisor;
        self * reciprocal
    }

    /// The sum of a slice, added in an order that depends on nothing but the CPU's instructions.
    ///
    /// By default one value after another, as NumPy adds the rows of a matrix of several columns
    /// (a single column it adds in pairs, which differs in the last digits of double precision).
    fn sum(values: &[Self]) -> Self {
        values.iter().fold(Self::from_f64(0.0), |sum, &value| sum + value)
    }

    /// Writes [`Scalar::sum`] of each column of a column-major matrix.
    fn sum_columns_to(values: &[Self], rows: usize, sums: &mut [Self]) {
        for (column, sum) in sums.iter_mut().enumerate() {
            *sum = Self::sum(&values[column * rows..(column + 1) * rows]);
        }
    }

    /// Writes the product `left * right` into `outputs`, which is column-major and contiguous, and
    /// does on the way what `finish` says.
    ///
    /// The kernel behind [`multiply_to`](crate::multiply_to) and its siblings. They check the
    /// shapes: `left` is m x k, `right` is k x n, `outputs` holds m * n values.
    fn product(
        left: Strided<'_, Self>,
        right: Strided<'_, Self>,
        outputs: &mut [Self],
        finish: Finish<'_, Self>,
    );
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
    fn tanh(self) -> Self {
        self.tanh()
    }
    fn abs(self) -> Self {
        self.abs()
    }
    fn flush(self) -> Self {
        if self.abs() < Self::MIN_POSITIVE { 0.0 } else { self }
    }
    fn sum(values: &[Self]) -> Self {
        let mut sum = 0.0;
        kernel::sum_columns_to(values, values.len(), std::slice::from_mut(&mut sum));
        sum
    }
    fn sum_columns_to(values: &[Self], rows: usize, sums: &mut [Self]) {
        kernel::sum_columns_to(values, rows, sums);
    }
    fn product(
        left: Strided<'_, Self>,
        right: Strided<'_, Self>,
        outputs: &mut [Self],
        finish: Finish<'_, Self>,
    ) {
        kernel::product(left, right, outputs, finish);
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
    fn tanh(self) -> Self {
        self.tanh()
    }
    fn abs(self) -> Self {
        self.abs()
    }
    fn flush(self) -> Self {
        if self.abs() < Self::MIN_POSITIVE { 0.0 } else { self }
    }
    fn sum(values: &[Self]) -> Self {
        let mut sum = 0.0;
        kernel::sum_columns_to(values, values.len(), std::slice::from_mut(&mut sum));
        sum
    }
    fn sum_columns_to(values: &[Self], rows: usize, sums: &mut [Self]) {
        kernel::sum_columns_to(values, rows, sums);
    }
    fn product(
        left: Strided<'_, Self>,
        right: Strided<'_, Self>,
        outputs: &mut [Self],
        finish: Finish<'_, Self>,
    ) {
        kernel::product(left, right, outputs, finish);
    }
}

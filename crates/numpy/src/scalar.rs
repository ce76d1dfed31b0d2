//! A number that rounds as NumPy does.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use nnfs_kernel::{Epilogue, Kernels, Strided};
use nnfs_tensor::{Divisor, Scalar};

/// The kind of a number in NumPy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u64)] // As wide as the value, so that one vector operation selects both.
pub enum Kind {
    /// A Python float. It takes the kind of the other operand.
    Python,
    /// `numpy.float32`.
    Float32,
    /// `numpy.float64`. The result of an operation with it is a float64.
    Float64,
}

impl Kind {
    /// The kind of the result of an operation on two kinds.
    fn promote(self, other: Self) -> Self {
        if self as u64 >= other as u64 { self } else { other }
    }
}

/// A value with the kind that it has in NumPy.
///
/// ```text
/// float32 op float32 = float32        float32 op Python float = float32
/// float32 op float64 = float64        x += y keeps the kind of x
/// ```
/// The value is stored in double precision. Where NumPy's result is a float32, both operands are
/// rounded to single precision before the operation, and the result after it. For `+ - * /` and the
/// square root this is exactly the operation in single precision, because double precision has more
/// than twice as many bits.
#[derive(Debug, Clone, Copy)]
pub struct NumpyScalar {
    value: f64,
    kind: Kind,
}

/// The nearest single-precision value.
fn round(value: f64) -> f64 {
    f64::from(value as f32)
}

impl NumpyScalar {
    /// An element of a float32 array, rounded to it.
    ///
    /// ```
    /// use nnfs_numpy::NumpyScalar;
    /// assert_eq!(NumpyScalar::float32(0.1).value(), f64::from(0.1_f32));
    /// ```
    pub fn float32(value: f64) -> Self {
        Self { value: round(value), kind: Kind::Float32 }
    }

    /// An element of a float64 array.
    ///
    /// ```
    /// use nnfs_numpy::{Kind, NumpyScalar};
    /// let sum = NumpyScalar::float64(0.5) + NumpyScalar::float32(0.25);
    /// assert_eq!((sum.value(), sum.kind()), (0.75, Kind::Float64));
    /// ```
    pub fn float64(value: f64) -> Self {
        Self { value, kind: Kind::Float64 }
    }

    /// A Python float.
    ///
    /// ```
    /// use nnfs_numpy::{Kind, NumpyScalar};
    /// let sum = NumpyScalar::python(0.5) + NumpyScalar::float32(0.25);
    /// assert_eq!((sum.value(), sum.kind()), (0.75, Kind::Float32));
    /// ```
    pub fn python(value: f64) -> Self {
        Self { value, kind: Kind::Python }
    }

    /// The value.
    pub fn value(self) -> f64 {
        self.value
    }

    /// The kind.
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// An operation on two numbers. Both roundings are computed and one is selected, which is faster
    /// than a branch.
    fn combine(self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        let kind = self.kind.promote(other.kind);
        let double = operation(self.value, other.value);
        let single = round(operation(round(self.value), round(other.value)));
        Self { value: if kind as u64 == Kind::Float32 as u64 { single } else { double }, kind }
    }

    /// A function of one number, in the precision of its kind.
    fn apply(self, single: impl Fn(f32) -> f32, double: impl Fn(f64) -> f64) -> Self {
        let value = match self.kind {
            Kind::Float32 => f64::from(single(self.value as f32)),
            Kind::Python | Kind::Float64 => double(self.value),
        };
        Self { value, kind: self.kind }
    }
}

impl From<f32> for NumpyScalar {
    /// An element of a float32 array.
    #[inline]
    fn from(value: f32) -> Self {
        Self { value: f64::from(value), kind: Kind::Float32 }
    }
}

/// Whether every number is a float32.
fn all_single(values: &[NumpyScalar]) -> bool {
    nnfs_kernel::all(values, |value| value.kind == Kind::Float32)
}

impl PartialEq for NumpyScalar {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialOrd for NumpyScalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl Add for NumpyScalar {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        self.combine(other, |left, right| left + right)
    }
}

impl Sub for NumpyScalar {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        self.combine(other, |left, right| left - right)
    }
}

impl Mul for NumpyScalar {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        self.combine(other, |left, right| left * right)
    }
}

impl Div for NumpyScalar {
    type Output = Self;
    #[inline]
    fn div(self, other: Self) -> Self {
        self.combine(other, |left, right| left / right)
    }
}

impl Neg for NumpyScalar {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self { value: -self.value, kind: self.kind }
    }
}

impl AddAssign for NumpyScalar {
    /// An array keeps its kind: `float32 += float64` adds in double precision and then rounds.
    #[inline]
    fn add_assign(&mut self, other: Self) {
        let sum = *self + other;
        *self = match self.kind {
            Kind::Float32 => Self::float32(sum.value),
            Kind::Float64 => Self::float64(sum.value),
            Kind::Python => sum,
        };
    }
}

impl Scalar for NumpyScalar {
    /// A number in a formula is a Python float.
    fn from_f64(value: f64) -> Self {
        Self::python(value)
    }

    /// The book's parameters are float32.
    fn parameter(value: f64) -> Self {
        Self::float32(value)
    }

    /// The book's data stays float64.
    fn data(value: f64) -> Self {
        Self::float64(value)
    }

    fn to_f64(self) -> f64 {
        self.value
    }

    #[inline]
    fn sqrt(self) -> Self {
        self.apply(f32::sqrt, f64::sqrt)
    }

    // From `libm`, not from the platform, so that every machine computes the same digits.
    fn exp(self) -> Self {
        self.apply(libm::expf, libm::exp)
    }

    fn tanh(self) -> Self {
        self.apply(libm::tanhf, libm::tanh)
    }

    /// As `np.sign`, which keeps the kind.
    fn sign(self) -> Self {
        let sign =
            if self.value == 0.0 || self.value.is_nan() { self.value } else { self.value.signum() };
        Self { value: sign, kind: self.kind }
    }

    fn abs(self) -> Self {
        Self { value: self.value.abs(), kind: self.kind }
    }
}

impl Div<Divisor<Self>> for NumpyScalar {
    type Output = Self;

    /// A division, as in the book.
    #[inline]
    fn div(self, divisor: Divisor<Self>) -> Self {
        self / divisor.value
    }
}

/// The sum of some values, added one after another in the precision that NumPy gives the sum.
fn sum_of(values: &[NumpyScalar]) -> NumpyScalar {
    if all_single(values) {
        // The same additions, without selecting a kind in between.
        let sum = values.iter().fold(0.0_f32, |sum, value| sum + value.value as f32);
        return NumpyScalar::float32(f64::from(sum));
    }
    values.iter().fold(NumpyScalar::python(0.0), |sum, &value| sum + value)
}

impl Kernels for NumpyScalar {
    /// An element of `np.zeros(...)`, which the book makes float32.
    const ZERO: Self = Self { value: 0.0, kind: Kind::Float32 };

    /// Eight columns at a time: the additions of one column wait for one another.
    fn sum_columns_to(values: &[Self], rows: usize, sums: &mut [Self]) {
        const AT_ONCE: usize = 8;
        for (index, sums) in sums.chunks_mut(AT_ONCE).enumerate() {
            let columns = &values[index * AT_ONCE * rows..][..sums.len() * rows];
            if sums.len() == AT_ONCE && all_single(columns) {
                let mut totals = [0.0_f32; AT_ONCE];
                for row in 0..rows {
                    for (column, total) in totals.iter_mut().enumerate() {
                        *total += columns[column * rows + row].value as f32;
                    }
                }
                for (sum, total) in sums.iter_mut().zip(totals) {
                    *sum = Self::float32(f64::from(total));
                }
            } else {
                for (column, sum) in sums.iter_mut().enumerate() {
                    *sum = sum_of(&columns[column * rows..(column + 1) * rows]);
                }
            }
        }
    }

    fn product(
        left: Strided<'_, Self>,
        right: Strided<'_, Self>,
        outputs: &mut [Self],
        epilogue: Epilogue<'_, Self>,
    ) {
        crate::product::product(left, right, outputs, epilogue);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_promoted_as_numpy_does() {
        let (python, single, double) =
            (NumpyScalar::python(0.1), NumpyScalar::float32(0.1), NumpyScalar::float64(0.1));
        assert_eq!((single + single).kind(), Kind::Float32);
        assert_eq!((single * python).kind(), Kind::Float32);
        assert_eq!((python - single).kind(), Kind::Float32);
        assert_eq!((single / double).kind(), Kind::Float64);
        assert_eq!((double + python).kind(), Kind::Float64);
        assert_eq!((python * python).kind(), Kind::Python);
        // np.float32(0.1) * 0.1, np.float32(0.1) * np.float64(0.1), 0.1 * 0.1
        assert_eq!((single * python).value(), f64::from(0.1_f32 * 0.1_f32));
        assert_eq!((single * double).value(), 0.010_000_000_149_011_612);
        assert_eq!((python * python).value(), 0.010_000_000_000_000_002);
    }

    #[test]
    fn adding_in_place_keeps_the_kind() {
        let mut single = NumpyScalar::float32(0.1);
        single += NumpyScalar::float64(1e-9);
        assert_eq!(single.kind(), Kind::Float32);
        assert_eq!(single.value(), f64::from((f64::from(0.1_f32) + 1e-9) as f32));
        let mut double = NumpyScalar::float64(0.0);
        double += NumpyScalar::float32(0.1);
        assert_eq!(double.kind(), Kind::Float64);
    }
}

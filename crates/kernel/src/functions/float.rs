//! The two kinds of number, and what the functions need of their bits.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// The constants that differ between the kinds of number. `coefficients.py` computes them.
pub trait Constants: Sized + 'static {
    /// ln 2, rounded to so few digits that the product with an exponent is exact.
    const LN_2_HIGH: Self;
    /// ln 2 - `LN_2_HIGH`
    const LN_2_LOW: Self;
    /// Below this size of x, tanh x is a polynomial.
    const TANH_SWITCH: Self;
    /// P of `e^r = 1 + r + r^2 P(r)`
    const EXP: &'static [Self];
    /// P of `tanh(x) = x + x^3 P(x^2)`
    const TANH: &'static [Self];
    /// Q of `ln((1 + s) / (1 - s)) = 2 s + s w Q(w), w = s^2`
    const LN: &'static [Self];
}

/// A kind of number: `f32` or `f64`.
pub trait Float:
    Copy
    + PartialOrd
    + From<f32>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Constants
{
    /// 1 / ln 2
    const LOG2_E: Self;
    /// The smallest number with all digits.
    const MIN_POSITIVE: Self;
    /// Infinity.
    const INFINITY: Self;
    /// Not a number.
    const NAN: Self;
    /// `1.5 * 2^(digits - 1)`. A sum with it has no digits after the point, and the integer is in
    /// its lowest bits.
    const TO_INTEGER: Self;
    /// A power of two that turns every subnormal number into a normal one, and its exponent.
    const FROM_SUBNORMAL: (Self, Self);
    /// For x at or above it, `e^x` is infinite, and `e^-x` is 0.
    const EXP_BOUND: Self;
    /// Beyond it tanh x is nearest to 1: half of `26 ln 2` or `55 ln 2`.
    const TANH_ONE: Self;
    /// A little less than `25 ln 2` or `54 ln 2`: up to there, `(e^x + 1) - 2` is exact.
    const TANH_EXACT: Self;

    /// `a b + c`, rounded once; in WebAssembly, that of `f32` is rounded twice.
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// The size, without the sign.
    fn abs(self) -> Self;
    /// The size of `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    /// `2^n` for an integer n with a normal result.
    fn power_of_two(n: Self) -> Self;
    /// `(k, m)` with `x = 2^k m` and `3/4 <= m < 3/2`, for a positive, normal x.
    fn split(self) -> (Self, Self);

    /// The smaller of both; NaN if `self` is NaN.
    #[inline(always)]
    fn at_most(self, bound: Self) -> Self {
        if self > bound { bound } else { self }
    }

    /// The larger of both; NaN if `self` is NaN.
    #[inline(always)]
    fn at_least(self, bound: Self) -> Self {
        if self < bound { bound } else { self }
    }
}

impl Float for f32 {
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    const MIN_POSITIVE: f32 = f32::MIN_POSITIVE;
    const INFINITY: f32 = f32::INFINITY;
    const NAN: f32 = f32::NAN;
    const TO_INTEGER: f32 = 12_582_912.0;
    const FROM_SUBNORMAL: (f32, f32) = (16_777_216.0, 24.0);
    const EXP_BOUND: f32 = 104.0;
    const TANH_ONE: f32 = 9.010_913;
    const TANH_EXACT: f32 = 17.3;

    #[inline(always)]
    fn mul_add(self, b: f32, c: f32) -> f32 {
        // WebAssembly has no such instruction, and the function in its place is called for every number. There the
        // product is rounded too, as in the products of tensors.
        if cfg!(target_family = "wasm") { self * b + c } else { f32::mul_add(self, b, c) }
    }

    #[inline(always)]
    fn abs(self) -> f32 {
        f32::abs(self)
    }

    #[inline(always)]
    fn copysign(self, sign: f32) -> f32 {
        f32::copysign(self, sign)
    }

    /// The sum has `127 + n` in its lowest bits. They become the exponent.
    #[inline(always)]
    fn power_of_two(n: f32) -> f32 {
        f32::from_bits((n + (Self::TO_INTEGER + 127.0)).to_bits() << 23)
    }

    /// From `m = 3/2` on, half a step of the exponent carries into the next one. The exponent is
    /// put into the lowest bits of `2^23`, which makes a number of it.
    #[inline(always)]
    fn split(self) -> (f32, f32) {
        let bits = self.to_bits().wrapping_add(0x0040_0000);
        let k = f32::from_bits((bits >> 23) | 0x4b00_0000) - (8_388_608.0 + 127.0);
        let m = f32::from_bits((bits & 0x007f_ffff) + 0x3f40_0000);
        (k, m)
    }
}

impl Float for f64 {
    const LOG2_E: f64 = std::f64::consts::LOG2_E;
    const MIN_POSITIVE: f64 = f64::MIN_POSITIVE;
    const INFINITY: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    const TO_INTEGER: f64 = 6_755_399_441_055_744.0;
    const FROM_SUBNORMAL: (f64, f64) = (18_014_398_509_481_984.0, 54.0);
    const EXP_BOUND: f64 = 746.0;
    const TANH_ONE: f64 = 19.061_547_465_398_498;
    const TANH_EXACT: f64 = 37.4;

    #[inline(always)]
    fn mul_add(self, b: f64, c: f64) -> f64 {
        f64::mul_add(self, b, c)
    }

    #[inline(always)]
    fn abs(self) -> f64 {
        f64::abs(self)
    }

    #[inline(always)]
    fn copysign(self, sign: f64) -> f64 {
        f64::copysign(self, sign)
    }

    /// As for `f32`.
    #[inline(always)]
    fn power_of_two(n: f64) -> f64 {
        f64::from_bits((n + (Self::TO_INTEGER + 1023.0)).to_bits() << 52)
    }

    /// As for `f32`.
    #[inline(always)]
    fn split(self) -> (f64, f64) {
        let bits = self.to_bits().wrapping_add(0x0008_0000_0000_0000);
        let k = f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000)
            - (4_503_599_627_370_496.0 + 1023.0);
        let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) + 0x3fe8_0000_0000_0000);
        (k, m)
    }
}

/// `a b + c`, rounded once: one instruction on a CPU that has it, a slower function with the same bits
/// on others. In WebAssembly, that of `f32` is rounded twice.
#[inline(always)]
pub(super) fn mul_add<T: Float>(a: T, b: T, c: T) -> T {
    a.mul_add(b, c)
}

/// The polynomial with these coefficients, lowest degree first, by Horner's rule:
///
/// ```text
/// c0 + x (c1 + x (c2 + ...))
/// ```
#[inline(always)]
pub(super) fn polynomial<T: Float>(x: T, coefficients: &[T]) -> T {
    let last = coefficients.len() - 1;
    let mut sum = coefficients[last];
    for &c in coefficients[..last].iter().rev() {
        sum = mul_add(sum, x, c);
    }
    sum
}

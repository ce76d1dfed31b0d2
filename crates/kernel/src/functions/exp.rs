//! The exponential function.

use super::float::{Float, mul_add, polynomial};
use super::{Function, call};

/// `e^x`
///
/// ```text
/// x   = n ln 2 + r,  n an integer, |r| <= ln 2 / 2
/// e^r = 1 + q,       q = r + r^2 P(r)
/// e^x = 2^n (1 + q)
/// ```
///
/// `ln 2` has two parts, and so has r: `r_high = x - n ln_2_high` is exact, and `r_low = n ln_2_low`
/// is small (Cody and Waite, *Software Manual for the Elementary Functions*, 1980). P is a
/// polynomial that minimizes the largest error of `e^r`. The factor `2^n` is multiplied in two
/// parts: the first product is exact, and the second rounds a subnormal result once.
///
/// Largest error: 0.88 ulp for `f32`, 0.90 ulp for `f64`. The result is infinite where `e^x` is too
/// large, and subnormal or 0 where it is too small. It is monotonic.
///
/// ```
/// assert_eq!(nnfs_kernel::exp(0.0_f32), 1.0);
/// assert_eq!(nnfs_kernel::exp(f64::NEG_INFINITY), 0.0);
/// ```
#[inline]
pub fn exp<T: Float>(x: T) -> T {
    call::<Exp, T>(x)
}

/// The formula of [`exp`].
#[derive(Clone, Copy, Debug)]
pub struct Exp;

impl Function for Exp {
    #[inline(always)]
    fn at<T: Float>(x: T) -> T {
        let x = x.at_least(-T::EXP_BOUND).at_most(T::EXP_BOUND);
        let Reduced { n, q, .. } = Reduced::new(x);
        scale(T::from(1.0) + q, n)
    }
}

/// `e^x = 2^n (1 + q + q_low)`
pub(crate) struct Reduced<T> {
    pub(crate) n: T,
    /// From -0.3 to 0.42.
    pub(crate) q: T,
    /// What the last sum of q lost in rounding.
    pub(crate) q_low: T,
}

impl<T: Float> Reduced<T> {
    #[inline(always)]
    pub(crate) fn new(x: T) -> Self {
        let n = mul_add(x, T::LOG2_E, T::TO_INTEGER) - T::TO_INTEGER;
        let r_high = mul_add(-n, T::LN_2_HIGH, x);
        let r_low = n * T::LN_2_LOW;
        let r = r_high - r_low;
        let rest = mul_add(r * r, polynomial(r, T::EXP), -r_low);
        let q = r_high + rest;
        Self { n, q, q_low: rest - (q - r_high) }
    }
}

/// `2^n p`, also where `2^n` is too large or too small for a number.
#[inline(always)]
pub(crate) fn scale<T: Float>(p: T, n: T) -> T {
    let near = n.at_least(T::from(-100.0)).at_most(T::from(100.0));
    p * T::power_of_two(near) * T::power_of_two(n - near)
}

//! The hyperbolic tangent.

use super::exp::Reduced;
use super::float::{Float, mul_add, polynomial};
use super::{Function, call};

/// `tanh x = (e^x - e^-x) / (e^x + e^-x)`
///
/// ```text
/// a      = |x|
/// e^2a   = 2^n (1 + q)           as in `exp`
/// d      = 2^n q + (2^n + 1)     so d = e^2a + 1
/// tanh a = a + a^3 P(a^2)        for small a, where d - 2 has lost its digits
///        = (d - 2) / d           for large a
///        = 1                     for larger a, where no other number is nearer
/// ```
///
/// The code computes all three forms and then selects one, so it has no branches. In the form for large a,
/// `2^n + 1` and `d - 2` are exact for d from 4 to `2^25` (`f64`: `2^54`). Only d and the quotient are rounded.
/// The error of d hardly matters, because the derivative of `(d - 2) / d = 1 - 2 / d` is `2 / d^2`.
/// P is a polynomial that minimizes the largest error of tanh. The method is that of Cody and Waite,
/// *Software Manual for the Elementary Functions*, 1980; the quotient in place of `1 - 2 / d` saves
/// one rounding.
///
/// Largest error: 0.81 ulp for `f32`, 1.12 ulp for `f64`. `tanh(-0)` is -0, and the limits are
/// -1 and 1. It is odd and monotonic.
///
/// ```
/// assert_eq!(nnfs_kernel::tanh(0.0_f32), 0.0);
/// assert_eq!(nnfs_kernel::tanh(f64::INFINITY), 1.0);
/// ```
#[inline]
pub fn tanh<T: Float>(x: T) -> T {
    call::<Tanh, T>(x)
}

/// The formula of [`tanh`].
#[derive(Clone, Copy, Debug)]
pub struct Tanh;

impl Function for Tanh {
    #[inline(always)]
    fn at<T: Float>(x: T) -> T {
        let (one, two) = (T::from(1.0), T::from(2.0));
        let a = x.abs();
        let y = a * a;
        let small = mul_add(a * y, polynomial(y, T::TANH), a);
        let Reduced { n, q, .. } = Reduced::new((two * a).at_most(T::TANH_EXACT));
        let power = T::power_of_two(n);
        let d = mul_add(power, q, power + one);
        let large = (d - two) / d;
        let size = if a < T::TANH_SWITCH { small } else { large };
        (if a > T::TANH_ONE { one } else { size }).copysign(x)
    }
}

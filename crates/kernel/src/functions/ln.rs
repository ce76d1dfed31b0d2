//! Logarithms.

use super::float::{Float, mul_add, polynomial};
use super::{Function, call};

/// `ln x`
///
/// ```text
/// x         = 2^k (1 + f),  3/4 <= 1 + f < 3/2
/// s         = f / (2 + f),  1 + f = (1 + s) / (1 - s)
/// ln(1 + f) = 2 s + 2/3 s^3 + 2/5 s^5 + ... = 2 s + s w Q(w),  w = s^2
///           = f - h + s (h + w Q(w)),  h = f^2 / 2,  because 2 s = f - h + s h
/// ln x      = k ln 2 + ln(1 + f)
/// ```
///
/// f is exact, and the other terms are much smaller, so their errors hardly matter. `ln 2` has two
/// parts, and the first product with k is exact. The rounding error of the sum of it and f is added
/// to the small terms. Q is a polynomial that minimizes the largest error. The method
/// is that of FDLIBM (Ng, Sun Microsystems, 1993).
///
/// Largest error: 0.83 ulp for `f32`, 0.93 ulp for `f64`. `ln 0` is negative infinity, and the
/// logarithm of a negative number is NaN. It is monotonic.
///
/// ```
/// assert_eq!(nnfs_kernel::ln(1.0_f32), 0.0);
/// assert_eq!(nnfs_kernel::ln(0.0_f64), f64::NEG_INFINITY);
/// ```
#[inline]
pub fn ln<T: Float>(x: T) -> T {
    call::<Ln, T>(x)
}

/// `ln(1 + x)`, without the loss of digits of x in the sum.
///
/// ```text
/// 1 + x     = 2^k (1 + f),  3/4 <= 1 + f < 3/2
/// f         = 2^-k x + (2^-k - 1)
/// ln(1 + x) = k ln 2 + ln(1 + f),  as in `ln`
/// ```
///
/// k is that of the rounded sum `1 + x`. f is exact where it matters: x itself for k = 0, and a
/// difference of numbers with the same last digit for small k. (The formula has `4 * 2^-k`, because
/// `2^-k` may be subnormal.) The same reduction is in the vector routines of Arm, *Optimized
/// Routines*, `log1pf`.
///
/// Largest error: 0.83 ulp for `f32`, 0.93 ulp for `f64`. `ln_1p(-1)` is negative infinity,
/// below it is NaN, and `ln_1p(-0)` is -0. It is monotonic.
///
/// ```
/// assert_eq!(nnfs_kernel::ln_1p(1e-20_f64), 1e-20);
/// ```
#[inline]
pub fn ln_1p<T: Float>(x: T) -> T {
    call::<Ln1p, T>(x)
}

/// The formula of [`ln`].
#[derive(Clone, Copy, Debug)]
pub struct Ln;

impl Function for Ln {
    #[inline(always)]
    fn at<T: Float>(x: T) -> T {
        let (power, exponent) = T::FROM_SUBNORMAL;
        let is_subnormal = x < T::MIN_POSITIVE;
        let (k, m) = (if is_subnormal { x * power } else { x }).split();
        let k = k - if is_subnormal { exponent } else { T::from(0.0) };
        let result = Logarithm::new(k, m - T::from(1.0)).sum();
        let result = if x > T::from(0.0) { result } else { T::NAN };
        let result = if x == T::from(0.0) { -T::INFINITY } else { result };
        if x < T::INFINITY { result } else { x }
    }
}

/// The formula of [`ln_1p`].
#[derive(Clone, Copy, Debug)]
pub struct Ln1p;

impl Function for Ln1p {
    #[inline(always)]
    fn at<T: Float>(x: T) -> T {
        let (one, four) = (T::from(1.0), T::from(4.0));
        let (k, _) = (one + x).split();
        let power = T::power_of_two(T::from(2.0) - k);
        let f = T::from(0.25) * mul_add(x, power, power - four);
        let result = Logarithm::new(k, f).sum().copysign(x);
        let result = if x > -one { result } else { T::NAN };
        let result = if x == -one { -T::INFINITY } else { result };
        if x < T::INFINITY { result } else { x }
    }
}

/// `k ln 2 + ln(1 + f) = high + tail + s rest - half_f f`
pub(crate) struct Logarithm<T> {
    /// `k ln 2 + f`, rounded.
    pub(crate) high: T,
    /// What is missing from it. It is tiny.
    pub(crate) tail: T,
    /// `f / (2 + f)`
    pub(crate) s: T,
    f: T,
    /// `f / 2`
    half_f: T,
    /// `h + w Q(w)`
    rest: T,
}

impl<T: Float> Logarithm<T> {
    #[inline(always)]
    pub(crate) fn new(k: T, f: T) -> Self {
        let half_f = T::from(0.5) * f;
        let h = half_f * f;
        let s = f / (T::from(2.0) + f);
        let w = s * s;
        let rest = mul_add(w, polynomial(w, T::LN), h);
        let k_ln_2 = k * T::LN_2_HIGH;
        let high = k_ln_2 + f;
        let lost = f - (high - k_ln_2);
        let tail = mul_add(k, T::LN_2_LOW, lost);
        Self { high, tail, s, f, half_f, rest }
    }

    /// What is to be added to `high`.
    #[inline(always)]
    pub(crate) fn low(self) -> T {
        mul_add(-self.half_f, self.f, mul_add(self.s, self.rest, self.tail))
    }

    #[inline(always)]
    fn sum(self) -> T {
        self.high + self.low()
    }
}

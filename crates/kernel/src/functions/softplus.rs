//! The logarithm of a sum with an exponential.

use super::exp::{Reduced, scale};
use super::float::Float;
use super::ln::Logarithm;
use super::{Function, call};

/// `ln(1 + e^x)`
///
/// It is `-ln(sigmoid(-x))`, so the binary cross-entropy of a logit x and a target y is
/// `y softplus(-x) + (1 - y) softplus(x)`.
///
/// ```text
/// z    = e^-|x| = 2^n (1 + q)   as in `exp`; z_low is what 1 + q and q lost
/// softplus(x) = max(x, 0) + ln(1 + z)
/// ln(1 + z)   = k ln 2 + ln(1 + f)    as in `ln`
/// k = 0, f = z                   for z < 1/2
/// k = 1, f = z / 2 - 1/2         for the others
/// ```
///
/// `z_low / (1 + z)` is the effect of the lost part on the logarithm. The last sum is exact up to
/// the final rounding (Knuth, *The Art of Computer Programming*, volume 2, section 4.2.2).
///
/// Largest error: 0.85 ulp for `f32`, 0.94 ulp for `f64`. It is 0 at negative infinity
/// and infinite at infinity. It is monotonic but for 7 pairs of neighbours among all `f32`.
///
/// ```
/// assert_eq!(nnfs_kernel::softplus(0.0_f64), std::f64::consts::LN_2);
/// assert_eq!(nnfs_kernel::softplus(100.0_f32), 100.0);
/// ```
#[inline]
pub fn softplus<T: Float>(x: T) -> T {
    call::<Softplus, T>(x)
}

/// The formula of [`softplus`].
#[derive(Clone, Copy, Debug)]
pub struct Softplus;

impl Function for Softplus {
    #[inline(always)]
    fn at<T: Float>(x: T) -> T {
        let (zero, half, one) = (T::from(0.0), T::from(0.5), T::from(1.0));
        let Reduced { n, q, q_low } = Reduced::new(-x.abs().at_most(T::EXP_BOUND));
        let p = one + q;
        let z = scale(p, n);
        let z_low = scale((q - (p - one)) + q_low, n);

        let is_large = z >= half;
        let (k, f) = if is_large { (one, half * z - half) } else { (zero, z) };
        let f_low = if is_large { half * z_low } else { z_low };
        let mut logarithm = Logarithm::new(k, f);
        let Logarithm { high, s, .. } = logarithm;
        // 1 / (1 + f) is nearly 1 - 2 s.
        logarithm.tail = logarithm.tail + (f_low - (s + s) * f_low);

        let positive = if x > zero { x } else { zero };
        let sum = positive + high;
        let part = sum - positive;
        let lost = (positive - (sum - part)) + (high - part);
        logarithm.tail = logarithm.tail + lost;
        let result = sum + logarithm.low();
        if x < T::EXP_BOUND { result } else { x }
    }
}

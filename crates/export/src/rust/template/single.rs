//! What a network of `f32` needs: its constants, and the fused product.
//!
//! A generated file has those of these items that it uses. See `template.rs`.

/// The kind of number of the network.
type Real = f32;

/// 1 / ln 2
const LOG2_E: Real = core::f32::consts::LOG2_E;

/// ln 2, rounded to so few digits that its product with an exponent is exact.
const LN_2_HIGH: Real = 45426.0 / 65536.0;

/// The rest of ln 2.
const LN_2_LOW: Real = 1.4286068e-6;

/// 1.5 * 2^23: a sum with it has no digits after the point, and the integer is in its lowest bits.
const TO_INTEGER: Real = 12582912.0;

/// From here on, e^x is infinite, and e^-x is 0.
const EXP_BOUND: Real = 104.0;

/// P of `e^r = 1 + r + r^2 P(r)`, lowest degree first.
#[rustfmt::skip]
const EXP: [Real; 5] = [0.49999994, 0.16666521, 0.04166839, 0.008368724, 0.0013814584];

/// P of `tanh(x) = x + x^3 P(x^2)`, lowest degree first.
#[rustfmt::skip]
const TANH: [Real; 6] = [
    -0.33333316, 0.13332732, -0.05389619, 0.021465512, -0.007680346, 0.0017513029,
];

/// Below this size of x, tanh x is that polynomial.
const TANH_SWITCH: Real = 0.75;

/// Beyond it, tanh x is nearest to 1.
const TANH_ONE: Real = 9.010913;

/// Up to here, `(e^x + 1) - 2` is exact.
const TANH_EXACT: Real = 17.3;

/// The number in double precision.
fn to_double(x: Real) -> f64 {
    f64::from(x)
}

/// `2^n` for an integer n with a normal result. The sum has `127 + n` in its lowest bits, which
/// become the exponent.
fn power_of_two(n: Real) -> Real {
    Real::from_bits((n + (TO_INTEGER + 127.0)).to_bits() << 23)
}

/// `a b + c`, rounded once.
#[cfg(all(target_arch = "x86_64", target_feature = "fma"))]
fn fma(a: f32, b: f32, c: f32) -> f32 {
    use core::arch::x86_64::{_mm_cvtss_f32, _mm_fmadd_ss, _mm_set_ss};
    // SAFETY: this is compiled only for CPUs that have the instruction.
    unsafe { _mm_cvtss_f32(_mm_fmadd_ss(_mm_set_ss(a), _mm_set_ss(b), _mm_set_ss(c))) }
}

/// `a b + c`, rounded once.
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
fn fma(a: f32, b: f32, c: f32) -> f32 {
    use core::arch::aarch64::{vdup_n_f32, vfma_f32, vget_lane_f32};
    // SAFETY: this is compiled only for CPUs that have the instruction.
    unsafe { vget_lane_f32::<0>(vfma_f32(vdup_n_f32(c), vdup_n_f32(a), vdup_n_f32(b))) }
}

/// `a b + c`, rounded once, without an instruction for it.
///
/// The product is exact in `f64`. The sum is rounded to odd: toward 0, and if it is not exact, its
/// last digit becomes 1. It has more than twice the digits of `f32`, so rounding it again gives the
/// number that is nearest to `a b + c` (Boldo and Melquiond, Emulation of FMA and correctly rounded
/// sums: proved algorithms using rounding to odd, 2008).
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "fma"),
    all(target_arch = "aarch64", target_feature = "neon")
)))]
fn fma(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    // What the sum lost in rounding (Knuth, The Art of Computer Programming, section 4.2.2).
    let part = sum - product;
    let lost = (product - (sum - part)) + (c - part);
    // Whether the exact sum is nearer to 0, or farther from it.
    let is_nearer = u64::from(lost * sum < 0.0);
    let is_farther = u64::from(lost * sum > 0.0);
    let odd = (sum.to_bits() - is_nearer) | is_nearer | is_farther;
    f64::from_bits(odd) as f32
}

// It is compiled for both kinds of number.
#[allow(clippy::duplicate_mod)]
#[path = "shared.rs"]
mod shared;

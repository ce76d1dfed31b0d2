//! What a network of `f64` needs: its constants, and the fused product.
//!
//! A generated file has those of these items that it uses. See `template.rs`.

/// The kind of number of the network.
type Real = f64;

/// 1 / ln 2
const LOG2_E: Real = core::f64::consts::LOG2_E;

/// ln 2, rounded to so few digits that its product with an exponent is exact.
const LN_2_HIGH: Real = 3048493539143.0 / 4398046511104.0;

/// The rest of ln 2.
const LN_2_LOW: Real = 5.497923018708371e-14;

/// 1.5 * 2^52: a sum with it has no digits after the point, and the integer is in its lowest bits.
const TO_INTEGER: Real = 6755399441055744.0;

/// From here on, e^x is infinite, and e^-x is 0.
const EXP_BOUND: Real = 746.0;

/// P of `e^r = 1 + r + r^2 P(r)`, lowest degree first.
#[rustfmt::skip]
const EXP: [Real; 10] = [
    0.5000000000000011, 0.16666666666666413, 0.04166666666653005, 0.008333333333494597,
    0.0013888888943662614, 0.00019841269506365233, 2.480149306152425e-5, 2.7557586492362898e-6,
    2.763026287636439e-7, 2.5000047397358396e-8,
];

/// P of `tanh(x) = x + x^3 P(x^2)`, lowest degree first.
#[rustfmt::skip]
const TANH: [Real; 10] = [
    -0.33333333333332316, 0.1333333333316904, -0.05396825387623769, 0.021869485978286234,
    -0.008863194544567965, 0.0035917199674801157, -0.0014532178239996662, 0.0005791394729512071,
    -0.0002103054150042507, 5.102297878044027e-5,
];

/// Below this size of x, tanh x is that polynomial.
const TANH_SWITCH: Real = 0.55;

/// Beyond it, tanh x is nearest to 1.
const TANH_ONE: Real = 19.061547465398498;

/// Up to here, `(e^x + 1) - 2` is exact.
const TANH_EXACT: Real = 37.4;

/// The number in double precision.
fn to_double(x: Real) -> f64 {
    x
}

/// `2^n` for an integer n with a normal result. The sum has `1023 + n` in its lowest bits, which
/// become the exponent.
fn power_of_two(n: Real) -> Real {
    Real::from_bits((n + (TO_INTEGER + 1023.0)).to_bits() << 52)
}

/// `a b + c`, rounded once.
#[cfg(all(target_arch = "x86_64", target_feature = "fma"))]
fn fma(a: f64, b: f64, c: f64) -> f64 {
    use core::arch::x86_64::{_mm_cvtsd_f64, _mm_fmadd_sd, _mm_set_sd};
    // SAFETY: this is compiled only for CPUs that have the instruction.
    unsafe { _mm_cvtsd_f64(_mm_fmadd_sd(_mm_set_sd(a), _mm_set_sd(b), _mm_set_sd(c))) }
}

/// `a b + c`, rounded once.
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
fn fma(a: f64, b: f64, c: f64) -> f64 {
    use core::arch::aarch64::{vdup_n_f64, vfma_f64, vget_lane_f64};
    // SAFETY: this is compiled only for CPUs that have the instruction.
    unsafe { vget_lane_f64::<0>(vfma_f64(vdup_n_f64(c), vdup_n_f64(a), vdup_n_f64(b))) }
}

/// `a b + c`, rounded once, without an instruction for it.
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "fma"),
    all(target_arch = "aarch64", target_feature = "neon")
)))]
fn fma(a: f64, b: f64, c: f64) -> f64 {
    software::fma(a, b, c)
}

/// A fused product of integers times powers of two.
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "fma"),
    all(target_arch = "aarch64", target_feature = "neon")
)))]
mod software {
    /// The exact sum of the product and c, rounded to the nearest number.
    pub(super) fn fma(a: f64, b: f64, c: f64) -> f64 {
        if a == 0.0 || b == 0.0 || !a.is_finite() || !b.is_finite() {
            return a * b + c;
        }
        if c == 0.0 {
            return a * b;
        }
        if !c.is_finite() {
            return c;
        }
        let (a_digits, a_exponent) = split(a);
        let (b_digits, b_exponent) = split(b);
        let (c_digits, c_exponent) = split(c);
        let product = to_the_left(a_digits * b_digits, a_exponent + b_exponent);
        let product = (product, a.is_sign_negative() != b.is_sign_negative());
        let addend = (to_the_left(c_digits, c_exponent), c.is_sign_negative());
        let (large, small) = match product.0 < addend.0 {
            true => (addend, product),
            false => (product, addend),
        };
        let ((exponent, digits), is_negative) = large;
        let aligned = shift_to_odd(small.0.1, exponent.abs_diff(small.0.0));
        let digits = match is_negative == small.1 {
            true => digits + aligned,
            false => digits - aligned,
        };
        if digits == 0 {
            return 0.0;
        }
        let size = rounded(digits, exponent);
        if is_negative { -size } else { size }
    }

    /// `(m, e)` with `|x| = m 2^e`, for a finite x.
    fn split(x: f64) -> (u128, i32) {
        let digits = u128::from(x.to_bits() & ((1 << 52) - 1));
        match (x.to_bits() >> 52) as i32 & 2047 {
            0 => (digits, -1074),
            exponent => (digits | (1 << 52), exponent - 1075),
        }
    }

    /// `(e, m)` for the number `m 2^e`, with the highest bit of m at 2^125. Such pairs have the order
    /// of their numbers.
    fn to_the_left(m: u128, e: i32) -> (i32, u128) {
        let shift = m.leading_zeros() - 2;
        (e - shift as i32, m << shift)
    }

    /// `m / 2^shift`, rounded to odd: if it is not an integer, the lowest bit becomes 1. m is not 0.
    fn shift_to_odd(m: u128, shift: u32) -> u128 {
        if shift >= 128 {
            return 1;
        }
        let quotient = m >> shift;
        let is_exact = quotient << shift == m;
        quotient | u128::from(!is_exact)
    }

    /// `m 2^e`, rounded to the nearest number, or to the even one of two. m is not 0.
    fn rounded(m: u128, e: i32) -> f64 {
        // The exponent of the last digit: 53 digits, or fewer in a subnormal number.
        let last = (e + 75 - m.leading_zeros() as i32).max(-1074);
        let digits = match last - e {
            shift @ ..=0 => m << -shift,
            shift @ 1..=127 => {
                let (quotient, half) = (m >> shift, 1 << (shift - 1));
                let rest = m - (quotient << shift);
                let is_up = rest > half || (rest == half && quotient & 1 == 1);
                quotient + u128::from(is_up)
            }
            _ => 0,
        };
        // From 2^52 on, the digits carry into the exponent.
        match (last + 1074) as u64 {
            exponent @ ..=2045 => f64::from_bits((exponent << 52) + digits as u64),
            _ => f64::INFINITY,
        }
    }
}

// It is compiled for both kinds of number.
#[allow(clippy::duplicate_mod)]
#[path = "shared.rs"]
mod shared;

// A network as Rust source, written by nnfs VERSION (`nnfs export --rust`).
//
// It needs Rust 1.85 and `core`: no other crate, no `std` and no allocator. `predict` gives the same
// bits on every machine that follows IEEE 754. They are the bits of nnfs on a CPU with fused
// multiply-add. Only a NaN may have other bits.
//
// The functions are those of nnfs, whose license is MIT OR Apache-2.0. As an exception, you may use
// this generated file under any terms, and without a notice.

/// The number of inputs of a row.
pub const INPUTS: usize = 2;

/// The number of outputs of a row.
pub const OUTPUTS: usize = 1;

/// Predicts a row.
pub fn predict(input: &[f32; INPUTS]) -> [f32; OUTPUTS] {
    let x = dense(input, &WEIGHTS_0, &BIASES_0);
    let x = x.map(relu);
    dense(&x, &WEIGHTS_1, &BIASES_1)
}

/// The kind of number of the network.
type Real = f32;

/// A dense layer: `x W + b`. Each sum begins with its bias and adds one product after another, each
/// rounded once.
fn dense<const N: usize, const M: usize>(
    x: &[Real; N],
    weights: &[[Real; M]; N],
    biases: &[Real; M],
) -> [Real; M] {
    let mut sums = *biases;
    for (&x, weights) in x.iter().zip(weights) {
        for (sum, &weight) in sums.iter_mut().zip(weights) {
            *sum = fma(x, weight, *sum);
        }
    }
    // A sum of -0 becomes 0.
    sums.map(|sum| sum + 0.0)
}

/// `max(0, x)`; NaN stays NaN.
fn relu(x: Real) -> Real {
    if x <= 0.0 { 0.0 } else { x }
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

// The numbers of the network and of its scalers, with as many digits as their bits need.
// `WEIGHTS_n` and `BIASES_n` are those of layer n, from 0; in network k of a mean they are
// `MEMBER_k_WEIGHTS_n` and `MEMBER_k_BIASES_n`. Layers without numbers are counted too. Each row of
// weights has the weights of one input.

#[rustfmt::skip]
#[allow(clippy::approx_constant)]
static WEIGHTS_0: [[f32; 3]; 2] = [
    [0.5, -1.0, 0.25],
    [1e-7, 2.0, 0.33333334],
];

#[rustfmt::skip]
#[allow(clippy::approx_constant)]
static BIASES_0: [f32; 3] = [0.0, -0.0, 0.1];

#[rustfmt::skip]
#[allow(clippy::approx_constant)]
static WEIGHTS_1: [[f32; 1]; 3] = [
    [1.0],
    [-1.5],
    [0.75],
];

#[rustfmt::skip]
#[allow(clippy::approx_constant)]
static BIASES_1: [f32; 1] = [100.0];

//! The layers and functions of a network, written over `Real`.
//!
//! A generated file has those of these items that it uses. See `template.rs`. The formulas and the
//! order of their operations are those of `nnfs-kernel`, so the bits are the same.

use super::*;

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

/// `x` above 0, and `slope x` for the others.
fn leaky_relu(x: Real, slope: Real) -> Real {
    if x <= 0.0 { slope * x } else { x }
}

/// `1 / (1 + e^-x)`
///
/// With `e^|x| = 2^n (1 + q)` and `u = 2^-n`, `1 + e^|x| = 2^n d`, where `d = 1 + u + q`. What d
/// lost in rounding corrects the quotient `1 / d`.
fn sigmoid(x: Real) -> Real {
    let (n, q) = reduce(at_most(x.abs(), EXP_BOUND));
    let near = at_most(n, 100.0);
    let u = power_of_two(-near);
    let sum = 1.0 + u;
    let d = sum + q;
    let lost = (u - (sum - 1.0)) + (q - (d - sum));
    let v = 1.0 / d;
    let remainder = fma(-v, lost, fma(-v, d, 1.0));
    let m = fma(v, remainder, v) * u * power_of_two(near - n);
    if x < 0.0 { m } else { 1.0 - m }
}

/// `(e^x - e^-x) / (e^x + e^-x)`
///
/// For small x it is a polynomial. For the others, `e^2|x| = 2^n (1 + q)`, `d = e^2|x| + 1`, and the
/// size is `(d - 2) / d`.
fn tanh(x: Real) -> Real {
    let size = x.abs();
    let square = size * size;
    let small = fma(size * square, polynomial(square, &TANH), size);
    let (n, q) = reduce(at_most(2.0 * size, TANH_EXACT));
    let power = power_of_two(n);
    let d = fma(power, q, power + 1.0);
    let large = (d - 2.0) / d;
    let result = if size < TANH_SWITCH { small } else { large };
    (if size > TANH_ONE { 1.0 } else { result }).copysign(x)
}

/// `e^x_j / sum of e^x_k`, where the largest x is subtracted first.
fn softmax<const N: usize>(x: &[Real; N]) -> [Real; N] {
    let mut largest = x[0];
    for &x in x {
        if x > largest {
            largest = x;
        }
    }
    let exponentials = x.map(|x| exp(x - largest));
    let mut sum = 0.0;
    for exponential in exponentials {
        sum += exponential;
    }
    exponentials.map(|exponential| exponential / sum)
}

/// `e^x`. The factor `2^n` is multiplied in two parts, so that only the last product may be rounded.
fn exp(x: Real) -> Real {
    let (n, q) = reduce(x.clamp(-EXP_BOUND, EXP_BOUND));
    let near = n.clamp(-100.0, 100.0);
    (1.0 + q) * power_of_two(near) * power_of_two(n - near)
}

/// `(n, q)` with `e^x = 2^n (1 + q)`
///
/// `x = n ln 2 + r` and `q = r + r^2 P(r)`. Both ln 2 and r have two parts.
fn reduce(x: Real) -> (Real, Real) {
    let n = fma(x, LOG2_E, TO_INTEGER) - TO_INTEGER;
    let r_high = fma(-n, LN_2_HIGH, x);
    let r_low = n * LN_2_LOW;
    let r = r_high - r_low;
    (n, r_high + fma(r * r, polynomial(r, &EXP), -r_low))
}

/// `c0 + x (c1 + x (c2 + ...))`
fn polynomial<const N: usize>(x: Real, coefficients: &[Real; N]) -> Real {
    let mut sum = coefficients[N - 1];
    for &c in coefficients[..N - 1].iter().rev() {
        sum = fma(sum, x, c);
    }
    sum
}

/// The smaller of both; NaN if x is NaN.
fn at_most(x: Real, bound: Real) -> Real {
    if x > bound { bound } else { x }
}

/// `share y`
fn weighted<const N: usize>(share: Real, y: [Real; N]) -> [Real; N] {
    y.map(|y| share * y)
}

/// `sum + share y`
fn add_weighted<const N: usize>(mut sum: [Real; N], share: Real, y: [Real; N]) -> [Real; N] {
    for (sum, y) in sum.iter_mut().zip(y) {
        *sum += share * y;
    }
    sum
}

/// The nearest numbers between the lower and the upper limit of each column; NaN stays NaN.
fn limit<const N: usize>(x: &[f64; N], limits: &[(f64, f64); N]) -> [f64; N] {
    core::array::from_fn(|i| x[i].clamp(limits[i].0, limits[i].1))
}

/// `(x - mean) / deviation`; for a missing number, NaN, it is 0.
fn standardize<const N: usize>(x: &[f64; N], means: &[f64; N], deviations: &[f64; N]) -> [Real; N] {
    core::array::from_fn(|i| match x[i].is_nan() {
        true => 0.0,
        false => ((x[i] - means[i]) / deviations[i]) as Real,
    })
}

/// `mean + z deviation`
fn unstandardize<const N: usize>(
    z: &[Real; N],
    means: &[f64; N],
    deviations: &[f64; N],
) -> [f64; N] {
    core::array::from_fn(|i| means[i] + to_double(z[i]) * deviations[i])
}

/// `low + (x - minimum) / width * (high - low)`; for a missing number, NaN, it is the center.
fn to_range<const N: usize>(
    x: &[f64; N],
    minimums: &[f64; N],
    widths: &[f64; N],
    (low, high): (f64, f64),
) -> [Real; N] {
    core::array::from_fn(|i| {
        let share = match x[i].is_nan() {
            true => 0.5,
            false => (x[i] - minimums[i]) / widths[i],
        };
        (low + share * (high - low)) as Real
    })
}

/// `minimum + (z - low) / (high - low) * width`
fn from_range<const N: usize>(
    z: &[Real; N],
    minimums: &[f64; N],
    widths: &[f64; N],
    (low, high): (f64, f64),
) -> [f64; N] {
    core::array::from_fn(|i| {
        let share = (to_double(z[i]) - low) / (high - low);
        minimums[i] + share * widths[i]
    })
}

#[cfg(test)]
#[allow(clippy::duplicate_mod)]
mod tests;

//! The functions against those of the library, for both kinds of number. `tests/suite/rust_files` compares whole
//! files.

use nnfs::datasets::{ClippedScaler, MinMaxScaler, Scale, StandardScaler};
use nnfs::files::FileScalar;
use nnfs::prelude::*;
use nnfs::rand::RngExt;
use nnfs::tensor::{Elementwise, softmax_row_mut};

use super::*;

/// Any bits are a number.
fn any_bits(rng: &mut ChaCha8Rng) -> Real {
    Real::from_bits(rng.random())
}

/// The bits of a number; those of a NaN are not promised.
fn bits<T: FileScalar>(number: T) -> u64 {
    if number.to_f64().is_nan() { u64::MAX } else { number.to_f64().to_bits() }
}

/// A number of any size, whose bits repeat: sums of such numbers are often halfway between two others.
fn simple(rng: &mut ChaCha8Rng) -> Real {
    let digits = rng.random_range(-9..=9_i8);
    let rest = [0.0, 1.0, -1.0][rng.random_range(0..3)];
    let exponent = [Real::EPSILON, Real::MIN_POSITIVE, 1.0, 0.5][rng.random_range(0..4)];
    (Real::from(digits) + rest * Real::EPSILON) * exponent
}

#[test]
fn the_fused_product_is_rounded_once() {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let special = [0.0, -0.0, 1.0, -1.0, Real::INFINITY, Real::NEG_INFINITY, Real::NAN, Real::MAX];
    let tiny = [Real::MIN_POSITIVE, Real::from_bits(1), Real::from_bits(3), Real::EPSILON];
    let mut triples = Vec::new();
    for a in special.iter().chain(&tiny) {
        for b in special.iter().chain(&tiny) {
            triples.extend(special.iter().chain(&tiny).map(|c| [*a, *b, *c]));
        }
    }
    triples.extend((0..200_000).map(|_| [(); 3].map(|()| any_bits(&mut rng))));
    triples.extend((0..200_000).map(|_| [(); 3].map(|()| simple(&mut rng))));
    for _ in 0..200_000 {
        // An addend near the product, at a random distance.
        let (a, b) = (any_bits(&mut rng), any_bits(&mut rng));
        let distance = power_of_two(Real::from(rng.random_range(-120..=120_i8)));
        triples.push([a, b, -(a * b) * distance]);
        triples.push([a, b, -(a * b)]);
        triples.push([a, 1.0 / a, -1.0]);
    }
    for _ in 0..200_000 {
        // Often a product of one digit too many, halfway between two numbers, and a small addend.
        let half = Real::MANTISSA_DIGITS / 2 + 1;
        let [a, b] =
            [(); 2].map(|()| (rng.random_range(1 << (half - 1)..1_u32 << half) | 1) as Real);
        let size = power_of_two(Real::from(rng.random_range(-120..=120_i8)));
        triples.push([a, b, if rng.random() { size } else { -size }]);
    }
    for [a, b, c] in triples {
        assert_eq!(bits(fma(a, b, c)), bits(a.mul_add(b, c)), "{a:e} * {b:e} + {c:e}");
    }
}

#[test]
fn the_functions_have_the_bits_of_the_library() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut inputs = vec![0.0, -0.0, Real::INFINITY, Real::NEG_INFINITY, Real::NAN];
    inputs.extend([Real::from_bits(1), Real::MIN_POSITIVE, TANH_SWITCH, TANH_ONE, EXP_BOUND]);
    inputs.extend((0..100_000).map(|_| any_bits(&mut rng)));
    inputs.extend((0..100_000).map(|_| rng.random_range(-1.2 * EXP_BOUND..1.2 * EXP_BOUND)));
    inputs.extend((0..100_000).map(|_| rng.random_range(-1.0..1.0)));
    for x in inputs {
        for x in [x, -x] {
            assert_eq!(bits(exp(x)), bits(Scalar::exp(x)), "exp {x:e}");
            assert_eq!(bits(tanh(x)), bits(Scalar::tanh(x)), "tanh {x:e}");
            assert_eq!(bits(sigmoid(x)), bits(Scalar::sigmoid(x)), "sigmoid {x:e}");
            assert_eq!(bits(relu(x)), bits(Relu.apply(x)), "relu {x:e}");
            let leaky = LeakyRelu::new(0.125).unwrap();
            assert_eq!(bits(leaky_relu(x, 0.125)), bits(leaky.apply(x)), "leaky relu {x:e}");
        }
    }
}

#[test]
fn a_softmax_has_the_bits_of_the_library() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for round in 0..1000 {
        let mut row = [(); 5].map(|()| rng.random_range(-20.0..20.0));
        if round % 4 == 0 {
            row[rng.random_range(0..5)] = any_bits(&mut rng);
        }
        let mut expected = row;
        softmax_row_mut(&mut expected);
        assert_eq!(softmax(&row).map(bits), expected.map(bits), "{row:?}");
    }
}

#[test]
fn a_sum_of_negative_zeros_is_zero() {
    assert_eq!(bits(dense(&[0.0], &[[-1.0]], &[-0.0])[0]), bits(0.0));
    assert_eq!(dense(&[1.0, 2.0], &[[3.0, 5.0], [4.0, 6.0]], &[0.5, 0.25]), [11.5, 17.25]);
}

#[test]
fn a_mean_multiplies_and_adds() {
    assert_eq!(add_weighted(weighted(0.25, [2.0, 4.0]), 0.75, [4.0, 8.0]), [3.5, 7.0]);
}

#[test]
fn scalers_have_the_bits_of_the_library() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut numbers = || [(); 3].map(|()| rng.random_range(0.1..3.0));
    for _ in 0..1000 {
        let (x, center, spread): ([f64; 3], _, _) = (numbers(), numbers(), numbers());
        let [low, high, _] = numbers();
        let x = [x[0], f64::NAN, x[2]];
        let standard = StandardScaler::from_parts(center.to_vec(), spread.to_vec()).unwrap();
        check(&standard, x, standardize(&x, &center, &spread), |z| {
            unstandardize(z, &center, &spread)
        });
        let limits = [(1.0, 1.5), (0.5, 1.0), (f64::NEG_INFINITY, f64::INFINITY)];
        let of_scaler = vec![Some(limits[0]), Some(limits[1]), None];
        let clipped = ClippedScaler::from_parts(standard, of_scaler).unwrap();
        check(&clipped, x, standardize(&limit(&x, &limits), &center, &spread), |z| {
            unstandardize(z, &center, &spread)
        });
        let ends = (-low, high);
        let range = MinMaxScaler::from_parts(center.to_vec(), spread.to_vec()).unwrap();
        let range = range.range(ends.0, ends.1).unwrap();
        check(&range, x, to_range(&x, &center, &spread, ends), |z| {
            from_range(z, &center, &spread, ends)
        });
    }
}

/// Compares what the scaler makes of x with `scaled`, and what it makes of that with `unscale`.
fn check(
    scaler: &impl Scale,
    x: [f64; 3],
    scaled: [Real; 3],
    unscale: impl Fn(&[Real; 3]) -> [f64; 3],
) {
    let expected: Tensor<Real> = scaler.transform(&Tensor::from_row_slice(1, 3, &x)).unwrap();
    assert_eq!(scaled.map(bits).as_slice(), expected.map(bits).as_slice());
    let expected: Tensor<f64> = scaler.inverse(&expected).unwrap();
    assert_eq!(unscale(&scaled).map(bits).as_slice(), expected.map(bits).as_slice());
}

//! Every code path against a plain triple loop.

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::Tensor;

/// Every instruction set that this CPU has. Under Miri it is the portable code, which shares all
/// pointer arithmetic with the others.
macro_rules! instruction_sets {
    ($kernels:ident) => {{
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
        let mut sets = vec![("portable", &portable::$kernels)];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                sets.push(("avx2", &avx2::$kernels));
            }
            if is_x86_feature_detected!("avx512f") {
                sets.push(("avx512", &avx512::$kernels));
            }
        }
        sets
    }};
}

/// The product of each instruction set, with the right operand as it is and packed.
fn products<T: Number>(
    sets: &[(&str, &Kernels<T>)],
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    finish: Finish<'_, T>,
) -> Vec<(String, Vec<T>)> {
    let mut products = Vec::new();
    for (name, kernels) in sets {
        for is_large in [false, true] {
            // What was there before must not matter.
            let mut outputs = vec![T::from_f64(f64::NAN); left.rows() * right.columns()];
            // SAFETY: the CPU has the instructions.
            unsafe { kernels.product(left, right, &mut outputs, finish, is_large) };
            products.push((format!("{name}, packed: {is_large}"), outputs));
        }
    }
    products
}

/// Several blocks of each packed path: rows, inner, columns. Miri has time for the smallest ones.
const LARGE: (Range<usize>, Range<usize>, Range<usize>) =
    if cfg!(miri) { (13..30, 257..270, 257..262) } else { (120..250, 250..600, 200..300) };

/// Small whole numbers: their sums are exact in any order, and can be compared exactly. Some columns
/// are 0, from top to bottom or for a few dozen rows, as behind ReLU.
fn tensor<T: Number>(rows: usize, columns: usize, seed: u64) -> Tensor<T> {
    Tensor::from_fn(rows, columns, |row, column| {
        let mixed =
            |row: u64| (row * 31 + column as u64 * 17 + seed).wrapping_mul(0x9E37_79B9) >> 7;
        let is_off = match mixed(0) % 5 {
            0 => true,
            1 | 2 => mixed(row as u64 / 50) % 3 > 0,
            _ => false,
        };
        T::from_f64(if is_off { 0.0 } else { mixed(row as u64) as f64 % 17.0 - 8.0 })
    })
}

/// A plain triple loop, and the finish after it.
fn expected<T: Number>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    finish: Finish<'_, T>,
) -> Vec<f64> {
    let mut outputs = Vec::new();
    for column in 0..right.columns() {
        for row in 0..left.rows() {
            let mut sum = 0.0;
            for k in 0..left.columns() {
                sum += left.data_from(row, k)[0].to_f64() * right.data_from(k, column)[0].to_f64();
            }
            outputs.push(match finish {
                Finish::Plain => sum,
                Finish::Bias(biases) => sum + biases[column].to_f64(),
                Finish::BiasRelu(biases) => (sum + biases[column].to_f64()).max(0.0),
            });
        }
    }
    outputs
}

fn check<T: Number>(
    sets: &[(&str, &Kernels<T>)],
    (rows, inner, columns): (usize, usize, usize),
    transposed: (bool, bool),
    seed: u64,
) -> Result<(), TestCaseError> {
    let (left, right) = match transposed {
        (false, false) => (tensor(rows, inner, seed), tensor(inner, columns, seed + 1)),
        (true, false) => (tensor(inner, rows, seed), tensor(inner, columns, seed + 1)),
        (false, true) => (tensor(rows, inner, seed), tensor(columns, inner, seed + 1)),
        (true, true) => (tensor(inner, rows, seed), tensor(columns, inner, seed + 1)),
    };
    let seen = |tensor, is_transposed: bool| {
        let strided = Strided::new(tensor);
        if is_transposed { strided.transpose() } else { strided }
    };
    let (left, right) = (seen(&left, transposed.0), seen(&right, transposed.1));
    let biases: Tensor<T> = tensor(1, columns, seed + 2);
    let biases = biases.as_slice();
    for finish in [Finish::Plain, Finish::Bias(biases), Finish::BiasRelu(biases)] {
        let expected = expected(left, right, finish);
        for (name, outputs) in products(sets, left, right, finish) {
            let outputs: Vec<f64> = outputs.iter().map(|output| output.to_f64()).collect();
            prop_assert_eq!(&outputs, &expected, "{}, {:?}", name, finish);
        }
    }
    Ok(())
}

/// Both kinds of numbers.
fn check_both(
    size: (usize, usize, usize),
    transposed: (bool, bool),
    seed: u64,
) -> Result<(), TestCaseError> {
    check::<f32>(&instruction_sets!(F32), size, transposed, seed)?;
    check::<f64>(&instruction_sets!(F64), size, transposed, seed)
}

/// So many cases of a test, a few of them under Miri.
fn cases(cases: u32, miri: u32) -> ProptestConfig {
    ProptestConfig {
        cases: if cfg!(miri) { miri } else { cases },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(256, 8))]

    #[test]
    fn every_path_is_a_triple_loop(
        rows in 0..70_usize, inner in 0..140_usize, columns in 0..20_usize,
        transposed: (bool, bool), seed in 0..1_000_000_u64,
    ) {
        check_both((rows, inner, columns), transposed, seed)?;
    }

    /// Layers with one input or one output, batches of one: the dot and outer products.
    #[test]
    fn with_a_dimension_of_one_too(
        (a, b, c) in (1..3_usize, 1..300_usize, 1..3_usize), turn in 0..3_usize,
        transposed: (bool, bool), seed in 0..1_000_000_u64,
    ) {
        let size = match turn {
            0 => (a, b, c),
            1 => (b, a, c),
            _ => (a, c, b),
        };
        check_both(size, transposed, seed)?;
    }
}

proptest! {
    #![proptest_config(cases(16, 1))]

    /// Several blocks of every path, in each direction.
    #[test]
    fn large_ones_too(
        rows in LARGE.0, inner in LARGE.1, columns in LARGE.2,
        transposed: (bool, bool), seed in 0..1_000_000_u64,
    ) {
        check_both((rows, inner, columns), transposed, seed)?;
    }
}

/// More rows, places or columns than a list of them holds.
#[cfg(not(miri))]
#[test]
fn lists_may_be_too_short() {
    for size in [(1100, 3, 20), (1100, 130, 20), (20, 1100, 20), (20, 3, 1100), (130, 1100, 130)] {
        for transposed in [(false, false), (true, false), (false, true)] {
            check_both(size, transposed, 5).unwrap();
        }
    }
}

/// Leaving out what is 0 changes no bit: a product of many columns, which looks for zeros, has those of
/// products of a few columns, which do not.
#[test]
fn leaving_out_keeps_the_bits() {
    let draw = |row: usize, column: usize| ((row * 7 + column * 13) as f32).sin();
    let left = Tensor::from_fn(150, 60, |row, column| match column % 3 {
        0 => 0.0,
        1 if row < 100 => 0.0,
        _ => draw(row, column),
    });
    let right = Tensor::from_fn(60, 40, draw);
    let few: Vec<Tensor<f32>> =
        (0..20).map(|pair| right.columns(2 * pair, 2).into_owned()).collect();
    let finish = Finish::Plain;
    let sets = instruction_sets!(F32);
    let all = products(&sets, Strided::new(&left), Strided::new(&right), finish);
    for (index, (name, outputs)) in all.into_iter().enumerate() {
        let in_parts: Vec<f32> = few
            .iter()
            .flat_map(|few| {
                products(&sets, Strided::new(&left), Strided::new(few), finish).remove(index).1
            })
            .collect();
        let bits = |numbers: &[f32]| numbers.iter().map(|n| n.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&outputs), bits(&in_parts), "{name}");
    }
}

/// One number that is not 0, at every place of a column, is seen; and zeros are.
#[test]
fn zeros_are_told_from_numbers() {
    fn check<V: vector::Vector<Number = f32>>() {
        let mut places = places::Places::new();
        for rows in 1..4 * V::LANES + 6 {
            let mut values = vec![0.0; 3 * rows];
            for at in rows..2 * rows {
                for value in [f32::NAN, 1.0, f32::MIN_POSITIVE] {
                    values[at] = value;
                    // SAFETY: there are 3 columns of so many rows, and an array needs no instructions.
                    let seen =
                        unsafe { places.that_are_not_zero::<V>(values.as_ptr(), rows, (rows, 3)) };
                    assert_eq!(seen, [1], "{value} at {at} of {rows} rows");
                }
                values[at] = 0.0;
            }
        }
    }
    check::<[f32; 4]>();
}

/// A bias that is not a number stays in its column.
#[test]
fn a_bias_of_nan_spoils_its_column_alone() {
    let (left, right) = (Tensor::from_element(20, 3, 1.0), Tensor::from_element(3, 4, 1.0));
    let biases = [1.0, f32::NAN, 1.0, -9.0];
    let finish = Finish::BiasRelu(&biases);
    let (left, right) = (Strided::new(&left), Strided::new(&right));
    for (name, outputs) in products(&instruction_sets!(F32), left, right, finish) {
        for (column, outputs) in outputs.chunks(20).enumerate() {
            let is_right = |&output: &f32| match column {
                1 => output.is_nan(),
                3 => output == 0.0,
                _ => output == 4.0,
            };
            assert!(outputs.iter().all(is_right), "{name}, column {column}: {outputs:?}");
        }
    }
}

/// A column of zeros is left out; one with a single NaN is not.
#[test]
fn nan_is_not_zero() {
    let right = Tensor::from_element(2, 40, 1.0);
    for rows in [5, 40, 200] {
        let mut left = Tensor::from_element(rows, 2, 0.0);
        left[(rows - 1, 1)] = f32::NAN;
        let (left, right) = (Strided::new(&left), Strided::new(&right));
        for (name, outputs) in products(&instruction_sets!(F32), left, right, Finish::Plain) {
            for (index, output) in outputs.into_iter().enumerate() {
                let is_last = index % rows == rows - 1;
                assert!(if is_last { output.is_nan() } else { output == 0.0 }, "{name}, {index}");
            }
        }
    }
}

#[test]
fn nan_passes_through_relu() {
    let left = Tensor::from_element(20, 1, f32::NAN);
    let right = Tensor::from_element(1, 1, 1.0);
    let (left, right) = (Strided::new(&left), Strided::new(&right));
    for (name, outputs) in products(&instruction_sets!(F32), left, right, Finish::BiasRelu(&[0.0]))
    {
        assert!(outputs.iter().all(|output| output.is_nan()), "{name}");
    }
}

#[test]
fn sums_add_up() {
    for count in [0_u16, 1, 15, 16, 17, 63, 64, 65, 300] {
        let (mut single, mut double) = ([f32::NAN; 3], [f64::NAN; 3]);
        let rows = usize::from(count);
        let values: Vec<f32> = (0..3 * count).map(f32::from).collect();
        sum_columns_to(&values, rows, &mut single);
        let values: Vec<f64> = (0..3 * count).map(f64::from).collect();
        sum_columns_to(&values, rows, &mut double);
        for column in 0..3 {
            let expected = (column * count..(column + 1) * count).map(f64::from).sum::<f64>();
            let column = usize::from(column);
            assert_eq!((f64::from(single[column]), double[column]), (expected, expected));
        }
    }
}

//! Every code path against a plain triple loop.

use std::ops::Range;

use proptest::prelude::*;

use crate::instruction_set::{InstructionSet, portable};
#[cfg(target_arch = "x86_64")]
use crate::instruction_set::{avx2, avx512};
use crate::nonzero::LONGEST;
use crate::product::{Number, Size};
use crate::*;

/// A column-major matrix.
struct Matrix<T> {
    rows: usize,
    columns: usize,
    numbers: Vec<T>,
}

impl<T: Copy> Matrix<T> {
    fn from_fn(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> T) -> Self {
        let entry = &entry;
        let numbers = (0..columns).flat_map(|column| (0..rows).map(move |row| entry(row, column)));
        Self { rows, columns, numbers: numbers.collect() }
    }

    fn from_element(rows: usize, columns: usize, number: T) -> Self {
        Self::from_fn(rows, columns, |_, _| number)
    }

    fn strided(&self) -> Strided<'_, T> {
        Strided::new(&self.numbers, self.rows, self.columns)
    }
}

/// A kind of number of these tests.
trait Exact: Number + std::fmt::Debug {
    fn from_f64(number: f64) -> Self;
    fn to_f64(self) -> f64;
    fn bits(self) -> u64;
}

impl Exact for f32 {
    fn from_f64(number: f64) -> Self {
        number as Self
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}

impl Exact for f64 {
    fn from_f64(number: f64) -> Self {
        number
    }
    fn to_f64(self) -> f64 {
        self
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

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
fn products<T: Exact>(
    sets: &[(&str, &InstructionSet<T>)],
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    epilogue: Epilogue<'_, T>,
) -> Vec<(String, Vec<T>)> {
    let mut products = Vec::new();
    for (name, kernels) in sets {
        for is_large in [false, true] {
            // What was there before must not matter.
            let mut outputs = vec![T::from_f64(f64::NAN); left.rows() * right.columns()];
            // SAFETY: the CPU has the instructions.
            unsafe { kernels.product(left, right, &mut outputs, epilogue, is_large) };
            products.push((format!("{name}, packed: {is_large}"), outputs));
        }
    }
    products
}

/// Whether the lists of nonzero columns have room for the features and the columns of a product.
fn fits_a_list(features: usize, columns: usize) -> bool {
    features.max(columns) <= LONGEST
}

/// The loops that can compute a transposed product.
fn transposed_sizes(features: usize, columns: usize) -> impl Iterator<Item = Size> {
    let few = fits_a_list(features, columns).then_some(Size::FewOutputs);
    [Size::Usual, Size::Large].into_iter().chain(few)
}

/// Several blocks of each packed path: rows, inner, columns. Miri has time for the smallest ones.
const LARGE: (Range<usize>, Range<usize>, Range<usize>) =
    if cfg!(miri) { (13..30, 257..270, 257..262) } else { (120..250, 250..600, 200..300) };

/// Small whole numbers: their sums are exact in any order, and can be compared exactly. Some columns
/// are 0, from top to bottom or for a few dozen rows, as after ReLU.
fn matrix<T: Exact>(rows: usize, columns: usize, seed: u64) -> Matrix<T> {
    Matrix::from_fn(rows, columns, |row, column| {
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

/// A plain triple loop, and the epilogue after it.
fn expected<T: Exact>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    epilogue: Epilogue<'_, T>,
) -> Vec<f64> {
    let mut outputs = Vec::new();
    for column in 0..right.columns() {
        for row in 0..left.rows() {
            let mut sum = 0.0;
            for k in 0..left.columns() {
                sum += left.data_from(row, k)[0].to_f64() * right.data_from(k, column)[0].to_f64();
            }
            outputs.push(match epilogue {
                Epilogue::None => sum,
                Epilogue::Bias(biases) => sum + biases[column].to_f64(),
                Epilogue::BiasRelu(biases) => (sum + biases[column].to_f64()).max(0.0),
            });
        }
    }
    outputs
}

fn check<T: Exact>(
    sets: &[(&str, &InstructionSet<T>)],
    (rows, inner, columns): (usize, usize, usize),
    transposed: (bool, bool),
    seed: u64,
) -> Result<(), TestCaseError> {
    let (left, right) = match transposed {
        (false, false) => (matrix(rows, inner, seed), matrix(inner, columns, seed + 1)),
        (true, false) => (matrix(inner, rows, seed), matrix(inner, columns, seed + 1)),
        (false, true) => (matrix(rows, inner, seed), matrix(columns, inner, seed + 1)),
        (true, true) => (matrix(inner, rows, seed), matrix(columns, inner, seed + 1)),
    };
    let (left, right) = (left.strided(), right.strided());
    let left = if transposed.0 { left.transpose() } else { left };
    let right = if transposed.1 { right.transpose() } else { right };
    if transposed == (true, false) {
        let expected = expected(left, right, Epilogue::None);
        for (name, kernels) in sets {
            for size in transposed_sizes(rows, columns) {
                let mut outputs = vec![T::from_f64(f64::NAN); left.rows() * right.columns()];
                let left = left.transpose();
                // SAFETY: the CPU has the instructions.
                unsafe { kernels.transposed_product(left, right, &mut outputs, size) };
                let outputs: Vec<f64> = outputs.iter().map(|output| output.to_f64()).collect();
                prop_assert_eq!(&outputs, &expected, "{}, transposed, {:?}", name, size);
            }
        }
    }
    let biases: Matrix<T> = matrix(1, columns, seed + 2);
    let biases = biases.numbers.as_slice();
    for epilogue in [Epilogue::None, Epilogue::Bias(biases), Epilogue::BiasRelu(biases)] {
        let expected = expected(left, right, epilogue);
        if rows == 1 {
            let inputs: Vec<T> = (0..inner).map(|k| left.data_from(0, k)[0]).collect();
            let packed = T::pack(right);
            for (name, kernels) in sets {
                let mut outputs = vec![T::from_f64(f64::NAN); columns];
                // SAFETY: the CPU has the instructions.
                unsafe { (kernels.packed_row)(&packed, &inputs, &mut outputs, epilogue) };
                let outputs: Vec<f64> = outputs.iter().map(|output| output.to_f64()).collect();
                prop_assert_eq!(&outputs, &expected, "{}, packed row, {:?}", name, epilogue);
            }
        }
        for (name, outputs) in products(sets, left, right, epilogue) {
            let outputs: Vec<f64> = outputs.iter().map(|output| output.to_f64()).collect();
            prop_assert_eq!(&outputs, &expected, "{}, {:?}", name, epilogue);
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

/// The number of cases of a test; few under Miri.
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
        check::<f32>(&instruction_sets!(F32), (rows, inner, columns), transposed, seed)?;
    }

    #[test]
    fn large_ones_in_double_precision_too(
        rows in LARGE.0, inner in LARGE.1, columns in LARGE.2,
        transposed: (bool, bool), seed in 0..1_000_000_u64,
    ) {
        check::<f64>(&instruction_sets!(F64), (rows, inner, columns), transposed, seed)?;
    }
}

/// More rows or columns than a list of columns holds.
#[cfg(not(miri))]
#[test]
fn longer_than_a_list_of_columns() {
    for size in [(1100, 3, 20), (1100, 130, 20), (20, 1100, 20), (20, 3, 1100), (130, 1100, 130)] {
        for transposed in [(false, false), (true, false), (false, true)] {
            check_both(size, transposed, 5).unwrap();
        }
    }
}

/// A bias of NaN affects no other column.
#[test]
fn a_bias_of_nan_stays_in_its_column() {
    let (left, right) = (Matrix::from_element(20, 3, 1.0), Matrix::from_element(3, 4, 1.0));
    let biases = [1.0, f32::NAN, 1.0, -9.0];
    let epilogue = Epilogue::BiasRelu(&biases);
    let (left, right) = (left.strided(), right.strided());
    for (name, outputs) in products(&instruction_sets!(F32), left, right, epilogue) {
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

#[test]
fn nan_passes_through_relu() {
    let left = Matrix::from_element(20, 1, f32::NAN);
    let right = Matrix::from_element(1, 1, 1.0);
    let (left, right) = (left.strided(), right.strided());
    for (name, outputs) in
        products(&instruction_sets!(F32), left, right, Epilogue::BiasRelu(&[0.0]))
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
        f32::sum_columns_to(&values, rows, &mut single);
        let values: Vec<f64> = (0..3 * count).map(f64::from).collect();
        f64::sum_columns_to(&values, rows, &mut double);
        for column in 0..3 {
            let expected = (column * count..(column + 1) * count).map(f64::from).sum::<f64>();
            let column = usize::from(column);
            assert_eq!((f64::from(single[column]), double[column]), (expected, expected));
        }
    }
}

#[test]
fn a_row_of_any_width() {
    for inner in [0, 1, 9] {
        for columns in [0, 1, 15, 16, 17, 63, 64, 65, 130] {
            check_both((1, inner, columns), (false, false), 3).unwrap();
        }
    }
}

mod bits;
mod bounds;
mod order;
mod zeros;

//! The product of NumPy scalars against a plain triple loop, bit for bit: in the order of k, in
//! double precision, nothing fused, rounded to single precision once.

use nnfs_kernel::Kernels;
use nnfs_numpy::{Kind, NumpyScalar, RandomState};
use nnfs_tensor::{Scalar, Tensor, multiply_to, multiply_transpose_to, transpose_multiply_to};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

/// Operands of rows x inner and inner x columns, from numbers that are used in turn; the left and
/// the right one all in float32 if that is asked for.
///
/// The second half of the left one is minus the first half, and the second half of the right one
/// is the first again (an odd one out is made tiny): every sum would be 0 were it not for its
/// roundings. A sum in another order, or fused, differs in its first digits.
fn operands(
    (rows, inner, columns): (usize, usize, usize),
    numbers: &[NumpyScalar],
    are_single: [bool; 2],
) -> (Tensor<NumpyScalar>, Tensor<NumpyScalar>) {
    let mut numbers = numbers.iter().cycle();
    let mut matrix = |rows, columns, is_single| {
        Tensor::from_fn(rows, columns, |_, _| {
            let number = *numbers.next().expect("an endless cycle");
            if is_single { NumpyScalar::float32(number.value()) } else { number }
        })
    };
    let [is_left, is_right] = are_single;
    let (mut left, mut right) = (matrix(rows, inner, is_left), matrix(inner, columns, is_right));
    let half = inner / 2;
    for k in half..2 * half {
        for i in 0..rows {
            left[(i, k)] = -left[(i, k - half)];
        }
        for j in 0..columns {
            right[(k, j)] = right[(k - half, j)];
        }
    }
    if half > 0 && inner % 2 == 1 {
        for i in 0..rows {
            left[(i, inner - 1)] = left[(i, inner - 1)] * NumpyScalar::python(1e-16);
        }
    }
    (left, right)
}

/// The sum of products by the book: `c_ij`, `k` from first to last.
fn by_the_book(left: &Tensor<f64>, right: &Tensor<f64>, i: usize, j: usize) -> f32 {
    let mut sum = 0.0;
    for k in 0..left.ncols() {
        sum += left[(i, k)] * right[(k, j)];
    }
    sum as f32
}

/// Runs all three products of rows x inner by inner x columns.
fn check(
    (rows, inner, columns): (usize, usize, usize),
    numbers: &[NumpyScalar],
    are_single: [bool; 2],
) {
    let (left, right) = operands((rows, inner, columns), numbers, are_single);
    // What the outputs held before must not show.
    let garbage = Tensor::from_element(rows, columns, NumpyScalar::float64(f64::NAN));
    let [mut plain, mut left_transposed, mut right_transposed] = [(); 3].map(|()| garbage.clone());
    multiply_to(&left, &right, &mut plain);
    transpose_multiply_to(&left.transpose(), &right, &mut left_transposed);
    multiply_transpose_to(&left, &right.transpose(), &mut right_transposed);

    let (left, right) = (left.map(NumpyScalar::to_f64), right.map(NumpyScalar::to_f64));
    for i in 0..rows {
        for j in 0..columns {
            let expected = f64::from(by_the_book(&left, &right, i, j));
            for (name, outputs) in [
                ("multiply_to", &plain),
                ("transpose_multiply_to", &left_transposed),
                ("multiply_transpose_to", &right_transposed),
            ] {
                let found = outputs[(i, j)];
                assert!(
                    found.value().to_bits() == expected.to_bits() && found.kind() == Kind::Float32,
                    "{name} of {rows}x{inner} by {inner}x{columns}, entry ({i}, {j}): \
                     {found:?}, expected {expected} in single precision"
                );
            }
        }
    }
}

/// More sizes around the edge of the kernel's blocks, which is 64, than others.
fn size() -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), Just(1), 2..20_usize, 63..=65_usize, Just(130)]
}

/// Numbers of all kinds; the operands never divide 997 evenly, so that no two rows are alike.
fn numbers() -> impl Strategy<Value = Vec<NumpyScalar>> {
    let number = (-1.0..1.0_f64, 0..4_u8).prop_map(|(value, kind)| match kind {
        0 => NumpyScalar::python(value),
        1 => NumpyScalar::float32(value),
        _ => NumpyScalar::float64(value),
    });
    prop::collection::vec(number, 997)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_is_a_plain_triple_loop(
        rows in size(), inner in size(), columns in size(), numbers in numbers(),
        are_single: [bool; 2],
    ) {
        check((rows, inner, columns), &numbers, are_single);
    }

    #[test]
    fn it_is_so_for_tall_and_wide_operands(numbers in numbers(), are_single: [bool; 2]) {
        for shape in [(1000, 1, 1), (1, 1000, 1), (1, 1, 1000), (1000, 1, 64), (64, 1000, 1)] {
            check(shape, &numbers, are_single);
        }
    }
}

/// The sums of (1, 65, 1) in the order of the book, in reverse, and fused.
fn sums(are_single: [bool; 2]) -> [f32; 3] {
    let numbers: Vec<_> = (0..997).map(|n| NumpyScalar::float64(f64::from(n).sin())).collect();
    let (left, right) = operands((1, 65, 1), &numbers, are_single);
    let (left, right) = (left.map(NumpyScalar::to_f64), right.map(NumpyScalar::to_f64));
    let reversed: f64 = (0..65).rev().map(|k| left[k] * right[k]).sum();
    let fused = (0..65).fold(0.0_f64, |sum, k| left[k].mul_add(right[k], sum));
    [by_the_book(&left, &right, 0, 0), reversed as f32, fused as f32]
}

#[test]
fn the_operands_tell_one_order_from_another_and_fused_from_not() {
    for are_single in [[false, false], [false, true], [true, false]] {
        let [forward, reversed, fused] = sums(are_single);
        assert_ne!(forward, reversed);
        assert_ne!(forward, fused);
    }
    // All float32: each product is exact, and so fusing is allowed; the order still shows.
    let [forward, reversed, fused] = sums([true, true]);
    assert_ne!(forward, reversed);
    assert_eq!(forward, fused);
}

/// The bias gradient: each column as if it were alone, also where eight are added side by side.
#[test]
fn sums_of_columns_are_sums() {
    let mut random = RandomState::new(5);
    for (rows, columns) in [(0, 3), (1, 8), (37, 8), (37, 19)] {
        for double in [None, Some(0), Some(columns - 1)] {
            let values = Tensor::from_fn(rows, columns, |_, column| {
                let value = random.standard_normal() * 1e3;
                if double == Some(column) {
                    NumpyScalar::float64(value)
                } else {
                    NumpyScalar::float32(value)
                }
            });
            let mut sums = vec![NumpyScalar::python(f64::NAN); columns];
            NumpyScalar::sum_columns_to(values.as_slice(), rows, &mut sums);
            for (column, sum) in sums.into_iter().enumerate() {
                let mut alone = [NumpyScalar::python(f64::NAN)];
                let column_values = values.column(column);
                NumpyScalar::sum_columns_to(column_values.as_slice(), rows, &mut alone);
                let [alone] = alone;
                assert_eq!((sum.value(), sum.kind()), (alone.value(), alone.kind()), "{column}");
            }
        }
    }
}

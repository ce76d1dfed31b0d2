//! The three products against a plain triple loop.

use nnfs_tensor::{
    Scalar, Tensor, multiply_to, multiply_transpose_to, shape_text, transpose_multiply_to,
};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Product<T> = fn(&Tensor<T>, &Tensor<T>, &mut Tensor<T>);

/// The products by name, and which of their operands they transpose.
fn products<T: Scalar>() -> [(&'static str, Product<T>, bool, bool); 3] {
    [
        ("multiply_to", multiply_to, false, false),
        ("transpose_multiply_to", transpose_multiply_to, true, false),
        ("multiply_transpose_to", multiply_transpose_to, false, true),
    ]
}

/// Entry (i, j) of a matrix, or of its transpose.
fn entry<T: Scalar>(matrix: &Tensor<T>, transposed: bool, i: usize, j: usize) -> f64 {
    matrix[if transposed { (j, i) } else { (i, j) }].to_f64()
}

/// Compares a product of rows x inner by inner x columns with sums in double precision.
///
/// A sum of k products, each rounded and each rounded again when it is added, is off by at most
/// k half-epsilons of the sum of the absolute values; so is the sum that it is compared with. If
/// the numbers are `exact`, nothing is ever rounded.
fn check<T: Scalar>(
    (rows, inner, columns): (usize, usize, usize),
    epsilon: f64,
    exact: bool,
    mut number: impl FnMut() -> f64,
) {
    for (name, product, left_transposed, right_transposed) in products::<T>() {
        let mut matrix = |rows, columns, transposed| {
            let (rows, columns) = if transposed { (columns, rows) } else { (rows, columns) };
            Tensor::from_fn(rows, columns, |_, _| T::from_f64(number()))
        };
        let left = matrix(rows, inner, left_transposed);
        let right = matrix(inner, columns, right_transposed);
        // What the outputs held before must not show, in their shape or in another one.
        let mut outputs = Tensor::from_element(columns + 1, rows, T::from_f64(f64::NAN));
        product(&left, &right, &mut outputs);
        outputs.fill(T::from_f64(f64::NAN));
        product(&left, &right, &mut outputs);
        assert_eq!(outputs.shape(), (rows, columns), "{name}");
        for i in 0..rows {
            for j in 0..columns {
                let (mut sum, mut size) = (0.0, 0.0);
                for k in 0..inner {
                    let term =
                        entry(&left, left_transposed, i, k) * entry(&right, right_transposed, k, j);
                    sum += term;
                    size += term.abs();
                }
                let tolerance = if exact { 0.0 } else { epsilon * inner as f64 * size };
                let found = outputs[(i, j)].to_f64();
                assert!(
                    (found - sum).abs() <= tolerance,
                    "{name} of {rows}x{inner} by {inner}x{columns}, entry ({i}, {j}): \
                     {found}, expected {sum}"
                );
            }
        }
    }
}

/// Both kinds of number: whole eighths, whose sums are exact, and decimals, whose sums are not.
fn check_all(shape: (usize, usize, usize), numbers: &[i16]) {
    let cycle = |scale: f64| {
        let mut numbers = numbers.iter().cycle();
        move || f64::from(*numbers.next().expect("an endless cycle")) * scale
    };
    let (single, double) = (f64::from(f32::EPSILON), f64::EPSILON);
    check::<f32>(shape, single, true, cycle(0.125));
    check::<f64>(shape, double, true, cycle(0.125));
    check::<f32>(shape, single, false, cycle(0.1));
    check::<f64>(shape, double, false, cycle(0.1));
}

/// As many numbers as the operands never divide evenly, so that no two rows are alike.
fn numbers() -> impl Strategy<Value = Vec<i16>> {
    prop::collection::vec(-100..=100_i16, 997)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn products_are_sums_of_products(
        rows in 0..=20_usize, inner in 0..=20_usize, columns in 0..=20_usize, numbers in numbers(),
    ) {
        check_all((rows, inner, columns), &numbers);
    }

    #[test]
    fn factors_that_do_not_fit_panic_with_both_shapes(
        left in (0..4_usize, 0..4_usize),
        right in (0..4_usize, 0..4_usize),
    ) {
        for (name, product, left_transposed, right_transposed) in products::<f64>() {
            let zeros = |(rows, columns)| Tensor::zeros(rows, columns);
            let (left, right, mut outputs) = (zeros(left), zeros(right), Tensor::default());
            let turned = |tensor: &Tensor<f64>, transposed| {
                if transposed { tensor.transpose() } else { tensor.clone() }
            };
            let left_factor = turned(&left, left_transposed);
            let right_factor = turned(&right, right_transposed);
            let fits = left_factor.ncols() == right_factor.nrows();
            let message = format!(
                "{name}: a {} matrix cannot be multiplied by a {} one",
                shape_text(&left_factor), shape_text(&right_factor),
            );
            let outcome = catch_unwind(AssertUnwindSafe(|| product(&left, &right, &mut outputs)));
            match outcome {
                Ok(()) => prop_assert!(fits, "no panic: {message}"),
                Err(panic) => {
                    prop_assert!(!fits, "panicked, though the shapes fit");
                    prop_assert_eq!(panic.downcast_ref::<String>(), Some(&message));
                }
            }
        }
    }
}

#[test]
fn larger_and_odd_shapes() {
    // Any fixed numbers between -100 and 100 that do not repeat soon.
    let numbers: Vec<i16> = (0..997_i32).map(|n| (n * n * 31 % 201 - 100) as i16).collect();
    for shape in [
        (65, 33, 17),
        (130, 7, 65),
        (7, 130, 1),
        (1, 257, 33),
        (64, 64, 64),
        (1000, 1, 64),
        (64, 1000, 1),
        (1, 1, 300),
        (129, 300, 5),
    ] {
        check_all(shape, &numbers);
    }
}

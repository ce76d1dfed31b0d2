//! Columns of zeros that a product skips.

use super::*;

/// Skipping zeros changes no bit: a product of many columns, which looks for zeros, has the bits of
/// products of two columns each, which do not.
#[test]
fn skipping_zeros_keeps_the_bits() {
    let draw = |row: usize, column: usize| ((row * 7 + column * 13) as f32).sin();
    let left = Matrix::from_fn(150, 60, |row, column| match column % 3 {
        0 => 0.0,
        1 if row < 100 => 0.0,
        _ => draw(row, column),
    });
    let right = Matrix::from_fn(60, 40, draw);
    let epilogue = Epilogue::None;
    let sets = instruction_sets!(F32);
    let all = products(&sets, left.strided(), right.strided(), epilogue);
    for (index, (name, outputs)) in all.into_iter().enumerate() {
        let in_parts: Vec<f32> = right
            .numbers
            .chunks(2 * 60)
            .flat_map(|few| {
                let few = Strided::new(few, 60, 2);
                products(&sets, left.strided(), few, epilogue).remove(index).1
            })
            .collect();
        let bits = |numbers: &[f32]| numbers.iter().map(|n| n.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&outputs), bits(&in_parts), "{name}");
    }
}

/// A column is not zero if one number of it is not, wherever that is.
#[test]
fn columns_of_zeros_are_found() {
    fn check<V: crate::vector::Vector<Number = f32>>() {
        let mut columns = crate::nonzero::NonZeroColumns::new();
        for rows in 1..4 * V::LANES + 6 {
            let mut values = vec![0.0; 3 * rows];
            for at in rows..2 * rows {
                for value in [f32::NAN, 1.0, f32::MIN_POSITIVE] {
                    values[at] = value;
                    // SAFETY: there are 3 columns of `rows` rows, and an array needs no instructions.
                    let seen = unsafe { columns.find::<V>(values.as_ptr(), rows, (rows, 3)) };
                    assert_eq!(seen, [1], "{value} at {at} of {rows} rows");
                }
                values[at] = 0.0;
            }
        }
    }
    check::<[f32; 4]>();
}

/// A column of zeros is skipped; one with a single NaN is not.
#[test]
fn nan_is_not_zero() {
    let right = Matrix::from_element(2, 40, 1.0);
    for rows in [5, 40, 200] {
        let mut left = Matrix::from_element(rows, 2, 0.0);
        left.numbers[2 * rows - 1] = f32::NAN;
        let (left, right) = (left.strided(), right.strided());
        for (name, outputs) in products(&instruction_sets!(F32), left, right, Epilogue::None) {
            for (index, output) in outputs.into_iter().enumerate() {
                let is_last = index % rows == rows - 1;
                assert!(if is_last { output.is_nan() } else { output == 0.0 }, "{name}, {index}");
            }
        }
    }
}

/// Features and columns of zeros, which tiles of dot products skip, among others: the outputs of the others have the
/// bits of a product without the zeros.
#[test]
fn dot_tiles_skip_zeros() {
    let draw = |row: usize, column: usize| ((row * 7 + column * 13) as f32).sin();
    let is_off = |column: usize| column % 3 == 1;
    for (features, columns) in [(3, 3), (5, 4), (14, 11), (9, 3)] {
        let with_zeros = |row, column| if is_off(column) { 0.0 } else { draw(row, column) };
        let without = |row, column| draw(row, column / 2 * 3 + column % 2 * 2);
        let left = Matrix::from_fn(150, features, with_zeros);
        let right = Matrix::from_fn(150, columns, with_zeros);
        let kept = |count: usize| (0..count).filter(|&column| !is_off(column)).count();
        let dense_left = Matrix::from_fn(150, kept(features), without);
        let dense_right = Matrix::from_fn(150, kept(columns), without);
        for (name, kernels) in instruction_sets!(F32) {
            let product = |left: &Matrix<f32>, right: &Matrix<f32>| {
                let mut outputs = vec![f32::NAN; left.columns * right.columns];
                let (left, right) = (left.strided(), right.strided());
                // SAFETY: the CPU has the instructions.
                unsafe { kernels.transposed_product(left, right, &mut outputs, Size::FewOutputs) };
                outputs
            };
            let mut expected = Vec::new();
            let mut dense = product(&dense_left, &dense_right).into_iter();
            for column in 0..columns {
                for feature in 0..features {
                    let is_zero = is_off(column) || is_off(feature);
                    expected.push(if is_zero { 0.0 } else { dense.next().unwrap() });
                }
            }
            assert_eq!(product(&left, &right), expected, "{name}, {features}x{columns}");
        }
    }
}

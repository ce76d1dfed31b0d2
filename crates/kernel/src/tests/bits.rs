//! The same bits on every path.

use super::*;

/// Numbers whose sums depend on the order, some of them 0 for a few dozen rows.
fn rough<T: Exact>(rows: usize, columns: usize, seed: usize) -> Matrix<T> {
    Matrix::from_fn(rows, columns, |row, column| {
        let is_off = (row / 48 + column + seed).is_multiple_of(3);
        let wave = ((row * 7 + column * 13 + seed) as f64).sin();
        T::from_f64(if is_off { 0.0 } else { wave * wave * wave })
    })
}

fn bits<T: Exact>(numbers: &[T]) -> Vec<u64> {
    numbers.iter().map(|&number| number.bits()).collect()
}

/// The registers with fused multiply-add give the same bits.
fn same_bits<T: Exact>(sets: &[(&str, &InstructionSet<T>)]) {
    let fused = if cfg!(target_arch = "x86_64") { &sets[1..] } else { sets };
    for (rows, inner, columns) in
        [(1, 64, 64), (5, 3, 1), (33, 40, 17), (100, 1100, 9), (2, 7, 200), (2500, 7, 5)]
    {
        let (left, right) = (rough(rows, inner, 1), rough(inner, columns, 2));
        let biases: Matrix<T> = rough(1, columns, 3);
        let epilogue = Epilogue::Bias(&biases.numbers);
        let mut found: Vec<(String, Vec<u64>)> = Vec::new();
        for (name, outputs) in products(fused, left.strided(), right.strided(), epilogue) {
            found.push((name, bits(&outputs)));
        }
        for (name, other) in &found {
            assert!(other == &found[0].1, "{name}: {rows}x{inner} times {inner}x{columns}");
        }
        // A row alone and within the matrix.
        for row in [0, rows - 1] {
            let alone = Matrix::from_fn(1, inner, |_, k| left.numbers[k * rows + row]);
            for (name, outputs) in products(fused, alone.strided(), right.strided(), epilogue) {
                for (column, output) in outputs.iter().enumerate() {
                    let within = found[0].1[column * rows + row];
                    assert_eq!(output.bits(), within, "{name}: row {row}, column {column}");
                }
            }
            let packed = T::pack(right.strided());
            for (name, kernels) in fused {
                let mut outputs = vec![T::from_f64(f64::NAN); columns];
                // SAFETY: the CPU has the instructions.
                unsafe { (kernels.packed_row)(&packed, &alone.numbers, &mut outputs, epilogue) };
                for (column, output) in outputs.iter().enumerate() {
                    let within = found[0].1[column * rows + row];
                    assert_eq!(output.bits(), within, "{name}, packed: row {row}, column {column}");
                }
            }
        }
        let right = rough(rows, columns, 4);
        let mut found: Vec<(Vec<u64>, Vec<u64>)> = Vec::new();
        for (name, kernels) in fused {
            let (left, right) = (left.strided(), right.strided());
            let transposed = |size: Size| {
                let mut outputs = vec![T::ZERO; inner * columns];
                // SAFETY: the CPU has the instructions.
                unsafe { kernels.transposed_product(left, right, &mut outputs, size) };
                bits(&outputs)
            };
            let mut sums = vec![T::ZERO; columns];
            // SAFETY: as above.
            unsafe { (kernels.sum_columns)(right.data(), rows, &mut sums) };
            let usual = [transposed(Size::Usual), bits(&sums)].concat();
            let shapes = format!("{name}, {inner}x{rows} times {rows}x{columns}");
            assert!(transposed(Size::Large) == usual[..inner * columns], "{shapes}, large");
            let few =
                if fits_a_list(inner, columns) { transposed(Size::FewOutputs) } else { vec![] };
            found.push((usual, few));
            assert!(found[0] == found[found.len() - 1], "{shapes}");
        }
    }
}

#[test]
fn every_register_gives_the_same_bits() {
    same_bits::<f32>(&instruction_sets!(F32));
    same_bits::<f64>(&instruction_sets!(F64));
}

/// Each product is negative and too small for a number, and each bias is -0. A sum of 0 is written as +0.
#[test]
fn a_zero_has_no_sign() {
    let is_positive = |numbers: &[f32]| numbers.iter().all(|number| number.to_bits() == 0);
    for (rows, columns) in [(1, 1), (1, 40), (5, 2), (40, 1), (200, 40)] {
        let (left, right) =
            (Matrix::from_element(rows, 3, -1e-30), Matrix::from_element(3, columns, 1e-30));
        let biases = vec![-0.0; columns];
        let sets = instruction_sets!(F32);
        for epilogue in [Epilogue::None, Epilogue::Bias(&biases), Epilogue::BiasRelu(&biases)] {
            for (name, outputs) in products(&sets, left.strided(), right.strided(), epilogue) {
                assert!(is_positive(&outputs), "{name}, {rows}x{columns}, {epilogue:?}");
            }
            for (name, kernels) in &sets {
                let mut outputs = vec![f32::NAN; columns];
                let packed = f32::pack(right.strided());
                // SAFETY: the CPU has the instructions.
                unsafe { (kernels.packed_row)(&packed, &[-1e-30; 3], &mut outputs, epilogue) };
                assert!(is_positive(&outputs), "{name}, packed row, {columns}, {epilogue:?}");
            }
        }
        for (name, kernels) in &sets {
            for (samples, size) in [(1, Size::Usual), (3, Size::Usual), (3, Size::FewOutputs)] {
                let left = Matrix::from_element(samples, rows, -1e-30);
                let right = Matrix::from_element(samples, columns, 1e-30);
                let mut outputs = vec![f32::NAN; rows * columns];
                let mut sums = vec![f32::NAN; 2];
                // SAFETY: the CPU has the instructions.
                unsafe {
                    let (left, right) = (left.strided(), right.strided());
                    kernels.transposed_product(left, right, &mut outputs, size);
                    (kernels.sum_columns)(&vec![-0.0; 2 * samples], samples, &mut sums);
                }
                assert!(
                    is_positive(&outputs),
                    "{name}, {samples} samples, {rows}x{columns}, {size:?}"
                );
                assert!(is_positive(&sums), "{name}, sums of {samples}");
            }
        }
    }
}

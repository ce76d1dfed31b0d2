//! The documented order of every sum, against sums that are computed number by number.

use super::*;

/// `sum + left * right`, rounded as an instruction set rounds it.
type Add<T> = fn(T, T, T) -> T;

/// The arithmetic of an instruction set: SSE2 has no fused multiply-add.
fn arithmetic<T: Exact>(name: &str) -> Add<T> {
    if name == "portable" && cfg!(target_arch = "x86_64") {
        |sum, left, right| sum + left * right
    } else {
        |sum, left, right| left.mul_add(right, sum)
    }
}

/// Adds terms to `count` partial sums: term i to partial sum i mod `count`. Then the partial sums are added in halves.
fn in_partial_sums<T: Exact>(terms: usize, count: usize, add_term: impl Fn(T, usize) -> T) -> T {
    let mut sums = vec![T::ZERO; count];
    for term in 0..terms {
        sums[term % count] = add_term(sums[term % count], term);
    }
    let mut half = count / 2;
    while half > 0 {
        for index in 0..half {
            sums[index] = sums[index] + sums[index + half];
        }
        half /= 2;
    }
    sums[0]
}

/// The sum of `products` of all samples in tiles of dot products: in blocks of at most 4096 bytes, with 64 bytes of
/// partial sums.
fn in_blocks<T: Exact>(samples: usize, add_product: impl Fn(T, usize) -> T) -> T {
    let count = 64 / size_of::<T>();
    let blocks = samples.div_ceil(4096 / size_of::<T>());
    let block = samples.div_ceil(blocks).next_multiple_of(count);
    let sums = (0..samples).step_by(block).map(|first| {
        let terms = block.min(samples - first);
        in_partial_sums(terms, count, |sum, term| add_product(sum, first + term))
    });
    sums.reduce(|total, sum| total + sum).unwrap()
}

/// The forward product: each sum begins with its bias and adds the products one after another.
fn check_product<T: Exact>(sets: &[(&str, &InstructionSet<T>)]) {
    for (rows, inner, columns) in [(1, 40, 9), (2, 1, 3), (130, 270, 131), (5, 1100, 2)] {
        let (left, right): (Matrix<T>, Matrix<T>) =
            (rough(rows, inner, 1), rough(inner, columns, 2));
        let biases: Matrix<T> = rough(1, columns, 3);
        let epilogue = Epilogue::Bias(&biases.numbers);
        for set in sets {
            let add = arithmetic::<T>(set.0);
            for (name, outputs) in products(&[*set], left.strided(), right.strided(), epilogue) {
                for (index, output) in outputs.iter().enumerate() {
                    let (row, column) = (index % rows, index / rows);
                    let expected = (0..inner).fold(biases.numbers[column], |sum, k| {
                        let right = right.numbers[column * inner + k];
                        add(sum, left.numbers[k * rows + row], right)
                    });
                    assert_eq!(output.bits(), expected.bits(), "{name}, {rows}x{inner}x{columns}");
                }
            }
        }
    }
}

/// Numbers whose sums depend on the order.
fn rough<T: Exact>(rows: usize, columns: usize, seed: usize) -> Matrix<T> {
    Matrix::from_fn(rows, columns, |row, column| {
        T::from_f64(((row * 7 + column * 13 + seed) as f64).sin().powi(3))
    })
}

fn check<T: Exact>(sets: &[(&str, &InstructionSet<T>)]) {
    for (samples, features, columns) in
        [(2500, 7, 5), (1025, 3, 2), (1024, 2, 9), (33, 40, 17), (515, 1, 1), (2, 3, 4)]
    {
        let (left, right) = (rough::<T>(samples, features, 1), rough::<T>(samples, columns, 2));
        for (name, kernels) in sets {
            let add = arithmetic::<T>(name);
            let add_product = |sum, sample, feature, column| {
                let left = left.numbers[feature * samples + sample];
                add(sum, left, right.numbers[column * samples + sample])
            };
            let case = format!("{name}: {samples} samples, {features}x{columns}");
            let check = |size, order: &str, expected: &dyn Fn(usize, usize) -> T| {
                let mut outputs = vec![T::ZERO; features * columns];
                // SAFETY: the CPU has the instructions.
                unsafe {
                    let (left, right) = (left.strided(), right.strided());
                    kernels.transposed_product(left, right, &mut outputs, size);
                }
                for (index, output) in outputs.iter().enumerate() {
                    let expected = expected(index % features, index / features);
                    assert_eq!(output.bits(), expected.bits(), "{case}, {order}, output {index}");
                }
            };
            if columns == 1 {
                check(Size::Usual, "dots", &|feature, column| {
                    in_partial_sums(samples, 256 / size_of::<T>(), |sum, sample| {
                        add_product(sum, sample, feature, column)
                    })
                });
            } else {
                check(Size::FewOutputs, "tiles of dot products", &|feature, column| {
                    in_blocks(samples, |sum, sample| add_product(sum, sample, feature, column))
                });
                for size in [Size::Usual, Size::Large] {
                    check(size, "one after another", &|feature, column| {
                        (0..samples).fold(T::ZERO, |sum, at| add_product(sum, at, feature, column))
                    });
                }
            }
            let mut sums = vec![T::ZERO; columns];
            // SAFETY: as above.
            unsafe { (kernels.sum_columns)(&right.numbers, samples, &mut sums) };
            for (column, sum) in sums.into_iter().enumerate() {
                let column = &right.numbers[column * samples..][..samples];
                let count = 256 / size_of::<T>();
                let expected = in_partial_sums(samples, count, |sum: T, at| sum + column[at]);
                assert_eq!(sum.bits(), expected.bits(), "{case}, sums of columns");
            }
        }
    }
}

#[test]
fn every_sum_has_the_documented_order() {
    check::<f32>(&instruction_sets!(F32));
    check::<f64>(&instruction_sets!(F64));
    check_product::<f32>(&instruction_sets!(F32));
    check_product::<f64>(&instruction_sets!(F64));
}

//! The index arithmetic of partial tiles: every size up to a little above two of them, and sizes around those of the
//! blocks.
//!
//! Operands and outputs are parts of longer data. A number that is read outside an operand is NaN, and so is the
//! output that it reaches. A number that is written outside the outputs changes their surroundings. Each size is also
//! tried without surroundings, where AddressSanitizer and Valgrind see any access outside.

use std::collections::BTreeMap;

use super::*;

/// Numbers before and after an operand: more than four of the widest registers, and an odd number, so that an operand
/// does not begin with a register.
const AROUND: usize = 67;
/// What surrounds the outputs.
const CANARY: f64 = 12345.0;

/// A matrix, and what surrounds it.
struct Guarded<T> {
    numbers: Vec<T>,
    around: usize,
    guard: T,
}

impl<T: Exact> Guarded<T> {
    /// Some columns of numbers.
    fn new<'a>(around: usize, guard: f64, columns: impl Iterator<Item = &'a [T]>) -> Self {
        let guard = T::from_f64(guard);
        let mut numbers = vec![guard; around];
        columns.for_each(|column| numbers.extend_from_slice(column));
        numbers.resize(numbers.len() + around, guard);
        numbers.shrink_to_fit();
        Self { numbers, around, guard }
    }

    /// The first rows and columns of a matrix.
    fn corner(around: usize, matrix: &Matrix<T>, rows: usize, columns: usize) -> Self {
        assert!(rows <= matrix.rows && columns <= matrix.columns);
        let column = |column| &matrix.numbers[column * matrix.rows..][..rows];
        Self::new(around, f64::NAN, (0..columns).map(column))
    }

    /// Outputs, which are not a number until they are written.
    fn outputs(around: usize, count: usize) -> Self {
        let outputs = vec![T::from_f64(f64::NAN); count];
        Self::new(around, CANARY, std::iter::once(outputs.as_slice()))
    }

    fn inside(&self) -> &[T] {
        &self.numbers[self.around..self.numbers.len() - self.around]
    }

    fn inside_mut(&mut self) -> &mut [T] {
        let end = self.numbers.len() - self.around;
        &mut self.numbers[self.around..end]
    }

    /// Checks outputs beside the corner of a product.
    fn check(
        &self,
        expected: &Matrix<f64>,
        (rows, columns): (usize, usize),
        epilogue: Epilogue<'_, T>,
        case: impl Fn() -> String,
    ) {
        let outside =
            self.numbers[..self.around].iter().chain(self.numbers.iter().rev().take(self.around));
        assert!(outside.copied().all(|number| number == self.guard), "{}: written outside", case());
        for column in 0..columns {
            let bias = epilogue.biases().map_or(0.0, |biases| biases[column].to_f64());
            let sums = &expected.numbers[column * expected.rows..][..rows];
            for (row, (&sum, output)) in
                sums.iter().zip(&self.inside()[column * rows..]).enumerate()
            {
                let is_relu = matches!(epilogue, Epilogue::BiasRelu(_));
                let expected = if is_relu { (sum + bias).max(0.0) } else { sum + bias };
                assert!(
                    output.to_f64() == expected,
                    "{}, row {row}, column {column}: expected {expected}, found {output:?}",
                    case()
                );
            }
        }
    }
}

/// All combinations of some rows, inner sizes and columns.
struct Sizes {
    rows: Vec<usize>,
    inner: Vec<usize>,
    columns: Vec<usize>,
}

impl Sizes {
    fn each(&self, mut check: impl FnMut(usize, usize, usize)) {
        for &rows in &self.rows {
            for &inner in &self.inner {
                for &columns in &self.columns {
                    check(rows, inner, columns);
                }
            }
        }
    }

    fn largest(&self) -> [usize; 3] {
        [&self.rows, &self.inner, &self.columns]
            .map(|sizes| sizes.iter().copied().max().unwrap_or(0))
    }

    /// The product of two matrices, for each inner size.
    fn products<T: Exact>(
        &self,
        left: impl Fn(usize, usize) -> T,
        right: &Matrix<T>,
    ) -> BTreeMap<usize, Matrix<f64>> {
        let [rows, inner, columns] = self.largest();
        let mut sums = Matrix::from_element(rows, columns, 0.0);
        let mut products = BTreeMap::new();
        for k in 0..=inner {
            if self.inner.contains(&k) {
                products.insert(k, Matrix { numbers: sums.numbers.clone(), ..sums });
            }
            if k < inner {
                for (column, sums) in sums.numbers.chunks_mut(rows.max(1)).enumerate() {
                    let factor = right.numbers[column * inner + k].to_f64();
                    for (row, sum) in sums.iter_mut().enumerate() {
                        *sum += left(row, k).to_f64() * factor;
                    }
                }
            }
        }
        products
    }
}

/// Both kinds of surroundings, and both kinds of loops.
fn variants() -> impl Iterator<Item = (usize, bool)> {
    [AROUND, 0].into_iter().flat_map(|around| [(around, false), (around, true)])
}

/// Products of a left operand whose rows are side by side.
fn check_products<T: Exact>(name: &str, kernels: &InstructionSet<T>, sizes: &Sizes) {
    let [rows, inner, columns] = sizes.largest();
    let (left, right): (Matrix<T>, Matrix<T>) = (matrix(rows, inner, 1), matrix(inner, columns, 2));
    let transposed = Matrix::from_fn(columns, inner, |column, k| right.numbers[column * inner + k]);
    let biases: Matrix<T> = matrix(1, columns, 3);
    let expected = sizes.products(|row, k| left.numbers[k * rows + row], &right);
    sizes.each(|rows, inner, columns| {
        for (around, is_large) in variants() {
            let left = Guarded::corner(around, &left, rows, inner);
            let biases = Guarded::corner(around, &biases, 1, columns);
            for is_transposed in [false, true] {
                let right = if is_transposed {
                    Guarded::corner(around, &transposed, columns, inner)
                } else {
                    Guarded::corner(around, &right, inner, columns)
                };
                let right = if is_transposed {
                    Strided::new(right.inside(), columns, inner).transpose()
                } else {
                    Strided::new(right.inside(), inner, columns)
                };
                let biases = biases.inside();
                for epilogue in [Epilogue::None, Epilogue::Bias(biases), Epilogue::BiasRelu(biases)] {
                    let case = |kind: &str| {
                        format!(
                            "{name}, {rows}x{inner} times {inner}x{columns}, {kind}, large: {is_large}, \
                             transposed: {is_transposed}, around: {around}, {epilogue:?}"
                        )
                    };
                    let expected = &expected[&inner];
                    let left = Strided::new(left.inside(), rows, inner);
                    let mut outputs = Guarded::outputs(around, rows * columns);
                    // SAFETY: the CPU has the instructions.
                    unsafe { kernels.product(left, right, outputs.inside_mut(), epilogue, is_large) };
                    outputs.check(expected, (rows, columns), epilogue, || case("product"));
                    if rows == 1 && !is_large {
                        let packed = T::pack(right);
                        let packed = Guarded::new(around, f64::NAN, std::iter::once(packed.as_slice()));
                        let mut outputs = Guarded::outputs(around, columns);
                        // SAFETY: the CPU has the instructions.
                        unsafe {
                            let (packed, outputs) = (packed.inside(), outputs.inside_mut());
                            (kernels.packed_row)(packed, left.data(), outputs, epilogue);
                        }
                        outputs.check(expected, (1, columns), epilogue, || case("packed row"));
                    }
                }
            }
        }
    });
}

/// Products of a transposed left operand, and sums of columns.
fn check_transposed<T: Exact>(name: &str, kernels: &InstructionSet<T>, sizes: &Sizes) {
    let [rows, inner, columns] = sizes.largest();
    let (left, right): (Matrix<T>, Matrix<T>) = (matrix(inner, rows, 1), matrix(inner, columns, 2));
    let expected = sizes.products(|row, k| left.numbers[row * inner + k], &right);
    let ones = Matrix::from_element(1, inner, T::from_f64(1.0));
    let sums = Sizes { rows: vec![1], inner: sizes.inner.clone(), columns: sizes.columns.clone() }
        .products(|_, k| ones.numbers[k], &right);
    sizes.each(|rows, inner, columns| {
        let sizes = || transposed_sizes(rows, columns);
        for (around, size) in [AROUND, 0].into_iter().flat_map(|around| sizes().map(move |size| (around, size))) {
            let case = |kind: &str| {
                format!(
                    "{name}, {inner}x{rows} transposed times {inner}x{columns}, {kind}, {size:?}, around: {around}"
                )
            };
            let left = Guarded::corner(around, &left, inner, rows);
            let right = Guarded::corner(around, &right, inner, columns);
            let mut outputs = Guarded::outputs(around, rows * columns);
            let (left, values) = (Strided::new(left.inside(), inner, rows), right.inside());
            let right = Strided::new(values, inner, columns);
            // SAFETY: the CPU has the instructions.
            unsafe { kernels.transposed_product(left, right, outputs.inside_mut(), size) };
            outputs.check(&expected[&inner], (rows, columns), Epilogue::None, || case("product"));
            if rows == 1 && matches!(size, Size::Usual) {
                let mut outputs = Guarded::outputs(around, columns);
                // SAFETY: the CPU has the instructions.
                unsafe { (kernels.sum_columns)(values, inner, outputs.inside_mut()) };
                outputs.check(&sums[&inner], (1, columns), Epilogue::None, || case("sums"));
            }
        }
    });
}

/// The lanes of a register, and the registers of rows and the columns of a tile of an instruction set.
fn tile<T>(name: &str) -> (usize, usize, usize) {
    let (bytes, registers, columns) = match name {
        "avx512" => (64, 3, 8),
        "avx2" => (32, 2, 4),
        _ if cfg!(target_arch = "aarch64") => (16, 3, 4),
        _ => (16, 2, 4),
    };
    (bytes / size_of::<T>(), registers, columns)
}

fn up_to(last: usize) -> Vec<usize> {
    // Miri has time for a few sizes.
    (0..=last).step_by(if cfg!(miri) { 5 } else { 1 }).collect()
}

/// Every size of partial tiles. A panel has up to 2 or 3 registers of rows.
fn check_tiles<T: Exact>(sets: &[(&str, &InstructionSet<T>)]) {
    for (name, kernels) in sets {
        let (lanes, _, columns) = tile::<T>(name);
        // Two panels or more, and the 4 registers that are divided into 2 and 2.
        let rows = up_to(7 * lanes + 1);
        let sizes = Sizes { rows: rows.clone(), inner: up_to(3), columns: up_to(2 * columns + 3) };
        check_products(name, kernels, &sizes);
        // A single column has panels of 8 registers. A single row has squares of weights.
        let sizes = Sizes { rows: up_to(17 * lanes + 1), inner: up_to(3), columns: vec![1] };
        check_products(name, kernels, &sizes);
        let squares = up_to(2 * lanes + 1);
        let sizes = Sizes { rows: vec![1], inner: squares.clone(), columns: up_to(9 * lanes + 1) };
        check_products(name, kernels, &sizes);
        let group = lanes.max(columns);
        let sizes = Sizes { rows, inner: squares, columns: up_to(2 * group + 1) };
        check_transposed(name, kernels, &sizes);
        // Dot products and sums of columns have 256 bytes of partial sums.
        let sums = 256 / size_of::<T>();
        let sizes = Sizes { rows: up_to(3), inner: up_to(2 * sums + 1), columns: up_to(3) };
        check_transposed(name, kernels, &sizes);
    }
}

/// Sizes around those of the blocks: 128 or 256 steps, and 64 or 128 columns.
#[cfg(not(miri))]
fn check_blocks<T: Exact>(sets: &[(&str, &InstructionSet<T>)]) {
    for (name, kernels) in sets {
        let (lanes, registers, _) = tile::<T>(name);
        // Four panels at a time are copied.
        let panel = registers * lanes;
        let rows = vec![1, lanes - 1, lanes + 1, panel, 4 * panel - 1, 4 * panel, 4 * panel + 1];
        let sizes = Sizes {
            rows,
            inner: vec![127, 128, 129, 255, 256, 257],
            columns: vec![63, 64, 65, 127, 128, 129],
        };
        check_products(name, kernels, &sizes);
        check_transposed(name, kernels, &sizes);
        // Lists have 1024 entries.
        let around = vec![1023, 1024, 1025];
        let few = vec![1, lanes + 1];
        for (rows, inner, columns) in [
            (around.clone(), few.clone(), few.clone()),
            (few.clone(), around.clone(), few.clone()),
            (few.clone(), few, around.clone()),
            (around, vec![129], vec![9]),
        ] {
            let sizes = Sizes { rows, inner, columns };
            check_products(name, kernels, &sizes);
            check_transposed(name, kernels, &sizes);
        }
    }
}

#[test]
fn partial_tiles_stay_inside() {
    check_tiles(&instruction_sets!(F32));
}

#[test]
fn partial_tiles_of_double_precision_stay_inside() {
    check_tiles(&instruction_sets!(F64));
}

#[cfg(not(miri))]
#[test]
fn partial_blocks_stay_inside() {
    check_blocks(&instruction_sets!(F32));
}

#[cfg(not(miri))]
#[test]
fn partial_blocks_of_double_precision_stay_inside() {
    check_blocks(&instruction_sets!(F64));
}

//! The products and sums of `f32` and `f64`: which loop computes them.
//!
//! - `instruction_set`: the loops, compiled for each instruction set;
//! - `vector`: a register of an instruction set and its operations;
//! - `tile`: a product whose left operand has its rows side by side (forward, input gradient);
//! - `packed`: the same for a right operand that is too large for the caches, in packed blocks;
//! - `transposed`: a product with a transposed left operand (weight gradient), by blocks of samples;
//! - `dot_tile`: the same with few outputs, by tiles of dot products;
//! - `nonzero`: the columns of an operand that are not zero; all of these skip the others;
//! - `row`: products of a single row;
//! - `dot`: sums, and products that are dot products;
//! - `peak`: the limit of a core, for benchmarks;
//! - `threads`: a product divided among threads.
//!
//! The order in which a sum is added does not depend on the instruction set, the position of an output or the
//! number of threads. In a product with a transposed left operand it depends on the shapes; in any other product it
//! does not depend on the number of rows.

use crate::dot_tile;
use crate::instruction_set::{InstructionSet, portable};
#[cfg(target_arch = "x86_64")]
use crate::instruction_set::{avx2, avx512};
use crate::instructions::Instructions;
use crate::packed::Packed;
use crate::peak::Peak;
use crate::row::pack;
use crate::threads::{Product, ROWS_TO_SHARE, share, share_rows};
use crate::tile::Operands;
use crate::vectorize::{Loop, vectorize};
use crate::{Epilogue, Kernels, Strided};

/// Which loop computes a product with a transposed left operand.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Size {
    /// Few outputs: tiles of dot products.
    FewOutputs,
    /// Blocks of transposed samples.
    Usual,
    /// The same, with a right operand that is too large for the caches.
    Large,
}

/// A kind of number with kernels for each instruction set.
pub(crate) trait Number: Kernels {
    /// The best instruction set that this CPU has.
    fn instruction_set() -> &'static InstructionSet<Self>;

    /// `self * factor + term`, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
}

impl<T: Number> InstructionSet<T> {
    /// `outputs = epilogue(left * right)`, column-major. Each sum begins with its bias and adds the products
    /// one after another. `is_large` selects the loop for a right operand that is too large for the caches.
    ///
    /// # Safety
    /// The CPU must have the instructions.
    pub(crate) unsafe fn product(
        &self,
        left: Strided<'_, T>,
        right: Strided<'_, T>,
        outputs: &mut [T],
        epilogue: Epilogue<'_, T>,
        is_large: bool,
    ) {
        check(left, right, outputs);
        if let Epilogue::Bias(biases) | Epilogue::BiasRelu(biases) = epilogue {
            assert_eq!(biases.len(), right.columns(), "number of biases");
        }
        if outputs.is_empty() {
            return;
        }
        if left.columns() == 0 {
            outputs.fill(T::ZERO);
            return epilogue.apply(outputs, left.rows());
        }
        // Without an epilogue, a single row is a single column of the transposed product, whose numbers may
        // be side by side.
        let is_row = left.rows() == 1 && right.column_stride() == 1 && epilogue == Epilogue::None;
        let (left, right) =
            if is_row { (right.transpose(), left.transpose()) } else { (left, right) };
        if left.row_stride() != 1 {
            return vectorize(InOrder { left, right, outputs, epilogue });
        }
        let is_row = left.rows() == 1 && left.column_stride() == 1 && right.row_stride() == 1;
        let kernel = if is_row {
            self.row
        } else if is_large {
            self.plain_large
        } else {
            self.plain
        };
        let (rows, columns) = (left.rows(), right.columns());
        // SAFETY: a `Strided` is a whole matrix or some of its columns, so every element inside its rows
        // and columns is inside its data. There are `rows * columns` outputs, and as a mutable slice they
        // overlap nothing else.
        unsafe { share_rows(kernel, operands(left, right, outputs), (rows, columns), epilogue) };
    }

    /// `outputs = left^T * right`, column-major, one sample after another; or, if there are few outputs, in the
    /// order of `dot_tile`; or, if there is a single column or a single feature, in the order of `dot`.
    ///
    /// # Safety
    /// The CPU must have the instructions.
    pub(crate) unsafe fn transposed_product(
        &self,
        left: Strided<'_, T>,
        right: Strided<'_, T>,
        outputs: &mut [T],
        size: Size,
    ) {
        check(left.transpose(), right, outputs);
        assert!(left.row_stride() == 1 && right.row_stride() == 1, "the rows are side by side");
        if outputs.is_empty() || left.rows() == 0 {
            return outputs.fill(T::ZERO);
        }
        // A single feature is a single column if both operands are exchanged.
        let is_row = left.columns() == 1;
        let (left, right) = if is_row { (right, left) } else { (left, right) };
        let (rows, columns) = (left.columns(), right.columns());
        let operands = Operands {
            output_column_stride: rows,
            inner: left.rows(),
            ..operands(left, right, outputs)
        };
        let kernel = if operands.inner == 1 {
            // A single sample is the only column of the transposed operand.
            self.plain
        } else if columns == 1 {
            self.dots
        } else {
            match size {
                Size::FewOutputs => self.dot_tiles,
                Size::Usual => self.transposed,
                Size::Large => self.transposed_large,
            }
        };
        // SAFETY: as in `product`.
        unsafe { kernel(operands, (rows, columns), Epilogue::None) };
    }
}

/// Checks the sizes of a product.
fn check<T: Copy>(left: Strided<'_, T>, right: Strided<'_, T>, outputs: &[T]) {
    assert_eq!(left.columns(), right.rows(), "inner dimensions");
    let count = left.rows().checked_mul(right.columns());
    assert_eq!(Some(outputs.len()), count, "number of outputs");
}

fn operands<T: Copy>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
) -> Operands<T> {
    Operands {
        left: left.data().as_ptr(),
        left_column_stride: left.column_stride(),
        right: right.data().as_ptr(),
        right_row_stride: right.row_stride(),
        right_column_stride: right.column_stride(),
        outputs: outputs.as_mut_ptr(),
        output_column_stride: left.rows(),
        inner: left.columns(),
    }
}

/// A product whose left operand has other strides, which no layer needs: the same bits, one number after
/// another.
struct InOrder<'a, T> {
    left: Strided<'a, T>,
    right: Strided<'a, T>,
    outputs: &'a mut [T],
    epilogue: Epilogue<'a, T>,
}

impl<T: Number> Loop for InOrder<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { left, right, outputs, epilogue } = self;
        let is_fused = Instructions::of_this_cpu().is_fused();
        let rows = left.rows();
        for (index, output) in outputs.iter_mut().enumerate() {
            let (row, column) = (index % rows, index / rows);
            let mut sum = epilogue.biases().map_or(T::ZERO, |biases| biases[column]);
            for k in 0..left.columns() {
                let (left, right) = (left.data_from(row, k)[0], right.data_from(k, column)[0]);
                sum = if is_fused { left.mul_add(right, sum) } else { sum + left * right };
            }
            *output = sum + T::ZERO;
        }
        epilogue.finish(outputs);
    }
}

/// The product and the sums of one kind of number.
macro_rules! number {
    ($number:ty: $instruction_set:ident) => {
        impl Number for $number {
            #[inline]
            fn instruction_set() -> &'static InstructionSet<Self> {
                match Instructions::of_this_cpu() {
                    #[cfg(target_arch = "x86_64")]
                    Instructions::Avx512 => &avx512::$instruction_set,
                    #[cfg(target_arch = "x86_64")]
                    Instructions::Avx2 => &avx2::$instruction_set,
                    Instructions::Portable => &portable::$instruction_set,
                }
            }

            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                self.mul_add(factor, term)
            }
        }

        impl Peak for $number {
            fn multiply_adds(rounds: usize) -> (usize, Self) {
                // SAFETY: it is the instruction set of this CPU.
                unsafe { (Self::instruction_set().multiply_adds)(rounds) }
            }
        }

        impl Kernels for $number {
            const ZERO: Self = 0.0;

            fn product(
                left: Strided<'_, Self>,
                right: Strided<'_, Self>,
                outputs: &mut [Self],
                epilogue: Epilogue<'_, Self>,
            ) {
                product(left, right, outputs, epilogue);
            }
            fn transposed_product(
                left: Strided<'_, Self>,
                right: Strided<'_, Self>,
                outputs: &mut [Self],
            ) {
                transposed_product(left, right, outputs);
            }
            fn pack(weights: Strided<'_, Self>) -> Vec<Self> {
                pack(weights)
            }
            fn row_product(
                inputs: &[Self],
                packed: &[Self],
                outputs: &mut [Self],
                epilogue: Epilogue<'_, Self>,
            ) {
                // SAFETY: it is the instruction set of this CPU.
                unsafe { (Self::instruction_set().packed_row)(packed, inputs, outputs, epilogue) }
            }
            fn sum_columns_to(values: &[Self], rows: usize, sums: &mut [Self]) {
                // SAFETY: it is the instruction set of this CPU.
                unsafe { (Self::instruction_set().sum_columns)(values, rows, sums) }
            }
            #[inline]
            fn flush(self) -> Self {
                if self.abs() < Self::MIN_POSITIVE { 0.0 } else { self }
            }
        }
    };
}
number!(f32: F32);
number!(f64: F64);

/// `outputs = epilogue(left * right)`, column-major, on the threads of the pool that it is called in. They
/// share the rows, or the columns if there are few rows.
fn product<T: Number>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    epilogue: Epilogue<'_, T>,
) {
    if left.rows() >= ROWS_TO_SHARE {
        whole_product(left, right, outputs, epilogue);
    } else {
        share(left, right, outputs, epilogue, whole_product);
    }
}

fn whole_product<T: Number>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    epilogue: Epilogue<'_, T>,
) {
    let is_large = Packed::<T>::is_worth(left.rows(), left.columns(), right.columns());
    // SAFETY: it is the instruction set of this CPU.
    unsafe { T::instruction_set().product(left, right, outputs, epilogue, is_large) }
}

/// `outputs = left^T * right`, column-major, on the threads of the pool that it is called in, which share its
/// columns. Few outputs are added in another order, so the number of outputs of the whole product counts.
fn transposed_product<T: Number>(left: Strided<'_, T>, right: Strided<'_, T>, outputs: &mut [T]) {
    let has_few_outputs = dot_tile::is_worth(left.rows(), left.columns(), right.columns());
    let product: Product<T> = if has_few_outputs {
        |left, right, outputs, _| {
            whole_transposed_product(left, right, outputs, Size::FewOutputs);
        }
    } else {
        |left, right, outputs, _| {
            let is_large = Packed::<T>::is_worth(left.rows(), left.columns(), right.columns());
            let size = if is_large { Size::Large } else { Size::Usual };
            whole_transposed_product(left, right, outputs, size);
        }
    };
    share(left.transpose(), right, outputs, Epilogue::None, product);
}

fn whole_transposed_product<T: Number>(
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    outputs: &mut [T],
    size: Size,
) {
    // SAFETY: it is the instruction set of this CPU.
    unsafe { T::instruction_set().transposed_product(left.transpose(), right, outputs, size) }
}

//! The operations of this crate that each kind of number has its own version of.

use std::ops::{Add, AddAssign, Mul};

use crate::{Epilogue, Strided};

/// A kind of number with its products and sums.
///
/// `f32` and `f64` have versions for the registers of the CPU. Another kind of number needs to give
/// its zero; the provided methods are plain loops.
///
/// ```
/// use nnfs_kernel::{Epilogue, Kernels, Strided};
/// use std::ops::{Add, AddAssign, Mul};
///
/// /// A whole number of quarters.
/// #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
/// struct Quarters(i64);
/// impl Add for Quarters {
///     type Output = Self;
///     fn add(self, other: Self) -> Self {
///         Self(self.0 + other.0)
///     }
/// }
/// impl AddAssign for Quarters {
///     fn add_assign(&mut self, other: Self) {
///         self.0 += other.0;
///     }
/// }
/// impl Mul for Quarters {
///     type Output = Self;
///     fn mul(self, other: Self) -> Self {
///         Self(self.0 * other.0 / 4)
///     }
/// }
/// impl Kernels for Quarters {
///     const ZERO: Self = Self(0);
/// }
///
/// // [0.5 1.0] * [2.0; 3.0] + 0.25
/// let (left, right) = ([Quarters(2), Quarters(4)], [Quarters(8), Quarters(12)]);
/// let mut outputs = [Quarters::ZERO];
/// let epilogue = Epilogue::Bias(&[Quarters(1)]);
/// Quarters::product(Strided::new(&left, 1, 2), Strided::new(&right, 2, 1), &mut outputs, epilogue);
/// assert_eq!(outputs, [Quarters(17)]);
/// ```
pub trait Kernels:
    Copy + PartialOrd + Add<Output = Self> + Mul<Output = Self> + AddAssign + Send + Sync + 'static
{
    /// Zero.
    const ZERO: Self;

    /// Writes `epilogue(left * right)` into `outputs`, column-major.
    ///
    /// The caller has checked the sizes: `left` is m x k, `right` is k x n, and there are m * n
    /// outputs and n biases.
    ///
    /// By default a plain loop that adds the products of an output in the order of k.
    fn product(
        left: Strided<'_, Self>,
        right: Strided<'_, Self>,
        outputs: &mut [Self],
        epilogue: Epilogue<'_, Self>,
    ) {
        let rows = left.rows();
        for (index, output) in outputs.iter_mut().enumerate() {
            let (row, column) = (index % rows, index / rows);
            *output = (0..left.columns()).fold(Self::ZERO, |sum, k| {
                sum + left.data_from(row, k)[0] * right.data_from(k, column)[0]
            });
        }
        epilogue.apply(outputs, rows);
    }

    /// Writes `left^T * right` into `outputs`, column-major: a sum over the rows of both.
    ///
    /// The caller has checked the sizes: `left` is k x m, `right` is k x n, and there are m * n outputs.
    /// The rows of both are side by side.
    ///
    /// By default the [product](Kernels::product) with the transposed matrix.
    fn transposed_product(left: Strided<'_, Self>, right: Strided<'_, Self>, outputs: &mut [Self]) {
        Self::product(left.transpose(), right, outputs, Epilogue::None);
    }

    /// The weights of a layer, inputs x outputs, in the order in which [`Kernels::row_product`] reads them.
    ///
    /// By default column by column.
    fn pack(weights: Strided<'_, Self>) -> Vec<Self> {
        let (inputs, outputs) = (weights.rows(), weights.columns());
        let entry = |output, input| weights.data_from(input, output)[0];
        (0..outputs).flat_map(|output| (0..inputs).map(move |input| entry(output, input))).collect()
    }

    /// Writes `epilogue(inputs * weights)` into `outputs`, for a single row of inputs and
    /// [packed](Kernels::pack) weights: the same bits as the [product](Kernels::product), faster.
    ///
    /// # Panics
    /// If the number of packed weights does not fit.
    fn row_product(
        inputs: &[Self],
        packed: &[Self],
        outputs: &mut [Self],
        epilogue: Epilogue<'_, Self>,
    ) {
        let weights = Strided::new(packed, inputs.len(), outputs.len());
        Self::product(Strided::new(inputs, 1, inputs.len()), weights, outputs, epilogue);
    }

    /// Writes the sum of each column of a column-major matrix.
    ///
    /// By default it adds one value after another, as NumPy adds the rows of a matrix of several
    /// columns. (NumPy adds a single column in pairs, which differs in the last digits of double
    /// precision.)
    ///
    /// # Panics
    /// If there are not `rows` values for each sum.
    fn sum_columns_to(values: &[Self], rows: usize, sums: &mut [Self]) {
        assert_eq!(Some(values.len()), rows.checked_mul(sums.len()), "number of values");
        for (column, sum) in sums.iter_mut().enumerate() {
            let values = &values[column * rows..][..rows];
            *sum = values.iter().fold(Self::ZERO, |sum, &value| sum + value);
        }
    }

    /// Zero instead of a number below the normal range (1e-38 for `f32`), which a CPU computes with a
    /// hundred times more slowly. Only for state that decays over many steps.
    ///
    /// By default the number itself.
    #[must_use]
    #[inline]
    fn flush(self) -> Self {
        self
    }
}

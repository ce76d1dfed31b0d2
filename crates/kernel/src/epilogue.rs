//! What a product does with its sums before it writes them.

use crate::Kernels;

/// What a product does with its sums before it writes them: the rest of a dense layer.
///
/// The term is that of cuBLAS, CUTLASS and oneDNN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Epilogue<'a, T> {
    /// Nothing.
    None,
    /// Adds the bias of the column.
    Bias(&'a [T]),
    /// Adds the bias of the column, then applies ReLU: a result that is not above 0 becomes 0. NaN
    /// stays NaN.
    BiasRelu(&'a [T]),
}

impl<'a, T> Epilogue<'a, T> {
    /// The biases, one for each column.
    #[inline]
    pub fn biases(self) -> Option<&'a [T]> {
        match self {
            Self::None => None,
            Self::Bias(biases) | Self::BiasRelu(biases) => Some(biases),
        }
    }

    /// The epilogue of `count` columns, beginning at `first`.
    pub(crate) fn of_columns(self, first: usize, count: usize) -> Self {
        match self {
            Self::None => Self::None,
            Self::Bias(biases) => Self::Bias(&biases[first..first + count]),
            Self::BiasRelu(biases) => Self::BiasRelu(&biases[first..first + count]),
        }
    }

    /// The epilogue of one part of the inner dimension, where the sums are made in parts. The sums
    /// start from the bias; ReLU follows the last part.
    pub(crate) fn of_inner(self, first: usize, count: usize, inner: usize) -> Self {
        match self {
            Self::BiasRelu(biases) if first + count < inner => Self::Bias(biases),
            epilogue => epilogue,
        }
    }
}

impl<T: Kernels> Epilogue<'_, T> {
    /// Applies the epilogue to sums without a bias: column-major, `rows` in each column.
    pub fn apply(self, outputs: &mut [T], rows: usize) {
        let Some(biases) = self.biases() else { return };
        for (column, &bias) in outputs.chunks_exact_mut(rows.max(1)).zip(biases) {
            for output in column {
                *output += bias;
            }
        }
        self.finish(outputs);
    }

    /// Applies what follows the bias.
    pub(crate) fn finish(self, outputs: &mut [T]) {
        if let Self::BiasRelu(_) = self {
            for output in outputs {
                *output = if *output <= T::ZERO { T::ZERO } else { *output };
            }
        }
    }
}

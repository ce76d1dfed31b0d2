#![doc = include_str!("../README.md")]

mod argmax;
mod buffer;
mod description;
mod dtype;
mod elementwise;
mod error;
mod layer;
mod link;
mod loss;
mod optimizer;
mod parameter;
mod product;
mod row;
mod scalar;
mod softmax;
mod standard_normal;
mod stream;
mod trainable;
mod verbs;
mod weights;

pub use argmax::{argmax, argmax_rows};
pub use buffer::{assert_same_shape, assert_shape, resize_mut, shape_text};
pub use description::{Description, Setting};
pub use dtype::Dtype;
pub use elementwise::Elementwise;
pub use error::{SettingError, ShapeError, UnknownName};
pub use layer::{CloneLayer, Layer};
pub use link::OutputLink;
pub use loss::Loss;
pub use nalgebra;
pub use nnfs_kernel::{Epilogue, Kernels, exp, for_each_mut, ln, ln_1p, softplus};
pub use optimizer::{Optimizer, OptimizerError, OptimizerState};
pub use parameter::{Parameter, Penalty};
pub use product::{dense_to, multiply_to, multiply_transpose_to, transpose_multiply_to};
pub use row::{DenseRow, RowLayer};
pub use scalar::{Divisor, Scalar};
pub use softmax::{softmax_row_mut, softmax_rows_mut, softmax_rows_to};
pub use standard_normal::standard_normal;
pub use stream::stream;
pub use trainable::Trainable;
pub use verbs::{
    all_finite, chain_and_sum_to, first_non_finite, map_mut, select_rows_to, sigmoid_to,
    squared_norm, sum_rows_to, update_mut, weight_rows_mut, weighted_zip_sum, zip_map_to, zip_mut,
    zip_sum,
};
pub use weights::{WeightError, sum_of_weights};

/// A matrix of numbers: a row is a sample, a column is a feature.
///
/// It is nalgebra's own type, not a wrapper: whatever nalgebra can do with a `DMatrix` works on
/// it. The storage is column-major, so the values of one feature are side by side.
pub type Tensor<T> = nalgebra::DMatrix<T>;

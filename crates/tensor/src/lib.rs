#![doc = include_str!("../README.md")]

mod argmax;
mod buffer;
mod elementwise;
mod error;
mod kernel;
mod layer;
mod loss;
mod optimizer;
mod parameter;
mod product;
mod scalar;
mod softmax;
mod trainable;

pub use argmax::{argmax, argmax_rows};
pub use buffer::{assert_same_shape, assert_shape, resize_mut, shape};
pub use elementwise::Elementwise;
pub use error::{SettingError, ShapeError};
pub use kernel::{Loop, for_each_columns, vectorize};
pub use layer::{Description, Layer, Setting};
pub use loss::Loss;
pub use nalgebra;
pub use optimizer::{Optimizer, OptimizerState};
pub use parameter::{Parameter, Penalty};
pub use product::{
    Finish, Strided, multiply_and_finish_to, multiply_to, multiply_transpose_to,
    transpose_multiply_to,
};
pub use scalar::Scalar;
pub use softmax::{softmax_rows_mut, softmax_rows_to};
pub use trainable::Trainable;

/// A matrix of numbers: one row a sample, one column a feature.
///
/// It is nalgebra's own type, not a wrapper: whatever nalgebra can do with a `DMatrix` works on
/// it. The storage is column-major, so the values of one feature lie side by side.
pub type Tensor<T> = nalgebra::DMatrix<T>;

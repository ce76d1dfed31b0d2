#![doc = include_str!("../README.md")]

mod block;
mod product;
mod random_state;
mod repr;
mod scalar;

pub use random_state::RandomState;
pub use repr::python_repr;
pub use scalar::{Kind, NumpyScalar};

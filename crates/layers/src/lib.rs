#![doc = include_str!("../README.md")]

mod dense;
mod dropout;
mod error;
mod initializer;

pub use dense::Dense;
pub use dropout::Dropout;
pub use error::LayerError;
pub use initializer::{Distribution, Initializer, InitializerError};
pub use rand;

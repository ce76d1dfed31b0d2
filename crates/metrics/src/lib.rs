#![doc = include_str!("../README.md")]

mod classification;
mod error;
mod regression;
mod tolerance;

pub use classification::{binary_accuracy, categorical_accuracy};
pub use error::MetricError;
pub use nnfs_tensor::argmax_rows;
pub use regression::{max_error, mean_absolute_error, r2, root_mean_squared_error};
pub use tolerance::{Tolerance, accuracy_within};

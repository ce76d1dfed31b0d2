#![doc = include_str!("../README.md")]

mod check;
mod compare;
mod expect;
mod model;
mod one_line;
mod passes;
mod report;
mod rows;
mod slope;

pub use check::GradientCheck;
pub use one_line::{layer, loss, model};
pub use report::{Entry, GradientError, Report, TensorReport};

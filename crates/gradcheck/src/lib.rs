#![doc = include_str!("../README.md")]

mod check;
mod compare;
mod expect;
mod passes;
mod report;
mod slope;

pub use check::GradientCheck;
pub use report::{Entry, GradientError, Report};

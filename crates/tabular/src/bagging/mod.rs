//! Bagging: networks of several folds, put together.

mod blend;
mod folds;
mod together;

pub(crate) use folds::Folds;
pub(crate) use together::{Together, put_together};

//! Bagging: networks of several folds, put together.

mod blend;
mod folds;
mod ridge;
mod shared_epoch;
mod together;

pub(crate) use folds::Folds;
pub(crate) use ridge::Ridge;
pub(crate) use shared_epoch::{FEW_ROWS, predict_held_out};
pub(crate) use together::{Together, put_together};

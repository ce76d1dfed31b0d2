#![doc = include_str!("../README.md")]

mod error;
mod model;
mod summary;
mod train_step;

pub use error::{ModelError, TrainError};
pub use model::{Model, Workspace};
pub use summary::{Summary, SummaryRow};
pub use train_step::Step;

#![doc = include_str!("../README.md")]

mod ada_grad;
mod adam;
mod learning_rate;
mod rms_prop;
mod sgd;
mod slots;

pub use ada_grad::AdaGrad;
pub use adam::{Adam, AdamW};
pub use learning_rate::{LearningRate, Schedule};
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

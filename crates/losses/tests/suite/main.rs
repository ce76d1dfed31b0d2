//! The losses: their values, their derivatives, and what they promise.

mod golden;
mod gradients;
mod properties;
mod weights;

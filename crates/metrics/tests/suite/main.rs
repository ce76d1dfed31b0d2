//! The metrics: their values, their properties and their errors.

mod by_hand;
mod errors;
mod golden;
mod properties;
mod scikit_learn;
mod weights;

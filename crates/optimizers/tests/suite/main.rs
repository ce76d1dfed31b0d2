//! The optimizers: their values, their state and their settings.

mod golden;
mod state;

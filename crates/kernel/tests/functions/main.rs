//! The elementary functions.

#[macro_use]
mod support;

mod accuracy;
mod bits;
mod exhaustive;
mod monotonic;
mod random;
mod special_values;

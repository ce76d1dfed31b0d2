//! The module as the page has it: JSON in, JSON out.

mod common;
mod own_data;
mod random;
mod refusals;
mod requests;
mod saved;

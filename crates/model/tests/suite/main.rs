//! Ensembles, prediction intervals, large batches, and what is written to files.

mod conformal;
mod ensemble;
mod parts;
mod written;

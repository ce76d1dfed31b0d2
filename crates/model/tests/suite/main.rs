//! Ensembles, prediction intervals and what is written to files.

mod conformal;
mod ensemble;
mod written;

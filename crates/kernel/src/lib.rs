#![doc = include_str!("../README.md")]
#![allow(unsafe_code)]

mod dot;
mod dot_tile;
mod elementwise;
mod epilogue;
mod functions;
mod instruction_set;
mod instructions;
mod kernels;
mod nonzero;
mod packed;
mod peak;
mod product;
mod row;
mod softmax;
mod strided;
mod threads;
mod tile;
mod transposed;
mod vector;
mod vectorize;

pub use elementwise::{
    all, map_mut, squared_norm, update_mut, weighted_zip_sum, zip_map_to, zip_mut, zip_sum,
};
pub use epilogue::Epilogue;
pub use functions::{
    Constants, Exp, Float, Function, Ln, Ln1p, Sigmoid, Softplus, Tanh, apply_mut, exp, ln, ln_1p,
    sigmoid, softplus, tanh,
};
pub use kernels::Kernels;
pub use peak::Peak;
pub use softmax::softmax_rows_mut;
pub use strided::Strided;
pub use threads::{for_each_mut, in_parts, zip_map_and_sum_columns_to};

#[cfg(test)]
mod tests;

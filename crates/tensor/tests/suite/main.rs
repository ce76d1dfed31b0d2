//! Parameters, products and normal draws.

mod normal;
mod optimizer;
mod parameter;
mod products;

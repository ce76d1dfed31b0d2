//! Parameters, products and normal draws.

mod normal;
mod parameter;
mod products;

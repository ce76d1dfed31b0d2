//! Parameters and products.

mod parameter;
mod products;

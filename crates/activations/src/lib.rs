#![doc = include_str!("../README.md")]

mod activation;
mod functions;
mod softmax;

pub use activation::Activation;
pub use functions::{LeakyRelu, Linear, Relu, Sigmoid, Tanh};
pub use softmax::Softmax;

#![doc = include_str!("../README.md")]

mod activation;
mod functions;
mod kind;
mod softmax;

pub use activation::Activation;
pub use functions::{LeakyRelu, Linear, Relu, Sigmoid, Tanh};
pub use kind::ActivationKind;
pub use softmax::Softmax;

#![doc = include_str!("../README.md")]

pub mod log;
mod picture;
mod report;
pub mod sine;
pub mod spiral;
mod training;

pub use report::network_text;
pub use training::{Samples, Trained, Training};

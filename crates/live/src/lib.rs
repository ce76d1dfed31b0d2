#![doc = include_str!("../README.md")]

mod answer;
mod data;
mod describe;
#[cfg(target_family = "wasm")]
mod exports;
mod formula;
mod hints;
mod inspect;
mod lesson;
mod live;
mod network;
mod numbers;
mod program;
mod save;
mod session;
mod settings;
mod step;
mod table;
mod train;

pub use live::Live;

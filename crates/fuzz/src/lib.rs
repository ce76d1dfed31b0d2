#![doc = include_str!("../README.md")]

mod container;
mod json;
mod mutate;
mod run;
mod seeds;
pub mod targets;

use rand::rngs::ChaCha8Rng;

pub use run::{Failure, Inputs, MEMORY, Read, Summary, quiet, try_input};

/// The random numbers that an input is made of.
pub type Random = ChaCha8Rng;

/// Something that reads bytes of a user.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name in commands and files.
    pub name: &'static str,
    /// Reads an input, and returns whether it was accepted. It panics if a promise is broken.
    pub read: fn(&[u8]) -> bool,
    /// Valid inputs, written by our own code.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Makes an input of the seeds.
    pub mutate: fn(&mut Random, &[Vec<u8>]) -> Vec<u8>,
}

/// All targets.
pub const TARGETS: [Target; 6] = [
    Target { name: "model", read: targets::model, seeds: seeds::models, mutate: mutate::container },
    Target {
        name: "checkpoint",
        read: targets::checkpoint,
        seeds: seeds::checkpoints,
        mutate: mutate::container,
    },
    Target { name: "table", read: targets::table, seeds: seeds::tables, mutate: mutate::table },
    Target {
        name: "options",
        read: targets::options,
        seeds: seeds::options,
        mutate: mutate::options,
    },
    Target {
        name: "import",
        read: targets::import,
        seeds: seeds::weights,
        mutate: mutate::container,
    },
    Target {
        name: "formula",
        read: targets::formula,
        seeds: seeds::formulas,
        mutate: mutate::formula,
    },
];

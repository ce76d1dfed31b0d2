//! The options of `cargo xtask experiment spiral`.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum, value_parser};

/// Train two classifiers of spirals, and test them on fresh data
///
/// Three classes: dropout, softmax and categorical cross-entropy. Two classes: sigmoid and binary
/// cross-entropy. Writes classes-N.log, classes-N.svg and classes-N.png, and report.html and
/// metrics.csv for both; files of the same name are replaced. All numbers of an epoch, those of the
/// test too, are of the parameters before its step. Ctrl-C stops the training and writes what was
/// done.
#[derive(Debug, Args)]
pub(crate) struct SpiralOptions {
    /// How many classes, 2 or 3 [default: both]
    #[arg(long, value_name = "N", value_parser = value_parser!(u8).range(2..=3))]
    pub(crate) classes: Option<u8>,

    /// The kind of number to compute with
    #[arg(long, value_enum, default_value_t = Arithmetic::F32)]
    pub(crate) arithmetic: Arithmetic,

    /// The seed of the data, the test data, the first weights and the dropout
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub(crate) seed: u64,

    /// How many epochs to train, at least 1; every 100th is logged, from 0
    #[arg(
        long, value_name = "N", default_value_t = 10_001, allow_negative_numbers = true,
        value_parser = value_parser!(u64).range(1..),
    )]
    pub(crate) epochs: u64,

    /// The folder to write into [default: target/experiments/spiral of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Show neither progress nor table
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// The kind of number that a classifier computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Arithmetic {
    /// Single precision: fast
    F32,
    /// Double precision
    F64,
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

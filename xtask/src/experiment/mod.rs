//! Experiments: networks trained from the first draw of a weight to pictures, logs and a table.
//!
//! `sine` is the chapter, `spiral` its classification. They share the training loop, the log line,
//! the output folder, the progress display and the frame of a picture.

mod chart;
mod folder;
mod progress;
mod record;
mod sine;
mod spiral;
mod training;
mod workers;

use clap::Subcommand;

/// The experiments; their options say what they do.
#[derive(Debug, Subcommand)]
pub(crate) enum Experiment {
    Sine(sine::SineOptions),
    Spiral(spiral::SpiralOptions),
}

impl Experiment {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Sine(options) => sine::run(options),
            Self::Spiral(options) => spiral::run(options),
        }
    }
}

//! Experiments: networks trained from the first draw of a weight to pictures, logs, a table and a
//! report.
//!
//! `sine` is the chapter, `spiral` its classification. They share the training, the log line, the
//! output folder, the progress display, the frame of a picture, and what Ctrl-C does.

mod animation;
mod chart;
mod folder;
mod progress;
mod raster;
mod record;
mod report;
mod sine;
mod spiral;
mod stop;
mod training;
mod workers;

use clap::Subcommand;

use stop::Stop;
pub(crate) use stop::{EXIT_CODE, Interrupted};

/// The experiments; their options say what they do.
#[derive(Debug, Subcommand)]
pub(crate) enum Experiment {
    Sine(sine::SineOptions),
    Spiral(spiral::SpiralOptions),
}

impl Experiment {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let stop = Stop::on_ctrl_c()?;
        match self {
            Self::Sine(options) => sine::run(options, &stop),
            Self::Spiral(options) => spiral::run(options, &stop),
        }
    }
}

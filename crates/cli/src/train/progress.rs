//! How far a training is: a bar on a terminal, now and then a line elsewhere, or nothing.
//!
//! It goes to stderr: stdout has the results.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use nnfs::model::Epoch;

use crate::output;

/// Without a terminal, progress is told no more often than this.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// How progress is shown.
#[derive(Debug)]
pub(crate) enum Display {
    Silent,
    Bar(ProgressBar),
    Lines { last: Instant, epochs: usize },
}

impl Display {
    /// Of a training that goes from the epoch `start` to `epochs`.
    pub(crate) fn new(quiet: bool, start: usize, epochs: usize) -> Self {
        if quiet {
            Self::Silent
        } else if std::io::stderr().is_terminal() {
            let template = "epoch {bar:30} {pos:>6}/{len} {elapsed:>4} {msg}";
            let style = ProgressStyle::with_template(template).expect("a valid template");
            let bar = ProgressBar::new(epochs as u64).with_style(style);
            bar.set_position(start as u64);
            Self::Bar(bar)
        } else {
            Self::Lines { last: Instant::now(), epochs }
        }
    }

    /// An epoch has ended.
    pub(crate) fn update(&mut self, epoch: &Epoch) {
        match self {
            Self::Silent => {}
            Self::Bar(bar) => {
                bar.set_position(epoch.epoch as u64 + 1);
                bar.set_message(losses(epoch));
            }
            Self::Lines { last, epochs } => {
                if last.elapsed() >= BETWEEN_LINES {
                    let done = epoch.epoch + 1;
                    output::warn(&format!("epoch {done} of {epochs}: {}", losses(epoch)));
                    *last = Instant::now();
                }
            }
        }
    }

    /// Training has ended.
    pub(crate) fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.abandon();
        }
    }
}

fn losses(epoch: &Epoch) -> String {
    let loss = format!("loss {:.4}", epoch.loss());
    match &epoch.validation {
        Some(validation) => format!("{loss}, validation {:.4}", validation.loss),
        None => loss,
    }
}

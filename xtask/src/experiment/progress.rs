//! How far the runs are: a bar a run on a terminal, now and then a line elsewhere, or nothing.
//!
//! It goes to stderr: stdout has the results.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::record::{Record, short};

/// Without a terminal, a run says no more often than this where it is.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// How progress is shown.
#[derive(Debug)]
pub(crate) enum Progress {
    Silent,
    Bars(MultiProgress),
    Lines,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        if quiet {
            Self::Silent
        } else if std::io::stderr().is_terminal() {
            Self::Bars(MultiProgress::new())
        } else {
            Self::Lines
        }
    }

    /// A run has started.
    pub(crate) fn start(&self, name: String, epochs: u64) -> RunProgress {
        let display = match self {
            Self::Silent => Display::Silent,
            Self::Bars(bars) => Display::Bar(bars.add(bar(&name, epochs))),
            Self::Lines => Display::Lines { last: Instant::now() },
        };
        RunProgress { name, epochs, display }
    }
}

fn bar(name: &str, epochs: u64) -> ProgressBar {
    let template = "{prefix:26} {bar:30} {pos:>6}/{len} {elapsed:>4} {msg}";
    let style = ProgressStyle::with_template(template).expect("a valid template");
    ProgressBar::new(epochs).with_style(style).with_prefix(name.to_owned())
}

/// The progress of one run.
#[derive(Debug)]
pub(crate) struct RunProgress {
    name: String,
    epochs: u64,
    display: Display,
}

#[derive(Debug)]
enum Display {
    Silent,
    Bar(ProgressBar),
    Lines { last: Instant },
}

impl RunProgress {
    /// An epoch was logged.
    pub(crate) fn update(&mut self, record: &Record) {
        match &mut self.display {
            Display::Silent => {}
            Display::Bar(bar) => {
                bar.set_position(record.epoch);
                bar.set_message(numbers(record));
            }
            Display::Lines { last } => {
                if last.elapsed() >= BETWEEN_LINES {
                    let (name, epochs) = (&self.name, self.epochs);
                    eprintln!("{name}: epoch {} of {epochs}, {}", record.epoch, numbers(record));
                    *last = Instant::now();
                }
            }
        }
    }

    /// The run has ended after so many epochs.
    pub(crate) fn finish(self, epochs: u64, verdict: String, seconds: f64) {
        match self.display {
            Display::Silent => {}
            Display::Bar(bar) => {
                bar.set_position(epochs);
                bar.abandon_with_message(verdict);
            }
            Display::Lines { .. } => {
                eprintln!("{}: {verdict} ({seconds:.1} s)", self.name);
            }
        }
    }
}

fn numbers(record: &Record) -> String {
    format!("acc {:.3}, loss {}", record.accuracy, short(record.loss()))
}

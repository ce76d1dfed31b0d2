//! How far trainings are: one bar per training on a terminal, a line every ten seconds elsewhere.
//!
//! Progress goes to stderr, because stdout has the results.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::output::warn;

/// Time between two redraws of a bar.
const BETWEEN_REDRAWS: Duration = Duration::from_millis(50);

/// Time between two lines without a terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// The progress of one or several trainings that run side by side.
#[derive(Debug)]
pub struct Progress(Kind);

#[derive(Debug)]
enum Kind {
    Silent,
    Bars(MultiProgress),
    Lines,
}

impl Progress {
    /// Shows nothing if `quiet`, bars if stderr is a terminal, and lines otherwise.
    ///
    /// ```
    /// use nnfs_console::Progress;
    /// let progress = Progress::new(true);
    /// let run = progress.start("sine", 0, 1000);
    /// ```
    pub fn new(quiet: bool) -> Self {
        Self(if quiet {
            Kind::Silent
        } else if std::io::stderr().is_terminal() {
            Kind::Bars(MultiProgress::new())
        } else {
            Kind::Lines
        })
    }

    /// A training of `epochs` epochs has started, with `done` of them done already.
    pub fn start(&self, name: &str, done: usize, epochs: usize) -> RunProgress {
        let display = match &self.0 {
            Kind::Silent => Display::Silent,
            Kind::Bars(bars) => Display::Bar(bars.add(bar(name, done, epochs))),
            Kind::Lines => Display::Lines,
        };
        let name = name.to_owned();
        RunProgress { name, epochs, models: None, display, start: Instant::now(), last: None }
    }
}

fn bar(name: &str, done: usize, epochs: usize) -> ProgressBar {
    let template = "{prefix:26} {bar:30} {pos:>6}/{len} {elapsed:>4} {msg}";
    let style = ProgressStyle::with_template(template).expect("a valid template");
    let bar = ProgressBar::new(epochs as u64).with_style(style).with_prefix(name.to_owned());
    bar.set_position(done as u64);
    bar
}

/// The progress of one training.
#[derive(Debug)]
pub struct RunProgress {
    name: String,
    epochs: usize,
    models: Option<String>,
    display: Display,
    start: Instant,
    /// When progress was last shown; `None` before the first time.
    last: Option<Instant>,
}

#[derive(Debug)]
enum Display {
    Silent,
    Bar(ProgressBar),
    Lines,
}

impl RunProgress {
    /// The epochs are those of several models together: `5 networks`.
    #[must_use]
    pub fn of_models(mut self, models: String) -> Self {
        self.models = Some(models);
        self
    }

    /// `epoch 3 of 100`; of several models, `3 of 500 epochs (5 networks together)`.
    fn position(&self, done: usize) -> String {
        let Self { epochs, models, .. } = self;
        match models {
            None => format!("epoch {done} of {epochs}"),
            Some(models) => format!("{done} of {epochs} epochs ({models} together)"),
        }
    }

    /// `done` epochs are done. `numbers` describes the last one, and is called only if it is shown: the
    /// first time, and then no more often than every ten seconds (for a bar, 20 times per second).
    pub fn update(&mut self, done: usize, numbers: impl FnOnce() -> String) {
        let between = match self.display {
            Display::Silent => return,
            Display::Bar(_) => BETWEEN_REDRAWS,
            Display::Lines => BETWEEN_LINES,
        };
        if self.last.is_some_and(|last| last.elapsed() < between) {
            return;
        }
        self.last = Some(Instant::now());
        match &self.display {
            Display::Bar(bar) => {
                bar.set_position(done as u64);
                bar.set_message(numbers());
            }
            _ => warn(&format!("{}: {}, {}", self.name, self.position(done), numbers())),
        }
    }

    /// The training has ended, and the program prints its result itself. A bar stays where it is.
    pub fn abandon(&self) {
        if let Display::Bar(bar) = &self.display {
            bar.abandon();
        }
    }

    /// The training has ended after `done` epochs, with this verdict.
    pub fn finish(self, done: usize, verdict: &str) {
        match self.display {
            Display::Silent => {}
            Display::Bar(bar) => {
                bar.set_position(done as u64);
                bar.abandon_with_message(verdict.to_owned());
            }
            Display::Lines => {
                let seconds = self.start.elapsed().as_secs_f64();
                warn(&format!("{}: {verdict} ({seconds:.1} s)", self.name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_formatted_only_if_they_are_shown() {
        let mut silent = Progress::new(true).start("training", 0, 3);
        silent.update(1, || unreachable!("nothing is shown"));
        silent.finish(3, "done");
        let mut lines = Progress(Kind::Lines).start("training", 0, 3);
        lines.update(1, || "loss 0.5".to_owned());
        lines.update(2, || unreachable!("ten seconds have not passed"));
    }

    #[test]
    fn epochs_of_several_models_are_counted_together() {
        let one = Progress(Kind::Lines).start("training", 0, 100);
        assert_eq!(one.position(3), "epoch 3 of 100");
        let five = Progress(Kind::Lines).start("training", 0, 500);
        let five = five.of_models("5 networks".to_owned());
        assert_eq!(five.position(3), "3 of 500 epochs (5 networks together)");
    }
}

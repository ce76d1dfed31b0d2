//! Ctrl-C: a training ends after its epoch, and what was done is kept.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use crate::output::warn;

/// The exit code of a program that Ctrl-C ended, as shells know it.
pub(crate) const EXIT_CODE: u8 = 130;

/// Whether the user has asked to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop {
    asked: Arc<AtomicBool>,
    ignored: Arc<AtomicBool>,
}

/// A training that was stopped before its end; what it had done is written.
#[derive(Debug, thiserror::Error)]
#[error(
    "interrupted after epoch {epoch} of {epochs}; what was done is written into {folder}{hint}"
)]
pub(crate) struct Interrupted {
    /// How many were done, of how many.
    pub(crate) epoch: usize,
    pub(crate) epochs: usize,
    pub(crate) folder: String,
    /// How to go on.
    pub(crate) hint: &'static str,
}

impl Stop {
    /// From now on the first Ctrl-C asks to stop, and the second ends the program at once; but not
    /// while what was done [is written](Self::ignore).
    pub(crate) fn on_ctrl_c() -> anyhow::Result<Self> {
        let stop = Self::default();
        let handled = stop.clone();
        ctrlc::set_handler(move || {
            if handled.ignored.load(Ordering::Relaxed) {
                return;
            }
            if handled.asked.swap(true, Ordering::Relaxed) {
                process::exit(i32::from(EXIT_CODE));
            }
            warn("stopping after this epoch; Ctrl-C again leaves nothing of it");
        })
        .context("cannot listen for Ctrl-C")?;
        Ok(stop)
    }

    pub(crate) fn is_asked_for(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// From now on Ctrl-C does nothing: files are written, which takes a moment, and half of them are
    /// worth less than none.
    pub(crate) fn ignore(&self) {
        self.ignored.store(true, Ordering::Relaxed);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::{self, Command};
    use std::thread::sleep;
    use std::time::Duration;

    use super::*;

    fn press_ctrl_c() {
        let pid = process::id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        sleep(Duration::from_millis(100));
    }

    /// The second one would end the program, and this test.
    #[test]
    fn nothing_stops_what_is_being_written() {
        let stop = Stop::on_ctrl_c().unwrap();
        assert!(!stop.is_asked_for());
        press_ctrl_c();
        assert!(stop.is_asked_for());
        stop.ignore();
        press_ctrl_c();
        press_ctrl_c();
    }
}

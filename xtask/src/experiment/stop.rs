//! Ctrl-C: what was done is kept.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// The exit code of a program that Ctrl-C ended, as shells know it.
pub(crate) const EXIT_CODE: u8 = 130;

/// Whether the user has asked to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop {
    asked: Arc<AtomicBool>,
    ignored: Arc<AtomicBool>,
}

/// A task that was stopped before its end; what it had done is written.
#[derive(Debug, thiserror::Error)]
#[error("interrupted: {0}")]
pub(crate) struct Interrupted(pub(crate) String);

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
            eprintln!("stopping after this epoch; Ctrl-C again leaves nothing of it");
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

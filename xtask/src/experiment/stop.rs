//! Ctrl-C: what was done is kept.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// The exit code of a program that Ctrl-C ended, as shells know it.
pub(crate) const EXIT_CODE: u8 = 130;

/// Whether the user has asked to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

/// A task that was stopped before its end; what it had done is written.
#[derive(Debug, thiserror::Error)]
#[error("interrupted: {0}")]
pub(crate) struct Interrupted(pub(crate) String);

impl Stop {
    /// From now on the first Ctrl-C asks to stop, and the second ends the program at once.
    pub(crate) fn on_ctrl_c() -> anyhow::Result<Self> {
        let stop = Self::default();
        let asked = stop.clone();
        ctrlc::set_handler(move || {
            if asked.0.swap(true, Ordering::Relaxed) {
                process::exit(i32::from(EXIT_CODE));
            }
            eprintln!("stopping after this epoch; Ctrl-C again leaves nothing of it");
        })
        .context("cannot listen for Ctrl-C")?;
        Ok(stop)
    }

    pub(crate) fn is_asked_for(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

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
pub(crate) struct Stop(Arc<AtomicBool>);

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
    /// From now on the first Ctrl-C asks to stop, and the second ends the program at once.
    pub(crate) fn on_ctrl_c() -> anyhow::Result<Self> {
        let stop = Self::default();
        let asked = stop.clone();
        ctrlc::set_handler(move || {
            if asked.0.swap(true, Ordering::Relaxed) {
                process::exit(i32::from(EXIT_CODE));
            }
            warn("stopping after this epoch; Ctrl-C again leaves nothing of it");
        })
        .context("cannot listen for Ctrl-C")?;
        Ok(stop)
    }

    pub(crate) fn is_asked_for(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

//! Ctrl-C and SIGTERM: a training ends after its epoch, and what was done is kept.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
#[cfg(unix)]
use signal_hook::{consts::SIGTERM, iterator::Signals};

use crate::output::warn;

/// The exit code of a program that was ended by Ctrl-C, by the convention of shells. SIGTERM has the same.
pub const INTERRUPTED: u8 = 130;

/// Whether the user has asked to stop. Clones share the answer.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    ignored: Arc<AtomicBool>,
}

impl Stop {
    /// Starts to listen: the first Ctrl-C asks to stop, and the second ends the program at once with
    /// [`INTERRUPTED`], unless files are being written ([`Stop::ignore`]). On Unix, SIGTERM counts as Ctrl-C: `timeout`,
    /// containers and batch systems send it.
    ///
    /// ```
    /// use nnfs_console::Stop;
    /// let stop = Stop::on_ctrl_c()?;
    /// assert!(!stop.is_asked_for());
    /// # Ok::<(), anyhow::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the system refuses a handler, or if there is one already.
    pub fn on_ctrl_c() -> anyhow::Result<Self> {
        let stop = Self::default();
        let asked = stop.clone();
        ctrlc::set_handler(move || asked.ask("; press Ctrl-C again to quit without saving"))
            .context("cannot listen for Ctrl-C")?;
        #[cfg(unix)]
        {
            let mut signals = Signals::new([SIGTERM]).context("cannot listen for SIGTERM")?;
            let asked = stop.clone();
            std::thread::spawn(move || signals.forever().for_each(|_| asked.ask(" (SIGTERM)")));
        }
        Ok(stop)
    }

    /// Asks to stop. If that was asked before, ends the program.
    fn ask(&self, note: &str) {
        if self.ignored.load(Ordering::Relaxed) {
            return;
        }
        if self.asked.swap(true, Ordering::Relaxed) {
            process::exit(i32::from(INTERRUPTED));
        }
        warn(&format!("stopping after this epoch{note}"));
    }

    /// Whether Ctrl-C has been pressed, or SIGTERM has come.
    pub fn is_asked_for(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Ignores Ctrl-C and SIGTERM from now on, so that files are written whole. That should take a few
    /// seconds at most.
    pub fn ignore(&self) {
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
    }

    /// A third Ctrl-C would end this test if it were not ignored.
    #[test]
    fn ctrl_c_is_ignored_while_files_are_written() {
        let stop = Stop::on_ctrl_c().unwrap();
        assert!(!stop.is_asked_for());
        press_ctrl_c();
        while !stop.is_asked_for() {
            sleep(Duration::from_millis(1));
        }
        stop.ignore();
        press_ctrl_c();
        press_ctrl_c();
        // Long enough for the handler's thread to end the test, which it must not.
        sleep(Duration::from_millis(100));
    }
}

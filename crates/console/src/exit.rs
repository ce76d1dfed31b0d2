//! How a program ends: its last message and its exit code.

use std::process::ExitCode;

use crate::output::{causes, warn};
use crate::stop::INTERRUPTED;

/// Options that do not go together, reported before anything is done.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// A task that Ctrl-C stopped before its end. What it had done until then is written.
#[derive(Debug, thiserror::Error)]
#[error("interrupted: {0}")]
pub struct Interrupted(pub String);

/// Prints the error of a failed program to stderr, and returns the exit code.
///
/// ```text
/// 0    success
/// 1    failure
/// 2    UsageError (clap uses the same code for an option that it does not understand)
/// 130  Interrupted
/// ```
pub fn exit(outcome: anyhow::Result<()>) -> ExitCode {
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    warn(&format!("error: {}", causes(&error)));
    code(&error).into()
}

fn code(error: &anyhow::Error) -> u8 {
    if error.is::<UsageError>() {
        2
    } else if error.is::<Interrupted>() {
        INTERRUPTED
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::*;

    #[test]
    fn the_exit_code_depends_on_the_error() {
        assert_eq!(code(&anyhow!("disk full")), 1);
        assert_eq!(code(&UsageError("--seed".to_owned()).into()), 2);
        let interrupted = Err::<(), _>(Interrupted("run 3".to_owned()));
        assert_eq!(code(&interrupted.context("training").unwrap_err()), 130);
    }
}

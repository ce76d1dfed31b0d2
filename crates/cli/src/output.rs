//! What the command says: results on stdout, everything else on stderr.
//!
//! Whoever reads may stop reading (`nnfs train ... | head -1`): that neither ends a training nor
//! makes a panic of it, as `println!` would.

use std::io::{self, ErrorKind, Write};

use anyhow::Context;

/// Writes a text and a line end to stdout.
///
/// # Errors
/// If it cannot be written, unless nobody reads it.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    say_bytes(format!("{text}\n").as_bytes())
}

/// Writes bytes to stdout as they are.
///
/// # Errors
/// As [`say`].
pub(crate) fn say_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("stdout"),
        _ => Ok(()),
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Writes a line to stderr, if it can be written.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// An error and its causes in one line; many errors say their cause themselves.
pub(crate) fn causes(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |line, cause| match &*line {
        "" => cause,
        line if line.contains(&cause) => line.to_owned(),
        line => format!("{line}: {cause}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let cause = io::Error::other("no more room");
        let error = anyhow::Error::new(cause).context("a.csv: no more room").context("training");
        assert_eq!(causes(&error), "training: a.csv: no more room");
    }
}

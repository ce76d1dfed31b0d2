//! Results go to stdout, everything else to stderr.
//!
//! A reader may stop reading (`nnfs train ... | head -1`). That neither ends a training nor panics,
//! as `println!` would.

use std::borrow::Cow;
use std::io::{self, BufWriter, ErrorKind, Write};

use anyhow::Context;

/// Writes a text and a line end to stdout. Control characters are written as escapes.
///
/// # Errors
/// If it cannot be written. A closed pipe is not an error.
pub fn say(text: &str) -> anyhow::Result<()> {
    say_bytes(format!("{}\n", printable(text)).as_bytes())
}

/// Writes bytes to stdout as they are.
///
/// # Errors
/// As [`say`].
pub fn say_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("stdout"),
        _ => Ok(()),
    }
}

/// The standard output, as a writer of long results. A closed pipe takes what is written without an error.
#[derive(Debug)]
pub struct Stdout {
    out: BufWriter<io::Stdout>,
}

impl Stdout {
    /// With a buffer.
    ///
    /// ```
    /// use std::io::Write;
    /// writeln!(nnfs_console::Stdout::new(), "x,y")?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new() -> Self {
        Self { out: BufWriter::with_capacity(1 << 16, io::stdout()) }
    }
}

impl Default for Stdout {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.out.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.out.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// Writes a line to stderr, if it can be written. Control characters are written as escapes.
pub fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "{}", printable(text));
}

/// The text with escapes such as `\u{1b}` for control characters, which a terminal would obey. Line ends and
/// tabs stay.
fn printable(text: &str) -> Cow<'_, str> {
    let is_obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().map(|c| match is_obeyed(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    });
    Cow::Owned(escaped.collect())
}

/// A number and its noun: `1 row`, `2 rows`.
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// An error and its causes in one line. A cause that the error already names is left out.
pub fn causes(error: &anyhow::Error) -> String {
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
    fn each_cause_is_named_once() {
        let cause = io::Error::other("no more room");
        let error = anyhow::Error::new(cause).context("a.csv: no more room").context("training");
        assert_eq!(causes(&error), "training: a.csv: no more room");
    }

    #[test]
    fn a_terminal_gets_no_control_characters() {
        assert_eq!(printable("a\tb\nä"), "a\tb\nä");
        assert_eq!(printable("\u{1b}[31m\r\0\u{9b}"), r"\u{1b}[31m\r\u{0}\u{9b}");
    }

    #[test]
    fn one_of_a_thing_has_no_plural() {
        assert_eq!([0, 1, 2].map(|number| count(number, "row")), ["0 rows", "1 row", "2 rows"]);
    }
}

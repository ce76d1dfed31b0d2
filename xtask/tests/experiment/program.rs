//! Runs the program as a user does, in a temporary folder.

use std::fs;
#[cfg(unix)]
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
#[cfg(unix)]
use std::process::Stdio;
use std::process::{Command, Output};

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `xtask experiment` with these words and `--out DIR`.
pub(crate) fn experiment(words: &str, out: &Path) -> Finished {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("experiment").args(words.split_whitespace()).arg("--out").arg(out);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Finished { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// The names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The text of a file.
pub(crate) fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// What a file holds.
pub(crate) fn read_bytes(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap()
}

/// The rows of a CSV file after its header.
pub(crate) fn rows(text: &str, header: &str) -> Vec<Vec<String>> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(header));
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Starts the program, presses Ctrl-C as soon as it reports the progress of a training, and waits for
/// its end.
#[cfg(unix)]
pub(crate) fn interrupted_experiment(words: &str, out: &Path) -> Finished {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("experiment").args(words.split_whitespace()).arg("--out").arg(out);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut stderr = String::new();
    while !stderr.contains(": epoch ") {
        assert!(errors.read_line(&mut stderr).unwrap() > 0, "it ended: {stderr}");
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    errors.read_to_string(&mut stderr).unwrap();
    let Output { status, stdout, .. } = child.wait_with_output().unwrap();
    Finished { code: status.code(), stdout: String::from_utf8(stdout).unwrap(), stderr }
}

//! Runs the program as a user does, in a temporary folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A folder with the user's files.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Puts a file there.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), contents).unwrap();
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }

    /// The header and the rows of a CSV file without quotes.
    pub(crate) fn rows(&self, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let text = self.text(name);
        let mut lines =
            text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        (lines.next().unwrap(), lines.collect())
    }

    /// The names in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path().join(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A command with these words, not yet started. Without `--recipe`, `train` trains a single network,
    /// which takes a tenth of the time.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nnfs"));
        let mut words: Vec<&str> = words.split_whitespace().collect();
        if words.first() == Some(&"train") && !words.contains(&"--recipe") {
            words.splice(1..1, ["--recipe", "plain"]);
        }
        command.args(words).current_dir(self.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs `nnfs` with these words.
    pub(crate) fn nnfs(&self, words: &str) -> Finished {
        let Output { status, stdout, stderr } = self.command(words).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Finished { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// Runs `nnfs`, which has to succeed.
    pub(crate) fn succeed(&self, words: &str) -> Finished {
        let finished = self.nnfs(words);
        assert_eq!(finished.code, Some(0), "{words}: {finished:?}");
        finished
    }

    /// Runs `nnfs`, which has to fail with this exit code and one line on stderr; gives the line. A machine that is
    /// busy may add the warning that checkpoints take long.
    pub(crate) fn fail(&self, code: i32, words: &str) -> String {
        let Finished { code: found, stdout, stderr } = self.nnfs(words);
        assert_eq!(found, Some(code), "{words}: {stdout}{stderr}");
        assert!(stderr.ends_with('\n'), "{words}: {stderr:?}");
        let is_of_time = |line: &&str| line.starts_with("warning: saving checkpoints takes ");
        let lines: Vec<&str> = stderr.lines().filter(|line| !is_of_time(line)).collect();
        let [line] = lines[..] else { panic!("{words}: {stderr:?}") };
        let line = line.strip_prefix("error: ").unwrap_or_else(|| panic!("{words}: {stderr:?}"));
        assert!(line.len() < 400, "{words}: {line}");
        line.to_owned()
    }
}

/// A number of a CSV file.
pub(crate) fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

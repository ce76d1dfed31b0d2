//! A folder with a table, and the command `nnfs` in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context, ensure};
use tempfile::TempDir;

/// The model that a training writes.
pub(super) const MODEL: &str = "model.safetensors";

/// The files of a training that hold no times: they have the same bytes after every way to them.
pub(super) const SAME: [&str; 2] = [MODEL, "predictions.csv"];

pub(super) struct Place {
    folder: TempDir,
    nnfs: PathBuf,
}

impl Place {
    /// A folder with `data.csv`, 400 rows of two numbers and their target.
    pub(super) fn new(nnfs: PathBuf) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut table = String::from("x,z,y\n");
        for row in 0..400 {
            let (x, z) = (f64::from(row) / 40.0, f64::from(row % 7));
            table += &format!("{x},{z},{}\n", x.sin() + 0.1 * z);
        }
        fs::write(folder.path().join("data.csv"), table)?;
        Ok(Self { folder, nnfs })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn bytes(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        fs::read(self.path(name)).with_context(|| name.to_owned())
    }

    /// Removes a folder with all that is in it, if it is there.
    pub(super) fn remove(&self, name: &str) -> anyhow::Result<()> {
        let path = self.path(name);
        if path.exists() {
            fs::remove_dir_all(path).with_context(|| name.to_owned())?;
        }
        Ok(())
    }

    /// The command with these words, which shows nothing.
    pub(super) fn command(&self, words: &str) -> Command {
        self.in_folder(&self.nnfs, words.split_whitespace())
    }

    /// The command under a limit of the size of files, in blocks of 512 bytes.
    pub(super) fn limited(&self, blocks: u64, words: &str) -> Command {
        let mut command = self.in_folder(Path::new("sh"), ["-c", "ulimit -f $0; exec \"$@\""]);
        command.arg(blocks.to_string()).arg(&self.nnfs).args(words.split_whitespace());
        command
    }

    fn in_folder<'a>(&self, program: &Path, words: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    pub(super) fn start(&self, words: &str) -> anyhow::Result<Child> {
        self.command(words).spawn().context("nnfs does not start")
    }

    /// Runs the command, which has to succeed.
    pub(super) fn succeed(&self, words: &str) -> anyhow::Result<()> {
        let Output { status, stderr, .. } = self.command(words).output()?;
        let text = String::from_utf8_lossy(&stderr);
        ensure!(status.success(), "nnfs {words}: {status}: {text}");
        Ok(())
    }

    /// Whether two folders have the same model and the same predictions.
    pub(super) fn same(&self, folder: &str, other: &str) -> bool {
        SAME.iter().all(|file| {
            let bytes = |folder: &str| self.bytes(&format!("{folder}/{file}")).ok();
            bytes(folder).is_some() && bytes(folder) == bytes(other)
        })
    }
}

/// Whether an error is one line that says so.
pub(super) fn is_one_line(stderr: &[u8]) -> bool {
    let text = String::from_utf8_lossy(stderr);
    text.lines().filter(|line| line.starts_with("error: ")).count() == 1
        && !text.contains("panicked")
}

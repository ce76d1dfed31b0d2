//! The epochs of a training that is running, in a file beside its checkpoint.
//!
//! A checkpoint is written again and again. The epochs before it are not: they are appended to this
//! file, so that a checkpoint costs the same however many epochs there are.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use nnfs_model::Epoch;

use super::checksum::Checksum;
use super::disk::Identity;
use super::document::{from_json, to_json};
use super::{FileError, FormatError, disk};

/// Which file a checkpoint keeps its epochs in, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EpochsBeside {
    /// The name of the file, in the folder of the checkpoint.
    pub(super) file: String,
    /// The number of epochs, one per line.
    count: usize,
    /// The number of bytes of these lines.
    bytes: u64,
    /// The checksum of these bytes.
    checksum: String,
}

/// The file, while a training appends to it.
#[derive(Debug)]
pub(super) struct EpochFile {
    path: PathBuf,
    file: File,
    written: EpochsBeside,
    checksum: Checksum,
}

impl EpochFile {
    /// A new file for a checkpoint. The checkpoint that is there now keeps its own.
    pub(super) fn create(checkpoint: &Path, now: Option<&EpochsBeside>) -> Result<Self, FileError> {
        let path = candidates(checkpoint)
            .into_iter()
            .find(|path| now.is_none_or(|now| path.file_name() != Some(now.file.as_ref())))
            .expect("two candidates");
        let file = File::create(&path).map_err(|source| write_error(&path, source))?;
        disk::sync_folder(&path);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let checksum = Checksum::new();
        let written =
            EpochsBeside { file: name, count: 0, bytes: 0, checksum: checksum.to_string() };
        Ok(Self { path, file, written, checksum })
    }

    /// Whether the file is still in its folder. A removed one could be written to, and nobody would find it.
    pub(super) fn is_there(&self) -> bool {
        let own = self.file.metadata().ok().as_ref().map(Identity::from_metadata);
        own.is_some() && Identity::of(&self.path) == own
    }

    /// Whether nothing has been appended yet.
    pub(super) fn is_empty(&self) -> bool {
        self.written.count == 0
    }

    /// Appends the epochs that are not in the file yet, and waits until they are on the disk.
    pub(super) fn append(&mut self, epochs: &[Epoch]) -> Result<&EpochsBeside, FileError> {
        let mut lines = String::new();
        for epoch in &epochs[self.written.count..] {
            lines += &to_json(epoch).map_err(|source| FileError::format(&self.path, source))?;
            lines.push('\n');
        }
        self.write(lines.as_bytes()).map_err(|source| write_error(&self.path, source))?;
        self.checksum.add(lines.as_bytes());
        self.written.count = epochs.len();
        self.written.bytes += lines.len() as u64;
        self.written.checksum = self.checksum.to_string();
        Ok(&self.written)
    }

    /// Writes after what was written before: a write that failed may have left a part of a line.
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.written.bytes))?;
        self.file.write_all(lines)?;
        self.file.sync_data()
    }

    /// Removes the files of other checkpoints, once the checkpoint that names this file is written.
    pub(super) fn remove_others(&self, checkpoint: &Path) {
        remove(checkpoint, Some(&self.path));
    }
}

/// Removes the files of epochs that a checkpoint does not need, all but `kept`.
pub(super) fn remove(checkpoint: &Path, kept: Option<&Path>) {
    for path in candidates(checkpoint).iter().filter(|path| Some(path.as_path()) != kept) {
        // One that stays takes space and does no harm.
        let _ = fs::remove_file(path);
    }
}

/// There are two, so that a new training leaves the file of an old checkpoint alone until its own
/// checkpoint is written.
fn candidates(checkpoint: &Path) -> [PathBuf; 2] {
    let name = checkpoint.file_name().unwrap_or_default().to_string_lossy();
    [1, 2].map(|number| checkpoint.with_file_name(format!("{name}.epochs-{number}.jsonl")))
}

fn write_error(path: &Path, source: io::Error) -> FileError {
    FileError::Write { path: path.to_owned(), source }
}

impl EpochsBeside {
    /// Reads the epochs of a checkpoint.
    ///
    /// The file may have more, which were appended before the next checkpoint was written.
    pub(super) fn read(&self, checkpoint: &Path) -> Result<Vec<Epoch>, FileError> {
        let wrong = |text: String| FileError::format(checkpoint, FormatError::Metadata(text));
        if Path::new(&self.file).file_name() != Some(self.file.as_ref()) {
            return Err(wrong(format!("expected the name of a file, found {:?}", self.file)));
        }
        let path = checkpoint.with_file_name(&self.file);
        let bytes = disk::read(&path)?;
        let length = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        let lines = bytes.get(..length).filter(|bytes| {
            let mut checksum = Checksum::new();
            checksum.add(bytes);
            checksum.to_string() == self.checksum
        });
        let not_ours = || FormatError::Epochs { checkpoint: checkpoint.to_owned() };
        let lines = lines.ok_or_else(|| FileError::format(&path, not_ours()))?;
        let epochs = std::str::from_utf8(lines)
            .map_err(|error| FormatError::Metadata(error.to_string()))
            .and_then(|lines| lines.lines().map(from_json).collect::<Result<Vec<Epoch>, _>>())
            .map_err(|source| FileError::format(&path, source))?;
        if epochs.len() != self.count {
            return Err(FileError::format(&path, not_ours()));
        }
        Ok(epochs)
    }
}

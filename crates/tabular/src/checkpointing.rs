//! Where and when the checkpoints of a training are saved.

use std::path::{Path, PathBuf};

/// Checkpoints of a training, from which it can be resumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpointing {
    pub(crate) path: PathBuf,
    pub(crate) every: Option<usize>,
    pub(crate) resume: bool,
    pub(crate) parts: Vec<(String, String)>,
}

impl Checkpointing {
    /// Saves a checkpoint at this path when the training ends or is stopped.
    ///
    /// ```
    /// use nnfs_tabular::Checkpointing;
    /// let checkpoints = Checkpointing::new("model/checkpoint.safetensors").every(10).resume();
    /// ```
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().to_owned(), every: None, resume: false, parts: Vec::new() }
    }

    /// The path of a checkpoint of one network of several, from 0: `checkpoint.safetensors` becomes
    /// `checkpoint-01.safetensors`.
    pub fn path_of_network(&self, network: usize) -> PathBuf {
        let mut name = self.path.file_stem().unwrap_or_default().to_owned();
        name.push(format!("-{:02}", network + 1));
        if let Some(extension) = self.path.extension() {
            name.push(".");
            name.push(extension);
        }
        self.path.with_file_name(name)
    }

    /// Also saves one after every `epochs` epochs.
    #[must_use]
    pub fn every(mut self, epochs: usize) -> Self {
        self.every = Some(epochs);
        self
    }

    /// Resumes from the checkpoint, if there is one. The result has the same bits as that of a training
    /// without a break. The table and all settings have to be the same.
    #[must_use]
    pub fn resume(mut self) -> Self {
        self.resume = true;
        self
    }

    /// Adds text that identifies the training, such as a checksum of the file that the table was read
    /// from. A checkpoint with another text is refused.
    #[must_use]
    pub fn identified_by(mut self, part: &str, value: impl Into<String>) -> Self {
        self.parts.push((part.to_owned(), value.into()));
        self
    }
}

//! The folder that a training writes into.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// A folder that has been found to be writable.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder if it is not there, and for a moment a file in it: what cannot work is to be
    /// known before training.
    ///
    /// # Errors
    /// If it cannot be written into.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(path)
            .and_then(|()| tempfile::tempfile_in(path))
            .with_context(|| format!("cannot write into the folder {}", path.display()))?;
        Ok(Self { path: path.to_owned() })
    }

    /// Where a file of this name stands.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

//! A file that is written in place, where there are no temporary files: in WebAssembly. In a browser
//! there are no files at all, and creating one is an error.

use std::fs::{File, Permissions};
use std::io;
use std::path::PathBuf;

/// A new file.
#[derive(Debug)]
pub(super) struct NewFile {
    path: PathBuf,
    pub(super) file: File,
}

impl NewFile {
    pub(super) fn create(path: PathBuf, _: Option<Permissions>) -> io::Result<Self> {
        let file = File::create(&path)?;
        Ok(Self { path, file })
    }

    /// Waits until the file is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// It is in its place already.
    pub(super) fn publish(self) -> io::Result<PathBuf> {
        Ok(self.path)
    }
}

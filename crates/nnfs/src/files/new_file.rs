//! A file that replaces another one as a whole.

use std::fs::{self, Permissions};
use std::io;
use std::path::PathBuf;

use tempfile::NamedTempFile;

use super::disk::{folder_of, machine};

/// A new file under a temporary name, in the folder of the file that it will replace.
#[derive(Debug)]
pub(super) struct NewFile {
    path: PathBuf,
    pub(super) file: NamedTempFile,
}

impl NewFile {
    pub(super) fn create(path: PathBuf, permissions: Option<Permissions>) -> io::Result<Self> {
        let folder = folder_of(&path);
        // Otherwise an error would name a temporary file.
        fs::metadata(folder)?;
        let mut builder = tempfile::Builder::new();
        let prefix = temporary_prefix();
        builder.prefix(&prefix).suffix(".tmp");
        // By default other users cannot read a temporary file. A model has the usual permissions.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder)?;
        if let Some(permissions) = permissions {
            file.as_file().set_permissions(permissions)?;
        }
        Ok(Self { path, file })
    }

    /// Waits until the file is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.as_file().sync_all()
    }

    /// Renames it.
    pub(super) fn publish(self) -> io::Result<PathBuf> {
        self.file.persist(&self.path)?;
        Ok(self.path)
    }
}

/// The beginning of the names of temporary files: `.nnfs-PROCESS-MACHINE-`.
pub(super) fn temporary_prefix() -> String {
    format!(".nnfs-{}-{}-", std::process::id(), machine())
}

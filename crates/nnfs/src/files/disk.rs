//! Bytes to and from the disk.

use std::io::{self, Write};
use std::path::Path;

use super::FileError;

pub(super) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(|source| FileError::Read { path: path.to_owned(), source })
}

/// Writes a file as models are written: a crash leaves the old file or the new one, whole.
///
/// # Errors
/// If it cannot be written; the old file is then still there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    replace(path, bytes).map_err(|source| FileError::Write { path: path.to_owned(), source })
}

/// Writes to a new file in the same folder, waits until it is on the disk, and renames it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nnfs-").suffix(".tmp");
    // By default nobody else may read a temporary file; a model is like any other file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    // That the name is on the disk too, where the system knows how to wait for it.
    #[cfg(unix)]
    let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

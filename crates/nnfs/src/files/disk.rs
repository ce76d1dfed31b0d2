//! Reads and writes files.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::FileError;

pub(super) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(|source| FileError::Read { path: path.to_owned(), source })
}

/// Writes a file atomically, as models are written: after a crash there is the old file or the new one.
///
/// An existing file keeps its permissions, but not its owner. If the path is a symbolic link, the file
/// that it points to is replaced. Anything else than a file (a pipe, a terminal, `/dev/null`) is
/// written into directly.
///
/// # Errors
/// If the file cannot be written. The old file then remains.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    try_write(path, bytes).map_err(|source| FileError::Write { path: path.to_owned(), source })
}

fn try_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = match fs::metadata(path) {
        Ok(old) => old,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return replace(&end_of_links(path), bytes, None);
        }
        Err(error) => return Err(error),
    };
    // This fails for a folder and for a protected file, which a rename would replace.
    let mut file = OpenOptions::new().write(true).open(path)?;
    if old.is_file() {
        replace(&fs::canonicalize(path)?, bytes, Some(old.permissions()))
    } else {
        file.write_all(bytes)
    }
}

/// The target of a symbolic link that does not exist yet.
fn end_of_links(path: &Path) -> PathBuf {
    let mut end = path.to_owned();
    while let Ok(next) = fs::read_link(&end) {
        end = end.parent().unwrap_or(Path::new("")).join(next);
    }
    end
}

/// Writes a new file in the same folder, waits until it is on the disk, and renames it.
fn replace(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let folder = folder_of(path);
    // Otherwise an error would name a temporary file.
    fs::metadata(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nnfs-").suffix(".tmp");
    // By default other users cannot read a temporary file. A model has the usual permissions.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(path);
    Ok(())
}

/// Waits until the name of a new file is on the disk, on systems that can.
pub(super) fn sync_folder(path: &Path) {
    #[cfg(unix)]
    let _ = fs::File::open(folder_of(path)).and_then(|folder| folder.sync_all());
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let [file, first, second] =
            ["file", "first", "second"].map(|name| folder.path().join(name));
        symlink("second", &first).unwrap();
        symlink("file", &second).unwrap();
        // At first the link leads nowhere, then to a file.
        for bytes in [b"old", b"new"] {
            write_atomically(&first, bytes).unwrap();
            assert_eq!(fs::read(&file).unwrap(), bytes);
            assert_eq!(fs::read_link(&first).unwrap(), Path::new("second"));
            assert_eq!(fs::read_link(&second).unwrap(), Path::new("file"));
        }
    }

    #[test]
    fn a_circle_of_links_and_a_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let circle = folder.path().join("circle");
        symlink("circle", &circle).unwrap();
        assert!(write_atomically(&circle, b"").is_err());
        assert!(write_atomically(folder.path(), b"").is_err());
        assert!(write_atomically(&folder.path().join("missing").join("file"), b"").is_err());
    }

    #[test]
    fn permissions_stay() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_atomically(&file, b"old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        write_atomically(&file, b"new").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }

    #[test]
    fn what_is_not_a_regular_file_is_written_into() {
        write_atomically(Path::new("/dev/null"), b"bytes").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

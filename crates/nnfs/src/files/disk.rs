//! Reads and writes files.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::new_file::NewFile;
use super::{Checksum, FileError};

pub(super) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(|source| FileError::Read { path: path.to_owned(), source })
}

/// Writes a file atomically, as models are written: after a crash there is the old file or the new one.
/// WebAssembly has no temporary files. There the file is written in place, and a crash can leave an
/// incomplete file.
///
/// An existing file keeps its permissions, but not its owner. If the path is a symbolic link, the file
/// that it points to is replaced. Anything else than a file (a pipe, a terminal, `/dev/null`) is
/// written into directly.
///
/// # Errors
/// If the file cannot be written. The old file then remains, except in WebAssembly.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_atomically_with(path, |file| file.write_all(bytes).map_err(|it| write_error(path, it)))
}

/// The same for what is too large to be in memory at once: a function writes into the file. If it fails,
/// the old file remains, except in WebAssembly.
///
/// # Errors
/// That of the function, or if the file cannot be written.
pub fn write_atomically_with<E: From<FileError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    Staged::write_with(path, write)?.publish().map_err(E::from)
}

/// A file that is written and on the disk, but not yet in its place.
///
/// Several files that belong together are staged first and then published, so that a full disk is noticed while all
/// old files are still there. A staged file that is dropped leaves the old one. In WebAssembly, which has no temporary
/// files, and where the path is not that of a file, it is in its place at once.
///
/// ```
/// use nnfs::files::Staged;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("notes.txt");
/// let staged = Staged::write(&path, b"new")?;
/// assert!(!path.exists());
/// staged.publish()?;
/// assert_eq!(std::fs::read(&path)?, b"new");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a staged file has to be published"]
pub struct Staged {
    path: PathBuf,
    /// `None` if it was written into directly: a pipe, a terminal, `/dev/null`.
    file: Option<NewFile>,
}

impl Staged {
    /// Writes the bytes of a file, as [`write_atomically`] does, without replacing the old file yet.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(path: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        Self::write_with(path, |file| {
            file.write_all(bytes).map_err(|source| write_error(path, source))
        })
    }

    /// The same for what is too large to be in memory at once: a function writes into the file.
    ///
    /// ```
    /// use nnfs::files::{FileError, Staged};
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("numbers.txt");
    /// let staged = Staged::write_with(&path, |file| {
    ///     let written = (0..3).try_for_each(|number| writeln!(file, "{number}"));
    ///     written.map_err(|source| FileError::Write { path: path.clone(), source })
    /// })?;
    /// staged.publish()?;
    /// assert_eq!(std::fs::read(&path)?, b"0\n1\n2\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// That of the function, or if the file cannot be written.
    pub fn write_with<E: From<FileError>>(
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Self, E> {
        Ok(Self { path: path.to_owned(), file: write_with(path, write)? })
    }

    /// Puts the file into its place, where it replaces the old one.
    ///
    /// # Errors
    /// If it cannot be renamed. The old file then remains.
    pub fn publish(self) -> Result<(), FileError> {
        sync_folder(&self.publish_soon()?);
        Ok(())
    }

    /// The same without waiting until the name of the file is on the disk. Gives the path without links.
    fn publish_soon(self) -> Result<PathBuf, FileError> {
        let Self { path, file } = self;
        match file {
            None => Ok(path),
            Some(file) => file.publish().map_err(|source| write_error(&path, source)),
        }
    }
}

/// [`write_atomically`] without waiting until the name of the file is on the disk: a loss of power may
/// bring back the old file.
pub(super) fn replace_soon(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let write = |file: &mut dyn Write| file.write_all(bytes).map_err(|it| write_error(path, it));
    Staged::write_with(path, write)?.publish_soon().map(drop)
}

fn write_error(path: &Path, source: io::Error) -> FileError {
    FileError::Write { path: path.to_owned(), source }
}

/// Writes a new file, which is then on the disk, but not yet in its place. `None` if it was written into directly.
fn write_with<E: From<FileError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<Option<NewFile>, E> {
    let failed = |source| write_error(path, source);
    let old = match fs::metadata(path) {
        Ok(old) => old,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut new = NewFile::create(end_of_links(path), None).map_err(failed)?;
            write(&mut new.file)?;
            new.sync().map_err(failed)?;
            return Ok(Some(new));
        }
        Err(error) => return Err(failed(error).into()),
    };
    // This fails for a folder and for a protected file, which a rename would replace.
    let mut file = OpenOptions::new().write(true).open(path).map_err(failed)?;
    if old.is_file() {
        let target = fs::canonicalize(path).map_err(failed)?;
        let mut new = NewFile::create(target, Some(old.permissions())).map_err(failed)?;
        write(&mut new.file)?;
        new.sync().map_err(failed)?;
        Ok(Some(new))
    } else {
        write(&mut file)?;
        Ok(None)
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

/// Saving a file takes less than this.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A number of this machine or container: a number of a process means nothing elsewhere.
pub(super) fn machine() -> String {
    let mut checksum = Checksum::new();
    for file in ["/proc/sys/kernel/hostname", "/proc/sys/kernel/random/boot_id"] {
        checksum.add(&fs::read(file).unwrap_or_default());
    }
    checksum.to_string()[..8].to_owned()
}

/// Removes the temporary files that killed programs left in a folder: those of processes that are dead
/// (on Linux), and those that are more than an hour old. Other files stay.
///
/// # Errors
/// If the folder cannot be read, or such a file cannot be removed.
pub fn remove_temporary_files(folder: impl AsRef<Path>) -> Result<(), FileError> {
    let folder = folder.as_ref();
    let machine = machine();
    let read = |source| FileError::Read { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(read)? {
        let entry = entry.map_err(read)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Some(rest) = name.strip_prefix(".nnfs-").filter(|name| name.ends_with(".tmp")) else {
            continue;
        };
        let modified = entry.metadata().and_then(|found| found.modified());
        let is_old = modified.is_ok_and(|it| it.elapsed().is_ok_and(|age| age > HOUR));
        if is_old || is_of_a_dead_process(rest, &machine) {
            let path = entry.path();
            fs::remove_file(&path).map_err(|source| FileError::Write { path, source })?;
        }
    }
    Ok(())
}

/// Whether the name begins with the number of a process of this machine that does not run.
fn is_of_a_dead_process(name: &str, machine: &str) -> bool {
    let mut parts = name.split('-');
    let process = parts.next().and_then(|process| process.parse::<u32>().ok());
    let (Some(process), Some(found)) = (process, parts.next()) else { return false };
    let processes = Path::new("/proc");
    let is_known = processes.join("self").exists();
    found == machine && is_known && !processes.join(process.to_string()).exists()
}

/// Waits until the name of a new file is on the disk, on systems that can.
pub(super) fn sync_folder(path: &Path) {
    let folder = folder_of(path);
    #[cfg(unix)]
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}

/// What a file is, to notice that another program has replaced it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    length: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    place: (u64, u64),
}

impl Identity {
    /// Of the file at a path, if there is one.
    pub(super) fn of(path: &Path) -> Option<Self> {
        Some(Self::from_metadata(&fs::metadata(path).ok()?))
    }

    pub(super) fn from_metadata(found: &fs::Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            length: found.len(),
            modified: found.modified().ok(),
            #[cfg(unix)]
            place: (found.dev(), found.ino()),
        }
    }
}

pub(super) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

#[cfg(all(test, target_os = "linux"))]
mod temporary_files {
    use super::*;

    #[test]
    fn those_of_dead_processes_and_old_ones_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let (machine, own) = (machine(), std::process::id());
        // The kernel has fewer numbers of processes.
        let dead = format!(".nnfs-999999999-{machine}-a.tmp");
        let alive = format!(".nnfs-{own}-{machine}-a.tmp");
        let elsewhere = ".nnfs-999999999-00000000-a.tmp".to_owned();
        let (unknown, other) = (".nnfs-Xy1.tmp".to_owned(), "999999999.tmp".to_owned());
        let names = [dead, alive, elsewhere, unknown, other];
        let exist =
            |names: &[String; 5]| names.each_ref().map(|it| folder.path().join(it).exists());
        for name in &names {
            fs::write(folder.path().join(name), "").unwrap();
        }
        remove_temporary_files(folder.path()).unwrap();
        assert_eq!(exist(&names), [false, true, true, true, true]);
        for name in &names[1..] {
            let file = fs::File::options().write(true).open(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - 2 * HOUR).unwrap();
        }
        remove_temporary_files(folder.path()).unwrap();
        assert_eq!(exist(&names), [false, false, false, false, true]);
    }
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
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
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

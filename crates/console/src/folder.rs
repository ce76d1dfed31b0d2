//! The folder that a program writes its results into.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use nnfs::files;

/// A folder that can be written into.
///
/// A file appears whole or not at all. A file of the same name is replaced (if it is a link, the file
/// that it points to); other files stay as they are.
///
/// On Unix the folder is locked as long as the value lives, so that two programs do not write into one
/// folder. The system removes the lock when a program ends, also when it is killed. File systems without
/// locks do not keep another program out.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The folder itself, locked if that is possible; `None` on systems that do not open folders.
    handle: Option<File>,
}

/// How often a folder is made that another program removes at once. An error that lasts is reported after
/// some milliseconds.
const ATTEMPTS: usize = 100;

/// A folder that another program writes into.
#[derive(Debug, thiserror::Error)]
#[error("the folder {} is in use: another program writes into it", .0.display())]
pub struct InUse(PathBuf);

/// What has become of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is there.
    Same,
    /// It had disappeared, and has been made again.
    MadeAgain,
    /// There is another folder in its place, with files of another program.
    Taken,
}

impl Folder {
    /// Makes the folder if it is missing, and checks that these files can be written into it, so that
    /// an error is found before training. Removes temporary files that killed programs left there.
    ///
    /// ```
    /// use nnfs_console::Folder;
    /// # let parent = tempfile::tempdir()?;
    /// # let path = parent.path().join("results");
    /// let folder = Folder::open(&path, &["model.safetensors"])?;
    /// assert!(path.is_dir());
    /// # Ok::<(), anyhow::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InUse`] if another program writes into the folder; if it cannot be written into, or if one of
    /// the files exists and cannot be replaced.
    pub fn open(path: &Path, files: &[&str]) -> anyhow::Result<Self> {
        let folder = Self::made(path)?;
        for file in files.iter().map(|name| folder.file(name)) {
            match OpenOptions::new().write(true).open(&file) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                opened => {
                    opened.with_context(|| format!("{}: cannot be written", file.display()))?;
                }
            }
        }
        // A temporary file that cannot be removed does no harm.
        let _ = files::remove_temporary_files(path);
        Ok(folder)
    }

    /// Makes the folder if it is missing, and locks it. Makes it again if another program removes it
    /// meanwhile.
    fn made(path: &Path) -> anyhow::Result<Self> {
        let mut folder = Self { path: path.to_owned(), handle: None };
        let mut attempts = 0;
        loop {
            attempts += 1;
            let written = fs::create_dir_all(path).and_then(|()| tempfile::tempfile_in(path));
            // While the folder is being removed, the error depends on the system: not found, not
            // permitted, or another. Its path can still exist for a moment. So every error counts.
            if written.is_err() && attempts < ATTEMPTS {
                continue;
            }
            written.with_context(|| format!("cannot write into the folder {folder}"))?;
            folder.handle = locked(path)?;
            if folder.is_there()? || attempts == ATTEMPTS {
                return Ok(folder);
            }
        }
    }

    /// Whether the path leads to this folder.
    fn is_there(&self) -> anyhow::Result<bool> {
        Ok(match (&self.handle, fs::metadata(&self.path)) {
            (Some(handle), Ok(found)) => is_same(&handle.metadata()?, &found),
            (None, Ok(_)) => true,
            (_, Err(_)) => false,
        })
    }

    /// Looks whether the folder is still there, and makes it again if it has disappeared.
    ///
    /// # Errors
    /// If it cannot be made again.
    pub fn look_again(&mut self) -> anyhow::Result<Found> {
        if self.is_there()? {
            return Ok(Found::Same);
        }
        if fs::read_dir(&self.path).is_ok_and(|mut entries| entries.next().is_some()) {
            return Ok(Found::Taken);
        }
        match Self::open(&self.path, &[]) {
            Ok(folder) => *self = folder,
            Err(error) if error.is::<InUse>() => return Ok(Found::Taken),
            Err(error) => return Err(error),
        }
        Ok(Found::MadeAgain)
    }

    /// A new folder for what cannot be written into this one: `model-2` for `model`, or the first number
    /// that is free, beside this folder; if that cannot be made, in the current folder, or among the
    /// temporary files.
    ///
    /// # Errors
    /// If none of them can be made.
    pub fn elsewhere(&self) -> anyhow::Result<Self> {
        let name = self.path.file_name().unwrap_or("results".as_ref()).to_string_lossy();
        let parent = self.path.parent().map(Path::to_owned);
        let places = [parent, std::env::current_dir().ok(), Some(std::env::temp_dir())];
        let paths = places
            .iter()
            .flatten()
            .flat_map(|place| (2..100).map(|number| place.join(format!("{name}-{number}"))));
        let mut failed = None;
        for path in paths {
            match fs::create_dir(&path) {
                Ok(()) => return Self::open(&path, &[]),
                Err(error) => failed = Some((path, error)),
            }
        }
        match failed {
            Some((path, error)) => Err(error).with_context(|| path.display().to_string()),
            None => bail!("expected a folder for the results, found none"),
        }
    }

    /// The path of a file in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a file: a crash leaves the old one or the new one.
    ///
    /// # Errors
    /// If it cannot be written; the error names the file.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> anyhow::Result<()> {
        Ok(files::write_atomically(&self.file(name), contents.as_ref())?)
    }
}

/// The folder, open and locked.
fn locked(path: &Path) -> Result<Option<File>, InUse> {
    // Windows does not open folders.
    let Ok(handle) = File::open(path) else { return Ok(None) };
    match handle.try_lock() {
        Err(TryLockError::WouldBlock) => Err(InUse(path.to_owned())),
        // Some file systems have no locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(handle)),
    }
}

/// Whether the two are one folder.
fn is_same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        true
    }
}

impl fmt::Display for Folder {
    /// The path, relative to the current folder if it is inside.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = std::env::current_dir().unwrap_or_default();
        let inside = self.path.strip_prefix(current).ok();
        let inside = inside.filter(|path| !path.as_os_str().is_empty());
        inside.unwrap_or(&self.path).display().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a").join("b");
        let folder = Folder::open(&path, &[]).unwrap();
        assert!(names(&path).is_empty(), "{:?}", names(&path));
        folder.write("run-1.log", "first").unwrap();
        folder.write("run-1.log", "second").unwrap();
        assert_eq!(names(&path), ["run-1.log"]);
        assert_eq!(fs::read_to_string(path.join("run-1.log")).unwrap(), "second");
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path(), &[]).unwrap();
        fs::create_dir(place.path().join("run-1.log")).unwrap();
        let error = folder.write("run-1.log", "text").unwrap_err();
        assert!(error.to_string().contains("run-1.log"), "{error}");
        assert_eq!(names(place.path()), ["run-1.log"]);
    }

    #[test]
    fn a_folder_below_a_file_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        fs::write(&file, "").unwrap();
        let error = Folder::open(&file.join("out"), &[]).unwrap_err();
        assert!(error.to_string().contains(&file.join("out").display().to_string()), "{error}");
    }

    #[test]
    fn a_file_that_cannot_be_replaced_is_found_before_training() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("model")).unwrap();
        let error = Folder::open(place.path(), &["history", "model"]).unwrap_err();
        assert!(format!("{error:#}").contains("model: cannot be written"), "{error:#}");
        assert!(!place.path().join("history").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_for_one_program_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("model");
        let folder = Folder::open(&path, &[]).unwrap();
        let error = Folder::open(&path, &[]).unwrap_err();
        assert!(error.is::<InUse>(), "{error}");
        drop(folder);
        assert!(Folder::open(&path, &[]).is_ok());
        assert!(names(&path).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_disappears_is_made_again_and_one_of_another_program_is_left() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("model");
        let mut folder = Folder::open(&path, &[]).unwrap();
        assert_eq!(folder.look_again().unwrap(), Found::Same);
        fs::remove_dir_all(&path).unwrap();
        assert_eq!(folder.look_again().unwrap(), Found::MadeAgain);
        folder.write("a", "ours").unwrap();
        assert_eq!(folder.look_again().unwrap(), Found::Same);

        fs::remove_dir_all(&path).unwrap();
        let other = Folder::open(&path, &[]).unwrap();
        assert_eq!(folder.look_again().unwrap(), Found::Taken);
        other.write("a", "theirs").unwrap();
        drop(other);
        assert_eq!(folder.look_again().unwrap(), Found::Taken);
        folder.elsewhere().unwrap().write("a", "ours").unwrap();
        assert_eq!(names(place.path()).len(), 2);
        assert_eq!(fs::read_to_string(place.path().join("model-2/a")).unwrap(), "ours");
    }

    /// Another program may remove the folder while it is opened.
    #[cfg(unix)]
    #[test]
    fn a_folder_that_disappears_while_it_is_opened_is_made_again() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("model");
        let remover = std::thread::spawn({
            let path = path.clone();
            move || (0..30).for_each(|_| while fs::remove_dir(&path).is_err() {})
        });
        // A child process of another test has a copy of the lock until it starts its program.
        let open = || loop {
            match Folder::open(&path, &[]) {
                Err(error) if error.is::<InUse>() => {}
                opened => return opened.unwrap(),
            }
        };
        while !remover.is_finished() {
            drop(open());
        }
        let mut folder = open();
        assert_eq!(folder.look_again().unwrap(), Found::Same);
    }
}

//! The folder that a program writes its results into.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use nnfs::files;

/// Saving a file takes less than this.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A folder that can be written into.
///
/// A file appears whole or not at all. A file of the same name is replaced (if it is a link, the file
/// that it points to); other files stay as they are.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder if it is missing, and checks that these files can be written into it, so that
    /// an error is found before training. Removes temporary files that a killed program left there
    /// more than an hour ago.
    ///
    /// # Errors
    /// If the folder cannot be written into, or if one of the files exists and cannot be replaced.
    pub fn open(path: &Path, files: &[&str]) -> anyhow::Result<Self> {
        let folder = Self { path: path.to_owned() };
        fs::create_dir_all(path)
            .and_then(|()| tempfile::tempfile_in(path))
            .with_context(|| format!("cannot write into the folder {folder}"))?;
        for file in files.iter().map(|name| folder.file(name)) {
            match OpenOptions::new().write(true).open(&file) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                opened => {
                    opened.with_context(|| format!("{}: cannot be written", file.display()))?;
                }
            }
        }
        // A temporary file that cannot be removed does no harm.
        let _ = folder.clear();
        Ok(folder)
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

    fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_old = entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age > HOUR);
            if name.starts_with(".nnfs-") && name.ends_with(".tmp") && is_old {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
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
    use std::time::SystemTime;

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

    #[test]
    fn old_temporary_files_are_removed() {
        let place = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        for (name, age) in
            [(".nnfs-old.tmp", 2 * HOUR), (".nnfs-new.tmp", HOUR / 2), ("old.tmp", 2 * HOUR)]
        {
            let file = fs::File::create(place.path().join(name)).unwrap();
            file.set_modified(now - age).unwrap();
        }
        Folder::open(place.path(), &[]).unwrap();
        let exist = ["old.tmp", ".nnfs-new.tmp", ".nnfs-old.tmp"];
        assert_eq!(exist.map(|name| place.path().join(name).exists()), [true, true, false]);
    }
}

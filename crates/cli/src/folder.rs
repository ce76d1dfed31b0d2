//! The folder that a training writes into.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

/// Nothing takes so long to save.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A folder that has been found to be writable.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder if it is not there, and tries to write: what cannot work is to be known
    /// before training. Clears away what is left of saves that were killed more than an hour ago.
    ///
    /// # Errors
    /// If it cannot be written into, or one of the files that are there cannot be replaced.
    pub(crate) fn open(path: &Path, files: &[&str]) -> anyhow::Result<Self> {
        fs::create_dir_all(path)
            .and_then(|()| tempfile::tempfile_in(path))
            .with_context(|| format!("cannot write into the folder {}", path.display()))?;
        let folder = Self { path: path.to_owned() };
        for file in files.iter().map(|name| folder.file(name)) {
            match OpenOptions::new().write(true).open(&file) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                opened => {
                    opened.with_context(|| format!("{}: cannot be written", file.display()))?;
                }
            }
        }
        // What cannot be removed is in nobody's way.
        let _ = folder.clear();
        Ok(folder)
    }

    /// Where a file of this name stands.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn what_was_killed_long_ago_is_cleared_away() {
        let place = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        for (name, age) in
            [(".nnfs-old.tmp", 2 * HOUR), (".nnfs-new.tmp", HOUR / 2), ("old.tmp", 2 * HOUR)]
        {
            let file = fs::File::create(place.path().join(name)).unwrap();
            file.set_modified(now - age).unwrap();
        }
        Folder::open(place.path(), &[]).unwrap();
        let names = ["old.tmp", ".nnfs-new.tmp", ".nnfs-old.tmp"];
        assert_eq!(names.map(|name| place.path().join(name).exists()), [true, true, false]);
    }

    #[test]
    fn what_cannot_be_replaced_is_told_before() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("model")).unwrap();
        let error = Folder::open(place.path(), &["history", "model"]).unwrap_err();
        assert!(format!("{error:#}").contains("model: cannot be written"), "{error:#}");
        assert!(!place.path().join("history").exists());
    }
}

//! The folder that an experiment writes into.
//!
//! A file appears whole or not at all. A file of the same name is replaced, at the end of a link where
//! it is one; others, such as those of runs that were not chosen this time, stay as they are.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use nnfs::files;

use crate::{UsageError, workspace};

/// A folder that has been found to be writable.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder that was asked for, or else `target/experiments/{default}` of the
    /// workspace, and writes a first file into it: what cannot work is to be known before training.
    pub(crate) fn open(chosen: Option<&Path>, default: &str) -> Result<Self, UsageError> {
        let path = chosen.map_or_else(
            || workspace().join("target").join("experiments").join(default),
            Path::to_path_buf,
        );
        let folder = Self { path };
        folder.probe().map_err(|error| {
            UsageError(format!("cannot write into the folder {folder}: {error}"))
        })?;
        Ok(folder)
    }

    fn probe(&self) -> std::io::Result<()> {
        fs::create_dir_all(&self.path)?;
        tempfile::tempfile_in(&self.path).map(drop)
    }

    /// Writes a file beside its place and then moves it there.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> anyhow::Result<()> {
        Ok(files::write_atomically(&self.path.join(name), contents.as_ref())?)
    }
}

impl fmt::Display for Folder {
    /// As seen from the current folder, where it is inside.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = std::env::current_dir().unwrap_or_default();
        let inside = self.path.strip_prefix(current).ok();
        let inside = inside.filter(|path| !path.as_os_str().is_empty());
        write!(f, "{}", inside.unwrap_or(&self.path).display())
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
        let folder = Folder::open(Some(&path), "unused").unwrap();
        assert!(names(&path).is_empty(), "{:?}", names(&path));
        folder.write("run-1.log", "first").unwrap();
        folder.write("run-1.log", "second").unwrap();
        assert_eq!(names(&path), ["run-1.log"]);
        assert_eq!(fs::read_to_string(path.join("run-1.log")).unwrap(), "second");
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(Some(place.path()), "unused").unwrap();
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
        let error = Folder::open(Some(&file.join("out")), "unused").unwrap_err().to_string();
        assert!(error.contains("cannot write into the folder"), "{error}");
        assert!(error.contains(&file.join("out").display().to_string()), "{error}");
    }
}

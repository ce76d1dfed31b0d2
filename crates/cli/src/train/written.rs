//! The files of a training.

use std::fs;
use std::io::Write;

use anyhow::Error;
use nnfs::files;

use nnfs_console::{Folder, causes, warn};

/// Writes files into a folder. If one file cannot be written, the others are.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    folder: &'a Folder,
    names: Vec<&'static str>,
    error: Option<Error>,
}

impl<'a> Written<'a> {
    /// No file yet.
    pub(crate) fn new(folder: &'a Folder) -> Self {
        Self { folder, names: Vec::new(), error: None }
    }

    /// Writes a file, if it could be made. Otherwise a file of that name is removed: it belongs to an
    /// earlier training.
    pub(crate) fn write<E: Into<Error>>(&mut self, name: &'static str, bytes: Result<Vec<u8>, E>) {
        let path = self.folder.file(name);
        let written = bytes
            .map_err(Into::into)
            .and_then(|bytes| files::write_atomically(&path, &bytes).map_err(Into::into));
        self.note(name, written);
    }

    /// The same for a file that is written part by part.
    pub(crate) fn write_with(
        &mut self,
        name: &'static str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), nnfs_tabular::Error>,
    ) {
        let path = self.folder.file(name);
        let written = files::write_atomically_with(&path, write);
        self.note(
            name,
            written.map_err(|error| match error {
                nnfs_tabular::Error::Output(_) => {
                    Error::new(error).context(path.display().to_string())
                }
                error => error.into(),
            }),
        );
    }

    fn note(&mut self, name: &'static str, written: Result<(), Error>) {
        if self.keep(written).is_some() {
            self.names.push(name);
        } else {
            // The error that is reported already names the file.
            let _ = fs::remove_file(self.folder.file(name));
        }
    }

    /// The value, if there is one. Keeps the first error, and warns of the others.
    pub(crate) fn keep<V, E: Into<Error>>(&mut self, result: Result<V, E>) -> Option<V> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error.into(),
        };
        match &self.error {
            None => self.error = Some(error),
            Some(first) if causes(first) == causes(&error) => {}
            Some(_) => warn(&format!("warning: {}", causes(&error))),
        }
        None
    }

    /// The names of what was written, with commas between, and the first error.
    pub(crate) fn finish(self) -> (String, anyhow::Result<()>) {
        (self.names.join(", "), self.error.map_or(Ok(()), Err))
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_file_that_cannot_be_made_is_not_left_from_an_earlier_training() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path(), &[]).unwrap();
        folder.write("predictions.csv", "old").unwrap();
        folder.write("notes.txt", "mine").unwrap();
        let mut written = Written::new(&folder);
        written.write("history.csv", anyhow::Ok(b"new".to_vec()));
        written.write("predictions.csv", Err(anyhow!("a prediction is not finite")));
        let (names, failed) = written.finish();
        assert_eq!(names, "history.csv");
        assert_eq!(failed.unwrap_err().to_string(), "a prediction is not finite");
        let exist = ["history.csv", "predictions.csv", "notes.txt"];
        assert_eq!(exist.map(|name| folder.file(name).exists()), [true, false, true]);
    }
}

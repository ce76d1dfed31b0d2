//! The files of a training.

use std::fs;

use anyhow::Error;
use nnfs::files;

use nnfs_console::{Folder, causes, warn};

/// Writes files into a folder; one that cannot be written does not cost the others.
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
        let file = self.folder.file(name);
        if let Some(bytes) = self.keep(bytes)
            && self.keep(files::write_atomically(&file, &bytes)).is_some()
        {
            self.names.push(name);
        } else {
            // The error that is reported already names the file.
            let _ = fs::remove_file(file);
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

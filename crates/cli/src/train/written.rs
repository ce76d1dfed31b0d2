//! The files of a training.

use std::fs;
use std::io::Write;

use anyhow::{Error, anyhow};
use nnfs::files::Staged;

use nnfs_console::{Folder, causes, warn};

/// Writes files into a folder, all of them before it replaces any. If one file cannot be written, the others are. If
/// the model cannot be written, and the folder has one of an earlier training, all earlier files stay.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    folder: &'a Folder,
    /// The name of the model.
    model: &'static str,
    /// `None` for a file that could not be written.
    staged: Vec<(&'static str, Option<Staged>)>,
    error: Option<Error>,
}

impl<'a> Written<'a> {
    /// No file yet.
    pub(crate) fn new(folder: &'a Folder, model: &'static str) -> Self {
        Self { folder, model, staged: Vec::new(), error: None }
    }

    /// Writes a file, if it could be made.
    pub(crate) fn write<E: Into<Error>>(&mut self, name: &'static str, bytes: Result<Vec<u8>, E>) {
        let path = self.folder.file(name);
        let staged = bytes
            .map_err(Into::into)
            .and_then(|bytes| Staged::write(&path, &bytes).map_err(Into::into));
        self.add(name, staged);
    }

    /// The same for a file that is written part by part.
    pub(crate) fn write_with(
        &mut self,
        name: &'static str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), nnfs_tabular::Error>,
    ) {
        let path = self.folder.file(name);
        let staged = Staged::write_with(&path, write);
        self.add(
            name,
            staged.map_err(|error| match error {
                nnfs_tabular::Error::Output(_) => {
                    Error::new(error).context(path.display().to_string())
                }
                error => error.into(),
            }),
        );
    }

    fn add(&mut self, name: &'static str, staged: Result<Staged, Error>) {
        let staged = self.keep(staged);
        self.staged.push((name, staged));
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

    /// Puts the files into their places, the model last: it shows that the others are of its training. Returns the
    /// names of what was written, with commas between, and the first error.
    ///
    /// An old file whose new one could not be written is removed: it belongs to an earlier training. One that cannot be
    /// replaced stays, and the error names it.
    pub(crate) fn finish(mut self) -> (String, anyhow::Result<()>) {
        let staged = std::mem::take(&mut self.staged);
        let (models, others): (Vec<_>, Vec<_>) =
            staged.into_iter().partition(|(name, _)| *name == self.model);
        let failed = models.iter().any(|(_, staged)| staged.is_none());
        if failed && self.folder.file(self.model).exists() {
            let folder = self.folder;
            let error = self.error.take().map(|error| {
                let causes = causes(&error);
                anyhow!("{causes}; {folder} keeps the files of the earlier training; make room, and train again")
            });
            return (String::new(), error.map_or(Ok(()), Err));
        }
        let mut names = Vec::new();
        for (name, staged) in others.into_iter().chain(models) {
            match staged.map(Staged::publish) {
                Some(published) => names.extend(self.keep(published).map(|()| name)),
                // The error that is reported already names the file.
                None => drop(fs::remove_file(self.folder.file(name))),
            }
        }
        (names.join(", "), self.error.map_or(Ok(()), Err))
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    /// A folder of an earlier training, and a file of the user.
    fn folder_of_an_earlier_training(place: &tempfile::TempDir) -> Folder {
        let folder = Folder::open(place.path(), &[]).unwrap();
        for (name, contents) in [
            ("model", "old"),
            ("predictions.csv", "old"),
            ("history.csv", "old"),
            ("notes", "mine"),
        ] {
            folder.write(name, contents).unwrap();
        }
        folder
    }

    #[test]
    fn a_file_that_cannot_be_made_is_not_left_from_an_earlier_training() {
        let place = tempfile::tempdir().unwrap();
        let folder = folder_of_an_earlier_training(&place);
        let mut written = Written::new(&folder, "model");
        written.write("model", anyhow::Ok(b"new".to_vec()));
        written.write("history.csv", anyhow::Ok(b"new".to_vec()));
        written.write("predictions.csv", Err(anyhow!("a prediction is not finite")));
        let (names, failed) = written.finish();
        assert_eq!(names, "history.csv, model");
        assert_eq!(failed.unwrap_err().to_string(), "a prediction is not finite");
        let exist = ["history.csv", "predictions.csv", "notes", "model"];
        assert_eq!(exist.map(|name| folder.file(name).exists()), [true, false, true, true]);
    }

    #[test]
    fn a_model_that_cannot_be_written_leaves_all_files_of_an_earlier_training() {
        let place = tempfile::tempdir().unwrap();
        let folder = folder_of_an_earlier_training(&place);
        let mut written = Written::new(&folder, "model");
        written.write("model", Err(anyhow!("no space left")));
        written.write("history.csv", anyhow::Ok(b"new".to_vec()));
        written.write("predictions.csv", Err(anyhow!("no space left")));
        let (names, failed) = written.finish();
        assert_eq!(names, "");
        let expected = format!("no space left; {folder} keeps the files of the earlier training; ");
        assert!(failed.unwrap_err().to_string().starts_with(&expected));
        for name in ["model", "history.csv", "predictions.csv"] {
            assert_eq!(fs::read(folder.file(name)).unwrap(), b"old", "{name}");
        }
        // No temporary file is left.
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 4);
    }

    #[test]
    fn a_file_that_cannot_be_replaced_stays() {
        let place = tempfile::tempdir().unwrap();
        let folder = folder_of_an_earlier_training(&place);
        let mut written = Written::new(&folder, "model");
        written.write("model", anyhow::Ok(b"new".to_vec()));
        written.write("history.csv", anyhow::Ok(b"new".to_vec()));
        // Another program puts a folder in its place before the model is published.
        fs::remove_file(folder.file("model")).unwrap();
        fs::create_dir(folder.file("model")).unwrap();
        let (names, failed) = written.finish();
        assert_eq!(names, "history.csv");
        assert!(failed.unwrap_err().to_string().contains("model: cannot be written"));
        assert!(folder.file("model").is_dir());
    }

    #[test]
    fn the_first_training_of_a_folder_writes_what_it_can() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path(), &[]).unwrap();
        let mut written = Written::new(&folder, "model");
        written.write("model", Err(anyhow!("no space left")));
        written.write("history.csv", anyhow::Ok(b"new".to_vec()));
        let (names, failed) = written.finish();
        assert_eq!(names, "history.csv");
        assert_eq!(failed.unwrap_err().to_string(), "no space left");
    }
}

//! The files of a training.

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

    /// Writes a file, if it could be made.
    pub(crate) fn write<E: Into<Error>>(&mut self, name: &'static str, bytes: Result<Vec<u8>, E>) {
        if let Some(bytes) = self.keep(bytes)
            && self.keep(files::write_atomically(&self.folder.file(name), &bytes)).is_some()
        {
            self.names.push(name);
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

//! What several commands take, and how a text becomes it.

use std::error::Error as StdError;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, anyhow};
use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};
use nnfs::datasets::{CsvError, CsvOptions, Table};
use nnfs::files::{Checksum, PredictError};

use nnfs_console::UsageError;
use nnfs_tabular::Error;

/// A CSV file.
#[derive(Debug, Args)]
pub(crate) struct DataOptions {
    /// CSV file; its first line has the names of the columns
    #[arg(value_name = "DATA.CSV")]
    pub(crate) data: PathBuf,

    /// Field separator: one ASCII character, or tab
    #[arg(long, value_name = "CHARACTER", default_value = ",")]
    pub(crate) delimiter: Delimiter,
}

/// A saved model.
#[derive(Debug, Args)]
pub(crate) struct ModelOptions {
    /// Model file, or the folder that train wrote it into
    #[arg(value_name = "MODEL", value_parser = model_file())]
    pub(crate) model: PathBuf,
}

/// The name of the model in the folder of a training.
pub(crate) const MODEL: &str = "model.safetensors";

/// A parser of a model file: of a folder, the model in it.
pub(crate) fn model_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| if path.is_dir() { path.join(MODEL) } else { path })
}

/// Refuses to write over what is read.
///
/// # Errors
/// [`UsageError`] if the two are one file, also by links.
pub(crate) fn refuse_overwrite(input: &Path, output: &Path) -> Result<(), UsageError> {
    let same = match (input.canonicalize(), output.canonicalize()) {
        (Ok(input), Ok(output)) => input == output,
        _ => false,
    };
    if !same {
        return Ok(());
    }
    let (input, output) = (input.display(), output.display());
    Err(UsageError(format!("refusing to overwrite the input file {input} (output {output})")))
}

/// The byte that separates the values of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delimiter(u8);

impl DataOptions {
    /// The file as a table, and its checksum.
    ///
    /// # Errors
    /// If it cannot be read or is not a table.
    pub(crate) fn read(&self, options: CsvOptions) -> anyhow::Result<(Table, Checksum)> {
        let name = self.data.display().to_string();
        let file = File::open(&self.data).with_context(|| name.clone())?;
        let mut file = Checksummed { reader: file, checksum: Checksum::new() };
        let table = Table::from_reader(&name, &mut file, &options.delimiter(self.delimiter.0));
        let table = table.map_err(|error| with_delimiter(error.into()))?;
        Ok((table, file.checksum))
    }

    /// The file as a table.
    ///
    /// # Errors
    /// As [`DataOptions::read`].
    pub(crate) fn table(&self) -> anyhow::Result<Table> {
        self.read(CsvOptions::new()).map(|(table, _)| table)
    }
}

/// The error; with a hint if a column is missing because another character separates the fields.
pub(crate) fn with_delimiter(error: Error) -> anyhow::Error {
    match &error {
        Error::Table(CsvError::MissingColumn { found, .. })
        | Error::Predict(PredictError::Table(CsvError::MissingColumn { found, .. }))
            if found.contains([';', '\t', '|']) =>
        {
            anyhow!("{error}; see --delimiter")
        }
        _ => error.into(),
    }
}

/// A reader that knows the checksum of what was read.
struct Checksummed<R> {
    reader: R,
    checksum: Checksum,
}

impl<R: Read> Read for Checksummed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        self.checksum.add(&buffer[..length]);
        Ok(length)
    }
}

impl FromStr for Delimiter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            b"tab" | br"\t" => Ok(Self(b'\t')),
            [b'"' | b'\n' | b'\r'] => Err("a quote or a line end cannot separate fields"),
            [byte] if byte.is_ascii() => Ok(Self(*byte)),
            _ => Err("expected one ASCII character, or tab"),
        }
    }
}

/// What a parser of an option gives.
pub(crate) type Parsed<T> = Result<T, Box<dyn StdError + Send + Sync>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_one_character() {
        let byte = |text: &str| text.parse().map(|Delimiter(byte)| byte);
        assert_eq!(byte(";"), Ok(b';'));
        assert_eq!(byte("\t"), Ok(b'\t'));
        assert_eq!(byte("tab"), Ok(b'\t'));
        assert_eq!(byte(r"\t"), Ok(b'\t'));
        for text in ["", ";;", "ä", "\"", "\n"] {
            assert!(byte(text).is_err(), "{text:?}");
        }
    }
}

//! What several commands take, and how a text becomes it.

use std::error::Error as StdError;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use nnfs::datasets::{
    CsvError, CsvOptions, DateError, DateOrder, HeaderError, Meaning, Note, NumberFormat, Table,
};
use nnfs::files::PredictError;

use crate::reading::{Reading, Watched};
use nnfs_console::{UsageError, warn};
use nnfs_tabular::{Error, Missing, MissingTarget, Predictor, Strictness, Unknown};

/// A CSV file.
#[derive(Debug, Args)]
pub(crate) struct DataOptions {
    /// CSV file, or - for the standard input; its first line has the names of the columns
    #[arg(value_name = "DATA.CSV")]
    pub(crate) data: PathBuf,

    /// Field separator: one ASCII character, or tab or space [default: found among comma, semicolon, tab
    /// and bar]
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) delimiter: Option<Delimiter>,

    /// Decimal mark of numbers: . or , [default: . in train; as in training in predict and evaluate]
    #[arg(long, value_name = "MARK")]
    pub(crate) decimal: Option<Mark>,

    /// Separator between groups of digits, as in 1,234,567: one character, or space or apostrophe
    /// [default: none in train; as in training in predict and evaluate, unless --decimal is given]
    #[arg(long, value_name = "MARK")]
    pub(crate) thousands: Option<Mark>,
}

/// What to do with missing values and unknown categories when predicting.
#[derive(Debug, Args)]
pub(crate) struct StrictnessOptions {
    #[command(flatten)]
    pub(crate) missing: MissingOptions,

    /// What to do with a category that training has not seen
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = UnknownOption::Accept)]
    pub(crate) unknown: UnknownOption,
}

/// What to do with missing values.
#[derive(Debug, Args)]
pub(crate) struct MissingOptions {
    /// What to do where an input is missing (empty, NA, NaN, null, ?; among numbers and
    /// dates also None, NaT, -, ., #DIV/0! and the like)
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = MissingOption::Fill)]
    pub(crate) missing: MissingOption,
}

/// What to do with rows without a target.
#[derive(Debug, Args)]
pub(crate) struct MissingTargetOptions {
    /// What to do with rows without a target
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = MissingTargetOption::Refuse)]
    pub(crate) missing_target: MissingTargetOption,
}

/// What to do with rows without a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MissingTargetOption {
    /// Refuse the file
    Refuse,
    /// Leave them out, and warn
    Skip,
}

impl From<MissingTargetOption> for MissingTarget {
    fn from(option: MissingTargetOption) -> Self {
        match option {
            MissingTargetOption::Refuse => Self::Refuse,
            MissingTargetOption::Skip => Self::Skip,
        }
    }
}

/// What to do where an input is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MissingOption {
    /// Fill numbers and dates from the training rows, take a missing word as a category, and warn
    Fill,
    /// Refuse the file
    Refuse,
}

/// What to do with an unknown category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnknownOption {
    /// Predict without it, and warn
    Accept,
    /// Refuse the file
    Refuse,
}

impl From<MissingOption> for Missing {
    fn from(option: MissingOption) -> Self {
        match option {
            MissingOption::Fill => Self::Fill,
            MissingOption::Refuse => Self::Refuse,
        }
    }
}

impl StrictnessOptions {
    /// The same for the library.
    pub(crate) fn strictness(&self) -> Strictness {
        let unknown = match self.unknown {
            UnknownOption::Accept => Unknown::Accept,
            UnknownOption::Refuse => Unknown::Refuse,
        };
        Strictness { missing: self.missing.missing.into(), unknown }
    }
}

/// What comes first in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DateOption {
    /// The day: the 3rd of April
    Day,
    /// The month: the 4th of March
    Month,
}

impl From<DateOption> for DateOrder {
    fn from(first: DateOption) -> Self {
        match first {
            DateOption::Day => Self::Day,
            DateOption::Month => Self::Month,
        }
    }
}

/// How the dates of other rows than those of the training are written.
#[derive(Debug, Args)]
pub(crate) struct DateOptions {
    /// What comes first in dates such as 3/4/2024, where the rows do not show it [default: what came first
    /// in training]
    #[arg(long, value_enum, value_name = "WHAT")]
    date_order: Option<DateOption>,
}

impl DateOptions {
    /// The predictor for the dates of a table.
    pub(crate) fn apply(&self, predictor: Predictor, table: &Table) -> anyhow::Result<Predictor> {
        let order = self.date_order.map(Into::into);
        predictor.with_date_order(table, order).map_err(with_delimiter)
    }
}

/// Whether a file is the standard output. Opened by its name, the file behind stdout would be replaced.
pub(crate) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout"].map(Path::new).contains(&path)
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

/// A mark within numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(char);

impl DataOptions {
    /// The file as a table. Prints what was guessed or left out, as notes on stderr.
    ///
    /// # Errors
    /// If it cannot be read or is not a table.
    pub(crate) fn read(&self, options: CsvOptions, reading: Reading<'_>) -> anyhow::Result<Table> {
        self.read_from(None, options, reading)
    }

    /// All bytes of the standard input, if it is the file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn standard_input(&self) -> anyhow::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        if !self.is_stdin() {
            return Ok(None);
        }
        io::stdin().lock().read_to_end(&mut bytes).context("stdin")?;
        Ok(Some(bytes))
    }

    fn is_stdin(&self) -> bool {
        self.data.as_os_str() == "-"
    }

    /// The same as [`DataOptions::read`], from an `input` that [`DataOptions::standard_input`] has read.
    ///
    /// # Errors
    /// As [`DataOptions::read`].
    pub(crate) fn read_from(
        &self,
        input: Option<&[u8]>,
        options: CsvOptions,
        reading: Reading<'_>,
    ) -> anyhow::Result<Table> {
        let is_stdin = self.is_stdin();
        let name = if is_stdin { "stdin".to_owned() } else { self.data.display().to_string() };
        let (file, bytes): (Box<dyn Read + '_>, u64) = match (input, is_stdin) {
            (Some(input), _) => (Box::new(input), 0),
            (None, true) => (Box::new(io::stdin().lock()), 0),
            (None, false) => {
                let file = File::open(&self.data).with_context(|| name.clone())?;
                let bytes = file.metadata().map_or(0, |metadata| metadata.len());
                (Box::new(file), bytes)
            }
        };
        let mut file = Watched::new(file, &name, bytes, reading);
        let set =
            |options, value: Option<Mark>, set: fn(CsvOptions, char) -> CsvOptions| match value {
                Some(Mark(mark)) => set(options, mark),
                None => options,
            };
        let options = set(options, self.decimal, CsvOptions::decimal);
        let options = set(options, self.thousands, CsvOptions::thousands);
        let options = match self.delimiter {
            Some(Delimiter(byte)) => options.delimiter(byte),
            None => options,
        };
        let table = Table::from_reader(&name, &mut file, &options);
        let table = table.map_err(|error| match error {
            CsvError::Separator { expected, found, .. } => UsageError(format!(
                "--decimal and --thousands: expected {expected}, found {found:?}"
            ))
            .into(),
            error => with_delimiter(error.into()),
        })?;
        for note in table.notes() {
            let hint = match note {
                Note::DecimalPoints { .. } => "; see --decimal and --thousands",
                _ => "",
            };
            warn(&format!("note: {note}{hint}"));
        }
        Ok(table)
    }

    /// The file as a table whose numbers are written as in training, unless options say how.
    ///
    /// # Errors
    /// As [`DataOptions::read`].
    pub(crate) fn table_like(
        &self,
        training: &NumberFormat,
        reading: Reading<'_>,
    ) -> anyhow::Result<Table> {
        let options = match (self.decimal, self.thousands) {
            (None, None) => CsvOptions::new().number_format(training),
            _ => CsvOptions::new(),
        };
        self.read(options, reading)
    }
}

/// The error, with the option that says how the file is written.
pub(crate) fn with_delimiter(error: Error) -> anyhow::Error {
    let (Error::Table(cause) | Error::Predict(PredictError::Table(cause))) = &error else {
        return error.into();
    };
    let options = match cause {
        CsvError::MissingColumn { wanted, found, .. } if is_one_line(wanted, found) => {
            "--delimiter".to_owned()
        }
        // The values of a single column may have decimal commas.
        CsvError::Ragged { expected: 1, .. } => "--delimiter and --decimal".to_owned(),
        CsvError::Header(HeaderError::Width { .. }) => "--delimiter and --decimal".to_owned(),
        CsvError::NumberFormat { meanings, .. } if meanings.is_empty() => return error.into(),
        CsvError::NumberFormat { meanings, .. } => {
            meanings.iter().map(marks).collect::<Vec<_>>().join(" or ")
        }
        CsvError::Date(DateError::Ambiguous { .. }) => "--date-order".to_owned(),
        CsvError::MissingTarget { .. } => {
            return anyhow!("{error}, or use --missing-target skip");
        }
        _ => return error.into(),
    };
    anyhow!("{error}; see {options}")
}

/// Whether the names that were found are a whole line of names, in which the wanted one may be.
fn is_one_line(wanted: &str, found: &str) -> bool {
    let name = wanted.trim_matches('"');
    let has_it = found.contains([' ', ':', ',']) && (found.contains(name) || found.contains('…'));
    found.contains([';', '\t', '|']) || (!found.contains("\", \"") && has_it)
}

/// The options that give a number its meaning.
fn marks(meaning: &Meaning) -> String {
    let decimal = meaning.decimal.map(|mark| format!("--decimal {mark}"));
    let thousands = meaning.thousands.map(|mark| format!("--thousands {mark}"));
    decimal.into_iter().chain(thousands).collect::<Vec<_>>().join(" ")
}

impl FromStr for Delimiter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            b"tab" | br"\t" => Ok(Self(b'\t')),
            b"space" => Ok(Self(b' ')),
            [b'"' | b'\n' | b'\r'] => Err("a quote or a line end cannot separate fields"),
            [byte] if byte.is_ascii() => Ok(Self(*byte)),
            _ => Err("expected one ASCII character, or tab or space"),
        }
    }
}

impl FromStr for Mark {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut characters = text.chars();
        match (text, characters.next(), characters.next()) {
            ("space", ..) => Ok(Self(' ')),
            ("apostrophe", ..) => Ok(Self('\'')),
            (_, Some(mark), None) => Ok(Self(mark)),
            _ => Err("expected one character, or space or apostrophe"),
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

//! Reading and writing CSV files.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use csv::Writer;

use super::file_checks::Unnamed;
use super::files::{Block, Blocks, Header, Parser, delimiter, open, separator};
use super::{Builder, CsvError, CsvOptions, Note, Table};

impl Table {
    /// Reads a CSV file with a header. The delimiter is found.
    ///
    /// ```
    /// use nnfs_datasets::Table;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("flats.csv");
    /// std::fs::write(&path, "area;price\n55;200\n80;310\n")?;
    /// let table = Table::read(&path)?;
    /// assert_eq!((table.rows(), &*table.value(1, 0)), (2, "80"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Table::read_with`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, CsvError> {
        Self::read_with(path, &CsvOptions::new())
    }

    /// Reads a CSV file with these options.
    ///
    /// A value may be in quotes, which begin directly after the delimiter (`"a, b"`); inside, `""` is a
    /// quote. Lines may end as on any system. Empty lines and a byte order mark are skipped. Rows without
    /// a value at the end of the file are left out, and so are columns without a name and a value. The
    /// file may be compressed with gzip, and in UTF-16 with a byte order mark. A first line `sep=;` names the
    /// delimiter, as in Excel. If every row begins with a quoted name that the header does not have, as R's
    /// `write.table` writes it, these names are left out. What was guessed or left out is in [`Table::notes`].
    ///
    /// The file is read in blocks, which several threads turn into numbers.
    ///
    /// ```
    /// use nnfs_datasets::{CsvOptions, Table};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("points.csv");
    /// std::fs::write(&path, "1,2\n3,4\n")?;
    /// let table = Table::read_with(&path, &CsvOptions::new().header(false))?;
    /// assert_eq!(table.rows(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the file cannot be read, is empty or has only a header, is not UTF-8, has rows of different
    /// lengths, or does not have a column that the options name.
    pub fn read_with(path: impl AsRef<Path>, options: &CsvOptions) -> Result<Self, CsvError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| io_error(&name, &error))?;
        Self::from_reader(&name, file, options)
    }

    /// Reads CSV from any reader. Errors name `name` instead of a file.
    ///
    /// ```
    /// use nnfs_datasets::{CsvOptions, Table};
    /// let table = Table::from_reader("inline", "x,y\n1,2\n".as_bytes(), &CsvOptions::new())?;
    /// assert_eq!(table.names().collect::<Vec<_>>(), ["x", "y"]);
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Table::read_with`].
    pub fn from_reader(
        name: &str,
        reader: impl Read,
        options: &CsvOptions,
    ) -> Result<Self, CsvError> {
        let notation = options.notation(name)?;
        if let Some(delimiter) = options.delimiter {
            delimiter::check(name, delimiter)?;
        }
        let opened = open(name, reader)?;
        let mut blocks = Blocks::new(name, opened.reader);
        // A line that names the delimiter is not part of the table.
        let named = separator(blocks.peek()?);
        let before = usize::from(named.is_some());
        blocks.skip(named.map_or(0, |(_, length)| length));
        let named = named.map(|(delimiter, _)| delimiter);
        let start = blocks.peek()?;
        let chosen = options.delimiter.or(named);
        let delimiter = chosen.unwrap_or_else(|| delimiter::find(start, notation));
        let header = match options.header {
            true => Header::of(name, start, before, (delimiter, chosen.is_some())),
            false => Header::Fits,
        };
        let parser = Parser { name, delimiter, notation };

        let mut first = Block::default();
        blocks.next(&mut first, delimiter)?;
        let Some(row) = parser.first_row(&mut first, options.header, before)? else {
            return Err(CsvError::Empty { file: name.to_owned() });
        };
        let mut builder = Builder::with(name, names(row.values, options, &header), notation);
        builder.has_header(row.line, row.is_joined);
        if options.decimal.is_none() && options.thousands.is_none() {
            builder.doubt_points(delimiter);
        }
        if opened.is_utf16 {
            builder.note(Note::Utf16 { file: name.to_owned() });
        }
        let found = char::from(delimiter);
        let note = note_of_delimiter(name, found, named.map(char::from), chosen.is_some());
        note.into_iter().for_each(|note| builder.note(note));
        match header {
            Header::RowNames => builder.has_unnamed(Unnamed::RowNames, found),
            Header::DelimiterAtEnd => builder.has_unnamed(Unnamed::DelimiterAtEnd, found),
            Header::Fits | Header::Wrong(_) => {}
        }
        let read = parser.read(first, row.lines, &mut blocks, options.threads, &mut builder);
        read.map_err(|error| match (error, header) {
            (CsvError::Ragged { expected, found, .. }, Header::Wrong(error))
                if expected < found =>
            {
                error.into()
            }
            (error, _) => error,
        })?;
        builder.finish_file(&options.columns, options.header)
    }

    /// Writes the table as CSV, with a header.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write(&self, writer: impl Write) -> Result<(), CsvError> {
        let mut writer = Writer::from_writer(writer);
        let failed = |error: &io::Error| io_error(self.source(), error);
        writer.write_record(self.names()).map_err(|error| failed(&error.into()))?;
        for row in 0..self.rows() {
            let values = (0..self.names().len()).map(|column| self.value(row, column));
            let values = values.map(Cow::into_owned);
            writer.write_record(values).map_err(|error| failed(&error.into()))?;
        }
        writer.flush().map_err(|error| failed(&error))
    }
}

/// The names of the columns, where `first` are the values of the first row.
fn names(mut first: Vec<String>, options: &CsvOptions, header: &Header) -> Vec<String> {
    match (options.header, header) {
        (false, _) => return (0..first.len()).map(|column| column.to_string()).collect(),
        (true, Header::RowNames) => first.insert(0, String::new()),
        (true, Header::DelimiterAtEnd) => first.push(String::new()),
        (true, Header::Fits | Header::Wrong(_)) => {}
    }
    first
}

/// What to note about a delimiter: a line names it, or it was found and is not a comma.
fn note_of_delimiter(
    file: &str,
    found: char,
    named: Option<char>,
    is_chosen: bool,
) -> Option<Note> {
    let file = file.to_owned();
    match named {
        Some(named) => {
            let chosen = (named != found).then_some(found);
            Some(Note::SeparatorLine { file, found: named, chosen })
        }
        None => (!is_chosen && found != ',').then_some(Note::Delimiter { file, found }),
    }
}

pub(super) fn io_error(file: &str, error: &io::Error) -> CsvError {
    CsvError::Io { file: file.to_owned(), reason: error.to_string(), kind: error.kind() }
}

//! Reading and writing CSV files.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder, Writer};

use super::{Builder, CsvError, CsvOptions, Table};

impl Table {
    /// Reads a CSV file with a header and commas between the values.
    ///
    /// # Errors
    /// As [`Table::read_with`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, CsvError> {
        Self::read_with(path, &CsvOptions::new())
    }

    /// Reads a CSV file with these options.
    ///
    /// A value may be in quotes, which begin directly after the delimiter (`"a, b"`); inside, `""` is a
    /// quote. Lines may end as on any system. Empty lines and a byte order mark are skipped.
    ///
    /// # Errors
    /// If the file cannot be read, is empty or has only a header, is not UTF-8, has rows of different
    /// lengths or two columns with the same name, or does not have a column that the options name.
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
        mut reader: impl Read,
        options: &CsvOptions,
    ) -> Result<Self, CsvError> {
        let delimiter = options.delimiter;
        if !delimiter.is_ascii() || matches!(delimiter, b'"' | b'\n' | b'\r') {
            return Err(CsvError::Delimiter { file: name.to_owned(), found: delimiter });
        }
        // A table is in memory anyway, and the bytes are needed to count lines.
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|error| io_error(name, &error))?;
        let mut records = Records::new(name, &bytes, delimiter);

        let Some(line) = records.next()? else {
            return Err(CsvError::Empty { file: name.to_owned() });
        };
        let mut builder = if options.header {
            Builder::new(name, records.values(line)?)?
        } else {
            let names: Vec<String> = (0..records.record.len()).map(|i| i.to_string()).collect();
            let mut builder = Builder::new(name, names.iter().map(String::as_str))?;
            builder.push(line, records.values(line)?)?;
            builder
        };
        while let Some(line) = records.next()? {
            builder.push(line, records.values(line)?)?;
        }
        builder.finish(&options.columns)
    }

    /// Writes the table as CSV, with a header.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write(&self, writer: impl Write) -> Result<(), CsvError> {
        let mut writer = Writer::from_writer(writer);
        let failed = |error: &io::Error| io_error(&self.source, error);
        writer.write_record(self.names()).map_err(|error| failed(&error.into()))?;
        for row in 0..self.rows() {
            let values = (0..self.columns.len()).map(|column| self.value(row, column));
            writer.write_record(values).map_err(|error| failed(&error.into()))?;
        }
        writer.flush().map_err(|error| failed(&error))
    }
}

/// The records of a file, and the line where each starts.
struct Records<'a> {
    name: &'a str,
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    record: ByteRecord,
    /// The number of bytes in which lines are counted, and the number of line ends in them.
    counted: usize,
    line_ends: usize,
}

impl<'a> Records<'a> {
    fn new(name: &'a str, bytes: &'a [u8], delimiter: u8) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(bytes);
        Self { name, bytes, reader, record: ByteRecord::new(), counted: 0, line_ends: 0 }
    }

    /// Reads the next record and returns its line, counted from 1.
    ///
    /// `csv` reports the line where it starts to look for a record, so empty lines before the record
    /// and the second byte of a Windows line end have to be added.
    fn next(&mut self) -> Result<Option<usize>, CsvError> {
        let mut start = self.reader.position().byte() as usize;
        let more = self.reader.read_byte_record(&mut self.record);
        // This cannot fail: the bytes are in memory, and records may have any length.
        if !more.map_err(|error| io_error(self.name, &error.into()))? {
            return Ok(None);
        }
        let is_end = |byte: Option<&u8>| matches!(byte, Some(b'\n' | b'\r'));
        while is_end(self.bytes.get(start)) {
            start += 1;
        }
        for index in self.counted..start {
            // `\r\n` is one line end.
            let half = self.bytes[index] == b'\r' && self.bytes.get(index + 1) == Some(&b'\n');
            self.line_ends += usize::from(is_end(self.bytes.get(index)) && !half);
        }
        self.counted = self.counted.max(start);
        Ok(Some(self.line_ends + 1))
    }

    /// The values of the record, which starts at `line`.
    fn values(&self, line: usize) -> Result<impl Iterator<Item = &str>, CsvError> {
        let text = |value| std::str::from_utf8(value).ok();
        if let Some(column) = self.record.iter().position(|value| text(value).is_none()) {
            return Err(CsvError::NotUtf8 { file: self.name.to_owned(), line, column: column + 1 });
        }
        Ok(self.record.iter().filter_map(text))
    }
}

fn io_error(file: &str, error: &io::Error) -> CsvError {
    CsvError::Io { file: file.to_owned(), reason: error.to_string(), kind: error.kind() }
}

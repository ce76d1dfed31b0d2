//! The records of a block of text, and their lines.

use csv::{ByteRecord, ReaderBuilder};

use super::Block;
use super::parser::{Broken, Parser};

/// The records of a block, and the line where each starts.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    pub(super) reader: csv::Reader<&'a [u8]>,
    record: ByteRecord,
    /// The number of bytes in which lines are counted, and the line after them.
    counted: usize,
    line: usize,
    /// Where the record starts.
    start: usize,
    /// Where the last record starts.
    last: usize,
    /// The blank lines before the record.
    pub(super) blank_lines: std::ops::Range<usize>,
}

impl<'a> Records<'a> {
    pub(super) fn new(parser: &Parser<'_>, block: &'a Block) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(parser.delimiter)
            .from_reader(block.bytes.as_slice());
        let (record, bytes) = (ByteRecord::new(), block.bytes.as_slice());
        Self { bytes, reader, record, counted: 0, line: 1, start: 0, last: 0, blank_lines: 0..0 }
    }

    /// Reads the next record and returns its line, counted from 1.
    ///
    /// `csv` reports the line where it starts to look for a record, so empty lines before the record
    /// and the second byte of a Windows line end have to be added.
    pub(super) fn next(&mut self) -> Option<usize> {
        let mut start = self.reader.position().byte() as usize;
        // `csv` ends a record after the first byte of a Windows line end.
        let is_half = start > 0 && self.bytes[start - 1] == b'\r';
        let half = usize::from(is_half && self.bytes.get(start) == Some(&b'\n'));
        // This cannot fail: the bytes are in memory, and records may have any length.
        let has_record = matches!(self.reader.read_byte_record(&mut self.record), Ok(true));
        let before =
            self.line + line_ends(self.bytes, self.counted..(start + half).max(self.counted));
        while matches!(self.bytes.get(start), Some(b'\n' | b'\r')) {
            start += 1;
        }
        self.line += line_ends(self.bytes, self.counted..start.max(self.counted));
        self.counted = self.counted.max(start);
        self.blank_lines = before..self.line;
        self.start = start;
        if has_record {
            self.last = start;
        }
        has_record.then_some(self.line)
    }

    /// The bytes of the record.
    pub(super) fn raw(&self) -> &'a [u8] {
        &self.bytes[self.start..(self.reader.position().byte() as usize).max(self.start)]
    }

    /// Whether the record ends where the bytes do.
    pub(super) fn is_last(&self) -> bool {
        self.reader.position().byte() as usize >= self.bytes.len()
    }

    /// All bytes from the last record on, after the last call of [`Records::next`].
    pub(super) fn last(&self) -> &'a [u8] {
        &self.bytes[self.last..]
    }

    /// The values of the record, which starts at `line`.
    pub(super) fn values(&self, line: usize) -> Result<impl Iterator<Item = &str>, Broken> {
        let text = |value| std::str::from_utf8(value).ok();
        if let Some(column) = self.record.iter().position(|value| text(value).is_none()) {
            return Err(Broken::NotUtf8 { line, column: column + 1 });
        }
        Ok(self.record.iter().filter_map(text))
    }
}

/// The number of line ends in a part of some bytes: `\n`, `\r\n` or `\r`.
pub(super) fn line_ends(bytes: &[u8], part: std::ops::Range<usize>) -> usize {
    let is_end = |&index: &usize| match bytes[index] {
        b'\n' => true,
        // `\r\n` is one line end.
        b'\r' => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    };
    part.filter(is_end).count()
}

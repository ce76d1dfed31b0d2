//! Rows from blocks of text, by several threads.

use std::num::NonZeroUsize;
use std::thread;

use csv::{ByteRecord, ReaderBuilder};

use super::super::builder::{Builder, Ragged, Rows, trim};
use super::super::decimal;
use super::super::{CsvError, Notation};
use super::blocks::line_ends;
use super::{Block, Blocks};

/// How the rows of a file are written.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Parser<'a> {
    pub(in super::super) name: &'a str,
    pub(in super::super) delimiter: u8,
    pub(in super::super) notation: Notation,
}

impl Parser<'_> {
    /// The values of the first row, which is taken off the block if it is the header.
    pub(in super::super) fn first_row(
        &self,
        block: &mut Block,
        is_header: bool,
    ) -> Result<Option<Vec<String>>, CsvError> {
        let mut records = Records::new(self, block);
        let Some(line) = records.next() else { return Ok(None) };
        let values = records.values(self.name, line)?.map(|value| trim(value).to_owned()).collect();
        if is_header {
            let end = records.reader.position().byte() as usize;
            // `csv` ends a record after the first byte of a Windows line end.
            let half = block.bytes.get(end.wrapping_sub(1)) == Some(&b'\r')
                && block.bytes.get(end) == Some(&b'\n');
            let end = end + usize::from(half);
            block.line += line_ends(&block.bytes[..end]);
            block.bytes.drain(..end);
        }
        Ok(Some(values))
    }

    /// Reads all blocks, as many at a time as there are threads, and adds their rows.
    pub(in super::super) fn read(
        &self,
        first: Block,
        blocks: &mut Blocks<'_>,
        threads: Option<usize>,
        builder: &mut Builder,
    ) -> Result<(), CsvError> {
        let available = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = threads.unwrap_or_else(available);
        let width = builder.width();
        let (mut now, mut spare) = (vec![first], Vec::new());
        while !now.is_empty() {
            // The next blocks are read while these are parsed.
            let (rows, next) = thread::scope(|scope| {
                let alone = now.len() == 1;
                let start = |block| {
                    let work = move || self.rows(block, width);
                    let worker = || thread::Builder::new().spawn_scoped(scope, work).ok();
                    if alone { None } else { worker() }.ok_or(block)
                };
                let workers: Vec<_> = now.iter().map(start).collect();
                let next = self.next(blocks, threads, &mut spare);
                let finish = |worker: Result<thread::ScopedJoinHandle<'_, _>, &Block>| match worker
                {
                    Ok(worker) => {
                        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                    }
                    // Alone, or without a thread to do it.
                    Err(block) => self.rows(block, width),
                };
                (workers.into_iter().map(finish).collect::<Vec<_>>(), next)
            });
            for rows in rows {
                builder.append(&rows?);
            }
            spare.append(&mut now);
            now = next?;
        }
        Ok(())
    }

    /// The next blocks.
    fn next(
        &self,
        blocks: &mut Blocks<'_>,
        threads: usize,
        spare: &mut Vec<Block>,
    ) -> Result<Vec<Block>, CsvError> {
        let mut next = Vec::new();
        while next.len() < threads {
            let mut block = spare.pop().unwrap_or_default();
            if !blocks.next(&mut block, self.delimiter)? {
                break;
            }
            next.push(block);
        }
        Ok(next)
    }

    /// The rows of a block.
    fn rows(&self, block: &Block, width: usize) -> Result<Rows, CsvError> {
        let mut rows = Rows::new(width, self.notation);
        let is_plain = !block.bytes.contains(&b'"');
        let ragged = |Ragged { line, found }| CsvError::Ragged {
            file: self.name.to_owned(),
            line,
            expected: width,
            found,
        };
        match std::str::from_utf8(&block.bytes) {
            Ok(text) if is_plain => self.plain_rows(text, block.line, &mut rows).map_err(ragged)?,
            _ => {
                let mut records = Records::new(self, block);
                while let Some(line) = records.next() {
                    rows.push(line, records.values(self.name, line)?).map_err(ragged)?;
                }
            }
        }
        Ok(rows)
    }

    /// The rows of a text without quotes.
    fn plain_rows(&self, text: &str, mut line: usize, rows: &mut Rows) -> Result<(), Ragged> {
        let bytes = text.as_bytes();
        // A delimiter that could be part of a number ends it.
        let is_fast = self.delimiter != self.notation.decimal
            && !self.delimiter.is_ascii_digit()
            && self.delimiter != b'-';
        let is_end = |byte: u8| byte == self.delimiter || byte == b'\n' || byte == b'\r';
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'\n' || byte == b'\r' {
                let is_half = byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
                line += usize::from(!is_half);
                at += 1;
                continue;
            }
            let (mut column, mut is_empty) = (0, true);
            loop {
                let rest = &bytes[at..];
                let decimal =
                    if is_fast { decimal::read(rest, self.notation.decimal) } else { None };
                match decimal {
                    Some(decimal) if rest.get(decimal.length).is_none_or(|&byte| is_end(byte)) => {
                        rows.push_decimal(column, decimal);
                        is_empty = false;
                        at += decimal.length;
                    }
                    _ => {
                        let length = rest.iter().position(|&byte| is_end(byte));
                        let end = length.map_or(bytes.len(), |length| at + length);
                        rows.push_text(column, &text[at..end], &mut is_empty);
                        at = end;
                    }
                }
                column += 1;
                if bytes.get(at) != Some(&self.delimiter) {
                    break;
                }
                at += 1;
            }
            rows.end_row(line, column, is_empty)?;
        }
        Ok(())
    }
}

/// The records of a block, and the line where each starts.
struct Records<'a> {
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    record: ByteRecord,
    /// The number of bytes in which lines are counted, and the line after them.
    counted: usize,
    line: usize,
}

impl<'a> Records<'a> {
    fn new(parser: &Parser<'_>, block: &'a Block) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(parser.delimiter)
            .from_reader(block.bytes.as_slice());
        Self {
            bytes: &block.bytes,
            reader,
            record: ByteRecord::new(),
            counted: 0,
            line: block.line,
        }
    }

    /// Reads the next record and returns its line, counted from 1.
    ///
    /// `csv` reports the line where it starts to look for a record, so empty lines before the record
    /// and the second byte of a Windows line end have to be added.
    fn next(&mut self) -> Option<usize> {
        let mut start = self.reader.position().byte() as usize;
        // This cannot fail: the bytes are in memory, and records may have any length.
        if !matches!(self.reader.read_byte_record(&mut self.record), Ok(true)) {
            return None;
        }
        while matches!(self.bytes.get(start), Some(b'\n' | b'\r')) {
            start += 1;
        }
        self.line += line_ends_before(self.bytes, self.counted..start.max(self.counted));
        self.counted = self.counted.max(start);
        Some(self.line)
    }

    /// The values of the record, which starts at `line`.
    fn values(&self, name: &str, line: usize) -> Result<impl Iterator<Item = &str>, CsvError> {
        let text = |value| std::str::from_utf8(value).ok();
        if let Some(column) = self.record.iter().position(|value| text(value).is_none()) {
            return Err(CsvError::NotUtf8 { file: name.to_owned(), line, column: column + 1 });
        }
        Ok(self.record.iter().filter_map(text))
    }
}

/// The number of line ends in a part of some bytes.
fn line_ends_before(bytes: &[u8], part: std::ops::Range<usize>) -> usize {
    let is_end = |&index: &usize| match bytes[index] {
        b'\n' => true,
        // `\r\n` is one line end.
        b'\r' => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    };
    part.filter(is_end).count()
}

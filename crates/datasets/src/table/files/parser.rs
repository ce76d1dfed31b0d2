//! Rows from blocks of text, by several threads.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::super::builder::{Builder, IN_FIRST_LINE};
use super::super::decimal;
use super::super::rows::{Ragged, Rows, trim};
use super::super::{CsvError, Notation, QuoteError};
use super::quotes::{self, Quotes};
use super::records::{Records, line_ends};
use super::{Block, Blocks};

/// How many blocks each thread parses between two times that the threads wait for each other.
const PARTS: usize = 4;

/// How the rows of a file are written.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Parser<'a> {
    pub(in super::super) name: &'a str,
    pub(in super::super) delimiter: u8,
    pub(in super::super) notation: Notation,
}

impl Parser<'_> {
    /// The first row, which starts after `before` line ends. If it is the header, it is taken off the block.
    pub(in super::super) fn first_row(
        &self,
        block: &mut Block,
        is_header: bool,
        before: usize,
    ) -> Result<Option<FirstRow>, CsvError> {
        let mut records = Records::new(self, block);
        let Some(line) = records.next() else { return Ok(None) };
        let error = |broken| self.error(&broken, before, (0, IN_FIRST_LINE));
        let values: Vec<String> =
            records.values(line).map_err(error)?.map(|value| trim(value).to_owned()).collect();
        let first = FirstRow { values, line: before + line, lines: before, is_joined: false };
        if !is_header {
            return Ok(Some(first));
        }
        if quotes::is_open(records.raw(), self.delimiter) {
            return Err(error(Broken::OpenQuote { line }));
        }
        let width = first.values.len();
        let is_joined = match quotes::check(records.raw(), self.delimiter, width, true) {
            Quotes::Sound => false,
            Quotes::Doubtful => true,
            Quotes::Stray { lines } => return Err(error(Broken::StrayQuote { line, lines })),
        };
        let end = records.reader.position().byte() as usize;
        // `csv` ends a record after the first byte of a Windows line end.
        let half = end > 0 && block.bytes[end - 1] == b'\r' && block.bytes.get(end) == Some(&b'\n');
        let end = end + usize::from(half);
        let lines = line_ends(&block.bytes, 0..end);
        block.bytes.drain(..end);
        Ok(Some(FirstRow { lines: before + lines, is_joined, ..first }))
    }

    /// Reads all blocks and adds their rows. The first block starts after `line` line ends.
    ///
    /// Several blocks are parsed at a time. Meanwhile this thread adds the rows of the blocks before and
    /// reads the blocks after them, and then it parses too.
    pub(in super::super) fn read(
        &self,
        first: Block,
        mut line: usize,
        blocks: &mut Blocks<'_>,
        threads: Option<usize>,
        builder: &mut Builder,
    ) -> Result<(), CsvError> {
        let available = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = threads.unwrap_or_else(available);
        let mut now = vec![Part { block: first, ..self.new_part(builder) }];
        let (mut done, mut spare) = (Vec::new(), Vec::new());
        while !now.is_empty() || !done.is_empty() {
            let helpers = threads.min(now.len()).saturating_sub(1);
            let queue = Mutex::new(now.iter_mut());
            let work = || {
                let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(part) = next() {
                    self.parse(part);
                }
            };
            let next = thread::scope(|scope| {
                for _ in 0..helpers {
                    // Where a thread cannot start, this one does its work.
                    let _ = thread::Builder::new().spawn_scoped(scope, work);
                }
                self.add(&mut done, &mut line, builder)?;
                spare.append(&mut done);
                let next = self.next(blocks, PARTS * threads, &mut spare, builder);
                work();
                next
            })?;
            done = now;
            now = next;
        }
        Ok(())
    }

    /// Adds the rows of some parts.
    fn add(
        &self,
        parts: &mut [Part],
        line: &mut usize,
        builder: &mut Builder,
    ) -> Result<(), CsvError> {
        for part in parts {
            let lines = part.lines.take().unwrap_or(Ok(0));
            let lines = lines.map_err(|broken| self.error(&broken, *line, builder.expected()))?;
            builder.append(&part.rows, *line);
            *line += lines;
        }
        Ok(())
    }

    fn new_part(&self, builder: &Builder) -> Part {
        let rows = Rows::new(builder.width(), self.notation);
        Part { block: Block::default(), rows, lines: None }
    }

    /// The next blocks, in spare parts if there are any.
    fn next(
        &self,
        blocks: &mut Blocks<'_>,
        count: usize,
        spare: &mut Vec<Part>,
        builder: &Builder,
    ) -> Result<Vec<Part>, CsvError> {
        let mut next = Vec::new();
        while next.len() < count {
            let mut part = spare.pop().unwrap_or_else(|| self.new_part(builder));
            if !blocks.next(&mut part.block, self.delimiter)? {
                break;
            }
            next.push(part);
        }
        Ok(next)
    }

    /// Turns the block of a part into rows.
    fn parse(&self, part: &mut Part) {
        let Part { block, rows, lines } = part;
        rows.clear();
        *lines = Some(match std::str::from_utf8(&block.bytes) {
            Ok(text) if !block.has_quotes => self.plain_rows(text, rows),
            _ => self.quoted_rows(block, rows),
        });
    }

    /// The rows of a block that may have quotes. Returns the number of line ends.
    fn quoted_rows(&self, block: &Block, rows: &mut Rows) -> Result<usize, Broken> {
        let (mut records, mut last) = (Records::new(self, block), 1);
        while let Some(line) = records.next() {
            self.blank_rows(&records, rows)?;
            let width = rows.width();
            match quotes::check(records.raw(), self.delimiter, width, false) {
                Quotes::Sound => {}
                Quotes::Doubtful => rows.joined.push(line),
                Quotes::Stray { lines } => return Err(Broken::StrayQuote { line, lines }),
            }
            let pushed = rows.push(line, records.values(line)?);
            // A row of a file that is cut off in a quoted value may have too few values.
            if pushed.is_err()
                && records.is_last()
                && quotes::is_open(records.raw(), self.delimiter)
            {
                return Err(Broken::OpenQuote { line });
            }
            pushed?;
            last = line;
        }
        self.blank_rows(&records, rows)?;
        // Blocks end where rows do, so this is the end of the file.
        if quotes::is_open(records.last(), self.delimiter) {
            return Err(Broken::OpenQuote { line: last });
        }
        Ok(line_ends(&block.bytes, 0..block.bytes.len()))
    }

    /// In a table of one column, adds the blank lines before the current record as rows without a value.
    fn blank_rows(&self, records: &Records<'_>, rows: &mut Rows) -> Result<(), Broken> {
        if rows.width() == 1 {
            for line in records.blank_lines.clone() {
                rows.push(line, [""])?;
            }
        }
        Ok(())
    }

    /// The error for a row of a block that starts after `line` line ends.
    fn error(
        &self,
        broken: &Broken,
        line: usize,
        (expected, seen): (usize, &'static str),
    ) -> CsvError {
        let file = self.name.to_owned();
        match *broken {
            Broken::Ragged(Ragged { line: row, found }) => {
                CsvError::Ragged { file, line: line + row, expected, seen, found }
            }
            Broken::StrayQuote { line: row, lines } => {
                QuoteError::Stray { file, line: line + row, lines }.into()
            }
            Broken::OpenQuote { line: row } => QuoteError::Open { file, line: line + row }.into(),
            Broken::NotUtf8 { line: row, column } => {
                CsvError::NotUtf8 { file, line: line + row, column }
            }
        }
    }

    /// The rows of a text without quotes. Returns the number of line ends.
    fn plain_rows(&self, text: &str, rows: &mut Rows) -> Result<usize, Broken> {
        let bytes = text.as_bytes();
        let mut line = 1;
        // A delimiter that could be part of a number ends it.
        let is_fast = self.delimiter != self.notation.decimal
            && !self.delimiter.is_ascii_digit()
            && self.delimiter != b'-';
        let is_end = |byte: u8| byte == self.delimiter || byte == b'\n' || byte == b'\r';
        let (mut at, mut is_blank) = (0, true);
        while let Some(&byte) = bytes.get(at) {
            if byte == b'\n' || byte == b'\r' {
                let is_half = byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
                // The end of the row before, or a blank line, which is a missing value of one column.
                if !is_half && std::mem::replace(&mut is_blank, true) && rows.width() == 1 {
                    rows.push(line, [""])?;
                }
                line += usize::from(!is_half);
                at += 1;
                continue;
            }
            is_blank = false;
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
            rows.end_line(line, column, is_empty)?;
        }
        Ok(line - 1)
    }
}

/// The first row of a file.
#[derive(Debug)]
pub(in super::super) struct FirstRow {
    pub(in super::super) values: Vec<String>,
    /// The line where it starts.
    pub(in super::super) line: usize,
    /// The number of line ends in front of the rest of the block.
    pub(in super::super) lines: usize,
    /// Whether quotes may have joined it with the rows below.
    pub(in super::super) is_joined: bool,
}

/// A block and its rows. Both are used again for other blocks, which saves memory.
struct Part {
    block: Block,
    rows: Rows,
    /// The number of line ends of the block, once it is parsed.
    lines: Option<Result<usize, Broken>>,
}

/// Why a block cannot be parsed. Lines are counted from 1 in the block.
pub(super) enum Broken {
    /// A row has more or fewer values than there are columns.
    Ragged(Ragged),
    /// A quote joins several rows.
    StrayQuote { line: usize, lines: usize },
    /// A quote is open at the end of the file.
    OpenQuote { line: usize },
    /// A value is not UTF-8 text.
    NotUtf8 { line: usize, column: usize },
}

impl From<Ragged> for Broken {
    fn from(ragged: Ragged) -> Self {
        Self::Ragged(ragged)
    }
}

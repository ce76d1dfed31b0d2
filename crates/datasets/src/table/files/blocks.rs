//! A file in blocks of whole rows.

use std::io::Read;

use super::super::CsvError;
use super::super::read::io_error;

/// The number of bytes of a block, which fits into the cache of a core together with its rows. Longer rows
/// make longer blocks.
const BLOCK: usize = 1 << 19;

/// Some whole rows of a file.
#[derive(Debug, Default)]
pub(in super::super) struct Block {
    pub(in super::super) bytes: Vec<u8>,
    /// Whether there is a quote.
    pub(super) has_quotes: bool,
}

/// Reads a file block by block.
pub(in super::super) struct Blocks<'a> {
    name: &'a str,
    reader: Box<dyn Read + 'a>,
    /// What was read beyond the last block.
    rest: Vec<u8>,
    has_ended: bool,
}

impl<'a> Blocks<'a> {
    pub(in super::super) fn new(name: &'a str, reader: Box<dyn Read + 'a>) -> Self {
        Self { name, reader, rest: Vec::new(), has_ended: false }
    }

    /// The start of the file, without a byte order mark. Nothing is taken.
    pub(in super::super) fn peek(&mut self) -> Result<&[u8], CsvError> {
        let mut rest = std::mem::take(&mut self.rest);
        self.fill(&mut rest, BLOCK)?;
        if rest.starts_with("\u{feff}".as_bytes()) {
            rest.drain(..'\u{feff}'.len_utf8());
        }
        self.rest = rest;
        Ok(&self.rest)
    }

    /// Takes bytes that [`Blocks::peek`] has shown.
    pub(in super::super) fn skip(&mut self, length: usize) {
        self.rest.drain(..length);
    }

    /// Reads until there are `length` bytes, or the file ends.
    fn fill(&mut self, bytes: &mut Vec<u8>, length: usize) -> Result<(), CsvError> {
        let missing = length.saturating_sub(bytes.len());
        if missing > 0 && !self.has_ended {
            bytes.reserve(missing);
            let read = self.reader.by_ref().take(missing as u64).read_to_end(bytes);
            self.has_ended = read.map_err(|error| io_error(self.name, &error))? < missing;
        }
        Ok(())
    }

    /// Replaces a block by the next one. Returns whether there is one.
    pub(in super::super) fn next(
        &mut self,
        block: &mut Block,
        delimiter: u8,
    ) -> Result<bool, CsvError> {
        let Block { bytes, has_quotes } = block;
        bytes.clear();
        bytes.append(&mut self.rest);
        let mut length = BLOCK;
        let end = loop {
            self.fill(bytes, length)?;
            *has_quotes = bytes.contains(&b'"');
            if self.has_ended {
                break bytes.len();
            }
            let end = match *has_quotes {
                true => last_row_end(bytes, delimiter),
                false => last_line_end(bytes),
            };
            match end {
                Some(end) => break end,
                None => length = 2 * bytes.len().max(BLOCK),
            }
        };
        self.rest.extend_from_slice(&bytes[end..]);
        bytes.truncate(end);
        Ok(!bytes.is_empty())
    }
}

/// Where the last whole row of bytes without quotes ends, if more bytes may follow.
fn last_line_end(bytes: &[u8]) -> Option<usize> {
    let end = bytes.iter().rposition(|&byte| byte == b'\n');
    // `\r` at the end may be half of `\r\n`.
    let before_last = &bytes[..bytes.len().saturating_sub(1)];
    let end = end.or_else(|| before_last.iter().rposition(|&byte| byte == b'\r'));
    end.map(|end| end + 1)
}

/// Where the last whole row ends, if more bytes may follow.
fn last_row_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let mut end = None;
    let mut state = State::Start;
    for (index, &byte) in bytes.iter().enumerate() {
        let is_end = match byte {
            b'\n' => true,
            b'\r' => bytes.get(index + 1).is_some_and(|&next| next != b'\n'),
            _ => false,
        };
        if is_end && state != State::Quoted {
            end = Some(index + 1);
        }
        state = state.after(byte, delimiter);
    }
    end
}

/// Where a byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// At the start of a value.
    Start,
    /// In a value without quotes.
    Plain,
    /// In quotes.
    Quoted,
    /// After a quote in quotes: the end of them, or half of a quote.
    Quote,
}

impl State {
    /// The state after a byte. A quote in a value without quotes is a character.
    pub(super) fn after(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Quote,
            (Self::Quoted, _) => Self::Quoted,
            (Self::Start | Self::Quote, b'"') => Self::Quoted,
            (_, b'\n' | b'\r') => Self::Start,
            (_, byte) if byte == delimiter => Self::Start,
            _ => Self::Plain,
        }
    }
}

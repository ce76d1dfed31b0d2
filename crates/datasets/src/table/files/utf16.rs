//! Text in UTF-16.

use std::io::{self, Read};

/// How many bytes are decoded at once.
const BLOCK: u64 = 1 << 16;

/// A reader that decodes UTF-16. It leaves out the byte order mark.
pub(super) struct Utf16<R> {
    reader: R,
    unit: fn([u8; 2]) -> u16,
    /// Bytes of a character that is not complete.
    rest: Vec<u8>,
    text: Vec<u8>,
    /// How much of the text was read.
    read: usize,
    is_first: bool,
}

impl<R: Read> Utf16<R> {
    /// Decodes pairs of bytes with `unit`.
    pub(super) fn new(reader: R, unit: fn([u8; 2]) -> u16) -> Self {
        Self { reader, unit, rest: Vec::new(), text: Vec::new(), read: 0, is_first: true }
    }

    /// Decodes the next block. At the end of the file there is no text.
    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.read = 0;
        while self.text.is_empty() {
            let mut bytes = std::mem::take(&mut self.rest);
            let before = bytes.len();
            self.reader.by_ref().take(BLOCK).read_to_end(&mut bytes)?;
            let at_end = bytes.len() == before;
            if at_end && bytes.is_empty() {
                return Ok(());
            }
            let mut units: Vec<u16> =
                bytes.chunks_exact(2).map(|pair| (self.unit)([pair[0], pair[1]])).collect();
            let mut kept = 2 * units.len();
            // The second half of a character may be in the next block.
            if !at_end && units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
                units.pop();
                kept -= 2;
            }
            self.rest = if at_end { Vec::new() } else { bytes[kept..].to_vec() };
            let is_odd = at_end && bytes.len() % 2 == 1;
            for character in char::decode_utf16(units).map(Result::ok).chain(is_odd.then_some(None))
            {
                let invalid = || {
                    io::Error::new(
                        io::ErrorKind::InvalidData,
                        "expected UTF-16 text, found other bytes",
                    )
                };
                let character = character.ok_or_else(invalid)?;
                if !(std::mem::take(&mut self.is_first) && character == '\u{feff}') {
                    self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.text.len() {
            self.fill()?;
        }
        let length = buffer.len().min(self.text.len() - self.read);
        buffer[..length].copy_from_slice(&self.text[self.read..][..length]);
        self.read += length;
        Ok(length)
    }
}

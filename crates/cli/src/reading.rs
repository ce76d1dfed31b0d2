//! Watching a file while it is read.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use nnfs::files::Checksum;
use nnfs_console::warn;

use crate::identity::Identity;

/// What goes with reading.
#[derive(Debug, Default)]
pub(crate) struct Reading<'a> {
    /// Whether to show no progress.
    pub(crate) quiet: bool,
    /// The checksum of the file, if it is needed.
    pub(crate) checksum: Option<&'a mut Checksum>,
    /// What identifies the file, if it is needed.
    pub(crate) identity: Option<&'a mut Identity>,
}

/// A reader that shows how far it is, and computes the checksum of what was read.
#[derive(Debug)]
pub(crate) struct Watched<'a, R> {
    reader: R,
    checksum: Option<&'a mut Checksum>,
    identity: Option<&'a mut Identity>,
    progress: ReadProgress<'a>,
}

impl<'a, R> Watched<'a, R> {
    /// For a file of this number of bytes.
    pub(crate) fn new(reader: R, name: &'a str, bytes: u64, reading: Reading<'a>) -> Self {
        let Reading { quiet, checksum, identity } = reading;
        let progress = ReadProgress::new(name, bytes, quiet);
        Self { reader, checksum, identity, progress }
    }
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        if let Some(checksum) = &mut self.checksum {
            checksum.add(&buffer[..length]);
        }
        if let Some(identity) = &mut self.identity {
            identity.add(&buffer[..length]);
        }
        self.progress.add(length);
        Ok(length)
    }
}

/// How far reading a large file is: a line at once, and one every ten seconds.
#[derive(Debug)]
struct ReadProgress<'a> {
    name: &'a str,
    bytes: u64,
    read: u64,
    shown: Option<Instant>,
}

impl<'a> ReadProgress<'a> {
    /// Smaller files are read before anybody waits.
    const LARGE: u64 = 32 << 20;

    fn new(name: &'a str, bytes: u64, quiet: bool) -> Self {
        let shown = (bytes >= Self::LARGE && !quiet).then(Instant::now);
        if shown.is_some() {
            warn(&format!("reading {name}: {} MB", bytes / 1_000_000));
        }
        Self { name, bytes, read: 0, shown }
    }

    fn add(&mut self, length: usize) {
        self.read += length as u64;
        if self.shown.is_some_and(|shown| shown.elapsed() >= Duration::from_secs(10)) {
            self.shown = Some(Instant::now());
            warn(&format!("reading {}: {}%", self.name, 100 * self.read / self.bytes));
        }
    }
}

//! What identifies the file of a training.

use std::fs;
use std::path::Path;

use nnfs::files::Checksum;
use serde::{Deserialize, Serialize};

/// How many bytes of a file have a checksum, so that it takes no time that is noticed.
const START: u64 = 1 << 20;

/// The number of bytes of a file, and the checksum of its first MiB.
#[derive(Debug, Clone, Default)]
pub(crate) struct Identity {
    bytes: u64,
    start: Checksum,
}

/// An [`Identity`] in `metrics.json`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Saved {
    file_bytes: u64,
    file_checksum: String,
}

impl Identity {
    /// Adds bytes at the end of the file.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        let rest = usize::try_from(START - self.start.length()).unwrap_or(usize::MAX);
        self.start.add(&bytes[..rest.min(bytes.len())]);
        self.bytes += bytes.len() as u64;
    }

    /// For `metrics.json`.
    pub(crate) fn saved(&self) -> Saved {
        Saved { file_bytes: self.bytes, file_checksum: self.start.to_string() }
    }

    /// Whether a model was trained on this file, as the file of its metrics says. A model without such a
    /// file was not.
    pub(crate) fn is_of_training(&self, metrics: &Path) -> bool {
        let bytes = fs::read(metrics).unwrap_or_default();
        serde_json::from_slice::<Saved>(&bytes).is_ok_and(|saved| saved == self.saved())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_and_the_length_identify_a_file() {
        let identity = |parts: &[&[u8]]| {
            let mut identity = Identity::default();
            parts.iter().for_each(|part| identity.add(part));
            identity.saved()
        };
        let long = vec![7; START as usize + 10];
        let (start, end) = long.split_at(START as usize - 3);
        assert_eq!(identity(&[&long]), identity(&[start, end]));
        assert_ne!(identity(&[&long]), identity(&[start, end, b"7"]));
        assert_ne!(identity(&[b"abc"]), identity(&[b"abd"]));
    }
}

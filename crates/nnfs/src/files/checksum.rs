//! A checksum of bytes and of numbers.

use std::fmt;

use nnfs_tensor::Tensor;

use super::FileScalar;

/// FNV-1a of 64 bits: Fowler, Noll and Vo, 1991. It detects accidents, not forgeries.
///
/// ```
/// let mut checksum = nnfs::files::Checksum::new();
/// checksum.add(b"foo");
/// checksum.add(b"bar");
/// assert_eq!(checksum.to_string(), "85944171f73967e8");
/// assert_eq!(checksum.length(), 6);
/// ```
#[derive(Debug, Clone)]
pub struct Checksum {
    hash: u64,
    length: u64,
}

impl Checksum {
    /// The checksum of no bytes.
    pub fn new() -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, length: 0 }
    }

    /// Adds bytes at the end.
    pub fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.length += bytes.len() as u64;
    }

    /// The number of bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn add_numbers<T: FileScalar>(&mut self, tensor: &Tensor<T>) {
        let mut bytes = Vec::with_capacity(8);
        for number in tensor.as_slice() {
            bytes.clear();
            number.write_to(&mut bytes);
            self.add(&bytes);
        }
    }
}

impl Default for Checksum {
    fn default() -> Self {
        Self::new()
    }
}

/// 16 hexadecimal digits.
impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test vectors of the Internet draft on FNV.
    #[test]
    fn checksums_are_fnv_1a() {
        for (text, expected) in
            [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")]
        {
            let mut checksum = Checksum::new();
            checksum.add(text.as_bytes());
            assert_eq!(checksum.to_string(), expected);
        }
    }
}

//! A checksum of bytes and of numbers.

use std::fmt;

use nnfs_tensor::Tensor;

use super::FileScalar;

/// FNV-1a of 64 bits: Fowler, Noll and Vo, 1991. It detects accidents, not forgeries.
#[derive(Debug, Clone)]
pub(super) struct Checksum(u64);

impl Checksum {
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
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

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
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

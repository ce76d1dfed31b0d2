//! Files compressed with gzip.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

/// The members of a gzip file, decompressed one after the other. Zeros after a member are padding, as for
/// `gzip`.
pub(super) struct Gzip<R: Read> {
    member: Option<GzDecoder<BufReader<R>>>,
}

impl<R: Read> Gzip<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { member: Some(GzDecoder::new(BufReader::new(reader))) }
    }
}

impl<R: Read> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let length = member.read(buffer).map_err(damaged)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            let Some(mut rest) = self.member.take().map(GzDecoder::into_inner) else { break };
            if skip_zeros(&mut rest)? {
                self.member = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// Skips zeros. Returns whether there is more.
fn skip_zeros(reader: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = reader.fill_buf()?;
        let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
        if zeros < bytes.len() || bytes.is_empty() {
            let has_more = !bytes.is_empty();
            reader.consume(zeros);
            return Ok(has_more);
        }
        reader.consume(zeros);
    }
}

/// An error of the decoder, rather than of the file system, says that the file is damaged.
fn damaged(error: io::Error) -> io::Error {
    if error.raw_os_error().is_some() {
        return error;
    }
    let what = match error.kind() {
        io::ErrorKind::UnexpectedEof => "cut off",
        _ => "damaged",
    };
    io::Error::new(error.kind(), format!("the gzip file is {what} ({error}); make it again"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn compressed(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        Gzip::new(bytes).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn members_and_padding() {
        let (a, b) = (compressed("x,y\n1,2\n"), compressed("3,4\n"));
        assert_eq!(read(&[&a[..], &b].concat()).unwrap(), "x,y\n1,2\n3,4\n");
        assert_eq!(read(&[&a[..], &[0; 9000], &b, &[0; 512]].concat()).unwrap(), "x,y\n1,2\n3,4\n");
    }

    #[test]
    fn what_is_damaged_or_cut_off() {
        let bytes = compressed(&"1,2\n".repeat(1000));
        for length in [5, 12, bytes.len() / 2, bytes.len() - 8, bytes.len() - 1] {
            let error = read(&bytes[..length]).unwrap_err().to_string();
            assert!(error.contains("cut off"), "{length}: {error}");
        }
        let mut changed = bytes.clone();
        changed[bytes.len() - 6] ^= 1;
        for bytes in [changed, [&bytes[..], b"xyzxyzxyzxyz"].concat()] {
            let error = read(&bytes).unwrap_err().to_string();
            assert!(error.contains("damaged"), "{error}");
        }
    }
}

//! What kind of file it is, by its first bytes.

use std::io::{Cursor, Read};

use super::super::CsvError;
use super::super::read::io_error;
use super::gzip::Gzip;
use super::utf16::Utf16;

/// How many bytes decide the kind.
const HEAD: u64 = 4096;

/// A file as UTF-8 text without a byte order mark.
pub(in super::super) struct Opened<'a> {
    /// The text.
    pub(in super::super) reader: Box<dyn Read + 'a>,
    /// Whether it was decoded from UTF-16.
    pub(in super::super) is_utf16: bool,
}

const GZIP: &[u8] = &[0x1f, 0x8b];
const UTF_8: &[u8] = "\u{feff}".as_bytes();

const SHEET: &str = "save the sheet as CSV";
const UNPACK: &str = "unpack it first";
const TABLE: &str = "choose the file with the table";
const CONVERT: &str = "convert it to CSV first";

/// Other kinds of files: where their mark starts, the mark, the kind, and what to do.
const OTHERS: [(usize, &[u8], &str, &str); 26] = [
    (0, b"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it or save the sheet as CSV"),
    (0, b"PK\x05\x06", "an empty zip archive", UNPACK),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook (xls)", SHEET),
    (0, b"PAR1", "a Parquet file", CONVERT),
    (0, b"ARROW1", "an Arrow file", CONVERT),
    (0, b"FEA1", "a Feather file", CONVERT),
    (0, b"\x89HDF", "an HDF5 file", CONVERT),
    (0, b"SQLite format 3\0", "an SQLite database", CONVERT),
    (0, b"\x93NUMPY", "a NumPy array", CONVERT),
    (0, b"RDX2", "an R workspace", CONVERT),
    (0, b"RDX3", "an R workspace", CONVERT),
    (0, b"X\n\0\0\0", "an R object (rds)", CONVERT),
    (0, b"$FL2@(#)", "an SPSS file", CONVERT),
    (0, b"<stata_dta>", "a Stata file", CONVERT),
    (0, b"%PDF-", "a PDF document", CONVERT),
    (0, b"BZh", "a file compressed with bzip2", UNPACK),
    (0, b"\xfd7zXZ\0", "a file compressed with xz", UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "a file compressed with zstd", UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"Obj\x01", "an Avro file", CONVERT),
    (0, b"\x89PNG", "a PNG image", TABLE),
    (0, b"\xff\xd8\xff", "a JPEG image", TABLE),
    (0, b"GIF8", "a GIF image", TABLE),
    (0, b"\x7fELF", "a program", TABLE),
];

/// Decompresses and decodes a file.
///
/// # Errors
/// [`CsvError::NotATable`] if it is a file of another kind; if it cannot be read.
pub(in super::super) fn open<'a>(
    name: &str,
    reader: impl Read + 'a,
) -> Result<Opened<'a>, CsvError> {
    let (head, reader) = peek(name, Box::new(reader))?;
    if head.starts_with(GZIP) {
        let (head, reader) = peek(name, Box::new(Gzip::new(reader)))?;
        if head.starts_with(GZIP) {
            let (file, found) = (name.to_owned(), "a file that is compressed with gzip twice");
            return Err(CsvError::NotATable { file, found, advice: UNPACK });
        }
        return decode(name, &head, reader);
    }
    decode(name, &head, reader)
}

/// The first bytes, and a reader of all bytes.
fn peek<'a>(
    name: &str,
    mut reader: Box<dyn Read + 'a>,
) -> Result<(Vec<u8>, Box<dyn Read + 'a>), CsvError> {
    let mut head = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut head).map_err(|error| io_error(name, &error))?;
    Ok((head.clone(), Box::new(Cursor::new(head).chain(reader))))
}

fn decode<'a>(name: &str, head: &[u8], reader: Box<dyn Read + 'a>) -> Result<Opened<'a>, CsvError> {
    let refuse = |found, advice| Err(CsvError::NotATable { file: name.to_owned(), found, advice });
    match head {
        [0xff, 0xfe, 0, 0, ..] => return refuse("text in UTF-32", "save the file as UTF-8"),
        [0xff, 0xfe, ..] => {
            return Ok(Opened {
                reader: Box::new(Utf16::new(reader, u16::from_le_bytes)),
                is_utf16: true,
            });
        }
        [0xfe, 0xff, ..] => {
            return Ok(Opened {
                reader: Box::new(Utf16::new(reader, u16::from_be_bytes)),
                is_utf16: true,
            });
        }
        _ => {}
    }
    for (start, mark, found, advice) in OTHERS {
        // A mark of letters and digits may also be the name of a column.
        let is_other = !mark.iter().all(u8::is_ascii_alphanumeric) || has_control(head);
        if is_other && head.get(start..).is_some_and(|head| head.starts_with(mark)) {
            return match excel(head) {
                Some(found) => refuse(found, SHEET),
                None => refuse(found, advice),
            };
        }
    }
    let text = head.strip_prefix(UTF_8).unwrap_or(head).trim_ascii_start();
    let starts = |marks: &[&str]| {
        marks.iter().any(|mark| {
            text.len() >= mark.len() && text[..mark.len()].eq_ignore_ascii_case(mark.as_bytes())
        })
    };
    if starts(&["<!doctype html", "<html", "<?xml"]) {
        return refuse("a web page or XML", "download the table itself");
    }
    if starts(&["{\"", "[{", "[["]) {
        return refuse("JSON", CONVERT);
    }
    // Latin letters in UTF-16 have a zero in every second byte.
    let zeros =
        |first: usize| head.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    if head.len() >= 4 && 4 * zeros(0).max(zeros(1)) > head.len() {
        return refuse("text in UTF-16 without a byte order mark", "save the file as UTF-8");
    }
    // The last character of the head may be cut off.
    let is_text =
        std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    if !is_text && head.contains(&0) {
        return refuse("a binary file", CONVERT);
    }
    Ok(Opened { reader, is_utf16: false })
}

/// Whether there are control characters that no text has.
fn has_control(head: &[u8]) -> bool {
    head.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

/// The kind of a spreadsheet, which is a zip archive inside.
fn excel(head: &[u8]) -> Option<&'static str> {
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if !head.starts_with(b"PK") {
        return None;
    }
    if has(b"xl/") || has(b"[Content_Types].xml") {
        return Some("an Excel workbook (xlsx)");
    }
    has(b"opendocument.spreadsheet").then_some("an OpenDocument spreadsheet (ods)")
}

//! Which character separates the values of a row.

use csv::{ByteRecord, ReaderBuilder};

use super::super::{CsvError, Notation};
use super::records::line_ends;

/// What may separate values.
pub(super) const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many bytes and rows are looked at.
const BYTES: usize = 1 << 16;
const ROWS: usize = 200;

/// At most one row in so many has another number of values than most others.
pub(super) const LARGEST_SHARE_OF_OTHERS: usize = 20;

/// Checks a delimiter that was chosen.
///
/// # Errors
/// If it cannot separate values.
pub(in super::super) fn check(file: &str, delimiter: u8) -> Result<(), CsvError> {
    if !delimiter.is_ascii() || matches!(delimiter, b'"' | b'\n' | b'\r') {
        return Err(CsvError::Delimiter { file: file.to_owned(), found: delimiter });
    }
    Ok(())
}

/// The delimiter of a file, from its first bytes.
///
/// It is the one that gives all rows the same number of values, at least two; of several, the one that gives the most.
/// The decimal mark is the last choice. If none does, it is the one that gives nearly all rows the number of values of
/// the first, then the one that is in the first row, and otherwise a comma, or a semicolon if the comma is the decimal
/// mark.
pub(in super::super) fn find(bytes: &[u8], notation: Notation) -> u8 {
    let best_of = |scores: [usize; 4], is_decimal_mark: bool| {
        let scores = CANDIDATES.into_iter().zip(scores);
        let found = scores.filter(|&(delimiter, values)| {
            values > 1 && (delimiter == notation.decimal) == is_decimal_mark
        });
        // Of equal scores, the first candidate.
        found.rev().max_by_key(|&(_, values)| values).map(|(delimiter, _)| delimiter)
    };
    let best = |scores: [usize; 4]| best_of(scores, false).or_else(|| best_of(scores, true));
    let counts = CANDIDATES.map(|delimiter| widths(bytes, delimiter));
    let widths_if = |fits: fn(usize, &[usize]) -> bool| {
        counts.each_ref().map(|widths| match widths.as_slice() {
            [first, others @ ..] if fits(*first, others) => *first,
            _ => 0,
        })
    };
    let regular = widths_if(|first, others| others.iter().all(|&width| width == first));
    let nearly = widths_if(|first, others| are_few_others(first, others.iter().copied()));
    let first = counts.each_ref().map(|widths| widths.first().copied().unwrap_or(0));
    let otherwise = if notation.decimal == b',' { b';' } else { b',' };
    best(regular).or_else(|| best(nearly)).or_else(|| best(first)).unwrap_or(otherwise)
}

/// Whether at most one of [`LARGEST_SHARE_OF_OTHERS`] rows has another number of values than `width`.
pub(super) fn are_few_others(width: usize, rows: impl ExactSizeIterator<Item = usize>) -> bool {
    let all = rows.len();
    LARGEST_SHARE_OF_OTHERS * rows.filter(|&other| other != width).count() <= all
}

/// The number of values of each of the first rows.
fn widths(bytes: &[u8], delimiter: u8) -> Vec<usize> {
    rows(bytes, delimiter).into_iter().map(|row| row.width).collect()
}

/// The line of the first row of a table with other lines above it: rows of fewer values, and then at least
/// three rows of the same number of values, and more of them.
pub(super) fn below_preamble(bytes: &[u8], delimiter: Option<u8>) -> Option<usize> {
    let candidates = CANDIDATES.into_iter().filter(|&other| delimiter.is_none_or(|it| it == other));
    candidates.chain(delimiter).find_map(|delimiter| {
        let rows = rows(bytes, delimiter);
        let width = rows.last()?.width;
        let above = rows.iter().rposition(|row| row.width != width)? + 1;
        let is_preamble = rows[..above].iter().all(|row| row.width < width);
        let (is_table, start) = (rows.len() >= (2 * above).max(above + 3), rows.get(above)?.start);
        let line = 1 + line_ends(bytes, 0..start);
        (is_preamble && is_table).then_some(line)
    })
}

/// One of the first rows.
#[derive(Debug)]
pub(super) struct Row {
    /// Where it starts.
    pub(super) start: usize,
    /// The number of values.
    pub(super) width: usize,
    /// The first value.
    pub(super) first: Vec<u8>,
    /// Whether the last value is empty.
    pub(super) ends_empty: bool,
    /// Whether no value is a number.
    pub(super) is_of_words: bool,
}

/// The first rows.
pub(super) fn rows(bytes: &[u8], delimiter: u8) -> Vec<Row> {
    let sample = &bytes[..bytes.len().min(BYTES)];
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(sample);
    let (mut record, mut rows) = (ByteRecord::new(), Vec::new());
    while rows.len() < ROWS && matches!(reader.read_byte_record(&mut record), Ok(true)) {
        let is_blank = |value: &[u8]| value.trim_ascii().is_empty();
        if record.len() > 1 || !is_blank(&record[0]) || rows.is_empty() {
            let start = record.position().map_or(0, |position| position.byte() as usize);
            let line_ends = sample[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
            rows.push(Row {
                start: start + line_ends.count(),
                width: record.len(),
                first: record[0].to_vec(),
                ends_empty: is_blank(&record[record.len() - 1]),
                is_of_words: record.iter().all(|value| !is_number(value)),
            });
        }
    }
    // The last row may not be complete.
    if sample.len() < bytes.len() && rows.len() < ROWS && rows.len() > 1 {
        rows.pop();
    }
    rows
}

/// Whether a value is a number, without quotes.
pub(super) fn is_number(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| text.trim().parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_of_a_file() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2,5\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("a\n1\n", b','),
            ("", b','),
            ("a,b;c\n1,2;3\n", b','),
            ("a;b;c\n1,5;2;3\n1;2,5;3\n", b';'),
            ("name,note\nx,\"a;b\"\ny,c\n", b','),
            ("a;b\n1;2;3\n", b';'),
            ("a,b\n1\n", b','),
            ("\"a,b\";c\n1;2\n", b';'),
        ] {
            assert_eq!(
                char::from(find(text.as_bytes(), Notation::PLAIN)),
                char::from(delimiter),
                "{text:?}"
            );
        }
        let comma = Notation { decimal: b',', thousands: None };
        assert_eq!(find(b"y\n1,5\n2,5\n", comma), b';');
        let header = b"Preis (EUR, netto);Menge (kg, brutto)\n1,5;2,5\n1,5;2,5\n";
        assert_eq!(find(header, comma), b';');
        assert_eq!(find(b"a,b\n\"1,5\",\"2,5\"\n", comma), b',');
    }
}

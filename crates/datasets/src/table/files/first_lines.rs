//! What the first lines of a file show: a line that names the delimiter, and a header that does not fit its rows.

use super::super::HeaderError;
use super::super::short::start;
use super::delimiter::{
    CANDIDATES, LARGEST_SHARE_OF_OTHERS, Row, are_few_others, below_preamble, is_number, rows,
};
use super::records::line_ends;

/// How many characters of a line an error shows.
const CHARACTERS: usize = 80;

/// The delimiter that a line `sep=;` names, which Excel reads and writes, and the length of the line.
pub(in super::super) fn separator(bytes: &[u8]) -> Option<(u8, usize)> {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    let line = bytes[..end].strip_prefix(b"\"").unwrap_or(&bytes[..end]);
    let line = line.strip_suffix(b"\"").unwrap_or(line);
    let (name, &[delimiter]) = line.split_at_checked(4)? else { return None };
    let is_delimiter =
        delimiter == b'\t' || (delimiter.is_ascii_punctuation() && delimiter != b'"');
    let half = usize::from(bytes[end..].starts_with(b"\r\n"));
    (name.eq_ignore_ascii_case(b"sep=") && is_delimiter).then_some((delimiter, end + half + 1))
}

/// How the first line fits the lines below it.
#[derive(Debug)]
pub(in super::super) enum Header {
    /// It has as many names as the first rows have values, or more than a few rows differ.
    Fits,
    /// Each of the first rows, but for a few, has one value more, which is quoted, and all are different: the name of
    /// the row, as R writes it. The names of the columns are quoted too, and numbers are not.
    RowNames,
    /// Each of the first rows, but for a few, has one value more, the last, which is empty.
    DelimiterAtEnd,
    /// It does not fit, and this is the error if a row is longer than the header.
    Wrong(HeaderError),
}

impl Header {
    /// That of the start of a file, below `before` lines.
    pub(in super::super) fn of(
        name: &str,
        bytes: &[u8],
        before: usize,
        (delimiter, is_chosen): (u8, bool),
    ) -> Self {
        let all = rows(bytes, delimiter);
        let [first, second, below @ ..] = all.as_slice() else { return Self::Fits };
        let (names, values) = (first.width, second.width);
        // One row that is too short or too long does not hide how the others are written.
        let rows = || all[1..].iter().filter(|row| row.width == values);
        let are_equal = LARGEST_SHARE_OF_OTHERS * (below.len() + 1 - rows().count()) <= below.len();
        if are_equal && values == names + 1 {
            if rows().all(|row| row.ends_empty) {
                return Self::DelimiterAtEnd;
            }
            let mut first: Vec<&[u8]> = rows().map(|row| row.first.as_slice()).collect();
            first.sort_unstable();
            let are_different = first.windows(2).all(|pair| pair[0] != pair[1]);
            let is_quoted = |row: &Row| bytes[row.start..].starts_with(b"\"");
            let has_number = |row: &Row| {
                let line = bytes[row.start..].split(|byte| matches!(byte, b'\n' | b'\r')).next();
                line.unwrap_or_default().split(|&byte| byte == delimiter).any(is_number)
            };
            // One name may be a title.
            let is_of_r = names > 1 && is_quoted(&all[0]) && rows().any(has_number);
            if is_of_r && rows().all(is_quoted) && are_different {
                return Self::RowNames;
            }
        }
        let line = |row: &Row| before + 1 + line_ends(bytes, 0..row.start);
        let text = |row: &Row| line_of(&bytes[row.start..]);
        // One name may be a title, unless another character separates the names.
        let has_other =
            || CANDIDATES.iter().any(|&it| it != delimiter && text(first).as_bytes().contains(&it));
        let are_names = names > 1 || (is_chosen && has_other());
        let is_title = second.is_of_words && below.first().is_some_and(|row| !row.is_of_words);
        if are_equal && values > names && are_names && !is_title {
            return Self::Wrong(HeaderError::Width {
                file: name.to_owned(),
                header: text(first),
                names,
                line: line(second),
                row: text(second),
                values,
            });
        }
        // Where the first line fits the rows, another delimiter is not what separates values.
        if names > 1 && are_few_others(names, all[1..].iter().map(|row| row.width)) {
            return Self::Fits;
        }
        match below_preamble(bytes, is_chosen.then_some(delimiter)) {
            None => Self::Fits,
            Some(line) => {
                let (file, found) = (name.to_owned(), text(first));
                Self::Wrong(HeaderError::Preamble { file, found, line: before + line })
            }
        }
    }
}

/// The start of a line.
fn line_of(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    start(&String::from_utf8_lossy(line), CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_name_the_delimiter() {
        assert_eq!(separator(b"sep=;\nx;y\n"), Some((b';', 6)));
        assert_eq!(separator(b"\"SEP=|\"\r\nx|y\n"), Some((b'|', 9)));
        assert_eq!(separator(b"sep=\t\nx\ty\n"), Some((b'\t', 6)));
        for bytes in [&b"sep=;"[..], b"sep=\n1\n", b"sep=ab\n", b"sep=a\n", b"sep,y\n1,2\n", b""] {
            assert_eq!(separator(bytes), None);
        }
    }
}

//! Quotes that join lines.

use super::blocks::State;

/// What the quotes of a record do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// They are around values.
    Sound,
    /// They join lines that look like rows, which may be meant.
    Doubtful,
    /// They join lines that are rows.
    Stray { lines: usize },
}

/// Checks the quotes of a record over several lines.
///
/// A stray quote at the start of a value opens a quoted value by mistake. This value ends at the next quote or
/// at the end of the file. There are three signs of a stray quote:
/// - The value has no end.
/// - Its end is not the end of the value.
/// - Each of at least three lines has as many delimiters as a row. In two columns the lines also start with
///   a number, because lines of a letter may have one comma each.
///
/// In a header, the first of these lines has names.
pub(super) fn check(record: &[u8], delimiter: u8, width: usize, is_header: bool) -> Quotes {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let end = record.iter().rposition(|byte| !is_end(byte)).map_or(0, |last| last + 1);
    let record = &record[..end];
    if !record.iter().any(is_end) {
        return Quotes::Sound;
    }
    // A tab may be the delimiter, so that a line of tabs is not blank.
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() && *byte != delimiter;
    let lines: Vec<&[u8]> =
        record.split(is_end).filter(|line| !line.iter().all(is_blank)).collect();
    let count = lines.len();
    let delimiters = |line: &&[u8]| line.iter().filter(|&&byte| byte == delimiter).count();
    let are_rows = width > 1 && lines.iter().all(|line| delimiters(line) + 1 == width);
    let starts_with_number = |line: &&[u8]| {
        let end = line.iter().position(|&byte| byte == delimiter).unwrap_or(line.len());
        let value = line[..end].trim_ascii();
        value.iter().any(u8::is_ascii_digit)
            && value.iter().all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte))
    };
    let are_sure = width > 2 || lines.iter().skip(usize::from(is_header)).all(starts_with_number);
    if count > 1 && (has_no_end(record, delimiter) || (are_rows && count > 2 && are_sure)) {
        return Quotes::Stray { lines: count };
    }
    if are_rows && count > 1 { Quotes::Doubtful } else { Quotes::Sound }
}

/// Whether a quoted value of these records has no end.
pub(super) fn is_open(records: &[u8], delimiter: u8) -> bool {
    let after = |state: State, &byte: &u8| state.after(byte, delimiter);
    records.iter().fold(State::Start, after) == State::Quoted
}

/// Whether a quoted value over several lines goes on after its second quote, or has no second quote.
fn has_no_end(record: &[u8], delimiter: u8) -> bool {
    let (mut state, mut has_lines) = (State::Start, false);
    for &byte in record {
        let next = state.after(byte, delimiter);
        has_lines &= state != State::Start;
        has_lines |= state == State::Quoted && matches!(byte, b'\n' | b'\r');
        let goes_on = state == State::Quote && next == State::Plain;
        if has_lines && goes_on && byte != b' ' && byte != b'\t' {
            return true;
        }
        state = next;
    }
    has_lines && state == State::Quoted
}

//! What is checked, and left out, once a whole file is read.

use std::collections::HashSet;

use super::column::Column;
use super::short::shorten;
use super::{CsvError, Data, HeaderError, Kind, Notation, Note, Place, Values};

/// A column that the first line does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// The first, which has the names of the rows.
    RowNames,
    /// The last, which is empty because a delimiter ends each row.
    DelimiterAtEnd,
}

/// Leaves out the names of the rows. An empty last column is left out later, with all others.
///
/// # Errors
/// If two rows have the same value in the column of names, or if the nameless last column has a value.
pub(super) fn leave_out(
    (unnamed, delimiter): (Unnamed, char),
    file: &str,
    names: &mut Vec<String>,
    columns: &mut Vec<Values>,
    notation: Notation,
    line: impl Fn(usize) -> usize,
) -> Result<Option<Note>, CsvError> {
    let column = if unnamed == Unnamed::RowNames { 0 } else { names.len() - 1 };
    let values = &columns[column];
    let mut rows = 0..values.len();
    let mut seen = HashSet::new();
    let wrong = match unnamed {
        Unnamed::RowNames => rows.find(|&row| !seen.insert(values.text(row, notation))),
        Unnamed::DelimiterAtEnd => rows.find(|&row| !values.text(row, notation).is_empty()),
    };
    if let Some(row) = wrong {
        let joined = |values: Vec<&str>| shorten(&values.join(&delimiter.to_string()));
        let named = names.iter().enumerate().filter(|(index, _)| *index != column);
        let texts: Vec<_> = columns.iter().map(|values| values.text(row, notation)).collect();
        return Err(HeaderError::Width {
            file: file.to_owned(),
            header: joined(named.map(|(_, name)| name.as_str()).collect()),
            names: names.len() - 1,
            line: line(row),
            row: joined(texts.iter().map(|text| &**text).collect()),
            values: names.len(),
        }
        .into());
    }
    if unnamed == Unnamed::DelimiterAtEnd {
        return Ok(None);
    }
    names.remove(column);
    columns.remove(column);
    Ok(Some(Note::RowNames { file: file.to_owned() }))
}

/// The place of a name or a value with a NUL character. The names are in `header_line`.
pub(super) fn nul_character(data: &Data, header_line: usize) -> Option<Place> {
    data.columns.iter().find_map(|Column { name, values, .. }| {
        let place = |line| Place::new(&data.source, line, name);
        if name.contains('\0') {
            return Some(place(header_line));
        }
        let is_nul =
            |row: &usize| values.code(*row).is_some_and(|code| values.texts()[code].contains('\0'));
        let has_nul = values.texts().iter().any(|text| text.contains('\0'));
        has_nul
            .then(|| (0..values.len()).find(is_nul))
            .flatten()
            .map(|row| place(data.lines.line(row)))
    })
}

/// A note for each column of words of which most begin and end with a quote.
pub(super) fn quoted_words(data: &Data) -> Vec<Note> {
    let is_quoted = |text: &str| text.len() > 1 && text.starts_with('"') && text.ends_with('"');
    let note = |Column { name, values, kind, .. }: &Column| {
        if *kind != Kind::Categorical || !values.texts().iter().any(|text| is_quoted(text)) {
            return None;
        }
        let found = values.texts().iter().zip(values.occurrences());
        let quoted = found.filter(|(text, _)| is_quoted(text));
        let (mut rows, mut first) = (0, usize::MAX);
        for (_, occurrence) in quoted {
            rows += occurrence.rows;
            first = first.min(occurrence.first);
        }
        (2 * rows > values.len()).then(|| Note::QuotedWords {
            place: Place::new(&data.source, data.lines.line(first), name),
            found: shorten(&values.text(first, data.notation)),
            others: Vec::new(),
        })
    };
    data.columns.iter().filter_map(note).collect()
}

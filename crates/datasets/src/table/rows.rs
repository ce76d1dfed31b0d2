//! Rows of values, before they are a table.

#[cfg(feature = "csv")]
use super::decimal;
use super::lines::Lines;
#[cfg(feature = "csv")]
use super::note::Note;
use super::{Notation, Values};

/// Rows without names: those of a whole table, or of a part of a file.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) notation: Notation,
    pub(super) columns: Vec<Values>,
    pub(super) lines: Lines,
    /// The rows in which every value is empty.
    empty: Vec<usize>,
    /// The lines of rows that quotes may have joined.
    #[cfg(feature = "csv")]
    pub(super) joined: Vec<usize>,
}

/// A row has another number of values than there are columns.
#[derive(Debug)]
pub(super) struct Ragged {
    pub(super) line: usize,
    pub(super) found: usize,
}

impl Rows {
    /// No rows.
    pub(super) fn new(columns: usize, notation: Notation) -> Self {
        let columns = vec![Values::default(); columns];
        Self {
            notation,
            columns,
            lines: Lines::default(),
            empty: Vec::new(),
            #[cfg(feature = "csv")]
            joined: Vec::new(),
        }
    }

    /// The number of columns.
    #[cfg(feature = "csv")]
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Adds a row that starts at `line` of the file.
    #[cfg(feature = "csv")]
    pub(super) fn push<'a>(
        &mut self,
        line: usize,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Ragged> {
        let (mut found, mut is_empty) = (0, true);
        for value in values {
            self.push_text(found, value, &mut is_empty);
            found += 1;
        }
        self.end_line(line, found, is_empty)
    }

    /// Adds a text to the current row.
    #[inline]
    pub(super) fn push_text(&mut self, column: usize, text: &str, is_empty: &mut bool) {
        if let Some(values) = self.columns.get_mut(column) {
            let value = trim(text);
            *is_empty &= value.is_empty();
            if value.len() == text.len() {
                values.push(value, self.notation);
            } else {
                let (before, after) = text.split_once(value).unwrap_or_default();
                values.push_padded(before, value, after, self.notation);
            }
        }
    }

    /// Adds a plain decimal to the current row.
    #[cfg(feature = "csv")]
    #[inline]
    pub(super) fn push_decimal(&mut self, column: usize, decimal: decimal::Decimal) {
        if let Some(values) = self.columns.get_mut(column) {
            values.push_decimal(decimal);
        }
    }

    /// Ends a row of a file. A line of spaces alone is not a row, unless there is one column.
    #[cfg(feature = "csv")]
    #[inline]
    pub(super) fn end_line(
        &mut self,
        line: usize,
        found: usize,
        is_empty: bool,
    ) -> Result<(), Ragged> {
        if found == 1 && is_empty && self.columns.len() > 1 {
            self.columns[0].truncate(self.lines.len());
            return Ok(());
        }
        self.end_row(line, found, is_empty)
    }

    /// Ends a row of `found` values.
    #[inline]
    pub(super) fn end_row(
        &mut self,
        line: usize,
        found: usize,
        is_empty: bool,
    ) -> Result<(), Ragged> {
        if found != self.columns.len() {
            return Err(Ragged { line, found });
        }
        if is_empty {
            self.empty.push(self.lines.len());
        }
        self.lines.push(line);
        Ok(())
    }

    /// Forgets all rows, and keeps the memory.
    #[cfg(feature = "csv")]
    pub(super) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Values::clear);
        self.lines.truncate(0);
        self.empty.clear();
        self.joined.clear();
    }

    /// Adds the rows of `other`, whose lines count from `before`.
    #[cfg(feature = "csv")]
    pub(super) fn append(&mut self, other: &Self, before: usize) {
        let rows = self.lines.len();
        self.empty.extend(other.empty.iter().map(|row| rows + row));
        for (values, other) in self.columns.iter_mut().zip(&other.columns) {
            values.append(other);
        }
        self.joined.extend(other.joined.iter().map(|line| before + line));
        self.lines.append(&other.lines, before);
    }

    /// Leaves out empty rows at the end. Notes them, and those between other rows.
    #[cfg(feature = "csv")]
    pub(super) fn drop_empty(&mut self, file: &str, notes: &mut Vec<Note>) {
        let rows = self.lines.len();
        let at_end =
            (0..rows).rev().zip(self.empty.iter().rev()).take_while(|(row, empty)| row == *empty);
        let at_end = at_end.count();
        if at_end > 0 {
            let kept = rows - at_end;
            notes.push(Note::RowsLeftOut {
                file: file.to_owned(),
                line: self.lines.line(kept),
                rows: at_end,
            });
            self.empty.truncate(self.empty.len() - at_end);
            self.columns.iter_mut().for_each(|values| values.truncate(kept));
            self.lines.truncate(kept);
        }
        if let Some(&first) = self.empty.first() {
            let line = self.lines.line(first);
            notes.push(Note::EmptyRows { file: file.to_owned(), line, rows: self.empty.len() });
        }
    }
}

/// The text without spaces and byte order marks around it (some files have two marks).
#[inline]
pub(super) fn trim(text: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if is_plain(bytes.first()) && is_plain(bytes.last()) {
        return text;
    }
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

//! Building a table row by row.

use std::collections::HashMap;

use super::{Cell, Column, CsvError, Kind, Selector, Table, shorten};

/// A table under construction.
pub(crate) struct Builder {
    table: Table,
    /// For each column, how many values are numbers (finite or infinite) and how many are words.
    tallies: Vec<(usize, usize)>,
}

impl Builder {
    /// A table without rows.
    pub(crate) fn new<'a>(
        source: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, CsvError> {
        let columns: Vec<Column> = names
            .into_iter()
            .map(|name| trim(name).to_owned())
            .map(|name| Column { name, kind: Kind::Categorical, declared: false })
            .collect();
        let mut seen = HashMap::with_capacity(columns.len());
        for (index, Column { name, .. }) in columns.iter().enumerate() {
            if let Some(first) = seen.insert(name, index) {
                return Err(CsvError::DuplicateColumn {
                    file: source.to_owned(),
                    name: shorten(name),
                    first: first + 1,
                    second: index + 1,
                });
            }
        }
        let tallies = vec![(0, 0); columns.len()];
        let source = source.to_owned();
        let (text, ends, lines) = (String::new(), Vec::new(), Vec::new());
        Ok(Self { table: Table { source, columns, text, ends, lines }, tallies })
    }

    /// Adds a row that starts at `line` of the file.
    pub(crate) fn push<V: AsRef<str>>(
        &mut self,
        line: usize,
        values: impl IntoIterator<Item = V>,
    ) -> Result<(), CsvError> {
        let expected = self.table.columns.len();
        let mut found = 0;
        for value in values {
            if let Some((numbers, words)) = self.tallies.get_mut(found) {
                let value = trim(value.as_ref());
                match Cell::of(value) {
                    Cell::Number(_) | Cell::Infinite => *numbers += 1,
                    Cell::Word => *words += 1,
                    Cell::Missing => {}
                }
                self.table.text.push_str(value);
                self.table.ends.push(self.table.text.len());
            }
            found += 1;
        }
        if found != expected {
            let file = self.table.source.clone();
            return Err(CsvError::Ragged { file, line, expected, found });
        }
        self.table.lines.push(line);
        Ok(())
    }

    /// The table, with the kinds that are `declared` and the kinds of the other columns from their
    /// values.
    pub(crate) fn finish(self, declared: &[(Selector, Kind)]) -> Result<Table, CsvError> {
        if self.table.lines.is_empty() {
            return Err(CsvError::HeaderOnly { file: self.table.source });
        }
        self.finish_any(declared)
    }

    /// The same, for a table that may have no rows.
    pub(crate) fn finish_any(self, declared: &[(Selector, Kind)]) -> Result<Table, CsvError> {
        let Self { mut table, tallies } = self;
        for (column, (numbers, words)) in table.columns.iter_mut().zip(tallies) {
            if numbers > 0 && words == 0 {
                column.kind = Kind::Numeric;
            }
        }
        for (selector, kind) in declared {
            let index = table.column(selector)?;
            table.columns[index].kind = *kind;
            table.columns[index].declared = true;
        }
        Ok(table)
    }
}

/// The text without spaces and byte order marks around it (some files have two marks).
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

//! Building a table row by row.

use std::sync::Arc;

use super::column::Column;
#[cfg(feature = "csv")]
use super::file_checks::{Unnamed, leave_out, nul_character, quoted_words};
use super::grouping::{Points, has_zero_at_end};
#[cfg(feature = "csv")]
use super::header;
use super::likeness;
use super::note::{Note, gather};
use super::rows::{Ragged, Rows, trim};
use super::{CsvError, Data, Kind, Notation, Place, Selector, Table, shorten};

/// Where the number of values of each row is usually seen.
#[cfg(feature = "csv")]
pub(super) const IN_FIRST_LINE: &str = "in the first line";

/// A table under construction.
pub(crate) struct Builder {
    source: String,
    names: Vec<String>,
    rows: Rows,
    notes: Vec<Note>,
    /// Whether the points of numbers may separate thousands.
    doubts_points: bool,
    /// Whether commas are likely to be decimal marks.
    expects_commas: bool,
    #[cfg(feature = "csv")]
    unnamed: Option<(Unnamed, char)>,
    /// The line of the header.
    #[cfg(feature = "csv")]
    header_line: usize,
}

impl Builder {
    /// A table without rows.
    pub(crate) fn new<'a>(source: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::with(
            source,
            names.into_iter().map(|name| trim(name).to_owned()).collect(),
            Notation::PLAIN,
        )
    }

    /// The same with another notation of numbers.
    pub(super) fn with(source: &str, names: Vec<String>, notation: Notation) -> Self {
        let rows = Rows::new(names.len(), notation);
        Self {
            source: source.to_owned(),
            names,
            rows,
            notes: Vec::new(),
            doubts_points: false,
            expects_commas: false,
            #[cfg(feature = "csv")]
            unnamed: None,
            #[cfg(feature = "csv")]
            header_line: 1,
        }
    }

    /// Adds a row that starts at `line` of the file.
    pub(crate) fn push<V: AsRef<str>>(
        &mut self,
        line: usize,
        values: impl IntoIterator<Item = V>,
    ) -> Result<(), CsvError> {
        let (mut found, mut is_empty) = (0, true);
        for value in values {
            self.rows.push_text(found, value.as_ref(), &mut is_empty);
            found += 1;
        }
        let ended = self.rows.end_row(line, found, is_empty);
        ended.map_err(|Ragged { line, found }| {
            let (file, expected) = (self.source.clone(), self.names.len());
            CsvError::Ragged { file, line, expected, seen: "in the names of the columns", found }
        })
    }

    /// The number of columns.
    #[cfg(feature = "csv")]
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// The rows, whose values `delimiter` separates, have a column that the first line does not name.
    #[cfg(feature = "csv")]
    pub(super) fn has_unnamed(&mut self, unnamed: Unnamed, delimiter: char) {
        self.unnamed = Some((unnamed, delimiter));
    }

    /// The header is in this line. If its quotes may have joined lines, that is noted.
    #[cfg(feature = "csv")]
    pub(super) fn has_header(&mut self, line: usize, is_joined: bool) {
        self.header_line = line;
        self.rows.joined.extend(is_joined.then_some(line));
    }

    /// The number of values of each row, and where it is seen.
    #[cfg(feature = "csv")]
    pub(super) fn expected(&self) -> (usize, &'static str) {
        let seen = if self.unnamed.is_some() { "in the rows before" } else { IN_FIRST_LINE };
        (self.names.len(), seen)
    }

    /// Adds rows, whose lines count from `before`.
    #[cfg(feature = "csv")]
    pub(super) fn append(&mut self, rows: &Rows, before: usize) {
        self.rows.append(rows, before);
    }

    /// The marks of numbers were not chosen, so points may separate thousands. Where semicolons separate the
    /// values, commas are often decimal marks.
    #[cfg(feature = "csv")]
    pub(super) fn doubt_points(&mut self, delimiter: u8) {
        (self.doubts_points, self.expects_commas) = (true, delimiter == b';');
    }

    #[cfg(feature = "csv")]
    pub(super) fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// The table of a file: empty rows at its end are left out, and so are columns without a name and
    /// without a value.
    #[cfg(feature = "csv")]
    pub(super) fn finish_file(
        mut self,
        declared: &[(Selector, Kind)],
        has_header: bool,
    ) -> Result<Table, CsvError> {
        self.rows.drop_empty(&self.source, &mut self.notes);
        if let &[line, ..] = self.rows.joined.as_slice() {
            let (file, rows) = (self.source.clone(), self.rows.joined.len());
            self.notes.push(Note::JoinedLines { file, line, rows });
        }
        if let Some(unnamed) = self.unnamed {
            let Self { source, names, rows, notes, .. } = &mut self;
            let line = |row| rows.lines.line(row);
            notes.extend(leave_out(
                unnamed,
                source,
                names,
                &mut rows.columns,
                rows.notation,
                line,
            )?);
        }
        if self.rows.lines.len() == 0 {
            let file = self.source;
            let left_out = self.notes.iter().find_map(|note| match note {
                Note::RowsLeftOut { rows, .. } => Some(*rows),
                _ => None,
            });
            return Err(match left_out {
                Some(rows) => CsvError::EmptyRowsOnly { file, rows },
                None => CsvError::HeaderOnly { file },
            });
        }
        let header_line = self.header_line;
        let mut table = self.finish(declared)?;
        let data = Arc::get_mut(&mut table.data).expect("the table has one owner");
        if let Some(place) = nul_character(data, header_line) {
            return Err(CsvError::NulCharacter { place });
        }
        if has_header && let Some(row) = header::repeated(&data.columns, data.notation) {
            let (file, line) = (data.source.clone(), data.lines.line(row));
            return Err(CsvError::RepeatedHeader { file, line });
        }
        if has_header && let Some(name) = header::first_value(&data.columns, data.notation) {
            let (file, found) = (data.source.clone(), shorten(name));
            data.notes.push(Note::HeaderOfValues { file, found });
        }
        quoted_words(data).into_iter().for_each(|note| gather(&mut data.notes, Some(note)));
        Ok(table)
    }

    /// The table, with the kinds that are `declared` and the kinds of the other columns from their
    /// values.
    pub(crate) fn finish(self, declared: &[(Selector, Kind)]) -> Result<Table, CsvError> {
        if self.rows.lines.len() == 0 {
            return Err(CsvError::Empty { file: self.source });
        }
        self.finish_any(declared)
    }

    /// The same, for a table that may have no rows.
    pub(crate) fn finish_any(self, declared: &[(Selector, Kind)]) -> Result<Table, CsvError> {
        let Self { source, names, rows, mut notes, doubts_points, expects_commas, .. } = self;
        let Rows { notation, columns, lines, .. } = rows;
        let columns = names.into_iter().zip(columns);
        let columns: Vec<Column> = columns
            .enumerate()
            .map(|(position, (name, values))| Column::new(name, position, values))
            .collect();
        let mut table = Table::new(Data { source, notation, columns, lines, notes: Vec::new() });
        let mut kinds = vec![None; table.data.columns.len()];
        for (selector, kind) in declared {
            kinds[table.column(selector)?] = Some(*kind);
        }
        let data = Arc::get_mut(&mut table.data).expect("the table has one owner");
        let mut doubts = Vec::new();
        for (position, (column, kind)) in data.columns.iter_mut().zip(kinds).enumerate() {
            if kind != Some(Kind::Categorical) {
                let name = column.name.clone();
                let place = |row| Place::new(&data.source, data.lines.line(row), &name);
                gather(&mut notes, column.settle(notation, place));
                if doubts_points {
                    doubts.push((position, column.doubt_points()));
                }
                gather(
                    &mut notes,
                    likeness::note(column, notation, place).filter(|_| kind.is_none()),
                );
            }
            if let Some(kind) = kind {
                (column.kind, column.declared) = (kind, true);
            }
            column.values.shrink();
        }
        note_points(data, doubts, expects_commas, &mut notes);
        leave_out_nameless(data, &mut notes);
        data.notes = notes;
        Ok(table)
    }
}

/// Notes points that were read as decimal marks, but may separate thousands.
///
/// If no column shows that points are decimal marks, and commas are likely to be the decimal marks, numbers such as
/// `1.234` are refused when their column is used. If commas are not, numbers such as `1.230` are noted: a program that
/// writes decimals as short as possible leaves out the zeros at the end.
fn note_points(
    data: &mut Data,
    doubts: Vec<(usize, Points)>,
    expects_commas: bool,
    notes: &mut Vec<Note>,
) {
    // Points that are decimal marks in one column are decimal marks in the others.
    let is_open =
        |(_, points): &(usize, Points)| matches!(points, Points::Alone(_) | Points::Open(_));
    let has_decimals = doubts.iter().any(is_open) && data.columns.iter().any(Column::has_decimals);
    for (position, points) in doubts {
        let column = &mut data.columns[position];
        let row = match points {
            Points::Alone(row) if expects_commas && !has_decimals => {
                column.ambiguous = Some(row);
                continue;
            }
            Points::Open(row) | Points::Alone(row) => row,
            Points::Decimal | Points::Thousands(_) => continue,
        };
        if !expects_commas && (has_decimals || !has_zero_at_end(&column.values)) {
            continue;
        }
        let found = shorten(&column.values.text(row, data.notation));
        let place = Place::new(&data.source, data.lines.line(row), &column.name);
        gather(notes, Some(Note::DecimalPoints { place, found, others: Vec::new() }));
    }
}

/// Leaves out columns without a name and without a value, unless nothing would be left.
fn leave_out_nameless(data: &mut Data, notes: &mut Vec<Note>) {
    let before = data.columns.len();
    let is_nameless = |column: &Column| column.name.is_empty() && column.values.is_blank();
    if data.lines.len() > 0 && !data.columns.iter().all(is_nameless) {
        data.columns.retain(|column| !is_nameless(column));
    }
    let columns = before - data.columns.len();
    if columns > 0 {
        notes.push(Note::NamelessColumns { file: data.source.clone(), columns });
    }
}

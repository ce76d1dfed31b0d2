//! A table of the user, read by our own reader.

use nnfs::datasets::{CsvError, CsvOptions, Kind, Note, Selector, Table};
use nnfs::tensor::Tensor;
use serde_json::{Value, json};

use crate::answer::{Answer, OrRefuse, Refusal, sentence};
use crate::data::Data;
use crate::settings::limits;

/// How the errors call the file.
const NAME: &str = "the table";

/// The start of a note about the whole file, which the page does not need: it shows one file.
const PREFIX: &str = "the table: ";

/// The setting that a refusal names.
const FIELD: &str = "table";

/// The most names in a note.
const NAMES: usize = 4;

/// How a file was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Whether the first line has the names of the columns.
    pub(crate) header: bool,
    /// Whether commas are decimal marks.
    pub(crate) has_commas: bool,
    /// Every how many rows one was taken.
    pub(crate) every: usize,
}

/// A table, and what was found out about its file.
struct Found {
    table: Table,
    reading: Reading,
    notes: Vec<String>,
}

/// Reads a table. Where `header` is not known, it is found out.
fn read(file: &[u8], header: Option<bool>) -> Result<Found, Refusal> {
    if file.trim_ascii().is_empty() {
        return Err(Refusal::of(FIELD, "the table is empty; choose a CSV file"));
    }
    match header {
        Some(header) => read_as(file, header).or_refuse(FIELD),
        None => find_header(file).or_refuse(FIELD),
    }
}

/// Reads a table with a header or without one. Commas are decimal marks where that makes more columns numbers.
fn read_as(file: &[u8], header: bool) -> Result<Found, CsvError> {
    // A browser gives the page one thread.
    let options = CsvOptions::new().threads(1).header(header);
    let table = Table::from_reader(NAME, file, &options)?;
    let (table, has_commas) = match Table::from_reader(NAME, file, &options.decimal(',')) {
        Ok(other) if numbers(&other).count() > numbers(&table).count() => (other, true),
        _ => (table, false),
    };
    let mut notes = notes(&table);
    if has_commas {
        notes.push("Commas are read as decimal marks.".to_owned());
    }
    Ok(Found { table, reading: Reading { header, has_commas, every: 1 }, notes })
}

/// Reads a table whose first line is a row if it looks like one, or if another line repeats it and all lines together
/// have columns for x and y.
fn find_header(file: &[u8]) -> Result<Found, CsvError> {
    let error = match read_as(file, true) {
        Ok(found) if has_header_of_values(&found.table) => {
            return Ok(read_as(file, false)?.with_row("looks like values"));
        }
        Ok(found) => return Ok(found.with_names()),
        Err(error) => error,
    };
    let CsvError::RepeatedHeader { line, .. } = error else { return Err(error) };
    match read_as(file, false) {
        Ok(found) if numbers(&found.table).count() >= 2 => {
            Ok(found.with_row(&format!("is there again as line {line}")))
        }
        _ => Err(error),
    }
}

/// Whether the reader of tables finds that the names look like values.
fn has_header_of_values(table: &Table) -> bool {
    table.notes().iter().any(|note| matches!(note, Note::HeaderOfValues { .. }))
}

impl Found {
    /// Notes why the first line is read as a row.
    fn with_row(mut self, why: &str) -> Self {
        let names = names(&self.table);
        let note =
            format!("The first line {why}, so it is read as a row. The columns are named {names}.");
        self.notes.push(note);
        self
    }

    /// Notes the names of the columns if all of them are numbers.
    fn with_names(mut self) -> Self {
        if self.table.names().all(|name| name.trim().parse::<f64>().is_ok()) {
            let names = names(&self.table);
            self.notes
                .push(format!("The first line is read as the names of the columns: {names}."));
        }
        self
    }
}

/// The names of the first columns, in quotes.
fn names(table: &Table) -> String {
    let mut names: Vec<String> = table.names().take(NAMES).map(|it| format!("{it:?}")).collect();
    if table.names().count() > NAMES {
        names.push("and so on".to_owned());
        return names.join(", ");
    }
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// The columns of numbers.
fn numbers(table: &Table) -> impl Iterator<Item = &str> {
    let columns = table.names().enumerate();
    columns.filter(|&(at, _)| table.kind(at) == Kind::Numeric).map(|(_, name)| name)
}

/// The notes of the reader as sentences.
fn notes(table: &Table) -> Vec<String> {
    let sentence_of = |note: String| sentence(note.strip_prefix(PREFIX).unwrap_or(&note));
    table.notes().iter().map(|note| sentence_of(note.to_string())).collect()
}

/// Answers what the columns of a table are, and suggests x and y.
pub(crate) fn columns(file: &[u8], header: Option<bool>) -> Result<Answer, Refusal> {
    let Found { table, reading, notes } = read(file, header)?;
    let is_missing = |row, column| match table.kind(column) {
        Kind::Numeric => table.number(row, column).is_err(),
        Kind::Categorical => table.value(row, column).is_empty(),
    };
    let column = |(column, name): (usize, &str)| {
        let rows = 0..table.rows();
        let missing = rows.clone().filter(|&row| is_missing(row, column)).count();
        let example = rows.map(|row| table.value(row, column)).find(|value| !value.is_empty());
        json!({
            "name": name,
            "numbers": table.kind(column) == Kind::Numeric,
            "missing": missing,
            "example": example,
        })
    };
    let columns: Vec<Value> = table.names().enumerate().map(column).collect();
    let names: Vec<&str> = numbers(&table).collect();
    let (x, y) = match names[..] {
        _ if names.contains(&"x") && names.contains(&"y") => (Some("x"), Some("y")),
        [first, .., last] => (Some(first), Some(last)),
        _ => (None, None),
    };
    let rows = table.rows();
    Ok(Answer::of(&json!({
        "columns": columns, "rows": rows, "header": reading.header, "x": x, "y": y, "notes": notes,
    })))
}

/// The numbers of two columns. Rows without one of them are left out.
pub(crate) fn data(file: &[u8], header: Option<bool>, x: &str, y: &str) -> Result<Data, Refusal> {
    let Found { table, mut reading, mut notes } = read(file, header)?;
    let column = |name: &str, field| table.column(&Selector::from(name)).or_refuse(field);
    let (x_at, y_at) = (column(x, "x")?, column(y, "y")?);
    for (at, name, field) in [(x_at, x, "x"), (y_at, y, "y")] {
        if table.kind(at) != Kind::Numeric {
            let error = match (0..table.rows()).find_map(|row| table.number(row, at).err()) {
                Some(error) => error.to_string(),
                None => format!("the column {name:?} has no numbers"),
            };
            return Err(Refusal::of(field, error));
        }
    }
    let mut kept: Vec<usize> = (0..table.rows())
        .filter(|&row| table.number(row, x_at).is_ok() && table.number(row, y_at).is_ok())
        .collect();
    let out = table.rows() - kept.len();
    if out > 0 {
        notes.push(format!(
            "{out} of {} rows are left out: {x:?} or {y:?} has no number there.",
            table.rows()
        ));
    }
    if kept.len() > limits::SAMPLES {
        let every = kept.len().div_ceil(limits::SAMPLES);
        notes.push(format!(
            "Of {} rows, the page takes every {every}th: at most {}.",
            kept.len(),
            limits::SAMPLES
        ));
        kept = kept.into_iter().step_by(every).collect();
        reading.every = every;
    }
    if kept.len() < 2 {
        let error = format!(
            "at least 2 rows with numbers in {x:?} and {y:?} are needed, found {}",
            kept.len()
        );
        return Err(Refusal::of(FIELD, error));
    }
    let table = table.select_rows(&kept);
    let numbers = |at| -> Result<Tensor<f64>, Refusal> {
        let numbers = (0..table.rows()).map(|row| table.number(row, at));
        let numbers: Vec<f64> = numbers.collect::<Result<_, _>>().or_refuse(FIELD)?;
        Ok(Tensor::from_vec(numbers.len(), 1, numbers))
    };
    let (inputs, targets) = (numbers(x_at)?, numbers(y_at)?);
    let names = (x.to_owned(), y.to_owned());
    let data = Data::regression(inputs, targets);
    Ok(Data { names, notes, table: Some(table), reading: Some(reading), ..data })
}

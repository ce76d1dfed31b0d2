//! What reading a file guessed, changed or left out.

use std::fmt;

use super::Place;
use super::short::{list, shorten};

/// What reading a file guessed, changed or left out. Each note is one line.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// The file has another delimiter than the comma.
    Delimiter {
        /// The name of the file.
        file: String,
        /// The delimiter that was found.
        found: char,
    },
    /// The first line names the delimiter, as `sep=;` of Excel, and was left out.
    SeparatorLine {
        /// The name of the file.
        file: String,
        /// The delimiter that it names.
        found: char,
        /// The delimiter that was chosen and is used instead.
        chosen: Option<char>,
    },
    /// Every row begins with a name, which the header does not have, as in R. These names were left out.
    RowNames {
        /// The name of the file.
        file: String,
    },
    /// The file is in UTF-16, and was decoded.
    Utf16 {
        /// The name of the file.
        file: String,
    },
    /// Values that are not plain numbers were read as numbers.
    Numbers {
        /// The place of the first such value.
        place: Place,
        /// The value.
        found: String,
        /// The number as which it was read.
        number: f64,
        /// How it differs from a plain number.
        marks: String,
        /// The names of other columns with such numbers.
        others: Vec<String>,
    },
    /// The points of numbers such as `14.302` were read as decimal marks, but the other numbers of the column
    /// do not show whether they separate thousands. Semicolons separate the values, and then commas are often
    /// the decimal marks, or some of the numbers end in 0, as thousands often do.
    DecimalPoints {
        /// The place of the first such value.
        place: Place,
        /// The value.
        found: String,
        /// The names of other columns with such numbers.
        others: Vec<String>,
    },
    /// All numbers of a column are written as `05.03` is, and were read as numbers, but they may be days and
    /// months, or times.
    LikeDates {
        /// The place of the first number with a 0 in front.
        place: Place,
        /// The number.
        found: String,
        /// What the numbers may be.
        form: &'static str,
        /// The names of other columns with such numbers.
        others: Vec<String>,
    },
    /// Most words of a column begin and end with a quote, which is part of the word. In the file, spaces may be in
    /// front of the quotes.
    QuotedWords {
        /// The place of the first such word.
        place: Place,
        /// The word.
        found: String,
        /// The names of other columns with such words.
        others: Vec<String>,
    },
    /// Columns without a name and without a value were left out.
    NamelessColumns {
        /// The name of the file.
        file: String,
        /// Their number.
        columns: usize,
    },
    /// Rows without a value at the end of the file were left out.
    RowsLeftOut {
        /// The name of the file.
        file: String,
        /// The line of the first.
        line: usize,
        /// Their number.
        rows: usize,
    },
    /// The first line was read as the names of the columns, but it looks like a row of values.
    HeaderOfValues {
        /// The name of the file.
        file: String,
        /// The first name that looks like a value.
        found: String,
    },
    /// Quotes join lines that look like rows. They were read as one row.
    JoinedLines {
        /// The name of the file.
        file: String,
        /// The line where the first such row starts.
        line: usize,
        /// The number of such rows.
        rows: usize,
    },
    /// Rows without a value are between other rows. They were kept.
    EmptyRows {
        /// The name of the file.
        file: String,
        /// The line of the first.
        line: usize,
        /// Their number.
        rows: usize,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delimiter { file, found } => {
                let name = match found {
                    ';' => "semicolons",
                    '\t' => "tabs",
                    '|' => "bars",
                    _ => return write!(f, "{file}: {found:?} separates the values"),
                };
                write!(f, "{file}: {name} separate the values")
            }
            Self::SeparatorLine { file, found, chosen } => {
                write!(f, "{file}, line 1: the line \"sep={found}\" names the delimiter")?;
                match chosen {
                    Some(chosen) => write!(f, ", but {chosen:?} was chosen and is used"),
                    None => Ok(()),
                }
            }
            Self::RowNames { file } => write!(
                f,
                "{file}: every row has one value more than the first line has names; the first value of each row was \
                 read as the name of the row, and left out"
            ),
            Self::Utf16 { file } => write!(f, "{file}: decoded from UTF-16"),
            Self::Numbers { place, found, number, marks, others } => {
                write!(f, "{place}: {found:?} was read as {number} ({marks})")?;
                write_columns(f, others, ", and so were values")
            }
            Self::DecimalPoints { place, found, others } => {
                write!(f, "{place}: the point of {found:?} was read as a decimal mark")?;
                write_columns(f, others, ", and so were the points")
            }
            Self::LikeDates { place, found, form, others } => {
                write!(f, "{place}: {found:?} was read as a number, but may be {form}")?;
                write_columns(f, others, "; the same holds for values")
            }
            Self::QuotedWords { place, found, others } => {
                write!(
                    f,
                    "{place}: the quotes are part of the word {found:?}; if there are spaces in front of the quotes, \
                     remove them"
                )?;
                write_columns(f, others, "; the same holds for words")
            }
            Self::NamelessColumns { file, columns } => {
                write!(
                    f,
                    "{file}: left out {} without a name and without a value",
                    count(*columns, "column")
                )
            }
            Self::RowsLeftOut { file, line, rows } => {
                write!(
                    f,
                    "{file}, line {line}: left out {} without a value at the end",
                    count(*rows, "row")
                )
            }
            Self::HeaderOfValues { file, found } => {
                write!(
                    f,
                    "{file}: the first line was read as the names of the columns, but {found:?} looks \
                     like a value; add a line with names if the file has none"
                )
            }
            Self::JoinedLines { file, line, rows } => {
                write!(
                    f,
                    "{file}, line {line}: quotes join several lines that look like rows; they were read as {}",
                    count(*rows, "row")
                )
            }
            Self::EmptyRows { file, line, rows } => {
                write!(
                    f,
                    "{file}, line {line}: {} between other rows {} no value; {} kept",
                    count(*rows, "row"),
                    if *rows == 1 { "has" } else { "have" },
                    if *rows == 1 { "it is" } else { "they are" },
                )
            }
        }
    }
}

/// The other columns of a note, behind some words; nothing if there are none.
fn write_columns(f: &mut fmt::Formatter<'_>, others: &[String], words: &str) -> fmt::Result {
    if others.is_empty() {
        return Ok(());
    }
    write!(f, "{words} of {}", list(others.iter().map(String::as_str)))
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

impl Note {
    /// A note about the first of some numbers.
    pub(super) fn numbers(place: Place, found: &str, number: f64, marks: &[&str]) -> Self {
        Self::Numbers {
            place,
            found: shorten(found),
            number,
            marks: marks.join(", "),
            others: Vec::new(),
        }
    }
}

/// Adds a note. Notes about numbers that are written alike become one.
pub(super) fn gather(notes: &mut Vec<Note>, note: Option<Note>) {
    let Some(note) = note else { return };
    let others = notes.iter_mut().find_map(|earlier| match (earlier, &note) {
        (Note::Numbers { marks, others, .. }, Note::Numbers { place, marks: same, .. })
            if marks == same =>
        {
            Some((others, place))
        }
        (Note::DecimalPoints { others, .. }, Note::DecimalPoints { place, .. }) => {
            Some((others, place))
        }
        (Note::QuotedWords { others, .. }, Note::QuotedWords { place, .. }) => {
            Some((others, place))
        }
        (Note::LikeDates { form, others, .. }, Note::LikeDates { place, form: same, .. })
            if form == same =>
        {
            Some((others, place))
        }
        _ => None,
    });
    match others {
        Some((others, place)) => others.push(place.column.clone()),
        None => notes.push(note),
    }
}

//! Errors of tables.

mod header;
mod quote;
mod texts;

pub use header::HeaderError;
pub use quote::QuoteError;
use texts::{
    class_text, empty_rows_text, line_text, lone_unit_text, meanings_text, meant_text,
    number_like_text, others_text, rows_have, unit_text, values_text,
};

use super::column::Meaning;
use super::place::Place;
use crate::dates::DateError;

/// Why a table cannot be read, or cannot be turned into numbers.
///
/// Every variant names the file, and the line and the column if there are any. Values and names are
/// shortened, so that the message is short for every file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// The file cannot be opened, read or written.
    #[error("{file}: {reason}")]
    Io {
        /// The name of the file.
        file: String,
        /// The message of the operating system.
        reason: String,
        /// The kind of the error, for a program.
        kind: std::io::ErrorKind,
    },
    /// The delimiter cannot separate values.
    #[error("{file}: expected an ASCII delimiter other than a quote or a line end, found {:?}", char::from(*.found))]
    Delimiter {
        /// The name of the file.
        file: String,
        /// The delimiter.
        found: u8,
    },
    /// Most words of a column begin like numbers, or are numbers behind the same word, and there are many different
    /// ones.
    #[error(
        "{place}: expected numbers or words, found {distinct} different words that {}, such as \
         {found:?}; write plain numbers, ignore the column, or declare it categorical if it holds words",
        number_like_text(found)
    )]
    NumberLikeWords {
        /// The place of the first of them.
        place: Place,
        /// The word.
        found: String,
        /// The number of different words of the column.
        distinct: usize,
    },
    /// Most different values of a column are numbers, and fewer than half of its rows have one.
    #[error(
        "{place}: expected numbers or words, found numbers in {numbers} of {rows} rows and words such as {found:?} in \
         the others; leave these cells empty if the number is missing, ignore the column, or declare it categorical"
    )]
    NumbersAndWords {
        /// The place of the first word.
        place: Place,
        /// The word.
        found: String,
        /// The number of rows with a number.
        numbers: usize,
        /// The number of rows with a number or a word.
        rows: usize,
    },
    /// A column of dates or times cannot be read.
    #[error(transparent)]
    Date(#[from] DateError),
    /// A value is not UTF-8 text.
    #[error(
        "{file}, line {line}, column {column}: expected UTF-8 text, found other bytes; save the file as \
         UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8"
    )]
    NotUtf8 {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// The file is of another kind, such as a spreadsheet or an archive.
    #[error("{file}: expected a table as text (CSV), found {found}; {advice}")]
    NotATable {
        /// The name of the file.
        file: String,
        /// The kind of the file.
        found: &'static str,
        /// How to make a table of it.
        advice: &'static str,
    },
    /// The decimal mark and the separator of thousands are equal, or one of them cannot be such a mark.
    #[error("{file}: expected {expected}, found {found:?}")]
    Separator {
        /// The name of the file.
        file: String,
        /// What was expected.
        expected: &'static str,
        /// The mark.
        found: char,
    },
    /// The file is empty.
    #[error("{file}: expected rows, found none")]
    Empty {
        /// The name of the file.
        file: String,
    },
    /// The file ends after the header.
    #[error("{file}: expected rows below the header, found none")]
    HeaderOnly {
        /// The name of the file.
        file: String,
    },
    /// All rows below the header are without a value, as a line of delimiters is.
    #[error("{file}: expected values below the header, found {}", empty_rows_text(*.rows))]
    EmptyRowsOnly {
        /// The name of the file.
        file: String,
        /// The number of rows.
        rows: usize,
    },
    /// A row has more or fewer values than there are columns.
    #[error("{file}, line {line}: expected {} as {seen}, found {found}", values_text(*.expected))]
    Ragged {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The number of columns.
        expected: usize,
        /// Where this number is seen, for example `in the first line`.
        seen: &'static str,
        /// The number of values in the line.
        found: usize,
    },
    /// The first lines are not the names of the columns and a row of values.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Quotes are not around a value.
    #[error(transparent)]
    Quote(#[from] QuoteError),
    /// Two columns have the same name.
    #[error("{file}: expected different names, found {name:?} for columns {first} and {second}")]
    DuplicateColumn {
        /// The name of the file.
        file: String,
        /// The name of both columns.
        name: String,
        /// The first of the two columns, counted from 1.
        first: usize,
        /// The second, counted from 1.
        second: usize,
    },
    /// There is no such column.
    #[error("{file}: expected a column {wanted}, found {found}{}{}", line_text(*line), meant_text(meant))]
    MissingColumn {
        /// The name of the file.
        file: String,
        /// The name in quotes, or the index.
        wanted: String,
        /// The first columns of the table.
        found: String,
        /// A line of words below the first that has the name. Lines with a title may be above it.
        line: Option<usize>,
        /// A column of the table with a similar name.
        meant: Option<Box<str>>,
    },
    /// A column was chosen twice, for example as an input and as a target.
    #[error(
        "{file}: expected each column once, found {column:?} twice; choose it only as a target, an input or an ignored column"
    )]
    ChosenTwice {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
    },
    /// The table has no input column or no target column.
    #[error("{file}: expected at least one column as {what}, found none")]
    NoColumns {
        /// The name of the file.
        file: String,
        /// `inputs` or `targets`.
        what: &'static str,
    },
    /// A value is missing: empty, NaN, NA, null or a similar word.
    #[error("{place}: expected a value, found {found:?}; write a value, or leave out the row")]
    MissingValue {
        /// The place of the value.
        place: Place,
        /// The value.
        found: String,
    },
    /// Rows have no target.
    #[error(
        "{place}: expected a target in every row, found {found:?}; {missing} of {} no target: remove {}{}",
        rows_have(*missing, *rows),
        if *missing == 1 { "this row" } else { "these rows" },
        class_text(found, *is_class)
    )]
    MissingTarget {
        /// The place of the first of them.
        place: Place,
        /// The value.
        found: String,
        /// How many there are.
        missing: usize,
        /// The number of rows.
        rows: usize,
        /// Whether the target is a class.
        is_class: bool,
    },
    /// A value of a numeric column is text.
    #[error("{place}: expected a number, found {found:?}{}", lone_unit_text(found))]
    NotANumber {
        /// The place of the value.
        place: Place,
        /// The value.
        found: String,
    },
    /// A value is a number, but not with the decimal mark and the separator of thousands of the table.
    #[error("{place}: expected a plain number, found {found:?}, {}", meanings_text(.meanings))]
    NumberFormat {
        /// The place of the value.
        place: Place,
        /// The value.
        found: String,
        /// What it means in other notations; empty if no notation fits all values of the column.
        meanings: Vec<Meaning>,
    },
    /// The numbers of a column have different units or currencies.
    #[error(
        "{place}: expected numbers with one unit, found {found:?} here and {other_found:?} in line {other}; \
         write all of them with the same unit, ignore the column, or declare it categorical if it holds words"
    )]
    MixedUnits {
        /// The place of a number whose unit is not that of the other.
        place: Place,
        /// The number.
        found: Box<str>,
        /// The line of a number with another unit.
        other: usize,
        /// That number.
        other_found: Box<str>,
    },
    /// Numbers of a table have different decimal marks, and a table has one.
    #[error(
        "{place}: expected numbers with one decimal mark in all columns, found {found:?} here and \
         {other_found:?} in line {}, column {:?}; write all numbers with the same decimal mark, or ignore the \
         column",
        other.line, other.column
    )]
    MixedDecimalMarks {
        /// The place of a number with another decimal mark than that of the table.
        place: Place,
        /// The number.
        found: String,
        /// The place of a number with the decimal mark of the table.
        other: Box<Place>,
        /// That number.
        other_found: Box<str>,
    },
    /// The numbers of a column have another unit than in training, so that they mean something else.
    #[error(
        "{place}: expected numbers {} as in training, found {found:?} {}",
        unit_text(.expected), unit_text(.unit)
    )]
    OtherUnit {
        /// The place of the first such number.
        place: Place,
        /// The value.
        found: Box<str>,
        /// The unit in training; `None` if the numbers had none.
        expected: Option<Box<str>>,
        /// The unit of these numbers.
        unit: Option<Box<str>>,
    },
    /// Some values of a column are text and most are numbers, and its kind was not declared.
    #[error(
        "{place}: expected a number as in most rows, found {found:?}{}; leave the cell empty if the number is \
         missing, or declare the column categorical if it holds words",
        lone_unit_text(found)
    )]
    MostlyNumbers {
        /// The place of the value.
        place: Place,
        /// The value.
        found: String,
    },
    /// A number is infinite or too large for double precision.
    #[error(
        "{place}: expected a finite number, found {found:?}; leave the cell empty if the number is missing"
    )]
    NotFinite {
        /// The place of the value.
        place: Place,
        /// The value.
        found: String,
    },
    /// A number is finite, but too large for the kind of number of the tensor.
    #[error(
        "{place}: expected a number within the range of the tensor's kind of number, found {found:?}; use f64"
    )]
    OutOfRange {
        /// The place of the value.
        place: Place,
        /// The number in the file.
        found: String,
    },
    /// A category or a class was not among the training rows.
    #[error("{place}: expected one of {known}, found {found:?}, which training has not seen")]
    UnknownCategory {
        /// The place of the value.
        place: Place,
        /// The value.
        found: String,
        /// The first of the categories that are known.
        known: String,
    },
    /// A column has so many categories that it probably holds names or identifiers.
    #[error(
        "{place}: expected at most {limit} categories, found one more, {found:?}; ignore the column if it holds names or identifiers"
    )]
    TooManyCategories {
        /// The place of the first category beyond the limit.
        place: Place,
        /// The first category beyond the limit.
        found: String,
        /// The largest number of categories that is allowed.
        limit: usize,
    },
    /// A target has so many classes that it probably holds names, identifiers or numbers.
    #[error(
        "{place}: expected at most {limit} classes, found one more, {found:?}; choose another target"
    )]
    TooManyClasses {
        /// The place of the first class beyond the limit.
        place: Place,
        /// The first class beyond the limit.
        found: String,
        /// The largest number of classes that is allowed.
        limit: usize,
    },
    /// The words of a column hardly repeat, so that it holds names, identifiers or free text.
    #[error(
        "{place}: expected words that repeat, found {distinct} different words in {rows} rows, such as {found:?}{}; {} names, identifiers or free text, or declare {} categorical",
        others_text(columns),
        if columns.len() > 1 { "ignore the columns if they hold" } else { "ignore the column if it holds" },
        if columns.len() > 1 { "them" } else { "it" },
    )]
    HardlyRepeats {
        /// The place of the first word that occurs once, in the first of the columns.
        place: Place,
        /// The word.
        found: String,
        /// The number of different words of the column.
        distinct: usize,
        /// The number of rows with a word.
        rows: usize,
        /// All such columns of the inputs, in order: the name, which is not shortened, and the number of
        /// different words.
        columns: Box<[(String, usize)]>,
    },
    /// The words of a classification target hardly repeat. They are probably names or identifiers.
    #[error(
        "{place}: expected classes that repeat, found {distinct} different words in {rows} rows, such as {found:?}; choose another target, or declare the column categorical if they are classes"
    )]
    ClassesHardlyRepeat {
        /// The place of the first word that occurs once.
        place: Place,
        /// The word.
        found: String,
        /// The number of different words.
        distinct: usize,
        /// The number of rows with a word.
        rows: usize,
    },
    /// A value or a name has a NUL character, which no text has.
    #[error(
        "{place}: expected text, found a NUL character; write the file again, or remove the character"
    )]
    NulCharacter {
        /// The place of the value.
        place: Place,
    },
    /// A row has the names of the columns, as where files were put together.
    #[error(
        "{file}, line {line}: expected values, found the names of the columns again; remove the line"
    )]
    RepeatedHeader {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// The classes of a target are numbers with a continuous range.
    #[error(
        "{place}: expected classes, found {distinct} different numbers in {rows} rows, such as {found:?}; predict numbers instead, or declare the column categorical if they are classes"
    )]
    ContinuousClasses {
        /// The place of the first number that occurs once.
        place: Place,
        /// The number.
        found: String,
        /// How many different numbers there are.
        distinct: usize,
        /// The number of rows.
        rows: usize,
    },
}

//! Fitting an encoder to the rows of a table.

use super::repeat::{self, Repeats};
use super::{Coding, Columns, Encoder, Input, NumberFormat, Target, number_like};
use crate::dates::{self, DateError, DateOrder, is_duration};
use crate::labels::Labels;
use crate::table::{Cell, CsvError, Kind, Table, shorten};

/// A column with more categories than this holds names or identifiers, and would fill the memory.
pub(super) const CATEGORIES: usize = 1000;

/// In fewer rows, a category of one row is not rare.
const FEWEST_ROWS: usize = 50;

impl Encoder {
    /// Fits an encoder to training rows: it finds the columns, how each becomes numbers, and the
    /// classes.
    ///
    /// ```text
    /// column in the training rows            inputs
    /// numbers                                the number
    /// numbers, some missing                  the number, and 1 where it is missing
    /// words                                  one for each category; a missing value is a category
    /// words, at least two of them rare       one for each frequent category, and one for all others
    /// dates or times                         those of a [`DateCoding`](crate::DateCoding)
    /// one value in all rows                  none
    /// ```
    ///
    /// A category is rare if it has 1 row out of at least 50. (AutoGluon shares categories of 1 row, Yggdrasil those
    /// of at most 4, and auto-sklearn those of less than 1% of the rows. A linear model with a penalty learns from 2
    /// rows what a category adds.) If the rare categories have more than half of all rows, none of them are shared.
    ///
    /// # Errors
    /// - If a column does not exist or is chosen twice.
    /// - If a target is missing, or is not a number where numbers are expected.
    /// - If a target column of classes holds numbers that hardly repeat, or more than 12 different dates, durations
    ///   or numbers with units, and was not declared categorical.
    /// - If an input column of numbers has text or an infinite number.
    /// - If most words of a column are dates and one is not, or if dates such as 3/4/2024 do not show
    ///   what the day is and [`Columns::date_order`] does not decide it. This does not hold for a column
    ///   that is declared categorical.
    /// - If a column of words has words that hardly repeat, and was not declared categorical. The error names all such
    ///   columns. These are names, identifiers or free text: at least 10 different words, of which those that occur
    ///   once have at least half of all rows; or more than 50 different words for less than 4 rows each on average.
    /// - If most of more than 12 different words look like dates in a form that is not read, or are numbers, or numbers
    ///   with signs, units or notes, or behind the same word, and the column was not declared categorical. The same
    ///   holds for more than 50 pairs of numbers, and for fewer if they hardly repeat. Codes, and ranges that do not
    ///   overlap, are categories.
    /// - If the numbers of a column have different units or currencies, or different decimal marks.
    /// - If the first row looks like a second line of names or units
    ///   ([`HeaderError::Second`](crate::HeaderError::Second)).
    /// - If a column of words has more than 1000 categories, or a target more than 1000 classes.
    pub fn fit(table: &Table, columns: &Columns) -> Result<Self, CsvError> {
        let rows: Vec<usize> = (0..table.rows()).collect();
        Self::fit_rows(table, &rows, columns, Target::fit(table, columns)?)
    }

    /// Fits the inputs to some rows of a table, the training rows, with a target that is fitted already,
    /// for example to the whole table.
    ///
    /// What a column holds is decided by the whole table, and what can be learned by the training rows.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Encoder, Table, Target};
    /// let table = Table::from_rows("t", &["x", "y"], [["1", "3"], ["2", "5"], ["4", "9"]])?;
    /// let columns = Columns::regression(["y"]);
    /// let target = Target::fit(&table, &columns)?;
    /// let encoder = Encoder::fit_rows(&table, &[0, 2], &columns, target)?;
    /// assert_eq!(encoder.inputs::<f64>(&table)?.as_slice(), [1.0, 2.0, 4.0]);
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    ///
    /// # Panics
    /// If there is no such row.
    pub fn fit_rows(
        table: &Table,
        rows: &[usize],
        columns: &Columns,
        target: Target,
    ) -> Result<Self, CsvError> {
        let (inputs, targets) = columns.resolve(table)?;
        let used: Vec<usize> = inputs.iter().chain(&targets).copied().collect();
        let number_format = NumberFormat::of(table, used.iter().copied());
        let names: Vec<&str> = table.names().collect();
        let codings = inputs.iter().map(|&column| match table.kind(column) {
            Kind::Numeric => numbers(table, rows, column),
            // The rows with words were left out.
            Kind::Categorical
                if !table.is_declared(column)
                    && table.is_mostly_numbers(column)
                    && table.is_all_numbers(column) =>
            {
                numbers(table, rows, column)
            }
            Kind::Categorical => words(table, rows, column, columns.date_order),
        });
        let codings = codings_or_error(codings);
        let codings = codings
            .map_err(|error| table.or_second_header(table.with_mixed_marks(error, &used)))?;
        let input = |(column, coding): (usize, _)| Input { name: names[column].to_owned(), coding };
        Ok(Self {
            inputs: inputs.into_iter().zip(codings).map(input).collect(),
            target,
            number_format,
        })
    }
}

/// The codings of all columns, or the first error. If that is [`CsvError::HardlyRepeats`], it gets the
/// columns of all such errors, so that a user can ignore them at once.
fn codings_or_error(
    mut codings: impl Iterator<Item = Result<Coding, CsvError>>,
) -> Result<Vec<Coding>, CsvError> {
    let found: Result<Vec<_>, _> = codings.by_ref().collect();
    found.map_err(|mut error| {
        if let CsvError::HardlyRepeats { columns, .. } = &mut error {
            let others = codings.filter_map(|coding| match coding {
                Err(CsvError::HardlyRepeats { columns, .. }) => Some(columns),
                _ => None,
            });
            *columns = columns.iter().cloned().chain(others.flatten()).collect();
        }
        error
    })
}

impl Target {
    /// Finds the target columns, and the classes if they hold classes.
    ///
    /// ```
    /// use nnfs_datasets::{Columns, Table, Target};
    /// let table = Table::from_rows("t", &["x", "y"], [["1", "no"], ["2", "yes"]])?;
    /// let target = Target::fit(&table, &Columns::classification("y"))?;
    /// assert_eq!(target.labels(&table)?, Some(vec![0, 1]));
    /// # Ok::<(), nnfs_datasets::CsvError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Encoder::fit`].
    pub fn fit(table: &Table, columns: &Columns) -> Result<Self, CsvError> {
        let (inputs, targets) = columns.resolve(table)?;
        let names: Vec<&str> = table.names().collect();
        if columns.classes {
            let (name, labels) = (names[targets[0]].to_owned(), classes(table, targets[0])?);
            return Ok(Self::Classes { name, labels });
        }
        for &target in &targets {
            let checked = table.check_notation(target).and_then(|()| {
                let nan = table.view(target).numbers().position(f64::is_nan);
                nan.map_or(Ok(()), |row| table.number(row, target).map(|_| ()))
            });
            let used: Vec<usize> = inputs.iter().chain(&targets).copied().collect();
            let checked = checked.map_err(|error| match table.with_mixed_marks(error, &used) {
                CsvError::NotANumber { place, found } if is_duration(&found) => {
                    DateError::Duration { place, found }.into()
                }
                error => error,
            });
            checked.map_err(|error| {
                let is_missing = |row| table.is_missing_number(row, target);
                table.or_second_header(with_count(error, table.rows(), false, is_missing))
            })?;
        }
        Ok(Self::Numbers(targets.iter().map(|&target| names[target].to_owned()).collect()))
    }
}

/// The classes of a target column.
fn classes(table: &Table, column: usize) -> Result<Labels, CsvError> {
    let missing = (0..table.rows()).find(|&row| table.is_missing(row, column));
    if let Some(row) = missing {
        let found = table.category(row, column).map(|_| ());
        found.map_err(|error| {
            with_count(error, table.rows(), true, |row| table.is_missing(row, column))
        })?;
    }
    let repeats = Repeats::of(table, 0..table.rows(), column);
    let is_numeric = table.kind(column) == Kind::Numeric;
    if !table.is_declared(column) {
        // `2` and `2,0` may be one class.
        if table.view(column).numbers().any(|number| !number.is_nan()) {
            table.check_notation(column)?;
        }
        if !is_numeric {
            number_like::check_class_dates(table, column, &repeats)?;
        }
        repeat::check_classes(table, column, &repeats, is_numeric)?;
        if !is_numeric {
            number_like::check_numbers(table, column, &repeats)?;
        }
    }
    repeats.check_count(table, column, true)?;
    if !is_numeric {
        return Ok(Labels::words(repeats.words().map(|(word, _)| word)));
    }
    Ok(Labels::new(repeats.first_rows().map(|(_, row)| plain_number(table, row, column))))
}

/// The error; for a missing target, with the number of rows that have none.
pub(super) fn with_count(
    error: CsvError,
    rows: usize,
    is_class: bool,
    is_missing: impl Fn(usize) -> bool,
) -> CsvError {
    let CsvError::MissingValue { place, found } = error else { return error };
    let missing = (0..rows).filter(|&row| is_missing(row)).count();
    CsvError::MissingTarget { place, found, missing, rows, is_class }
}

/// The text of a number, which may be written in another way in the file: `1,5`, or `1.000` for 1000.
pub(super) fn plain_number(table: &Table, row: usize, column: usize) -> String {
    let (text, number) = (table.value(row, column), table.view(column).number(row));
    match Cell::of(&text).number() == Some(number) {
        true => text.into_owned(),
        false => number.to_string(),
    }
}

/// The coding of a column of numbers.
fn numbers(table: &Table, rows: &[usize], column: usize) -> Result<Coding, CsvError> {
    table.check_notation(column)?;
    let view = table.view(column);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut first, mut is_missing) = (None, false);
    for &row in rows {
        let number = view.number(row);
        if !number.is_nan() {
            first.get_or_insert(row);
            (low, high) = (low.min(number), high.max(number));
        } else if table.cell(row, column) == Cell::Missing {
            is_missing = true;
        } else {
            table.number(row, column)?;
        }
    }
    let Some(first) = first else {
        return Ok(Coding::Constant { value: String::new(), kind: Kind::Numeric });
    };
    let is_constant = same_number(low, high);
    let value = || plain_number(table, first, column);
    Ok(match (is_constant, is_missing) {
        (false, false) => Coding::Number,
        (false, true) => Coding::NumberOrMissing,
        (true, false) => Coding::Constant { value: value(), kind: Kind::Numeric },
        (true, true) => Coding::ConstantOrMissing { value: value() },
    })
}

/// Whether two numbers are equal but for rounding, as the scalers understand it.
pub(super) fn same_number(a: f64, b: f64) -> bool {
    (a - b).abs() <= 8.0 * f64::EPSILON * a.abs().max(b.abs())
}

/// The coding of a column of words.
fn words(
    table: &Table,
    rows: &[usize],
    column: usize,
    date_order: Option<DateOrder>,
) -> Result<Coding, CsvError> {
    if !table.is_declared(column)
        && let Some(dates) = dates::fit(table, rows, column, date_order)?
    {
        return Ok(Coding::Date(dates));
    }
    let all = Repeats::of(table, 0..table.rows(), column);
    if !table.is_declared(column) {
        check_words(table, column)?;
        number_like::check_dates(table, column, &all)?;
        let repeated = repeat::check_words(table, column, &all);
        repeated.map_err(|names| number_like::measures(table, column, &all).unwrap_or(names))?;
        number_like::check_numbers(table, column, &all)?;
    }
    all.check_count(table, column, false)?;
    let train = Repeats::of(table, rows.iter().copied(), column);
    let mut categories: Vec<(&str, usize)> = train.words().collect();
    if train.missing() > 0 {
        categories.push(("", train.missing()));
    }
    if let [(value, _)] = categories[..] {
        return Ok(Coding::Constant { value: value.to_owned(), kind: Kind::Categorical });
    }
    let is_single = |&(word, rows): &(&str, usize)| !word.is_empty() && rows == 1;
    let singles = categories.iter().filter(|it| is_single(it)).count();
    let are_shared = rows.len() >= FEWEST_ROWS && 2 * singles <= rows.len();
    let is_rare = |it: &(&str, usize)| are_shared && is_single(it);
    let (rare, frequent): (Vec<_>, Vec<_>) = categories.into_iter().partition(is_rare);
    let labels = |categories: Vec<(&str, usize)>| {
        Labels::words(categories.into_iter().map(|(word, _)| word))
    };
    Ok(match rare.len() {
        // One input for one category, as without sharing.
        0 | 1 => Coding::OneHot(labels(frequent.into_iter().chain(rare).collect())),
        _ => Coding::OneHotOrOther { frequent: labels(frequent), rare: labels(rare) },
    })
}

/// Refuses a column in which most values are numbers. A typing error makes a numeric column
/// categorical, and as an input it would become hundreds of columns without a warning.
fn check_words(table: &Table, column: usize) -> Result<(), CsvError> {
    if !table.is_mostly_numbers(column) {
        return Ok(());
    }
    table.check_notation(column)?;
    let is_other = |row: &usize| matches!(table.cell(*row, column), Cell::Word | Cell::Infinite);
    let Some(row) = (0..table.rows()).find(is_other) else { return Ok(()) };
    match table.number(row, column) {
        Err(CsvError::NotANumber { place, found }) => Err(CsvError::MostlyNumbers { place, found }),
        other => other.map(|_| ()),
    }
}

/// The place of a value and the value, for an error.
pub(super) fn at(table: &Table, row: usize, column: usize) -> (crate::table::Place, String) {
    (table.place(row, column), shorten(&table.value(row, column)))
}

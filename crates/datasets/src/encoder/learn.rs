//! Fitting an encoder to the rows of a table.

use std::collections::HashSet;

use super::{Coding, Columns, Encoder, Input, Target};
use crate::labels::Labels;
use crate::table::{CsvError, Kind, Table, shorten};

/// A column with more categories than this holds names or identifiers, and would fill the memory.
const CATEGORIES: usize = 1000;

impl Encoder {
    /// Fits an encoder to training rows: it finds the columns, and the categories of those that are
    /// not numeric.
    ///
    /// # Errors
    /// If a column does not exist or is chosen twice, if a chosen column has a missing value, text
    /// among numbers, an infinite number or more than 1000 categories, or if no input is left.
    pub fn fit(table: &Table, columns: &Columns) -> Result<Self, CsvError> {
        let (inputs, targets) = columns.resolve(table)?;
        let names: Vec<&str> = table.names().collect();
        let target = if columns.classes {
            let labels = categories(table, targets[0])?;
            Target::Classes { name: names[targets[0]].to_owned(), labels }
        } else {
            for &target in &targets {
                check_numbers(table, target)?;
            }
            Target::Numbers(targets.iter().map(|&target| names[target].to_owned()).collect())
        };
        let inputs = inputs.into_iter().map(|column| {
            let coding = match table.kind(column) {
                Kind::Numeric => check_numbers(table, column).map(|()| Coding::Number)?,
                Kind::Categorical => {
                    check_words(table, column)?;
                    Coding::OneHot(categories(table, column)?)
                }
            };
            Ok(Input { name: names[column].to_owned(), coding })
        });
        Ok(Self { inputs: inputs.collect::<Result<_, _>>()?, target })
    }
}

fn check_numbers(table: &Table, column: usize) -> Result<(), CsvError> {
    table.check_notation(column)?;
    match table.view(column).numbers().position(f64::is_nan) {
        None => Ok(()),
        Some(row) => table.number(row, column).map(|_| ()),
    }
}

/// Refuses a column in which most values are numbers. A typing error makes a numeric column
/// categorical, and as an input it would become hundreds of columns without a warning.
fn check_words(table: &Table, column: usize) -> Result<(), CsvError> {
    if table.is_declared(column) {
        return Ok(());
    }
    if !table.is_mostly_numbers(column) {
        return Ok(());
    }
    table.check_notation(column)?;
    match check_numbers(table, column) {
        Err(CsvError::NotANumber { place, found }) => Err(CsvError::MostlyNumbers { place, found }),
        other => other,
    }
}

fn categories(table: &Table, column: usize) -> Result<Labels, CsvError> {
    let mut seen = HashSet::new();
    let mut seen_codes = vec![false; table.view(column).texts().len()];
    for (row, code) in table.view(column).codes().enumerate() {
        if code.is_some_and(|code| std::mem::replace(&mut seen_codes[code], true)) {
            continue;
        }
        let category = table.category(row, column)?;
        if seen.len() == CATEGORIES && !seen.contains(&category) {
            let (place, found) = (table.place(row, column), shorten(&category));
            return Err(CsvError::TooManyCategories { place, found, limit: CATEGORIES });
        }
        seen.insert(category);
    }
    Ok(Labels::new(seen))
}

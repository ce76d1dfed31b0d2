//! What a target is: numbers or classes.

use std::collections::HashSet;

use nnfs::datasets::Selector;
use nnfs_console::UsageError;
use nnfs_tabular::{CsvError, Kind, Table, Task};

/// Up to this number of different numbers with decimals, or of integers, they may be classes.
const FEW: [usize; 2] = [5, 20];

/// What targets are, and why. `categorical` are the columns that were declared categorical.
///
/// # Errors
/// [`UsageError`] if a target may be numbers or classes: it has few different numbers, one value or none, or words
/// that may be dates or numbers; an error if there is no such column, or if all words are numbers in another notation.
pub(super) fn task_of(
    table: &Table,
    targets: &[String],
    categorical: &[String],
) -> anyhow::Result<(Task, &'static str)> {
    let [target] = targets else {
        return Ok((Task::Regression, "which are several targets"));
    };
    let column = table.column(&Selector::from(target.as_str()))?;
    if categorical.contains(target) {
        return Ok((Task::Classification, "which is declared categorical"));
    }
    if let Some(error) = in_another_notation(table, column) {
        return Err(error.into());
    }
    let (mut different, mut numbers, mut words, mut has_decimals) = (HashSet::new(), 0, 0, false);
    let mut different_words = HashSet::new();
    for row in 0..table.rows() {
        match table.number(row, column) {
            Ok(number) => {
                numbers += 1;
                has_decimals |= number.fract() != 0.0;
                if different.len() <= FEW[1] {
                    different.insert(number.to_bits());
                }
            }
            Err(_) if table.value(row, column).is_empty() => {}
            Err(_) => {
                words += 1;
                if different_words.len() < 2 {
                    different_words.insert(table.value(row, column).into_owned());
                }
            }
        }
    }
    let choose = "choose --task classification or --task regression";
    let ask = |why: String| Err(UsageError(format!("{target:?} has {why}: {choose}")).into());
    match different.len() + different_words.len() {
        0 => return ask("no value".to_owned()),
        1 => return ask("one value".to_owned()),
        _ => {}
    }
    let few = if has_decimals { FEW[0] } else { FEW[1] };
    match () {
        // A word among numbers is a mistake, which the error of a regression shows.
        () if table.kind(column) == Kind::Categorical && numbers <= words => {
            match table.unusual_word(column) {
                None => Ok((Task::Classification, "which has words")),
                Some(word) => {
                    ask(format!("words such as {word:?}, which may be dates or numbers with marks"))
                }
            }
        }
        () if different.len() > few => Ok((Task::Regression, "which has many different numbers")),
        () => match different.len() {
            1 => ask("one number and other values".to_owned()),
            count => ask(format!("{count} different numbers, which may be classes")),
        },
    }
}

/// The error for a column whose words are all numbers in another notation: that of the first number with a point and a
/// comma, which shows the meaning of both, or else of the first one.
fn in_another_notation(table: &Table, column: usize) -> Option<CsvError> {
    if table.kind(column) != Kind::Categorical {
        return None;
    }
    let (mut first, mut with_both) = (None, None);
    for row in (0..table.rows()).filter(|&row| !table.value(row, column).is_empty()) {
        match table.number(row, column) {
            Ok(_) => {}
            Err(error @ CsvError::NumberFormat { .. }) => {
                let value = table.value(row, column);
                let has_both = value.contains('.') && value.contains(',');
                let shown = if has_both { &mut with_both } else { &mut first };
                shown.get_or_insert(error);
            }
            Err(_) => return None,
        }
    }
    with_both.or(first)
}

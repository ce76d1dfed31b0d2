//! What a target is: numbers or classes.

use std::collections::HashSet;

use nnfs::datasets::Selector;
use nnfs_console::UsageError;
use nnfs_tabular::{Kind, Table, Task};

/// Up to this number of different numbers with decimals, or of integers, they may be classes.
const FEW: [usize; 2] = [5, 20];

/// What targets are, and why.
///
/// # Errors
/// [`UsageError`] if a target has few different numbers, which may be classes; if there is no such column.
pub(super) fn task_of(table: &Table, targets: &[String]) -> anyhow::Result<(Task, &'static str)> {
    let [target] = targets else {
        return Ok((Task::Regression, "which are several targets"));
    };
    let column = table.column(&Selector::from(target.as_str()))?;
    let (mut different, mut numbers, mut words, mut has_decimals) = (HashSet::new(), 0, 0, false);
    for row in 0..table.rows() {
        match table.number(row, column) {
            Ok(number) => {
                numbers += 1;
                has_decimals |= number.fract() != 0.0;
                if different.len() <= FEW[1] {
                    different.insert(number.to_bits());
                }
            }
            Err(_) => words += usize::from(!table.value(row, column).is_empty()),
        }
    }
    let few = if has_decimals { FEW[0] } else { FEW[1] };
    match () {
        // A word among numbers is a mistake, which the error of a regression shows.
        () if table.kind(column) == Kind::Categorical && numbers <= words => {
            Ok((Task::Classification, "which has words"))
        }
        () if different.len() > few => Ok((Task::Regression, "which has many different numbers")),
        () => Err(UsageError(format!(
            "{target:?} has {} different numbers, which may be classes: choose --task classification or --task regression",
            different.len()
        ))
        .into()),
    }
}

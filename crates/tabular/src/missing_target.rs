//! Rows without a target.

use nnfs::datasets::{CsvError, Selector, Table};

use crate::Warning;

/// What to do about rows without a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MissingTarget {
    /// The table is refused.
    #[default]
    Refuse,
    /// They are left out: nothing can be learned from them. A [`Warning`] reports how many there are.
    Skip,
}

/// The rows of a table with a target, and a warning about the others; `None` if all rows have a
/// target, or if no row has one.
pub(crate) fn with_targets<'a>(
    table: &Table,
    rows: &[usize],
    targets: impl IntoIterator<Item = &'a str>,
) -> Result<Option<(Table, Warning)>, CsvError> {
    // The first row that is not in the list.
    let first = rows.iter().enumerate().position(|(index, &row)| index != row);
    let first = first.unwrap_or(rows.len());
    if rows.is_empty() || rows.len() == table.rows() {
        return Ok(None);
    }
    let columns = targets.into_iter().map(|name| table.column(&Selector::from(name)));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let is_missing = |column: &usize| table.number(first, *column).is_err();
    let column = columns.iter().copied().find(is_missing).unwrap_or(columns[0]);
    let warning = Warning::NoTarget {
        place: table.place(first, column),
        found: table.value(first, column).into_owned(),
        cells: table.rows() - rows.len(),
        rows: table.rows(),
    };
    Ok(Some((table.select_rows(rows), warning)))
}

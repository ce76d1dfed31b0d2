//! What is checked, and left out, once a whole file is read.

use std::collections::HashSet;

use super::column::Column;
use super::{CsvError, Data, Note, Place};

/// Leaves out the first column, which has the names of the rows.
///
/// # Errors
/// If two rows have the same, so that the values are no names.
pub(super) fn leave_out_row_names(data: &mut Data) -> Result<(), CsvError> {
    let Column { values, .. } = data.columns.remove(0);
    let mut seen = HashSet::new();
    let twice = (0..values.len()).find(|&row| !seen.insert(values.text(row, data.notation)));
    let (file, expected) = (data.source.clone(), data.columns.len());
    if let Some(row) = twice {
        let line = data.lines.line(row);
        return Err(CsvError::Ragged { file, line, expected, found: expected + 1 });
    }
    data.notes.push(Note::RowNames { file });
    Ok(())
}

/// The place of a name or a value with a NUL character.
pub(super) fn nul_character(data: &Data) -> Option<Place> {
    data.columns.iter().find_map(|Column { name, values, .. }| {
        let place = |line| Place::new(&data.source, line, name);
        if name.contains('\0') {
            return Some(place(1));
        }
        let is_nul =
            |row: &usize| values.code(*row).is_some_and(|code| values.texts()[code].contains('\0'));
        let has_nul = values.texts().iter().any(|text| text.contains('\0'));
        has_nul
            .then(|| (0..values.len()).find(is_nul))
            .flatten()
            .map(|row| place(data.lines.line(row)))
    })
}

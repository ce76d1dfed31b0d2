//! A table for the terminal that is Markdown too, so that a README can show it.

/// On which side of its column a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Lays rows out under their headings, every column as wide as its widest cell.
///
/// # Panics
/// If a row has another number of cells than there are columns.
pub fn table(columns: &[(&str, Alignment)], rows: &[Vec<String>]) -> String {
    for row in rows {
        assert_eq!(row.len(), columns.len(), "cells of a row {row:?}, and columns");
    }
    let width = |index: usize| {
        let cells = rows.iter().map(|row| row[index].chars().count());
        cells.chain([columns[index].0.chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let cells = cells.zip(columns).zip(&widths);
        let cells = cells.map(|((cell, (_, alignment)), &width)| match alignment {
            Alignment::Left => format!(" {cell:<width$} |"),
            Alignment::Right => format!(" {cell:>width$} |"),
        });
        format!("|{}", cells.collect::<String>())
    };
    let rule: String = widths.iter().map(|width| format!("{}|", "-".repeat(width + 2))).collect();
    let mut lines =
        vec![line(&mut columns.iter().map(|(heading, _)| *heading)), format!("|{rule}")];
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_as_wide_as_its_widest_cell() {
        let columns = [("run", Alignment::Right), ("network", Alignment::Left)];
        let rows = [["9", "1-64-64-1"], ["extra", "1-64-1"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(
            table(&columns, &rows),
            "\
|   run | network   |
|-------|-----------|
|     9 | 1-64-64-1 |
| extra | 1-64-1    |"
        );
    }
}

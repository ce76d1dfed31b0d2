//! A table on the terminal that is Markdown as well, so that a README can take it as it is.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

/// A heading, and whether its column holds numbers, which stand at the right.
pub(crate) type Column = (&'static str, bool);

/// Lays rows out under their headings.
pub(crate) fn table(columns: &[Column], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(columns.iter().map(|(heading, _)| heading));
    table.add_rows(rows);
    for (column, (_, is_number)) in table.column_iter_mut().zip(columns) {
        if *is_number {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

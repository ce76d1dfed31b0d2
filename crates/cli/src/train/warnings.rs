//! What is odd in a table, and does not keep a network from learning it.

use std::collections::HashSet;

use nnfs::datasets::{Coding, Input, Selector, Table};

use super::data::Data;

/// What is odd, a line each: no rows to test with although some were asked for, and the first column
/// in which held-out rows have what no training row has.
pub(crate) fn warnings(data: &Data, test_fraction: f64) -> Vec<String> {
    let mut warnings = Vec::new();
    if test_fraction > 0.0 && data.test.is_none() {
        let (file, rows) = (data.train.source(), data.train.rows());
        let asked = format!("a test fraction of {test_fraction} takes none of {rows} rows");
        warnings.push(format!("{file}: {asked}: nothing says how good the model is"));
    }
    warnings.extend(data.encoder.input_columns().iter().find_map(|input| unseen(data, input)));
    warnings
}

/// A line on the first held-out value of a column from which nothing could be learned: a category
/// that no training row has, or any change of a number that is the same in all of them.
fn unseen(data: &Data, Input { name, coding }: &Input) -> Option<String> {
    let column = data.train.column(&Selector::from(name.as_str())).ok()?;
    let values = |table: &Table| -> Vec<String> {
        let number = |text: &str| text.parse::<f64>().map_or(text.to_owned(), |it| it.to_string());
        let value = |row| match coding {
            Coding::Number => number(table.value(row, column)),
            Coding::OneHot(_) => table.value(row, column).to_owned(),
        };
        (0..table.rows()).map(value).collect()
    };
    let seen: HashSet<String> = values(&data.train).into_iter().collect();
    if *coding == Coding::Number && seen.len() > 1 {
        return None;
    }
    for table in data.validation.iter().chain(&data.test) {
        let values = values(table);
        let Some(row) = values.iter().position(|value| !seen.contains(value)) else { continue };
        return Some(format!(
            "{}: no training row has {:?}, which is held out: the network has not learned from it",
            table.place(row, column),
            values[row],
        ));
    }
    None
}

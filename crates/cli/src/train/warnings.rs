//! What is odd in a table, and does not keep a network from learning it.

use std::collections::HashSet;

use nnfs::datasets::{Coding, Input, Selector};

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
    let rows = 0..data.train.rows();
    let train = |row| data.train.value(row, column);
    let number = |text: &str| text.parse::<f64>().ok();
    let is_new: Box<dyn Fn(&str) -> bool> = match coding {
        Coding::Number => {
            let first = number(train(0));
            if rows.into_iter().any(|row| number(train(row)) != first) {
                return None;
            }
            Box::new(move |text| number(text) != first)
        }
        Coding::OneHot(_) => {
            let seen: HashSet<&str> = rows.map(train).collect();
            Box::new(move |text| !seen.contains(text))
        }
    };
    let held_out = data.validation.iter().chain(&data.test);
    held_out.into_iter().find_map(|table| {
        let row = (0..table.rows()).find(|&row| is_new(table.value(row, column)))?;
        Some(format!(
            "{}: no training row has {:?}, which is held out: the network has not learned from it",
            table.place(row, column),
            table.value(row, column),
        ))
    })
}

//! Columns that repeat the target, and a last row of totals.

use std::collections::HashMap;

use nnfs::datasets::{Coding, CsvError, Encoder, Input, Selector, Table, Target};

use crate::Warning;
use crate::prediction::targets;

/// The input columns with the same information as a target in every row.
pub(crate) fn same_as_target(table: &Table, encoder: &Encoder) -> Result<Vec<Warning>, CsvError> {
    let mut warnings = Vec::new();
    for Input { name, coding } in encoder.input_columns() {
        let column = table.column(&Selector::from(name.as_str()))?;
        for target_name in targets(encoder) {
            let target = table.column(&Selector::from(target_name.as_str()))?;
            let is_same = match (encoder.target(), coding) {
                (Target::Numbers(_), Coding::Number) => are_equal(table, column, target),
                (Target::Classes { .. }, Coding::Number | Coding::OneHot(_)) => {
                    are_one_to_one(table, column, target)
                }
                _ => false,
            };
            let (place, target) = (table.place(0, column), target_name.clone());
            warnings.extend(is_same.then_some(Warning::SameAsTarget { place, target }));
        }
    }
    Ok(warnings)
}

/// Whether two columns have the same number in every row, and at least two different ones.
fn are_equal(table: &Table, a: usize, b: usize) -> bool {
    let number = |row, column| table.number(row, column).ok();
    let rows = || 0..table.rows();
    // Most columns differ in one of the first rows.
    rows().all(|row| number(row, a).is_some() && number(row, a) == number(row, b))
        && rows().any(|row| number(row, a) != number(0, a))
}

/// Whether each value of a column has one class and each class one value, each in two rows or more.
fn are_one_to_one(table: &Table, column: usize, target: usize) -> bool {
    let (mut classes, mut values) = (HashMap::new(), HashMap::new());
    for row in 0..table.rows() {
        let (value, class) = (table.value(row, column), table.value(row, target));
        let (of_value, count) =
            classes.entry(value.clone()).or_insert_with(|| (class.clone(), 0_usize));
        *count += 1;
        let of_class = values.entry(class.clone()).or_insert_with(|| value.clone());
        if *of_value != class || *of_class != value {
            return false;
        }
    }
    classes.len() > 1 && classes.values().all(|(_, count)| *count > 1)
}

/// What a last row is called that has a sum or a mean of the rows above it.
const TOTALS: [&str; 13] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "average",
    "avg",
    "mean",
    "summe",
    "gesamt",
    "gesamtsumme",
    "durchschnitt",
    "mittelwert",
    "totale",
];

/// The last row, if it has such a name that no other row has in this column. A class is not such a name.
pub(crate) fn total_row(table: &Table, target: &Target) -> Option<Warning> {
    let last = table.rows().checked_sub(1).filter(|&last| last > 1)?;
    let is_total = |column: &usize| {
        let text = table.value(last, *column);
        let word = text.trim_end_matches(':').to_lowercase();
        TOTALS.contains(&word.as_str()) && (0..last).all(|row| table.value(row, *column) != text)
    };
    let is_class = |column: &usize| {
        let Target::Classes { name, .. } = target else { return false };
        table.names().nth(*column) == Some(name)
    };
    let column = (0..table.names().len()).filter(|column| !is_class(column)).find(is_total)?;
    let (place, found) = (table.place(last, column), table.value(last, column).into_owned());
    Some(Warning::TotalRow { place, found })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Classifier, Regressor, Settings};

    fn settings() -> Settings {
        Settings { epochs: Some(1), ..Settings::plain() }
    }

    fn found(warnings: &[Warning]) -> Vec<(String, String)> {
        let of = |warning: &Warning| match warning {
            Warning::SameAsTarget { place, target } => Some((place.column.clone(), target.clone())),
            Warning::TotalRow { place, found } => Some((place.line.to_string(), found.clone())),
            _ => None,
        };
        warnings.iter().filter_map(of).collect()
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn a_copy_of_the_target_is_reported() {
        let row = |row: usize| {
            let class = ["a", "b", "c"][row % 3];
            let y = (row * row % 17).to_string();
            let last = if row == 29 { "0.5".to_owned() } else { y.clone() };
            [row.to_string(), y.clone(), last, (row % 3).to_string(), class.to_owned(), y]
        };
        let names = ["x", "copy", "almost", "id", "kind", "y"];
        let table = Table::from_rows("data", &names, (0..30).map(row)).unwrap();
        let training = Regressor::new("y").settings(settings()).prepare::<f32>(&table).unwrap();
        assert_eq!(found(training.warnings()), [pair("copy", "y")]);
        let training = Classifier::new("kind").settings(settings()).prepare::<f32>(&table).unwrap();
        assert_eq!(found(training.warnings()), [pair("id", "kind")]);
    }

    #[test]
    fn a_last_row_with_totals_is_reported() {
        let table = |words: [&str; 3], last: &str| {
            let row = |row: usize| {
                let word = if row == 29 { last } else { words[row % 3] };
                [word.to_owned(), row.to_string(), (row * row % 17).to_string()]
            };
            Table::from_rows("data", &["kind", "x", "y"], (0..30).map(row)).unwrap()
        };
        let of = |table: &Table| {
            let learner = Regressor::new("y").settings(settings());
            found(learner.prepare::<f32>(table).unwrap().warnings())
        };
        assert_eq!(of(&table(["a", "b", "c"], "Total")), [pair("30", "Total")]);
        assert_eq!(of(&table(["a", "b", "c"], "Summe:")), [pair("30", "Summe:")]);
        assert_eq!(of(&table(["a", "Total", "c"], "Total")), []);
        assert_eq!(of(&table(["a", "b", "c"], "d")), []);
        let classes = Classifier::new("kind").settings(settings());
        let training = classes.prepare::<f32>(&table(["a", "b", "c"], "Total")).unwrap();
        assert_eq!(found(training.warnings()), []);
    }
}

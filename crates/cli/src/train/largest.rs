//! A single row that decides the scores.

use nnfs::datasets::Selector;
use nnfs_tabular::{Fitted, Table, short};

/// With fewer test rows, one of them often has a large part of the squared error.
const ROWS: usize = 100;

/// From this part of the squared error of all test rows on, one row decides R2 and RMSE.
const PART: f64 = 0.5;

/// A line about the test row with the largest error, if R2 and RMSE depend mostly on it.
pub(crate) fn note(fitted: &Fitted) -> Option<String> {
    let (table, predictions) = (fitted.parts().test()?, fitted.test_predictions()?);
    let [name] = fitted.predictor().targets() else { return None };
    // With weights the scores are of other errors.
    if table.rows() < ROWS || fitted.report().weight.is_some() {
        return None;
    }
    let predicted = predictions.numbers()?.as_slice();
    let targets = fitted.parts().encoder().targets::<f64>(table).ok()?;
    let (row, part) = largest(targets.as_slice(), predicted)?;
    (part > PART).then(|| text(table, name, row, predicted[row], part)).flatten()
}

/// The row with the largest squared error, and its part of the sum of all.
fn largest(targets: &[f64], predicted: &[f64]) -> Option<(usize, f64)> {
    let squares = targets.iter().zip(predicted).map(|(target, number)| (target - number).powi(2));
    let total: f64 = squares.clone().sum();
    let (row, largest) = squares.enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    Some((row, largest / total))
}

fn text(table: &Table, name: &str, row: usize, prediction: f64, part: f64) -> Option<String> {
    let column = table.column(&Selector::from(name)).ok()?;
    Some(format!(
        "note: 1 of {} test rows makes {:.0}% of the squared error: in line {} the target is {} and the \
         prediction {}",
        table.rows(),
        100.0 * part,
        table.line(row),
        table.value(row, column),
        short(prediction),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_error_is_a_part_of_all() {
        assert_eq!(largest(&[1.0, 2.0, 3.0], &[2.0, 2.0, 0.0]), Some((2, 0.9)));
        assert_eq!(largest(&[], &[]), None);
        // A perfect prediction has no part.
        assert!(largest(&[1.0], &[1.0]).unwrap().1.is_nan());
    }
}

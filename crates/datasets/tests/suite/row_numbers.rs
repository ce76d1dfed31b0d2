//! Which columns number the rows of a table.

use nnfs_datasets::{Columns, Encoder, Table};

/// The smallest and the largest number, if the column numbers the rows.
fn numbers(values: &[String]) -> Option<[i64; 2]> {
    let rows = values.iter().enumerate().map(|(row, value)| [value.clone(), (row % 3).to_string()]);
    let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    match encoder.row_numbers(&table).unwrap()[..] {
        [] => None,
        [(0, range)] => Some(range),
        ref found => panic!("{found:?}"),
    }
}

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}

#[test]
fn different_integers_without_a_gap_number_the_rows() {
    for (values, range) in [
        (texts(1..=150), [1, 150]),
        (texts(0..10), [0, 9]),
        (texts((0..40).rev()), [0, 39]),
        // In any order, and from any number.
        (texts((0..101).map(|row| row * 37 % 101 + 1000)), [1000, 1100]),
        (texts(-5..20), [-5, 19]),
        (texts((0..30).map(|row| format!("{row}.0"))), [0, 29]),
    ] {
        assert_eq!(numbers(&values), Some(range), "{values:?}");
    }
}

#[test]
fn other_numbers_do_not() {
    let changed = |row: usize, text: &str| {
        let mut values = texts(0..40);
        values[row] = text.to_owned();
        values
    };
    for values in [
        texts(0..9),
        // A gap, the same number twice, a fraction, a missing one, twice as far apart.
        changed(39, "40"),
        changed(20, "21"),
        changed(20, "20.5"),
        changed(20, ""),
        texts((0..40).map(|row| 2 * row)),
        // Few different numbers.
        texts((0..40).map(|row| row % 7)),
        texts([0, 39].into_iter().chain([1; 38])),
        texts((0..40).map(|row| f64::from(row) / 40.0)),
        // As far apart as there are rows, beyond the integers of double precision.
        texts((0..10_u64).map(|row| (1 << 53) + 2 * row)),
        texts((0..40_u64).map(|row| (1 << 53) - row)),
    ] {
        assert_eq!(numbers(&values), None, "{values:?}");
    }
}

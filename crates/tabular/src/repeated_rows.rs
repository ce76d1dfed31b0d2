//! Rows that repeat another row, so that held-out rows are also among the training rows.

use std::collections::{HashMap, HashSet};

use nnfs::datasets::Target;
use nnfs::prelude::*;

use crate::missing_codes::Holds;
use crate::{Parts, Recipe, Settings, Warning};

/// A smaller share of repeated rows changes the scores by little.
const NOTABLE: f64 = 0.05;

/// A column of numbers with fewer different values repeats naturally.
const MANY: usize = 20;

/// Copies of rows have equal targets wherever the inputs are equal. A smaller share is natural.
const EQUAL_TARGETS: f64 = 0.9;

/// How many times as many combinations of numbers as different rows there are at least if rows do not
/// repeat by chance.
const COMBINATIONS: f64 = 10.0;

/// Equal rows have equal hashes: all inputs and targets are equal.
pub(crate) fn hashes<T: Scalar>(inputs: &Tensor<T>, targets: &Tensor<f64>) -> Vec<u64> {
    let rows = inputs.nrows();
    let mut hashes = vec![0; rows];
    for column in inputs.as_slice().chunks_exact(rows.max(1)) {
        hashes.iter_mut().zip(column).for_each(|(hash, x)| add(hash, x.to_f64()));
    }
    for column in targets.as_slice().chunks_exact(rows.max(1)) {
        hashes.iter_mut().zip(column).for_each(|(hash, &x)| add(hash, x));
    }
    hashes
}

/// Adds a number to the hash of a row. Each step is one-to-one, so that rows which differ in one number
/// have different hashes.
fn add(hash: &mut u64, number: f64) {
    // The sum makes 0 of -0.
    *hash = (*hash ^ (number + 0.0).to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    *hash ^= *hash >> 32;
}

/// A warning if a notable share of the rows repeats another row, and this is not natural for such columns.
///
/// `hashes` has those of the training rows first, whose inputs and targets are given.
///
/// Rows of a few categories, or of small integers, are naturally equal. So nine of ten training rows whose
/// inputs repeat those of another row must have its targets, too. A column of numbers must have many values
/// among the different training rows, and the columns of numbers many combinations:
///
/// ```text
/// values of a column   n^2 / sum of count(x)^2 over its values x, for n different rows
/// combinations         the product of the values of all columns of numbers; at least 10 n
/// ```
///
/// The number of values is the inverse of Simpson's index of diversity (E. H. Simpson, Measurement of
/// diversity, 1949). The targets of a regression are numbers, too.
pub(crate) fn warning<T: Scalar>(
    parts: &Parts,
    settings: &Settings,
    inputs: &Tensor<T>,
    targets: &Tensor<f64>,
    hashes: &[u64],
) -> Option<Warning> {
    let is_held_out = parts.held_out().next().is_some() || settings.recipe != Recipe::Plain;
    let rows = hashes.len();
    let count = repeats(hashes.to_vec());
    if !is_held_out || count as f64 <= NOTABLE * rows as f64 {
        return None;
    }
    // Where equal inputs have different targets, the inputs are equal by chance.
    let (full, nothing) = (hashes[..inputs.nrows()].to_vec(), Tensor::zeros(0, 0));
    let with_equal_inputs = repeats(self::hashes(inputs, &nothing)) as f64;
    if (repeats(full) as f64) < EQUAL_TARGETS * with_equal_inputs {
        return None;
    }
    let mut seen = HashSet::new();
    let different: Vec<usize> =
        (0..inputs.nrows()).filter(|&row| seen.insert(hashes[row])).collect();
    let numbers: Vec<_> = Holds::of_inputs(parts.encoder().input_columns()).collect();
    let of_inputs =
        (0..inputs.ncols()).filter(|&index| matches!(numbers.get(index), Some(Some(_))));
    let of_inputs = of_inputs
        .map(|index| Values::of(different.iter().map(|&row| inputs[(row, index)].to_f64())));
    let has_numbers = matches!(parts.encoder().target(), Target::Numbers(_));
    let of_targets = (0..targets.ncols()).filter(|_| has_numbers);
    let of_targets =
        of_targets.map(|index| Values::of(different.iter().map(|&row| targets[(row, index)])));
    let values: Vec<Values> = of_inputs.chain(of_targets).collect();
    let combinations: f64 = values.iter().map(|values| values.effective).product();
    let has_many = values.iter().any(|values| values.distinct >= MANY);
    (has_many && combinations >= COMBINATIONS * different.len() as f64)
        .then(|| Warning::RepeatedRows { file: parts.train().source().to_owned(), count, rows })
}

/// How many hashes repeat another one.
fn repeats(mut hashes: Vec<u64>) -> usize {
    hashes.sort_unstable();
    hashes.windows(2).filter(|pair| pair[0] == pair[1]).count()
}

/// How many values a column has.
struct Values {
    distinct: usize,
    /// As many equally frequent values agree by chance as often as those of the column.
    effective: f64,
}

impl Values {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let (mut counts, mut rows) = (HashMap::new(), 0_usize);
        for x in numbers {
            *counts.entry(x.to_bits()).or_insert(0_usize) += 1;
            rows += 1;
        }
        let squares: f64 = counts.values().map(|&count| (count as f64).powi(2)).sum();
        Self { distinct: counts.len(), effective: (rows as f64).powi(2) / squares }
    }
}

#[cfg(test)]
mod tests {
    use nnfs::datasets::Table;

    use super::*;
    use crate::{Classifier, Regressor, Training};

    fn noise(row: usize, column: usize) -> f64 {
        let x = ((row * 7 + column * 101 + 13) as f64 * 12.9898).sin() * 43758.5453;
        (1000.0 * (x - x.floor())).round()
    }

    /// Rows of two numbers, a word, a class and a target, each as many times as is given.
    fn table(rows: usize, times: usize, levels: f64) -> Table {
        let level = |row, column| (noise(row, column) * levels / 1000.0).floor().to_string();
        let rows = (0..rows * times).map(|row| {
            let row = row % rows;
            let word = ["red", "green", "blue"][row % 3].to_owned();
            let class = ["no", "yes"][usize::from(noise(row, 4) > 500.0)].to_owned();
            [level(row, 0), level(row, 1), word, class, level(row, 3)]
        });
        Table::from_rows("data", &["x", "z", "word", "class", "y"], rows).unwrap()
    }

    fn settings() -> Settings {
        Settings { epochs: Some(1), ..Settings::default() }
    }

    fn repeated(training: &Training<f32>) -> Option<(usize, usize)> {
        training.warnings().iter().find_map(|warning| match warning {
            Warning::RepeatedRows { count, rows, .. } => Some((*count, *rows)),
            _ => None,
        })
    }

    fn of_numbers(table: &Table, ignore: &[&str]) -> Option<(usize, usize)> {
        let learner = Regressor::new("y").settings(settings()).ignore(ignore.iter().copied());
        repeated(&learner.prepare(table).unwrap())
    }

    fn of_classes(table: &Table, ignore: &[&str]) -> Option<(usize, usize)> {
        let learner = Classifier::new("class").settings(settings()).ignore(ignore.iter().copied());
        repeated(&learner.prepare(table).unwrap())
    }

    #[test]
    fn rows_that_repeat_are_counted() {
        let table = table(60, 5, 1000.0);
        assert_eq!(of_numbers(&table, &[]), Some((240, 300)));
        assert_eq!(of_classes(&table, &[]), Some((240, 300)));
        // Some of many rows.
        let most: Vec<usize> = (0..300).chain(0..30).map(|row| row % 300).collect();
        let some = self::table(300, 1, 1e3).select_rows(&most);
        assert_eq!(of_numbers(&some, &[]), Some((30, 330)));
        // A target of many values repeats with its categories.
        assert_eq!(of_numbers(&table, &["x", "z"]), None);
        let words = self::table(60, 5, 1e3);
        assert_eq!(of_numbers(&words, &["z", "word"]), Some((240, 300)));
    }

    #[test]
    fn rows_that_are_naturally_equal_are_not_reported() {
        // A few integers or categories, and rows that differ.
        assert_eq!(of_classes(&table(2000, 1, 6.0), &["y"]), None);
        assert_eq!(of_numbers(&table(2000, 1, 6.0), &[]), None);
        assert_eq!(of_classes(&table(300, 5, 1e3), &["x", "z", "y"]), None);
        assert_eq!(of_numbers(&table(400, 1, 1e3), &[]), None);
        assert_eq!(of_classes(&table(3000, 1, 30.0), &["y"]), None);
        assert_eq!(of_numbers(&table(3000, 1, 40.0), &["z", "class"]), None);
        let few: Vec<usize> = (0..300).chain(0..10).collect();
        assert_eq!(of_numbers(&table(300, 1, 1e3).select_rows(&few), &[]), None);
    }

    #[test]
    fn without_held_out_rows_repeats_do_not_change_the_scores() {
        let learner = Regressor::new("y").settings(Settings::plain()).epochs(1).test_fraction(0.0);
        assert_eq!(repeated(&learner.prepare(&table(60, 5, 1000.0)).unwrap()), None);
    }
}

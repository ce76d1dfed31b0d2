//! The parts of a table: rows for training, for validation and for testing.

use std::fmt;

use nnfs::datasets::{
    Columns, Encoder, Input, Selector, SplitError, Table, Target, Unknown, stratified_split,
    train_test_split,
};
use nnfs::prelude::*;

use crate::draws::Draws;
use crate::outliers::leave_out;
use crate::shown::{shown, shown_apart};
use crate::{Error, LossKind, Missing, Settings, Warning};

/// The largest number of inputs. More are a mistake in the file.
const MAX_INPUTS: usize = 100_000;

/// The rows of a table in three parts, each in the order of the table, and how they become numbers.
#[derive(Debug)]
pub struct Parts {
    encoder: Encoder,
    train: Table,
    validation: Option<Table>,
    test: Option<Table>,
    /// One for each target with outliers.
    pub(crate) outliers: Vec<Warning>,
}

impl Parts {
    /// Splits the rows. Test rows are drawn first, and validation rows from the others. For a
    /// classification, each part has the same share of each class.
    ///
    /// The classes are those of the whole table, so that a rare one does not depend on the split. The
    /// inputs are fitted to the training rows, without those whose target is an outlier.
    pub(crate) fn of(
        table: &Table,
        columns: &Columns,
        settings: &Settings,
        loss: LossKind,
    ) -> Result<Self, Error> {
        let target = Target::fit(table, columns)?;
        check_classes(table, &target, loss)?;
        check_spellings(table, &target)?;

        let labels = target.labels(table)?;
        let draws = Draws::new(settings.seed);
        let split = |rows: &[usize], fraction, mut rng: ChaCha8Rng| {
            let parts = split(rows, labels.as_deref(), fraction, &mut rng);
            parts.map_err(|source| Error::Split { file: table.source().to_owned(), source })
        };
        let all: Vec<usize> = (0..table.rows()).collect();
        let (rest, test) = split(&all, settings.test_fraction, draws.test_rows())?;
        let fraction = settings.validation_fraction;
        let (train, validation) = split(&rest, fraction, draws.validation_rows())?;
        if fraction > 0.0 && validation.is_empty() {
            let (file, rows) = (table.source().to_owned(), rest.len());
            return Err(Error::NoValidationRows { file, fraction, rows });
        }
        let (mut train, mut validation) = (train, validation);
        let parts = [&mut train, &mut validation];
        let outliers = leave_out((table, columns, &target), parts, &test, settings.outliers)?;
        // The training rows decide: a value that only other rows have would be an input without a training.
        let encoder = Encoder::fit_rows(table, &train, columns, target)?;
        check_inputs(table, &encoder)?;
        if settings.missing == Missing::Refuse {
            encoder.check(table, settings.missing, Unknown::Accept)?;
        }
        let part = |rows: &[usize]| (!rows.is_empty()).then(|| table.select_rows(rows));
        Ok(Self {
            train: table.select_rows(&train),
            validation: part(&validation),
            test: part(&test),
            encoder,
            outliers,
        })
    }

    /// How tables become numbers.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// The training rows.
    pub fn train(&self) -> &Table {
        &self.train
    }

    /// The validation rows, if there are any.
    pub fn validation(&self) -> Option<&Table> {
        self.validation.as_ref()
    }

    /// The test rows, if there are any.
    pub fn test(&self) -> Option<&Table> {
        self.test.as_ref()
    }

    /// The rows that the network does not learn from.
    pub(crate) fn held_out(&self) -> impl Iterator<Item = &Table> {
        self.validation.iter().chain(&self.test)
    }

    /// What was read.
    pub fn contents(&self) -> Contents {
        let rows = |table: Option<&Table>| table.map_or(0, Table::rows);
        Contents {
            source: self.train.source().to_owned(),
            train: self.train.rows(),
            validation: rows(self.validation()),
            test: rows(self.test()),
            columns: self.encoder.input_columns().len(),
            inputs: self.encoder.input_width(),
            target: match self.encoder.target() {
                Target::Numbers(names) => {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    shown_apart(&names, "target").join(", ")
                }
                Target::Classes { name, labels } => {
                    format!("{} ({} classes)", shown(name), labels.len())
                }
            },
        }
    }
}

/// What was read: how many rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contents {
    /// The name of the file.
    pub source: String,
    /// The number of training rows.
    pub train: usize,
    /// The number of validation rows.
    pub validation: usize,
    /// The number of test rows.
    pub test: usize,
    /// The number of columns that are inputs.
    pub columns: usize,
    /// The number of inputs of the network.
    pub inputs: usize,
    /// The targets, shortened if their names are long.
    pub target: String,
}

/// One line, without the name of the file.
impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { train, validation, test, columns, inputs, target, .. } = self;
        let to_validate = match validation {
            0 => String::new(),
            rows => format!("{rows} to validate, "),
        };
        write!(
            f,
            "{} ({train} to train, {to_validate}{test} to test), {} as {}, target {target}",
            count(train + validation + test, "row"),
            count(*columns, "column"),
            count(*inputs, "input"),
        )
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Splits some rows of a table in two, each in the order of the table. For a classification, both parts
/// have the same share of each class.
fn split(
    rows: &[usize],
    labels: Option<&[usize]>,
    fraction: f64,
    rng: &mut ChaCha8Rng,
) -> Result<(Vec<usize>, Vec<usize>), SplitError> {
    let (_, taken) = match labels {
        Some(labels) => {
            let labels: Vec<usize> = rows.iter().map(|&row| labels[row]).collect();
            stratified_split(&labels, fraction, rng)?
        }
        None => train_test_split(rows.len(), fraction, rng)?,
    };
    let mut is_taken = vec![false; rows.len()];
    taken.into_iter().for_each(|index| is_taken[index] = true);
    let part = |is_wanted: bool| {
        let rows = rows.iter().zip(&is_taken).filter(|&(_, &is_taken)| is_taken == is_wanted);
        rows.map(|(&row, _)| row).collect()
    };
    Ok((part(false), part(true)))
}

/// Refuses more inputs than fit into memory. A column without an input counts as one.
fn check_inputs(table: &Table, encoder: &Encoder) -> Result<(), Error> {
    let width = |input: &Input| input.coding.width().max(1);
    let found = encoder.input_columns().iter().map(width).sum();
    if found <= MAX_INPUTS {
        return Ok(());
    }
    let mut counted = 0;
    let beyond = encoder.input_columns().iter().find(|input| {
        counted += width(input);
        counted > MAX_INPUTS
    });
    let column = beyond.map_or_else(String::new, |input| input.name.clone());
    Err(Error::TooManyInputs { file: table.source().to_owned(), column, limit: MAX_INPUTS, found })
}

fn check_classes(table: &Table, target: &Target, loss: LossKind) -> Result<(), Error> {
    let Target::Classes { name, labels } = target else { return Ok(()) };
    let classes = labels.names();
    let expected = match loss {
        _ if classes.len() < 2 => "at least 2 classes",
        LossKind::SigmoidCrossEntropy if classes.len() > 2 => "2 classes for binary cross-entropy",
        _ => return Ok(()),
    };
    Err(Error::Classes {
        file: table.source().to_owned(),
        first: table.line(0),
        last: table.line(table.rows() - 1),
        column: name.clone(),
        expected,
        found: match classes {
            [class] => format!("only {class:?}"),
            classes => classes.len().to_string(),
        },
    })
}

/// Refuses classes that look the same or mean the same truth value, unless the target is declared categorical.
fn check_spellings(table: &Table, target: &Target) -> Result<(), Error> {
    let Target::Classes { name, .. } = target else { return Ok(()) };
    let column = table.column(&Selector::from(name.as_str()))?;
    if table.is_declared(column) {
        return Ok(());
    }
    let Some([other, found]) = target.alike() else { return Ok(()) };
    let is_class = |row: &usize| *table.value(*row, column) == *found;
    let row = (0..table.rows()).find(is_class).unwrap_or(0);
    Err(Error::ClassesAlike {
        place: table.place(row, column),
        found: found.to_owned(),
        other: other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nnfs::datasets::{CsvOptions, Kind};
    use proptest::prelude::*;

    /// The numbers of the rows in each part of a table of this many rows, every fifth a cat.
    fn parts(rows: usize, settings: &Settings, classes: bool) -> Result<[Vec<usize>; 3], Error> {
        let kind = |row: usize| ["cat", "dog"][usize::from(!row.is_multiple_of(5))].to_owned();
        let rows = (0..rows).map(|row| [row.to_string(), kind(row)]);
        let table = Table::from_rows("data", &["row", "kind"], rows).unwrap();
        let (columns, loss) = match classes {
            true => (Columns::classification("kind"), LossKind::SoftmaxCrossEntropy),
            false => (Columns::regression(["row"]), LossKind::MeanSquaredError),
        };
        let parts = Parts::of(&table, &columns, settings, loss)?;
        let numbers = |table: &Table| {
            (0..table.rows()).map(|row| table.value(row, 0).parse().unwrap()).collect()
        };
        let some = |table: Option<&Table>| table.map_or_else(Vec::new, numbers);
        Ok([numbers(parts.train()), some(parts.validation()), some(parts.test())])
    }

    fn settings(test_fraction: f64, validation_fraction: f64, seed: u64) -> Settings {
        Settings { test_fraction, validation_fraction, seed, ..Settings::default() }
    }

    #[test]
    fn fractions_decide_the_sizes() {
        for classes in [false, true] {
            for (test, validation, sizes) in [(0.2, 0.25, [60, 20, 20]), (0.0, 0.0, [100, 0, 0])] {
                let parts = parts(100, &settings(test, validation, 0), classes).unwrap();
                assert_eq!(parts.map(|part| part.len()), sizes);
            }
        }
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_part_and_in_its_order(
            rows in 10_usize..80, test in 0.0..0.5, validation in 0.0..0.5, seed: u64, classes: bool,
        ) {
            let Ok(parts) = parts(rows, &settings(test, validation, seed), classes) else {
                // No row to validate with.
                return Ok(());
            };
            prop_assert!(parts.iter().all(|part| part.is_sorted()), "{parts:?}");
            let mut all = parts.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..rows).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_part_has_its_share_of_each_class() {
        for part in parts(100, &settings(0.2, 0.25, 0), true).unwrap() {
            let cats = part.iter().filter(|&&row| row % 5 == 0).count();
            assert_eq!(5 * cats, part.len(), "{part:?}");
        }
    }

    #[test]
    fn more_validation_rows_take_none_of_the_test_rows() {
        let test =
            |validation| parts(100, &settings(0.2, validation, 0), false).unwrap()[2].clone();
        assert_eq!(test(0.0), test(0.5));
    }

    /// The line of the second class of such a pair.
    #[test]
    fn classes_that_differ_only_in_case_are_refused_unless_declared() {
        let table = |classes: [&str; 3], is_declared| {
            let rows: String = (0..30).map(|row| format!("{row},{}\n", classes[row % 3])).collect();
            let options = match is_declared {
                true => CsvOptions::new().column("kind", Kind::Categorical),
                false => CsvOptions::new(),
            };
            Table::from_reader("data", format!("x,kind\n{rows}").as_bytes(), &options).unwrap()
        };
        let parts = |table: &Table| {
            let loss = LossKind::SoftmaxCrossEntropy;
            Parts::of(table, &Columns::classification("kind"), &Settings::default(), loss)
        };
        let mixed = ["no", "yes", "Yes"];
        match parts(&table(mixed, false)) {
            Err(Error::ClassesAlike { place, found, other }) => {
                assert_eq!((place.line, found.as_str(), other.as_str()), (3, "yes", "Yes"));
            }
            other => panic!("expected an error, found {other:?}"),
        }
        for classes in
            [["no", "yes", "yes\u{200b}"], ["a b", "c", "a\u{a0}b"], ["0", "True", "False"]]
        {
            let error = parts(&table(classes, false)).unwrap_err();
            assert!(matches!(error, Error::ClassesAlike { .. }), "{error}");
        }
        parts(&table(["a", "b", "c"], false)).unwrap();
        let declared = parts(&table(mixed, true)).unwrap();
        assert_eq!(declared.encoder().target_width(), 3);
    }
}

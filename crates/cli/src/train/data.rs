//! From a file to rows: to train with, to validate with, to test with.

use anyhow::{Context, anyhow, bail, ensure};
use nnfs::datasets::{
    Columns, CsvError, CsvOptions, Encoder, Kind, Selector, SplitError, Table, Target,
    stratified_split, train_test_split,
};
use nnfs::layers::rand::rngs::ChaCha8Rng;

use super::draws::Draws;
use super::options::{LossKind, Task, TrainOptions};
use crate::UsageError;
use crate::output::count;

/// More inputs than these are a mistake in the file rather than a table.
const MOST_INPUTS: usize = 100_000;

/// A table in three parts, and how it becomes numbers.
#[derive(Debug)]
pub(crate) struct Data {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    pub(crate) encoder: Encoder,
    pub(crate) train: Table,
    /// Drawn from the rows that are left when those of the test are taken away.
    pub(crate) validation: Option<Table>,
    pub(crate) test: Option<Table>,
}

impl Data {
    /// Reads the file and splits its rows; each part keeps the order of the file.
    ///
    /// The categories are those of the whole file, so that a rare one does not depend on the split.
    ///
    /// # Errors
    /// Whatever is wrong with the file, with file, line and column.
    pub(crate) fn read(options: &TrainOptions, loss: LossKind) -> anyhow::Result<Self> {
        let columns = columns(options)?;
        let mut csv = CsvOptions::new();
        for column in names(&options.categorical) {
            csv = csv.column(column, Kind::Categorical);
        }
        let (bytes, table) = options.data.read(csv)?;
        let encoder = Encoder::fit(&table, &columns).map_err(with_option)?;
        check(&table, &encoder, loss)?;

        let labels = encoder.labels(&table)?;
        let draws = Draws::new(options.seed);
        let split = |rows: &[usize], fraction, mut rng: ChaCha8Rng| {
            let labels = labels.as_deref();
            split(rows, labels, fraction, &mut rng).with_context(|| table.source().to_owned())
        };
        let all: Vec<usize> = (0..table.rows()).collect();
        let (rest, test) = split(&all, options.test_fraction, draws.test_rows())?;
        let fraction = options.validation_fraction;
        let (train, validation) = split(&rest, fraction, draws.validation_rows())?;
        ensure!(
            fraction == 0.0 || !validation.is_empty(),
            "{}: a validation fraction of {fraction} takes none of {} rows",
            table.source(),
            rest.len(),
        );
        let part = |rows: &[usize]| (!rows.is_empty()).then(|| table.select_rows(rows));
        Ok(Self {
            bytes,
            train: table.select_rows(&train),
            validation: part(&validation),
            test: part(&test),
            encoder,
        })
    }

    /// A line on what was read.
    pub(crate) fn summary(&self) -> String {
        format!("{}: {}", self.train.source(), self.contents())
    }

    /// What was read, but for where.
    pub(crate) fn contents(&self) -> String {
        let rows = |table: &Option<Table>| table.as_ref().map_or(0, Table::rows);
        let (train, validation, test) =
            (self.train.rows(), rows(&self.validation), rows(&self.test));
        let target = match self.encoder.target() {
            Target::Numbers(names) => names.join(", "),
            Target::Classes { name, labels } => format!("{name} ({} classes)", labels.len()),
        };
        format!(
            "{} ({train} to train, {validation} to validate, {test} to test), {} as {}, \
             target {target}",
            count(train + validation + test, "row"),
            count(self.encoder.input_columns().len(), "column"),
            count(self.encoder.input_width(), "input"),
        )
    }
}

/// Names the options that mend what a column has wrong.
fn with_option(error: CsvError) -> anyhow::Error {
    match error {
        CsvError::MostlyNumbers { .. } => {
            anyhow!("{error}; see --categorical and --ignore")
        }
        CsvError::MissingColumn { ref found, .. } if found.contains([';', '\t', '|']) => {
            anyhow!("{error}; see --delimiter")
        }
        error => error.into(),
    }
}

/// Splits some rows of a table in two, each in the order of the table; of classes, both parts have
/// their share.
fn split(
    rows: &[usize],
    labels: Option<&[usize]>,
    fraction: f64,
    rng: &mut ChaCha8Rng,
) -> Result<(Vec<usize>, Vec<usize>), SplitError> {
    let (mut kept, mut taken) = match labels {
        Some(labels) => {
            let labels: Vec<usize> = rows.iter().map(|&row| labels[row]).collect();
            stratified_split(&labels, fraction, rng)?
        }
        None => train_test_split(rows.len(), fraction, rng)?,
    };
    for part in [&mut kept, &mut taken] {
        part.iter_mut().for_each(|index| *index = rows[*index]);
        part.sort_unstable();
    }
    Ok((kept, taken))
}

/// Which columns are inputs and which targets.
fn columns(options: &TrainOptions) -> anyhow::Result<Columns> {
    let mut targets = names(&options.target);
    let twice = (1..targets.len()).find(|&index| targets[..index].contains(&targets[index]));
    if let Some(index) = twice {
        bail!(UsageError(format!("--target {} stands there twice", targets[index])));
    }
    if targets.is_empty() {
        bail!(UsageError("--target takes the name of a column, found none".to_owned()));
    }
    let columns = match options.task {
        Task::Regression => Columns::regression(targets),
        Task::Classification => {
            let count = targets.len();
            let target = targets.pop().filter(|_| count == 1);
            let Some(target) = target else {
                bail!(UsageError(format!(
                    "--task classification takes one column as --target, found {count}"
                )));
            };
            Columns::classification(target)
        }
    };
    Ok(columns.ignore(names(&options.ignore)))
}

/// The columns that options name: each is a line of CSV, where a name with a comma stands in quotes.
fn names(options: &[String]) -> Vec<Selector> {
    let mut names = Vec::new();
    for option in options {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(option.as_bytes());
        for record in reader.records().flatten() {
            names.extend(record.iter().map(|name| Selector::from(name.trim())));
        }
    }
    names
}

/// What training asks of a table beyond what its columns do.
fn check(table: &Table, encoder: &Encoder, loss: LossKind) -> anyhow::Result<()> {
    let (file, inputs) = (table.source(), encoder.input_width());
    if inputs > MOST_INPUTS {
        let mut width = 0;
        let beyond = encoder.input_columns().iter().find(|input| {
            width += input.coding.width();
            width > MOST_INPUTS
        });
        let name = beyond.map_or("", |input| &input.name);
        bail!(
            "{file}, line 1, column {name:?}: expected columns for at most {MOST_INPUTS} inputs, found {inputs}"
        );
    }
    let Target::Classes { name, labels } = encoder.target() else { return Ok(()) };
    let (first, last) = (table.line(0), table.line(table.rows() - 1));
    let place = format!("{file}, lines {first} to {last}, column {name:?}");
    let classes = labels.len();
    match (loss, classes) {
        (_, 0 | 1) => {
            bail!("{place}: expected at least 2 classes, found only {:?}", labels.names()[0])
        }
        (LossKind::BinaryCrossEntropy, 3..) => {
            bail!("{place}: expected 2 classes for --loss binary-cross-entropy, found {classes}")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::options::parse;

    /// The rows of each part of a table of 100 rows: the number that stands in each.
    fn parts(words: &str) -> [Vec<usize>; 3] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data.csv");
        let rows =
            (0..100).map(|row| format!("{row},{}\n", ["cat", "dog"][usize::from(row % 5 > 0)]));
        std::fs::write(&file, format!("row,kind\n{}", rows.collect::<String>())).unwrap();
        let options = parse(&format!("{} {words}", file.display()));
        let Data { train, validation, test, .. } =
            Data::read(&options, options.loss().unwrap()).unwrap();
        let numbers = |table: &Table| {
            (0..table.rows()).map(|row| table.value(row, 0).parse().unwrap()).collect()
        };
        let some = |table: Option<Table>| table.as_ref().map_or_else(Vec::new, numbers);
        [numbers(&train), some(validation), some(test)]
    }

    #[test]
    fn every_row_is_in_one_part_and_in_its_order() {
        for task in ["--target kind --task classification", "--target row --task regression"] {
            for (fractions, sizes) in [("0.2 0.25", [60, 20, 20]), ("0 0", [100, 0, 0])] {
                let (test, validation) = fractions.split_once(' ').unwrap();
                let words =
                    format!("{task} --test-fraction {test} --validation-fraction {validation}");
                let parts = parts(&words);
                assert_eq!(parts.each_ref().map(Vec::len), sizes);
                assert!(parts.iter().all(|part| part.is_sorted()), "{parts:?}");
                let mut all = parts.concat();
                all.sort_unstable();
                assert_eq!(all, (0..100).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn every_part_has_its_share_of_each_class() {
        let words = "--target kind --task classification --validation-fraction 0.25";
        for part in parts(words) {
            // Every fifth row is a cat.
            let cats = part.iter().filter(|&&row| row % 5 == 0).count();
            assert_eq!(5 * cats, part.len(), "{part:?}");
        }
    }

    #[test]
    fn more_rows_to_validate_with_take_none_of_the_test() {
        let test = |validation| {
            let words = "--target row --task regression --validation-fraction";
            let [_, _, test] = parts(&format!("{words} {validation}"));
            test
        };
        assert_eq!(test("0"), test("0.5"));
    }
}

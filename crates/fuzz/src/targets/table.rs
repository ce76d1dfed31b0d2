//! CSV files.

use nnfs::datasets::{Columns, CsvError, CsvOptions, Encoder, Scale, StandardScaler, Table};
use nnfs::tensor::Tensor;

use super::check_error;

/// Reads a table, writes it and reads it again, and encodes it.
///
/// The first byte chooses the options, the others are the file.
///
/// # Panics
/// If a promise is broken.
pub fn table(bytes: &[u8]) -> bool {
    let Some((&choice, file)) = bytes.split_first() else { return false };
    let table = match Table::from_reader("data.csv", file, &options(choice)) {
        Ok(table) => table,
        Err(error) => {
            check_error(&error);
            return false;
        }
    };
    for note in table.notes() {
        assert!(!note.to_string().is_empty());
    }
    check_written(&table, choice);
    let last = table.names().len() - 1;
    for columns in [Columns::regression([last]), Columns::classification(last)] {
        match Encoder::fit(&table, &columns) {
            Ok(encoder) => check_encoder(&table, &encoder),
            Err(error) => check_error(&error),
        }
    }
    true
}

/// The options that a byte chooses. The memory of other threads would not be counted.
fn options(choice: u8) -> CsvOptions {
    let options = CsvOptions::new().threads(1).header(choice & 1 == 0);
    let options = match choice >> 1 & 3 {
        0 => options,
        1 => options.delimiter(b','),
        2 => options.delimiter(b';'),
        _ => options.delimiter(b'\t'),
    };
    marks(options, choice)
}

/// The options of numbers that a byte chooses.
fn marks(options: CsvOptions, choice: u8) -> CsvOptions {
    let options = if choice >> 3 & 1 == 1 { options.decimal(',') } else { options };
    match choice >> 4 & 3 {
        1 => options.thousands('.'),
        2 => options.thousands(','),
        3 => options.thousands('\''),
        _ => options,
    }
}

/// What is written is read as the same table.
fn check_written(table: &Table, choice: u8) {
    let mut written = Vec::new();
    table.write(&mut written).expect("a vector takes everything");
    let options = marks(CsvOptions::new().threads(1).delimiter(b','), choice);
    let again = Table::from_reader("data.csv", written.as_slice(), &options);
    let again = again.expect("what was written can be read");
    let content = |table: &Table| -> Vec<(String, Vec<String>)> {
        let values =
            |column| (0..table.rows()).map(move |row| table.value(row, column).into_owned());
        table
            .names()
            .enumerate()
            .map(|(at, name)| (name.to_owned(), values(at).collect()))
            .collect()
    };
    assert_eq!(content(&again), content(table), "another table after writing");
    for column in 0..table.names().len() {
        assert_eq!(again.kind(column), table.kind(column), "another kind of column {column}");
    }
}

/// The table of the training is encoded, and what has learned from it is written and read back equal.
fn check_encoder(table: &Table, encoder: &Encoder) {
    let text = serde_json::to_string(encoder).expect("an encoder is written as JSON");
    let again: Encoder = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(again, *encoder);
    match encode(table, encoder) {
        Ok((inputs, targets)) => {
            assert_eq!(inputs.shape(), (table.rows(), encoder.input_width()));
            assert_eq!(targets.shape(), (table.rows(), encoder.target_width()));
            let decoded = encoder.decode(&targets).expect("targets are decoded");
            assert_eq!(decoded.rows(), table.rows());
            check_scaler(&inputs);
        }
        Err(error) => check_error(&error),
    }
}

fn encode(table: &Table, encoder: &Encoder) -> Result<(Tensor<f64>, Tensor<f64>), CsvError> {
    Ok((encoder.inputs(table)?, encoder.targets(table)?))
}

fn check_scaler(inputs: &Tensor<f64>) {
    let scaler = match StandardScaler::fit(inputs) {
        Ok(scaler) => scaler,
        Err(error) => return check_error(&error),
    };
    let text = serde_json::to_string(&scaler).expect("a scaler is written as JSON");
    let again: StandardScaler = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(again, scaler);
    let mut scaled = Tensor::<f64>::default();
    scaler.transform_to(inputs, &mut scaled).expect("the columns of the training");
    assert!(scaled.iter().all(|number: &f64| !number.is_infinite()), "an infinite input");
}

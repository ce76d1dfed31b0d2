//! The inputs of a table, one column after another.

use std::ops::Range;

use nnfs_datasets::{Columns, CsvError, Encoder, Table};
use nnfs_tensor::Tensor;

/// The index and the bits of each column of numbers.
type Inputs = Vec<(usize, Vec<u64>)>;

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

fn inputs_of(encoder: &Encoder, columns: Range<usize>, table: &Table) -> Inputs {
    let mut found = Vec::new();
    let each = |input, numbers: &[f64]| {
        found.push((input, bits(numbers)));
        Ok::<_, CsvError>(())
    };
    encoder.for_each_input_of(columns, table, each).unwrap();
    found
}

/// Columns of one, two, no, three and two inputs.
fn mixed() -> (Encoder, Table) {
    let rows = [
        ["1.5", "", "7", "red", "2024-03-01", "1"],
        ["2.5", "4", "7", "blue", "2024-07-02", "2"],
        ["2.5", "5", "7", "green", "2025-01-03", "3"],
    ];
    let names = ["number", "or missing", "same", "word", "date", "y"];
    let table = Table::from_rows("t", &names, rows).unwrap();
    (Encoder::fit(&table, &Columns::regression(["y"])).unwrap(), table)
}

#[test]
fn they_are_the_columns_of_all_inputs() {
    let (encoder, table) = mixed();
    let all: Tensor<f64> = encoder.inputs(&table).unwrap();
    assert_eq!(all.column(3).as_slice(), [0.0, 1.0, 0.0], "word=blue");
    let expected: Inputs =
        all.column_iter().map(|column| bits(column.as_slice())).enumerate().collect();
    let mut found = Vec::new();
    let each = |input, numbers: &[f64]| {
        found.push((input, bits(numbers)));
        Ok::<_, CsvError>(())
    };
    encoder.for_each_input(&table, each).unwrap();
    assert_eq!(found, expected);
    // Some of the columns, whose inputs keep their indices.
    let widths: Vec<usize> =
        encoder.input_columns().iter().map(|input| input.coding.width()).collect();
    for start in 0..=widths.len() {
        for end in start..=widths.len() {
            let inputs = widths[..start].iter().sum()..widths[..end].iter().sum();
            assert_eq!(inputs_of(&encoder, start..end, &table), expected[inputs], "{start}..{end}");
        }
    }
}

#[test]
fn constant_columns_have_one_input_together() {
    let rows = [["7", "a", "1"], ["7", "a", "2"]];
    let table = Table::from_rows("t", &["number", "word", "y"], rows).unwrap();
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    let nothing = vec![(0, bits(&[0.0; 2]))];
    assert_eq!(inputs_of(&encoder, 0..2, &table), nothing);
    assert_eq!(inputs_of(&encoder, 0..1, &table), []);
    assert_eq!(inputs_of(&encoder, 1..2, &table), nothing);
}

#[test]
fn the_first_error_ends_it() {
    let (encoder, table) = mixed();
    let error = || CsvError::NoColumns { file: "t".to_owned(), what: "data" };
    for last in [0, 4] {
        let mut calls = 0;
        let found = encoder.for_each_input(&table, |input, _| {
            calls += 1;
            if input == last { Err(error()) } else { Ok(()) }
        });
        assert!(matches!(found, Err(CsvError::NoColumns { .. })));
        assert_eq!(calls, last + 1);
    }
}

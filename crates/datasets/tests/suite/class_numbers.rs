//! Classes and constants that are numbers in the notation of their table.
#![cfg(feature = "csv")]

use nnfs_datasets::{
    Coding, Columns, CsvError, CsvOptions, Encoder, Missing, Table, Target, Unknown,
};

/// A file with decimal commas and points between groups of digits.
fn read(text: &str) -> Table {
    let options = CsvOptions::new().delimiter(b';').decimal(',').thousands('.');
    Table::from_reader("data.csv", text.as_bytes(), &options).unwrap()
}

fn plain(text: &str) -> Table {
    Table::from_reader("data.csv", text.as_bytes(), &CsvOptions::new()).unwrap()
}

fn classes(table: &Table) -> Encoder {
    Encoder::fit(table, &Columns::classification("y")).unwrap()
}

#[test]
fn classes_with_points_between_groups_of_digits_are_these_numbers() {
    let table = read("x;y\n1;1\n2;1.000\n3;1\n4;1.000\n5;1,5\n6;1,5\n");
    let encoder = classes(&table);
    assert_eq!(encoder.target_names(), ["1", "1.5", "1000"]);
    assert_eq!(encoder.labels(&table).unwrap().unwrap(), [0, 2, 0, 2, 1, 1]);
    // The same numbers, written plainly.
    let other = plain("x,y\n1,1000\n2,1\n3,1.5\n");
    assert_eq!(encoder.labels(&other).unwrap().unwrap(), [2, 0, 1]);
    let Target::Classes { labels, .. } = encoder.target() else { panic!() };
    assert_eq!(labels.len(), 3);
}

/// Whole numbers may be more classes than numbers with a fraction.
#[test]
fn groups_of_digits_are_no_fraction() {
    let rows: String = (0..120).map(|row| format!("{row};{}.500\n", 1 + row % 15)).collect();
    assert_eq!(classes(&read(&format!("x;y\n{rows}"))).target_width(), 15);
}

#[test]
fn a_constant_with_groups_of_digits_is_that_number() {
    for last in ["1.000", ""] {
        let table = read(&format!("x;y;z\n1;1;1.000\n2;2;1.000\n3;4;{last}\n"));
        let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
        match &encoder.input_columns()[1].coding {
            Coding::Constant { value, .. } | Coding::ConstantOrMissing { value } => {
                assert_eq!(value, "1000");
            }
            other => panic!("{other:?}"),
        }
        let findings = encoder.check(&table, Missing::Fill, Unknown::Accept).unwrap();
        assert_eq!(findings.len(), usize::from(last.is_empty()), "{findings:?}");
    }
}

#[test]
fn classes_have_the_unit_of_the_training_rows() {
    let table = plain("x,y\n1,5 kg\n2,10 kg\n3,5 kg\n4,10 kg\n");
    let encoder = classes(&table);
    assert_eq!(encoder.target_names(), ["5", "10"]);
    assert_eq!(encoder.labels(&table).unwrap().unwrap(), [0, 1, 0, 1]);
    for other in ["x,y\n1,5 g\n2,10 g\n", "x,y\n1,5\n2,10\n", "x,y\n1,5%\n2,10%\n"] {
        let other = plain(other);
        let error = encoder.labels(&other).unwrap_err();
        assert!(matches!(error, CsvError::OtherUnit { .. }), "{error}");
        let error = encoder.targets::<f64>(&other).unwrap_err();
        assert!(matches!(error, CsvError::OtherUnit { .. }), "{error}");
    }
}

//! How numbers are written in training, and in another table.
#![cfg(feature = "csv")]

use nnfs_datasets::{
    Coding, Columns, CsvError, CsvOptions, Encoder, Found, Missing, Table, Unknown,
};

use crate::helpers::{check, fit, table};

#[test]
fn an_encoder_keeps_the_marks_and_units_of_its_training_rows() {
    let options = CsvOptions::new().decimal(',').thousands('.');
    let csv = "x;y\n1.234,5 kg;1\n2,5 kg;2\n";
    let read = Table::from_reader("t", csv.as_bytes(), &options).unwrap();
    let encoder = fit(&read).unwrap();
    let format = encoder.number_format();
    assert_eq!((format.decimal(), format.thousands()), (',', Some('.')));
    assert_eq!((format.unit("x"), format.unit("y")), (Some("kg"), None));
    let plain = fit(&table(["1.5", "2.5"])).unwrap();
    assert_eq!((plain.number_format().decimal(), plain.number_format().thousands()), ('.', None));
}

#[test]
fn numbers_of_another_unit_are_refused() {
    let other = |train: [&str; 2], values: [&str; 2]| {
        let encoder = fit(&table(train)).unwrap();
        match encoder.inputs::<f64>(&table(values)) {
            Err(CsvError::OtherUnit { place, unit, .. }) => {
                Some((place.line, unit.map(String::from)))
            }
            other => {
                other.unwrap();
                None
            }
        }
    };
    let line = |line, unit: Option<&str>| Some((line, unit.map(str::to_owned)));
    assert_eq!(other(["1 kg", "2 kg"], ["3 kg", "4 kg"]), None);
    assert_eq!(other(["1 kg", "2 kg"], ["3 g", "4 g"]), line(1, Some("g")));
    assert_eq!(other(["1 kg", "2 kg"], ["", "4 g"]), line(2, Some("g")));
    assert_eq!(other(["1 kg", "2 kg"], ["3", "4"]), line(1, None));
    assert_eq!(other(["1 kg", "2 kg"], ["", "4"]), line(2, None));
    assert_eq!(other(["1", "2"], ["3 kg", "4 kg"]), line(1, Some("kg")));
    assert_eq!(other(["1 %", "2 %"], ["3%", "4%"]), None);
    assert_eq!(other(["1 %", "2 %"], ["3 kg", "4 kg"]), line(1, Some("kg")));
    assert_eq!(other(["1 kg", "2 kg"], ["", ""]), None, "there is no number");
    // A constant has a unit, too; words have none.
    assert_eq!(other(["1 kg", "1 kg"], ["1 g", "1 g"]), line(1, Some("g")));
    assert_eq!(other(["a", "b"], ["3 kg", "4 kg"]), None);
    assert_eq!(other(["a", "a"], ["3 kg", "4 kg"]), None);
}

#[test]
fn a_currency_may_be_left_out_or_added() {
    for (train, values, units) in [
        (["$1", "$2"], ["3", "4"], (Some("$"), None)),
        (["1", "2"], ["$3", "$4"], (None, Some("$"))),
    ] {
        let encoder = fit(&table(train)).unwrap();
        let new = table(values);
        assert_eq!(encoder.inputs::<f64>(&new).unwrap().as_slice(), [3.0, 4.0]);
        let findings = check(&encoder, &new);
        let [finding] = &findings[..] else { panic!("{findings:?}") };
        let (expected, unit) = (units.0.map(str::to_owned), units.1.map(str::to_owned));
        assert_eq!(finding.what, Found::OtherUnit { expected, unit });
        assert_eq!((finding.place.line, finding.rows, &*finding.found), (1, 2, values[0]));
    }
    let euros = fit(&table(["1 €", "2 €"])).unwrap();
    assert!(matches!(euros.inputs::<f64>(&table(["$1", "$2"])), Err(CsvError::OtherUnit { .. })));
}

/// `1.234` has two meanings where semicolons separate the values, also as a class, but is not read where words were.
#[test]
fn numbers_with_two_meanings_are_refused_where_numbers_are_expected() {
    let csv = "x;y\n1.234;0\n2.345;1\n1.234;0\n2.345;1\n";
    let new = Table::from_reader("t", csv.as_bytes(), &CsvOptions::new()).unwrap();
    let error = Encoder::fit(&new, &Columns::classification("x")).unwrap_err();
    assert!(matches!(error, CsvError::NumberFormat { .. }), "{error}");
    for (train, is_read) in
        [(["1", "2"], false), (["1", "1"], false), (["a", "b"], true), (["a", "a"], true)]
    {
        let found = fit(&table(train)).unwrap().inputs::<f64>(&new);
        assert_eq!(found.is_ok(), is_read, "{train:?}: {found:?}");
    }
}

#[test]
fn numbers_that_differ_by_rounding_are_one() {
    // Neighbors of double precision; then with 16 numbers between them.
    let encoder = fit(&table(["1000000.1", "1000000.1000000001"])).unwrap();
    assert!(matches!(encoder.input_columns()[0].coding, Coding::Constant { .. }));
    let encoder = fit(&table(["1000000.1", "1000000.100000002"])).unwrap();
    assert_eq!(encoder.input_columns()[0].coding, Coding::Number);
}

#[test]
fn a_table_of_predictions_counts_its_lines_from_one() {
    let encoder = fit(&table(["1", "2"])).unwrap();
    let predictions = nnfs_tensor::Tensor::<f64>::from_column_slice(3, 1, &[0.5, 1.5, 2.5]);
    let decoded = encoder.decode(&predictions).unwrap();
    assert_eq!([0, 1, 2].map(|row| decoded.line(row)), [1, 2, 3]);
    assert_eq!(decoded.value(2, 0), "2.5");
}

/// One word in a column with units makes words of all its values. The error names the word and not the others.
#[test]
fn a_word_among_numbers_with_a_unit_is_named() {
    let table = |values: &[&str]| {
        let rows: String = values.iter().map(|value| format!("{value},{value}\n")).collect();
        Table::from_reader("t", format!("x,y\n{rows}").as_bytes(), &CsvOptions::new()).unwrap()
    };
    let training = table(&["24.6%", "58.5%", "7%"]);
    let encoder = Encoder::fit(&training, &Columns::regression(["y"])).unwrap();
    for (values, line, found) in [
        (&["24.6%", "n.v.", "58.5%"][..], 3, "n.v."),
        (&["24.6%", "", "58.5 %", "Total"], 5, "Total"),
        (&["Total", "24.6%"], 2, "Total"),
        (&["24.6%", "NA", "n.v.", "12 kg"], 4, "n.v."),
    ] {
        let new = table(values);
        let errors = [
            encoder.inputs::<f64>(&new).unwrap_err(),
            encoder.check(&new, Missing::Fill, Unknown::Accept).unwrap_err(),
            encoder.targets::<f64>(&new).unwrap_err(),
        ];
        for error in errors {
            let message = error.to_string();
            assert!(message.contains(&format!("line {line}, column")), "{message}");
            assert!(message.contains(&format!("found {found:?}")), "{message}");
            assert!(!message.contains("write the number without \"%\""), "{message}");
        }
    }
}

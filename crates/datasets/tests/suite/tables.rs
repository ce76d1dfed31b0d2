//! What tables hold, and what an encoder makes of them.

#[cfg(feature = "csv")]
use nnfs_datasets::CsvOptions;
use nnfs_datasets::{
    Coding, Columns, CsvError, Encoder, Kind, LabelError, Labels, Missing, Table, Target, Unknown,
};
use nnfs_tensor::Tensor;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

fn pens() -> Table {
    let names = ["length", "color", "price", "grade"];
    let rows = [
        ["1.5", "red", "10", "10"],
        ["2.5", "blue", "20", "9"],
        ["3.5", "red", "30", "10"],
        ["4.5", "green", "40", "2"],
    ];
    Table::from_rows("pens", &names, rows).unwrap()
}

#[test]
fn declared_words_are_not_compared_as_numbers() {
    let target = Target::Classes { name: "y".to_owned(), labels: Labels::words(["07", "7"]) };
    let table = |value: &str| Table::from_rows("t", &["y"], [[value]]).unwrap();
    assert_eq!(target.labels(&table("7")).unwrap(), Some(vec![1]));
    let error = target.labels(&table("7.0")).unwrap_err();
    assert!(matches!(error, CsvError::UnknownCategory { .. }), "{error}");
}

#[test]
fn a_table_has_columns() {
    let error = Table::from_rows("t", &[], [["a"]]).unwrap_err();
    assert!(matches!(error, CsvError::NoColumns { .. }), "{error}");
    let rows: [[&str; 0]; 1] = [[]];
    assert!(Table::from_rows("t", &[], rows).is_err());
}

/// A column without a name and a value is left out, and the others keep their positions.
#[cfg(feature = "csv")]
#[test]
fn positions_are_those_of_the_file() {
    let text = "a,,b,b\n1,,2,3\n4,,5,6\n";
    let read = Table::from_reader("t", text.as_bytes(), &CsvOptions::new());
    let table = read.unwrap();
    assert_eq!(table.column(&2.into()).unwrap(), 1);
    assert!(matches!(table.column(&1.into()), Err(CsvError::MissingColumn { .. })));
    let error = table.column(&"b".into()).unwrap_err();
    assert!(matches!(error, CsvError::DuplicateColumn { first: 3, second: 4, .. }), "{error}");
}

#[test]
fn what_columns_hold() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let rows = [["1", "x", "1", "", "inf", "NA"], ["-2e3", "2", " 2 ", "", "1", "x"]];
    let table = Table::from_rows("t", &names, rows).unwrap();
    let kinds: Vec<Kind> = (0..6).map(|column| table.kind(column)).collect();
    let (n, c) = (Kind::Numeric, Kind::Categorical);
    assert_eq!(kinds, [n, c, n, c, n, c]);
    assert_eq!(table.value(1, 2), "2");
    assert_eq!((table.source(), table.rows(), table.line(1)), ("t", 2, 2));
}

#[test]
fn an_unused_column_may_hold_anything() {
    let table =
        Table::from_rows("t", &["x", "y", "z"], [["1", "2", "1"], ["2", "3", "inf"]]).unwrap();
    assert!(Encoder::fit(&table, &Columns::regression(["y"])).is_err());
    let encoder = Encoder::fit(&table, &Columns::regression(["y"]).ignore(["z"])).unwrap();
    assert_eq!(encoder.inputs::<f64>(&table).unwrap().as_slice(), [1.0, 2.0]);
}

#[test]
fn regression() {
    let table = pens();
    let columns = Columns::regression(["price", "length"]).inputs(["color"]);
    let encoder = Encoder::fit(&table, &columns).unwrap();
    assert_eq!(encoder.input_names(), ["color=blue", "color=green", "color=red"]);
    assert_eq!((encoder.input_width(), encoder.target_width()), (3, 2));
    let colors = Labels::new(["red", "blue", "green"]);
    assert_eq!(encoder.input_columns()[0].coding, Coding::OneHot(colors));
    assert_eq!(*encoder.target(), Target::Numbers(vec!["price".into(), "length".into()]));
    #[rustfmt::skip]
    let inputs = Tensor::from_row_slice(4, 3, &[
        0.0, 0.0, 1.0,
        1.0, 0.0, 0.0,
        0.0, 0.0, 1.0,
        0.0, 1.0, 0.0,
    ]);
    assert_eq!(encoder.inputs::<f64>(&table).unwrap(), inputs);
    let targets = encoder.targets::<f64>(&table).unwrap();
    assert_eq!(targets.as_slice(), [10.0, 20.0, 30.0, 40.0, 1.5, 2.5, 3.5, 4.5]);
    assert_eq!(encoder.labels(&table).unwrap(), None);
}

#[test]
fn classification() {
    let table = pens();
    let encoder = Encoder::fit(&table, &Columns::classification("grade")).unwrap();
    assert_eq!(encoder.target_names(), ["2", "9", "10"], "sorted as numbers");
    assert_eq!(encoder.labels(&table).unwrap().unwrap(), [2, 1, 2, 0]);
    let targets = encoder.targets::<f32>(&table).unwrap();
    assert_eq!(targets.shape(), (4, 3));
    let decoded = encoder.decode(&targets).unwrap();
    let grades: Vec<_> = (0..4).map(|row| decoded.value(row, 0)).collect();
    assert_eq!(grades, ["10", "9", "10", "2"]);
    assert_eq!(decoded.names().collect::<Vec<_>>(), ["grade"]);
}

#[test]
fn the_order_of_columns_does_not_matter_and_targets_are_not_needed() {
    let table = pens();
    let encoder = Encoder::fit(&table, &Columns::classification("grade")).unwrap();
    let permuted = Table::from_rows(
        "permuted",
        &["color", "extra", "grade", "price", "length"],
        [
            ["red", "?", "10", "10", "1.5"],
            ["blue", "", "9", "20", "2.5"],
            ["red", "x", "10", "30", "3.5"],
            ["green", "y", "2", "40", "4.5"],
        ],
    )
    .unwrap();
    assert_eq!(encoder.inputs::<f64>(&permuted), encoder.inputs::<f64>(&table));
    assert_eq!(encoder.targets::<f64>(&permuted), encoder.targets::<f64>(&table));
    let row = ["20", "blue", "2.5"];
    let bare = Table::from_rows("bare", &["price", "color", "length"], [row]).unwrap();
    let inputs = encoder.inputs::<f64>(&table).unwrap();
    assert_eq!(encoder.inputs::<f64>(&bare).unwrap().row(0), inputs.row(1));
}

#[test]
fn only_training_rows_are_learnt_from() {
    let table = pens();
    let (train, test) = (table.select_rows(&[0, 1, 2]), table.select_rows(&[3]));
    let encoder = Encoder::fit(&train, &Columns::regression(["price"])).unwrap();
    assert_eq!(encoder.input_width(), 1 + 2 + 1);
    assert_eq!(encoder.inputs::<f64>(&test).unwrap().as_slice(), [4.5, 0.0, 0.0, 2.0]);
    let error = encoder.check(&test, Missing::Fill, Unknown::Refuse).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"pens, line 4, column "color": expected one of "blue", "red", found "green", which training has not seen"#
    );
}

/// A table in which `column` is declared categorical.
#[cfg(feature = "csv")]
fn declared(csv: &str, column: &str) -> Table {
    let options = CsvOptions::new().column(column, Kind::Categorical);
    Table::from_reader("t", csv.as_bytes(), &options).unwrap()
}

#[cfg(feature = "csv")]
#[test]
fn a_declared_categorical_column_keeps_words_for_missing_values() {
    let table = declared("country,y\nNA,1\nFR,2\nnull,3\n?,4\nNaN,5\n", "country");
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    let Coding::OneHot(countries) = &encoder.input_columns()[0].coding else { panic!("words") };
    assert_eq!(countries.names(), ["?", "FR", "NA", "NaN", "null"]);
    assert_eq!(
        encoder.inputs::<f64>(&table).unwrap().row(0).iter().position(|&x| x == 1.0),
        Some(2)
    );
    // An empty value is still a missing one.
    let table = declared("country,y\nNA,1\n,2\n", "country");
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    assert_eq!(encoder.input_names(), ["country is missing", "country=NA"]);
}

#[cfg(feature = "csv")]
#[test]
fn a_class_may_be_called_na() {
    let table = declared("x,y\n1,NA\n2,EU\n3,NA\n", "y");
    let encoder = Encoder::fit(&table, &Columns::classification("y")).unwrap();
    assert_eq!(encoder.target_names(), ["EU", "NA"]);
    assert_eq!(encoder.labels(&table).unwrap().unwrap(), [1, 0, 1]);
    let decoded = encoder.decode(&encoder.targets::<f32>(&table).unwrap()).unwrap();
    assert_eq!(decoded.value(0, 0), "NA");
    // Another table need not declare the column again: the encoder knows its classes.
    let other = Table::from_rows("other", &["x", "y"], [["4", "NA"], ["5", "null"]]).unwrap();
    assert_eq!(encoder.labels(&other.select_rows(&[0])).unwrap().unwrap(), [1]);
    let error = encoder.labels(&other).unwrap_err();
    assert!(matches!(error, CsvError::MissingTarget { missing: 1, rows: 2, .. }), "{error}");
    assert_eq!(encoder.target().rows_with_targets(&other).unwrap(), [0]);
}

#[test]
fn numbers_beyond_the_tensor_are_refused() {
    let rows = [["1", "2"], ["1e39", "3"]];
    let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
    for (input, target) in [("x", "y"), ("y", "x")] {
        let columns = Columns::regression([target]).inputs([input]);
        let encoder = Encoder::fit(&table, &columns).unwrap();
        let single = [encoder.inputs::<f32>(&table), encoder.targets::<f32>(&table)];
        let error = single.into_iter().find_map(Result::err).expect("1e39 is beyond f32");
        let CsvError::OutOfRange { place, .. } = &error else { panic!("{error}") };
        assert_eq!((place.line, place.column.as_str()), (2, "x"));
        assert!(encoder.inputs::<f64>(&table).is_ok() && encoder.targets::<f64>(&table).is_ok());
    }
}

#[test]
fn predictions_have_the_width_of_the_targets() {
    let encoder = Encoder::fit(&pens(), &Columns::regression(["price", "length"])).unwrap();
    let error = encoder.decode(&Tensor::<f32>::zeros(2, 3)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "predictions: expected 2 columns, one for each target, found 2x3"
    );
    let decoded = encoder.decode(&Tensor::<f32>::from_element(1, 2, 0.1)).unwrap();
    assert_eq!(decoded.value(0, 1), "0.1", "the digits of single precision");
    assert_eq!(encoder.decode(&Tensor::<f32>::zeros(0, 2)).unwrap().rows(), 0);

    let encoder = Encoder::fit(&pens(), &Columns::classification("grade")).unwrap();
    let error = encoder.decode(&Tensor::<f32>::zeros(2, 1)).unwrap_err();
    assert_eq!(error.to_string(), "predictions: expected 3 columns, one for each class, found 2x1");
    let error = encoder.decode(&Tensor::from_element(1, 3, f64::NAN)).unwrap_err();
    assert_eq!(error, LabelError::Nan { row: 0, column: 0 });
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_order_of_columns_gives_the_same_tensors(
        rows in prop::collection::vec((-1e9..1e9_f64, "[a-c]", -9..9_i32, "[x-z]"), 1..20),
        order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let names = ["n", "c", "i", "t"];
        let rows: Vec<[String; 4]> = rows
            .into_iter()
            .map(|(n, c, i, t)| [n.to_string(), c, i.to_string(), t])
            .collect();
        let table = Table::from_rows("t", &names, &rows).unwrap();
        let permuted = Table::from_rows(
            "p",
            &order.map(|column| names[column]),
            rows.iter().map(|row| order.map(|column| row[column].clone())),
        )
        .unwrap();
        let encoder = Encoder::fit(&table, &Columns::classification("t")).unwrap();
        prop_assert_eq!(encoder.inputs::<f64>(&permuted), encoder.inputs::<f64>(&table));
        prop_assert_eq!(encoder.targets::<f64>(&permuted), encoder.targets::<f64>(&table));
        let other = Encoder::fit(&permuted, &Columns::classification("t").inputs(["n", "c", "i"]));
        prop_assert_eq!(other.unwrap(), encoder);
    }

    #[test]
    fn targets_are_decoded_to_what_they_were(
        rows in prop::collection::vec((any::<f64>().prop_filter("finite", |x| x.is_finite()), "[a-i]"), 1..20),
    ) {
        let rows: Vec<[String; 2]> = rows.into_iter().map(|(x, y)| [x.to_string(), y]).collect();
        let table = Table::from_rows("t", &["x", "y"], &rows).unwrap();
        let by_class = Encoder::fit(&table, &Columns::classification("y").inputs([0])).unwrap();
        let decoded = by_class.decode(&by_class.targets::<f32>(&table).unwrap()).unwrap();
        for (row, values) in rows.iter().enumerate() {
            prop_assert_eq!(&*decoded.value(row, 0), &values[1]);
        }
        let by_number = Encoder::fit(&table, &Columns::regression(["x"])).unwrap();
        let decoded = by_number.decode(&by_number.targets::<f64>(&table).unwrap()).unwrap();
        for (row, values) in rows.iter().enumerate() {
            let bits = |text: &str| text.parse().map(f64::to_bits);
            prop_assert_eq!(bits(&decoded.value(row, 0)), bits(&values[0]));
        }
    }
}

//! CSV files of many shapes, and of none.
#![cfg(feature = "csv")]

use std::borrow::Cow;
use std::fmt::Write;

use nnfs_datasets::{Columns, CsvError, CsvOptions, Encoder, Kind, Table};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

fn read(text: &str, options: &CsvOptions) -> Table {
    Table::from_reader("data.csv", text.as_bytes(), options).unwrap()
}

fn values(table: &Table) -> Vec<Vec<Cow<'_, str>>> {
    let columns = table.names().len();
    let row = |row| (0..columns).map(|column| table.value(row, column)).collect();
    (0..table.rows()).map(row).collect()
}

#[test]
fn from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.csv");
    std::fs::write(&path, "x,y\n1,2\n3,\n").unwrap();
    let table = Table::read(&path).unwrap();
    assert_eq!(values(&table), [["1", "2"], ["3", ""]]);
    let error = Encoder::fit(&table, &Columns::regression(["y"])).unwrap_err().to_string();
    let place = format!("{}, line 3, column \"y\"", path.display());
    assert!(error.starts_with(&format!("{place}: expected a target")), "{error}");
    let error = Table::read(folder.path()).unwrap_err();
    assert!(matches!(error, CsvError::Io { .. }), "a folder: {error:?}");
}

#[test]
fn quotes_spaces_line_ends_and_a_byte_order_mark() {
    let text = "\u{feff}name ,\"a \"\"b\"\"\"\r\n\"x, y\", 1 \r\n\r\nz,\"2\"";
    let table = read(text, &CsvOptions::new());
    assert_eq!(table.names().collect::<Vec<_>>(), ["name", "a \"b\""]);
    assert_eq!(values(&table), [["x, y", "1"], ["z", "2"]]);
    assert_eq!((table.line(0), table.line(1)), (2, 4));
    assert_eq!(table.kind(1), Kind::Numeric);
}

#[test]
fn without_a_header_and_with_another_delimiter() {
    let options = CsvOptions::new().header(false).delimiter(b';').column(2, Kind::Categorical);
    let table = read("1;2,5;3\n2;a;4\n", &options);
    assert_eq!(table.names().collect::<Vec<_>>(), ["0", "1", "2"]);
    assert_eq!(values(&table), [["1", "2,5", "3"], ["2", "a", "4"]]);
    assert_eq!((table.kind(0), table.kind(2)), (Kind::Numeric, Kind::Categorical));
    let encoder = Encoder::fit(&table, &Columns::regression(["0"]).inputs([2])).unwrap();
    assert_eq!(encoder.input_names(), ["2=3", "2=4"]);
}

#[test]
fn predictions_are_written() {
    let table = read("x,\"a, b\"\n1,red\n2,blue\n", &CsvOptions::new());
    let encoder = Encoder::fit(&table, &Columns::classification("a, b")).unwrap();
    let decoded = encoder.decode(&encoder.targets::<f32>(&table).unwrap()).unwrap();
    let mut written = Vec::new();
    decoded.write(&mut written).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), "\"a, b\"\nred\nblue\n");
}

/// Whatever can be done with a table of unknown content; the errors on the way.
fn use_all(bytes: &[u8], options: &CsvOptions) -> Result<(), CsvError> {
    let table = Table::from_reader("data.csv", bytes, options)?;
    let last = table.names().len() - 1;
    for columns in [Columns::regression([0]), Columns::classification(last)] {
        match Encoder::fit(&table, &columns) {
            Ok(encoder) => {
                let inputs = encoder.inputs::<f32>(&table)?;
                assert_eq!(inputs.shape(), (table.rows(), encoder.input_width()));
                let targets = encoder.targets::<f64>(&table)?;
                assert_eq!(encoder.decode(&targets).unwrap().rows(), table.rows());
            }
            Err(error) => assert_short(&error),
        }
    }
    let mut written = Vec::new();
    table.write(&mut written)?;
    let again = Table::from_reader("again", written.as_slice(), &CsvOptions::new())?;
    assert_eq!(values(&again), values(&table));
    Ok(())
}

fn assert_short(error: &CsvError) {
    let mut message = String::new();
    write!(message, "{error} {error:?}").unwrap();
    assert!(message.len() < 10_000, "{} bytes", message.len());
}

fn options() -> impl Strategy<Value = CsvOptions> {
    let kinds = prop_oneof![Just(None), Just(Some(Kind::Numeric)), Just(Some(Kind::Categorical))];
    (any::<bool>(), prop_oneof![Just(b','), any::<u8>()], kinds).prop_map(
        |(header, delimiter, kind)| {
            let options = CsvOptions::new().header(header).delimiter(delimiter);
            kind.map_or(options.clone(), |kind| options.column(0, kind))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        cases: 2000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>, options in options()) {
        if let Err(error) = use_all(&bytes, &options) {
            assert_short(&error);
        }
    }

    #[test]
    fn nor_does_what_looks_like_csv(text in "[ab1.\\-, \"\n\r\u{feff}]{0,60}", options in options()) {
        if let Err(error) = use_all(text.as_bytes(), &options) {
            assert_short(&error);
        }
    }

    #[test]
    fn nor_do_rows_of_one_length(
        rows in prop::collection::vec("(1|-2.5|a|b|NA|inf||\"\n\"),(0|1|x|é),(3|4e1)\r?\n", 0..8),
        options in options(),
    ) {
        if let Err(error) = use_all(rows.concat().as_bytes(), &options) {
            assert_short(&error);
        }
    }

    #[test]
    fn lines_are_counted_as_people_do(
        rows in prop::collection::vec("\n{0,2}(a|\"a\n\"|\"b\n\nc\"),1", 1..8), windows: bool,
    ) {
        let mut text = rows.join("\n");
        let mut expected = Vec::new();
        let mut line = 1;
        for row in &rows {
            let blank = row.len() - row.trim_start_matches('\n').len();
            expected.push(line + blank);
            line += row.matches('\n').count() + 1;
        }
        if windows {
            text = text.replace('\n', "\r\n");
        }
        let table = read(&text, &CsvOptions::new().header(false));
        let lines: Vec<usize> = (0..table.rows()).map(|row| table.line(row)).collect();
        prop_assert_eq!(lines, expected, "{:?}", text);
    }
}

//! Files as people have them: other delimiters, compressed, with columns and rows of nothing.
#![cfg(feature = "csv")]

use std::io::Write;

use flate2::write::GzEncoder;
use nnfs_datasets::{CsvError, CsvOptions, Note, QuoteError, Selector, Table};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

fn read(bytes: impl AsRef<[u8]>) -> Table {
    Table::from_reader("data.csv", bytes.as_ref(), &CsvOptions::new()).unwrap()
}

fn names(table: &Table) -> Vec<&str> {
    table.names().collect()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_delimiter_is_found_and_noted() {
    for (text, delimiter) in [("a;b\n1;2\n", ';'), ("a\tb\n1\t2\n", '\t'), ("a|b\n1|2\n", '|')] {
        let table = read(text);
        assert_eq!(names(&table), ["a", "b"]);
        let file = "data.csv".to_owned();
        assert_eq!(table.notes(), [Note::Delimiter { file, found: delimiter }]);
    }
    assert_eq!(read("a,b\n1,2\n").notes(), []);
    // A delimiter that is given is used, and not noted.
    let options = CsvOptions::new().delimiter(b';');
    let table = Table::from_reader("t", &b"a;b\n1;2\n"[..], &options).unwrap();
    assert_eq!((names(&table), table.notes()), (vec!["a", "b"], &[][..]));
}

#[test]
fn compressed_files_and_utf_16() {
    let text = "naïve 🦀,b\nx,1.50\ny,2\n";
    let plain = read(text);
    assert_eq!(read(gzip(text.as_bytes())), plain);
    // Two members, as some programs write them.
    let (first, second) = text.as_bytes().split_at(10);
    assert_eq!(read([gzip(first), gzip(second)].concat()), plain);
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let table = read(utf16(text, unit));
        assert_eq!(table, plain);
        assert_eq!(table.notes(), [Note::Utf16 { file: "data.csv".to_owned() }]);
        assert_eq!(read(gzip(&utf16(text, unit))), plain);
    }
    // Longer than what is decoded at once, with a pair of surrogates at every place.
    for shift in ["", "x"] {
        let long = format!("a{shift},b\n{}", "🦀,1\n".repeat(30_000));
        assert_eq!(read(utf16(&long, u16::to_le_bytes)), read(&long));
    }
}

#[test]
fn broken_files_are_refused() {
    let whole = gzip(b"a,b\n1,2\n");
    let odd = [&utf16("a,b\n1,2\n", u16::to_le_bytes)[..], b"x"].concat();
    for bytes in [&whole[..whole.len() - 4], &whole[..12], &odd[..], b"\xff\xfe\x00\xd8\x00\xd8"] {
        let error = Table::from_reader("t", bytes, &CsvOptions::new()).unwrap_err();
        assert!(matches!(error, CsvError::Io { .. }), "{error}");
    }
}

#[test]
fn columns_without_a_name() {
    let table = read(",a,,y,\n0,1,,2,\n1,3,,4,\n");
    assert_eq!(names(&table), ["", "a", "y"]);
    assert_eq!(table.notes(), [Note::NamelessColumns { file: "data.csv".to_owned(), columns: 2 }]);
    assert_eq!(table.column(&Selector::from("")), Ok(0));
    assert_eq!(table.value(1, 2), "4");
    // Columns that have a name, or a value, stay.
    assert_eq!(names(&read("a,b,\n1,,\n2,,x\n")), ["a", "b", ""]);
    assert_eq!(names(&read(",\n1,2\n")), ["", ""]);
}

#[test]
fn rows_without_a_value() {
    let rows = |table: &Table| (0..table.rows()).map(|row| table.line(row)).collect::<Vec<_>>();
    let file = || "data.csv".to_owned();
    let table = read("a,b\n1,2\n,\n3,4\n,\n , \n\n,\n");
    assert_eq!(rows(&table), [2, 3, 4]);
    let notes = [
        Note::RowsLeftOut { file: file(), line: 5, rows: 3 },
        Note::EmptyRows { file: file(), line: 3, rows: 1 },
    ];
    assert_eq!(table.notes(), notes);
    // A line of spaces is no row, unless the table has one column.
    assert_eq!(rows(&read("a,b\n1,2\n  \n3,4\n   ")), [2, 4]);
    assert_eq!(rows(&read("a\n1\n \n3\n \n")), [2, 3, 4]);
    let error = Table::from_reader("t", &b"a,b\n,\n,\n"[..], &CsvOptions::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "t: expected values below the header, found 2 rows without a value"
    );
}

/// What has to be equal for any number of threads.
fn all(result: &Result<Table, CsvError>) -> Result<Vec<(usize, Vec<String>)>, CsvError> {
    let table = result.as_ref().map_err(Clone::clone)?;
    let columns = table.names().len();
    let row = |row| (0..columns).map(|column| table.value(row, column).into_owned()).collect();
    Ok((0..table.rows()).map(|index| (table.line(index), row(index))).collect())
}

#[test]
fn the_number_of_threads_does_not_matter() {
    // Several blocks, with quotes, line ends in quotes, words, missing values and odd numbers.
    let row = |row: usize| match row % 7 {
        0 => format!("{row},\"a\n{row}\",x\r\n"),
        1 => format!("{row}.5,\"\"\"b\"\"\",NA\n"),
        2 => format!("1e{},c,\r\n\r\n", row % 9),
        3 => format!("-0.{row},d;\"e,+{row}\n"),
        _ => format!("{row},word {},{}\n", row % 100, row as f64 / 3.0),
    };
    let quoted: String = (0..120_000).map(row).collect();
    let plain = quoted.replace('"', "").replace("\n", "\r").replace("a\r", "a");
    for text in [format!("n,w,m\n{quoted}"), format!("n,w,m\r{plain}")] {
        assert!(text.len() > 2 << 20, "more than two blocks");
        let read = |threads| {
            let options = CsvOptions::new().delimiter(b',').threads(threads);
            Table::from_reader("t", text.as_bytes(), &options)
        };
        let one = read(1);
        assert!(one.as_ref().is_ok_and(|table| table.rows() == 120_000), "{one:?}");
        for threads in [2, 5] {
            assert_eq!(all(&read(threads)), all(&one));
        }
        // So does `csv`, value by value.
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let table = one.unwrap();
        for (row, record) in reader.records().enumerate() {
            for (column, value) in record.unwrap().iter().enumerate() {
                assert_eq!(table.value(row, column), value.trim(), "row {row}");
            }
        }
    }
}

#[test]
fn the_first_error_of_a_file_is_reported() {
    let rows = "1,2\n".repeat(1_000_000);
    let text = format!("a,b\n{rows}3\n{rows}4\n{rows}");
    for threads in [1, 2, 3] {
        let options = CsvOptions::new().threads(threads);
        let error = Table::from_reader("t", text.as_bytes(), &options).unwrap_err();
        assert!(matches!(error, CsvError::Ragged { line: 1_000_002, .. }), "{error}");
    }
}

#[test]
fn a_row_may_be_longer_than_a_block() {
    let long = "x".repeat(3 << 20);
    let table = read(format!("a,b\n1,{long}\n2,\"{long}\n\"\n3,y\n"));
    assert_eq!((table.rows(), table.line(2)), (3, 5));
    assert_eq!(table.value(1, 1), long);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        cases: 1000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn texts_are_written_and_read_back(
        rows in prop::collection::vec(
            ("[0-9.,eE+\\-]{0,12}", "[a-z\"\n\r,; %$é1]{0,6}", "-?[0-9]{1,18}\\.[0-9]{1,9}"), 1..20),
    ) {
        let rows: Vec<[String; 3]> = rows.into_iter().map(|(a, b, c)| [a, b, c]).collect();
        let table = Table::from_rows("t", &["a", "b", "c"], &rows).unwrap();
        let mut written = Vec::new();
        table.write(&mut written).unwrap();
        let options = CsvOptions::new().delimiter(b',');
        let again = match Table::from_reader("t", written.as_slice(), &options) {
            // A text whose lines all have as many delimiters as a row is refused, because its quote may
            // be stray.
            Err(CsvError::Quote(QuoteError::Stray { .. })) => {
                let has_rows = |text: &String| {
                    text.split(['\n', '\r']).filter(|line| line.contains(',')).count() >= 2
                };
                prop_assert!(rows.iter().any(|[_, text, _]| has_rows(text)), "{rows:?}");
                return Ok(());
            }
            again => again.unwrap(),
        };
        for (row, values) in rows.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                prop_assert_eq!(table.value(row, column), value.trim());
                prop_assert_eq!(again.value(row, column), value.trim());
            }
            prop_assert_eq!(again.kind(0), table.kind(0));
        }
        let chosen: Vec<usize> = (0..rows.len()).rev().step_by(2).collect();
        let view = again.select_rows(&chosen);
        for (row, &base) in chosen.iter().enumerate() {
            prop_assert_eq!(view.line(row), again.line(base));
            prop_assert_eq!(view.value(row, 1), again.value(base, 1));
        }
        let first = view.select_rows(&[0]);
        prop_assert_eq!(first.value(0, 0), again.value(chosen[0], 0));
    }

    #[test]
    fn random_bytes_behind_a_mark_never_panic(
        mark in prop::sample::select(vec![
            &b"\x1f\x8b\x08"[..], b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\xef\xbb\xbf", b"a;b\n",
        ]),
        bytes: Vec<u8>,
        compressed: bool,
    ) {
        let bytes = [mark, &bytes].concat();
        let bytes = if compressed { gzip(&bytes) } else { bytes };
        let _ = Table::from_reader("t", bytes.as_slice(), &CsvOptions::new());
    }
}

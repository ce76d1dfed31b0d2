//! Every mistake that a CSV file can have, and the exact message that it gets.
#![cfg(feature = "csv")]

use nnfs_datasets::{
    Columns, CsvError, CsvOptions, Encoder, Kind, Missing, QuoteError, Table, Unknown,
};

fn read(bytes: impl AsRef<[u8]>) -> Result<Table, CsvError> {
    Table::from_reader("data.csv", bytes.as_ref(), &CsvOptions::new())
}

/// The error of an encoder for `y` with all other columns as inputs.
fn fit(text: &str) -> CsvError {
    Encoder::fit(&read(text).unwrap(), &Columns::regression(["y"])).unwrap_err()
}

#[track_caller]
fn expect(error: &CsvError, message: &str) {
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_name_may_begin_as_another_kind_of_file() {
    for name in ["PAR1", "FEA1", "BZh", "RDX3", "ARROW1"] {
        let text = format!("{name},y\n1,2\n");
        let table = Table::from_reader("t", text.as_bytes(), &CsvOptions::new()).unwrap();
        assert_eq!(table.names().collect::<Vec<_>>(), [name, "y"]);
    }
}

#[test]
fn no_file() {
    let error = Table::read("no/such/file.csv").unwrap_err();
    assert!(matches!(error, CsvError::Io { kind: std::io::ErrorKind::NotFound, .. }), "{error:?}");
    assert!(error.to_string().starts_with("no/such/file.csv: "), "{error}");
}

#[test]
fn empty_file() {
    for text in ["", "\n", "\r\n\r\n", "\u{feff}"] {
        expect(&read(text).unwrap_err(), "data.csv: expected rows, found none");
    }
}

#[test]
fn a_table_of_one_column_has_one_value_in_each_row() {
    expect(
        &read("x\n1\n2\n3,4\n").unwrap_err(),
        "data.csv, line 4: expected 1 value as in the first line, found 2",
    );
}

#[test]
fn header_only() {
    for text in ["x,y", "x,y\n\n"] {
        expect(&read(text).unwrap_err(), "data.csv: expected rows below the header, found none");
    }
}

#[test]
fn ragged_rows() {
    expect(
        &read("x,y\n1,2\n3\n").unwrap_err(),
        "data.csv, line 3: expected 2 values as in the first line, found 1",
    );
    expect(
        &read("x,y\n1,2\n1,2,3\n").unwrap_err(),
        "data.csv, line 3: expected 2 values as in the first line, found 3",
    );
}

#[test]
fn another_encoding() {
    expect(
        &read(b"x,y\n1,2\n1,\xfc\n").unwrap_err(),
        "data.csv, line 3, column 2: expected UTF-8 text, found other bytes; save the file as UTF-8, for \
         example with iconv -f WINDOWS-1252 -t UTF-8",
    );
    let error = read(b"x\0,\0y\0\n\0a\0,\0b\0\n\0").unwrap_err();
    assert!(
        matches!(error, CsvError::NotATable { found, .. } if found.contains("UTF-16")),
        "{error}"
    );
}

#[test]
fn files_of_other_kinds() {
    for (bytes, word) in [
        (&b"PK\x03\x04\x14\0\x06\0[Content_Types].xml"[..], "xlsx"),
        (b"PK\x03\x04data.csv", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "xls"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"SQLite format 3\0\x10", "SQLite"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd"),
        (b"\n<!DOCTYPE html>\n<p>x,y</p>", "web page"),
        (b"[{\"x\": 1}]", "JSON"),
        (b"\xff\xfe\0\0x\0\0\0", "UTF-32"),
    ] {
        let error = read(bytes).unwrap_err();
        assert!(
            matches!(error, CsvError::NotATable { found, .. } if found.contains(word)),
            "{error}"
        );
    }
}

#[test]
fn duplicate_names_are_refused_where_they_are_needed() {
    let table = read("x,y, x\n1,2,3\n").unwrap();
    let message = r#"data.csv: expected different names, found "x" for columns 1 and 3"#;
    let fit = |columns: Columns| Encoder::fit(&table, &columns);
    expect(&fit(Columns::regression(["y"])).unwrap_err(), message);
    expect(&fit(Columns::regression(["x"])).unwrap_err(), message);
    expect(&fit(Columns::regression(["y"]).inputs(["x"])).unwrap_err(), message);
    expect(&table.column(&"x".into()).unwrap_err(), message);
    let error = fit(Columns::regression(["y"]).ignore(["x"])).unwrap_err();
    assert!(matches!(error, CsvError::NoColumns { .. }), "both are ignored: {error}");
    let table = read("x,note,note,y\n1,a,b,2\n3,a,b,4\n").unwrap();
    let encoder = Encoder::fit(&table, &Columns::regression(["y"]).ignore(["note"])).unwrap();
    assert_eq!(encoder.input_names(), ["x"]);
}

#[test]
fn a_delimiter_that_cannot_be_one() {
    for (byte, shown) in [(b'"', r#"'"'"#), (b'\n', r"'\n'"), (0xe4, "'ä'")] {
        let options = CsvOptions::new().delimiter(byte);
        let error = Table::from_reader("data.csv", &b"a\n1"[..], &options).unwrap_err();
        let expected = "expected an ASCII delimiter other than a quote or a line end";
        expect(&error, &format!("data.csv: {expected}, found {shown}"));
    }
}

#[test]
fn missing_columns() {
    let table = read("a,b,y\n1,2,3\n").unwrap();
    let fit = |columns: Columns| Encoder::fit(&table, &columns).unwrap_err();
    let there = r#"found "a", "b", "y""#;
    expect(
        &fit(Columns::regression(["Y"])),
        // What may be meant comes first.
        r#"data.csv: expected a column "Y", found "y", "a", "b"; did you mean "y"?"#,
    );
    expect(
        &fit(Columns::regression([3])),
        &format!("data.csv: expected a column with index 3, {there}"),
    );
    let columns = Columns::classification("y");
    expect(
        &fit(columns.clone().inputs(["a", "c"])),
        &format!(r#"data.csv: expected a column "c", {there}"#),
    );
    expect(&fit(columns.ignore(["d"])), &format!(r#"data.csv: expected a column "d", {there}"#));
    let options = CsvOptions::new().column("z", Kind::Numeric);
    let error = Table::from_reader("data.csv", &b"a\n1"[..], &options).unwrap_err();
    expect(&error, r#"data.csv: expected a column "z", found "a""#);
}

#[test]
fn a_column_in_two_parts() {
    let table = read("a,b,y\n1,2,3\n").unwrap();
    let fit = |columns: Columns| Encoder::fit(&table, &columns).unwrap_err();
    let message = |name| {
        format!(
            "data.csv: expected each column once, found {name:?} twice; choose it only as a target, an \
             input or an ignored column"
        )
    };
    expect(&fit(Columns::regression(["y"]).inputs(["a", "y"])), &message("y"));
    expect(&fit(Columns::regression(["y", "y"])), &message("y"));
    expect(&fit(Columns::regression(["y"]).ignore(["a"]).inputs([0])), &message("a"));
}

#[test]
fn no_columns() {
    let table = read("a,y\n1,3\n").unwrap();
    let fit = |columns: Columns| Encoder::fit(&table, &columns).unwrap_err();
    expect(
        &fit(Columns::regression([0_usize; 0])),
        "data.csv: expected at least one column as targets, found none",
    );
    expect(
        &fit(Columns::regression(["y"]).ignore(["a"])),
        "data.csv: expected at least one column as inputs, found none",
    );
}

#[test]
fn missing_values() {
    for missing in ["", " ", "NA", "n/a", "NaN", "-nan", "null", "?"] {
        let found = missing.trim();
        // Inputs may be missing, unless that is refused.
        for first in ["1", "red"] {
            let table = read(format!("x,y\n{first},2\n{missing},2\n")).unwrap();
            let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
            expect(
                &encoder.check(&table, Missing::Refuse, Unknown::Accept).unwrap_err(),
                &format!(
                    "data.csv, line 3, column \"x\": expected a value, found {found:?}; write a value, or \
                     leave out the row"
                ),
            );
        }
        expect(
            &fit(&format!("x,y\n1,2\n1,{missing}\n")),
            &format!(
                "data.csv, line 3, column \"y\": expected a target in every row, found {found:?}; 1 of 2 \
                 rows has no target: remove this row"
            ),
        );
    }
}

#[test]
fn text_among_numbers() {
    expect(
        &fit("x,y\n1,2\n1,two\n"),
        r#"data.csv, line 3, column "y": expected a number, found "two""#,
    );
    expect(
        &fit("x,y\n1,2\none,2\n3,2\n"),
        "data.csv, line 3, column \"x\": expected a number as in most rows, found \"one\"; \
         leave the cell empty if the number is missing, or declare the column categorical if it holds words",
    );
    let options = CsvOptions::new().column("x", Kind::Numeric);
    let table = Table::from_reader("data.csv", &b"x,y\na,1\nb,2"[..], &options).unwrap();
    expect(
        &Encoder::fit(&table, &Columns::regression(["y"])).unwrap_err(),
        r#"data.csv, line 2, column "x": expected a number, found "a""#,
    );
}

#[test]
fn infinite_numbers() {
    for infinite in ["inf", "-Infinity", "1e999"] {
        for (text, column) in
            [(format!("x,y\n1,2\n{infinite},2"), "x"), (format!("x,y\n1,2\n1,{infinite}"), "y")]
        {
            let place = format!("data.csv, line 3, column {column:?}");
            let advice = "leave the cell empty if the number is missing";
            let expected =
                format!("{place}: expected a finite number, found {infinite:?}; {advice}");
            expect(&fit(&text), &expected);
        }
    }
}

#[test]
fn a_category_that_training_has_not_seen() {
    let table = read("x,y\nred,1\nblue,2\n").unwrap();
    let encoder = Encoder::fit(&table, &Columns::classification("x")).unwrap();
    let other = read("y,x\n1,red\n\n2,green\n").unwrap();
    assert!(encoder.inputs::<f64>(&other).is_ok());
    expect(
        &encoder.targets::<f64>(&other).unwrap_err(),
        r#"data.csv, line 4, column "x": expected one of "blue", "red", found "green", which training has not seen"#,
    );
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    expect(
        &encoder.check(&other, Missing::Fill, Unknown::Refuse).unwrap_err(),
        r#"data.csv, line 4, column "x": expected one of "blue", "red", found "green", which training has not seen"#,
    );
}

#[test]
fn a_column_that_another_table_lacks() {
    let table = read("x,y\n1,1\n2,2\n").unwrap();
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    let error = encoder.inputs::<f64>(&read("z,y\n1,1\n").unwrap()).unwrap_err();
    expect(&error, r#"data.csv: expected a column "x", found "z", "y""#);
    let error = encoder.targets::<f64>(&read("x\n1\n").unwrap()).unwrap_err();
    expect(&error, r#"data.csv: expected a column "y", found "x""#);
}

#[test]
fn names_instead_of_categories() {
    let rows: String = (0..1001).map(|row| format!("name{row},{row}\n")).collect();
    expect(
        &fit(&format!("x,y\n{rows}")),
        "data.csv, line 2, column \"x\": expected words that repeat, found 1001 different words in \
         1001 rows, such as \"name0\"; ignore the column if it holds names, identifiers or free text, \
         or declare it categorical",
    );
    let rows = rows.repeat(5);
    expect(
        &fit(&format!("x,y\n{rows}")),
        "data.csv, line 1002, column \"x\": expected at most 1000 categories, \
         found one more, \"name1000\"; ignore the column if it holds names or identifiers",
    );
    let table = read(format!("x,y\n{rows}")).unwrap();
    expect(
        &Encoder::fit(&table, &Columns::classification("x")).unwrap_err(),
        "data.csv, line 1002, column \"x\": expected at most 1000 classes, found one more, \"name1000\"; \
         choose another target",
    );
}

#[test]
fn lines_are_those_of_an_editor() {
    for (text, line) in [
        ("x,y\n1,2\n3\n", 3),
        ("x,y\r\n1,2\r\n3\r\n", 3),
        ("x,y\r1,2\r3\r", 3),
        ("\u{feff}x,y\n1,2\n3", 3),
        ("\n\nx,y\n\n1,2\n\n\n3", 8),
        ("\r\n\r\nx,y\r\n\r\n1,2\r\n\r\n\r\n3", 8),
        ("x,\"y\n\nz\"\n1,2\n3", 5),
        ("x,\"y\r\nz\"\r\n1,2\r\n\"3\r\n4\"", 4),
    ] {
        let error = read(text).unwrap_err();
        assert!(matches!(error, CsvError::Ragged { line: found, .. } if found == line), "{error}");
    }
}

#[test]
fn many_columns_are_read_or_refused_shortly() {
    let header: Vec<String> = (0..100_000).map(|column| format!("c{column}")).collect();
    let header = header.join(",");
    let row = vec!["1"; 100_000].join(",");
    expect(
        &read(format!("{header}\n1,2\n")).unwrap_err(),
        "data.csv, line 2: expected 100000 values as in the first line, found 2",
    );
    expect(
        &read(format!("x,y\n{row}\n")).unwrap_err(),
        "data.csv, line 2: expected 2 values as in the first line, found 100000",
    );
    expect(
        &read(format!("{row}\n{row}\n")).unwrap().column(&"1".into()).unwrap_err(),
        r#"data.csv: expected different names, found "1" for columns 1 and 2"#,
    );
    let table = read(format!("{header}\n{row}\n{}\n", row.replace('1', "2"))).unwrap();
    expect(
        &Encoder::fit(&table, &Columns::regression(["y"])).unwrap_err(),
        "data.csv: expected a column \"y\", found \"c0\", \"c1\", \"c2\", \"c3\", \"c4\", \
         \"c5\", \"c6\", \"c7\", \"c8\", \"c9\" and 99990 more",
    );
    let encoder = Encoder::fit(&table, &Columns::regression(["c7"])).unwrap();
    assert_eq!(encoder.inputs::<f32>(&table).unwrap().shape(), (2, 99_999));
}

#[test]
fn a_megabyte_in_one_value_is_shortened() {
    let long = "ä".repeat(500_000);
    let shown = "ä".repeat(40) + "…";
    expect(
        &fit(&format!("x,y\n1,2\n1,{long}\n")),
        &format!(r#"data.csv, line 3, column "y": expected a number, found "{shown}""#),
    );
    expect(
        &fit(&format!("x,{long}\n1,2\n")),
        &format!(r#"data.csv: expected a column "y", found "x", "{shown}""#),
    );
    let table = read("x,y\n1,2\n").unwrap();
    expect(
        &Encoder::fit(&table, &Columns::classification(long.as_str())).unwrap_err(),
        &format!(r#"data.csv: expected a column "{shown}", found "x", "y""#),
    );
    // A quote without an end would make one value of all the rest.
    match read(format!("x,y\n1,\"2\n{}", "3,4\n".repeat(100_000))) {
        Err(CsvError::Quote(QuoteError::Stray { line: 2, lines: 100_001, .. })) => {}
        other => panic!("{other:?}"),
    }
}

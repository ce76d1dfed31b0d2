//! First lines that are not the names of all columns, and quotes without an end.
#![cfg(feature = "csv")]

use nnfs_datasets::{
    Columns, CsvError, CsvOptions, Encoder, HeaderError, Note, QuoteError, Selector, Table,
};

fn read(text: &str) -> Result<Table, CsvError> {
    Table::from_reader("data.csv", text.as_bytes(), &CsvOptions::new())
}

fn names(table: &Table) -> Vec<&str> {
    table.names().collect()
}

#[test]
fn names_of_rows_are_left_out() {
    for (text, options) in [
        ("\"x\",\"y\"\n\"1\",5,6\n\"2\",7,8\n", CsvOptions::new()),
        ("\"x\" \"y\"\n\"a\" 5 6\n\"b\" 7 8\n", CsvOptions::new().delimiter(b' ')),
    ] {
        let table = Table::from_reader("data.csv", text.as_bytes(), &options).unwrap();
        assert_eq!(names(&table), ["x", "y"]);
        assert_eq!((&*table.value(0, 0), &*table.value(1, 1)), ("5", "8"));
        assert!(matches!(table.notes(), [Note::RowNames { .. }]), "{:?}", table.notes());
    }
    // Decimal commas, and names that repeat, are not names of rows.
    for text in ["x,y\n14,3,27\n15,2,28\n", "x,y\n\"a\",3,27\n\"a\",2,28\n"] {
        let error = read(text).unwrap_err();
        assert!(matches!(error, CsvError::Header(HeaderError::Width { .. })), "{error}");
    }
    // A name that repeats far below.
    let rows: String = (0..300).map(|row| format!("\"{}\",1,2\n", row % 299)).collect();
    let error = read(&format!("\"x\",\"y\"\n{rows}")).unwrap_err();
    let CsvError::Header(HeaderError::Width { line, names: expected, values, row, .. }) = error
    else {
        panic!("{error}")
    };
    assert_eq!((line, expected, values, &*row), (301, 2, 3, "0,1,2"));
    // An empty name.
    let table = read("\"x\",\"y\"\n\"\",0.5,3\n").unwrap();
    assert_eq!((names(&table), &*table.value(0, 1)), (vec!["x", "y"], "3"));
}

#[test]
fn a_delimiter_at_the_end_of_every_row_is_no_column() {
    let table = read("x,y\n1,2,\n3,4,\n").unwrap();
    assert_eq!((names(&table), table.rows()), (vec!["x", "y"], 2));
    assert!(matches!(table.notes(), [Note::NamelessColumns { columns: 1, .. }]));
}

#[test]
fn a_header_with_fewer_names_than_all_rows_is_shown_whole() {
    for (text, header, names, row, values) in [
        ("x,y\n14,3,27,95\n15,3,28,95\n", "x,y", 2, "14,3,27,95", 4),
        ("day,y\nMon, 01 Jan,5\nTue, 02 Jan,6\nMon, 08 Jan,7\n", "day,y", 2, "Mon, 01 Jan,5", 3),
        ("x, y, z\n1, \"q, r\", 3\n2, \"s, t\", 4\n", "x, y, z", 3, "1, \"q, r\", 3", 4),
    ] {
        let error = read(text).unwrap_err();
        let CsvError::Header(HeaderError::Width {
            header: h,
            names: n,
            line,
            row: r,
            values: v,
            ..
        }) = &error
        else {
            panic!("{error}")
        };
        assert_eq!((h.as_str(), *n, *line, r.as_str(), *v), (header, names, 2, row, values));
        assert_eq!(error.to_string().contains("spaces before the quotes"), names == 3, "{error}");
    }
    // A delimiter that was chosen, and is none.
    let options = CsvOptions::new().delimiter(b'.');
    let error =
        Table::from_reader("t", "x,y\n1.5,2.5\n1.5,3.5\n".as_bytes(), &options).unwrap_err();
    assert!(matches!(error, CsvError::Header(HeaderError::Width { names: 1, .. })), "{error}");
    // A title with a comma.
    let error = read("Sales, 2024\na,b,y\n1,2,3\n4,5,6\n7,8,9\n").unwrap_err();
    assert!(matches!(error, CsvError::Header(HeaderError::Preamble { line: 2, .. })), "{error}");
}

#[test]
fn a_line_may_name_the_delimiter() {
    for end in ["\n", "\r\n"] {
        let text = format!("sep=;{end}x;y{end}1,5;2{end}2,5;{end}");
        let options = CsvOptions::new().decimal(',');
        let table = Table::from_reader("t", text.as_bytes(), &options).unwrap();
        assert_eq!((names(&table), table.rows(), table.line(1)), (vec!["x", "y"], 2, 4));
        assert!(matches!(table.notes(), [Note::SeparatorLine { found: ';', .. }]));
    }
    let error = read("sep=|\nx|y\n1|2\n1|2|3\n").unwrap_err();
    assert!(matches!(error, CsvError::Ragged { line: 4, .. }), "{error}");
    let options = CsvOptions::new().header(false);
    let table = Table::from_reader("t", "sep=;\n1;2\n".as_bytes(), &options).unwrap();
    assert_eq!((table.rows(), table.line(0)), (1, 2));
}

#[test]
fn the_line_of_a_missing_name_is_shown() {
    for (text, expected) in [
        ("Sales report 2024,\nx,y\n1,2\n3,4\n", Some(2)),
        ("Table 1,\n,\nx,y\n1,2\n3,4\n", Some(3)),
        ("a,b\nq,y\n1,2\n", Some(2)),
        // A row with a number is no row of names, and another name is not the wanted one.
        ("a,b\n1,y\n2,z\n", None),
        ("a,b\nq,yy\n2,z\n", None),
    ] {
        match read(text).unwrap().column(&Selector::from("y")) {
            Err(CsvError::MissingColumn { line, .. }) => assert_eq!(line, expected, "{text:?}"),
            other => panic!("{text:?}: {other:?}"),
        }
    }
}

#[test]
fn a_second_line_of_names_or_units_is_named() {
    let fit = |text: &str, columns: &Columns| {
        Encoder::fit(&read(text).unwrap(), columns).map(|_| ()).unwrap_err()
    };
    let numbers = Columns::regression(["y"]);
    for text in [
        "x,y\n(m2),(EUR)\n1,2\n3,4\n5,6\n",
        "x,y\nm2,-\n1,2\n3,4\n5,6\n",
        "x,kind,y\nm2,,EUR\n1,a,2\n3,b,4\n5,a,6\n",
    ] {
        let error = fit(text, &numbers);
        assert!(matches!(error, CsvError::Header(HeaderError::Second { line: 2, .. })), "{error}");
    }
    let classes = fit("x,kind\nm2,word\n1,a\n3,b\n5,a\n6,b\n", &Columns::classification("kind"));
    assert!(matches!(classes, CsvError::Header(HeaderError::Second { line: 2, .. })), "{classes}");
    // A number in the row, another row, or words in other rows.
    for text in ["x,y\n1,a\n2,3\n4,5\n", "x,y\n1,2\nm2,EUR\n3,4\n", "x,y\na,b\nc,2\nd,f\n"] {
        let error = fit(text, &numbers);
        assert!(matches!(error, CsvError::NotANumber { .. }), "{error}");
    }
    // Without this row, its columns are numbers.
    let table = read("x,y\nm2,\n1,2\n3,4\n5,6\n").unwrap().select_rows(&[1, 2, 3]);
    let encoder = Encoder::fit(&table, &numbers).unwrap();
    assert_eq!(encoder.inputs::<f64>(&table).unwrap().as_slice(), [1.0, 3.0, 5.0]);
}

#[test]
fn a_quote_without_an_end_is_refused() {
    for (text, line) in [
        ("x,y,z\n1,2,a\n5,9,\"q1", 3),
        ("x,y,z\n1,2,\"a\"\n5,9,\"q1\n\n", 3),
        ("x\n\"a", 2),
        ("x,y,z\n1,2,a\n5,\"q1", 3),
    ] {
        let error = read(text).unwrap_err();
        let CsvError::Quote(QuoteError::Open { line: found, .. }) = &error else {
            panic!("{text:?}: {error}")
        };
        assert_eq!(*found, line, "{text:?}");
    }
    // Quotes that are characters, and quotes inside quotes.
    for text in ["x,y\n1,5\"\n2,6\"", "x,y\n1,\"a \"\"b\"\"\"\n", "x,y\n1,\"a\nb\"\n2,\"c\""] {
        read(text).unwrap();
    }
}

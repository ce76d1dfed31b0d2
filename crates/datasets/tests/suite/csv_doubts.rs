//! Tables that could be read in two ways: they are refused or noted, and never misread in silence.
#![cfg(feature = "csv")]

use nnfs_datasets::{Columns, CsvError, CsvOptions, Encoder, HeaderError, Note, QuoteError, Table};

fn read(text: &str) -> Result<Table, CsvError> {
    Table::from_reader("t", text.as_bytes(), &CsvOptions::new())
}

/// What an encoder says of a column `x` with these values.
fn fit(values: &[&str], options: &CsvOptions) -> Result<Vec<f64>, CsvError> {
    let rows: String = values.iter().map(|value| format!("{value};1\n")).collect();
    let table = Table::from_reader("t", format!("x;y\n{rows}").as_bytes(), options)?;
    let encoder = Encoder::fit(&table, &Columns::regression(["y"]))?;
    Ok(encoder.inputs::<f64>(&table)?.as_slice().to_vec())
}

#[test]
fn points_that_may_separate_thousands_are_refused() {
    for values in [
        &["650", "1.941", "358", "2.431", "7"][..],
        &["14.302", "-846", "76.613", "12"],
        &["0", "650 €", "1.941 €", "-358 €", "12.500 €"],
    ] {
        let Err(CsvError::NumberFormat { place, meanings, .. }) = fit(values, &CsvOptions::new())
        else {
            panic!("{values:?}")
        };
        let first = values.iter().position(|value| value.contains('.')).unwrap();
        assert_eq!((place.line, place.column.as_str()), (first + 2, "x"));
        let [thousands, decimal] = &meanings[..] else { panic!("{meanings:?}") };
        assert_eq!((thousands.decimal, thousands.thousands), (None, Some('.')));
        assert_eq!((decimal.decimal, decimal.thousands), (Some('.'), None));
        // Either choice is read.
        let decimals = fit(values, &CsvOptions::new().decimal('.')).unwrap();
        let thousands = fit(values, &CsvOptions::new().thousands('.')).unwrap();
        assert_eq!(thousands[first], 1000.0 * decimals[first]);
    }
}

#[test]
fn one_number_of_hundreds_beside_thousands_is_refused() {
    let fit = |values: &[&str], delimiter: &str, options: &CsvOptions| {
        let rows: String = values.iter().map(|value| format!("{value}{delimiter}1\n")).collect();
        let text = format!("x{delimiter}y\n{rows}");
        let table = Table::from_reader("t", text.as_bytes(), options)?;
        Encoder::fit(&table, &Columns::regression(["y"]))
    };
    for delimiter in [",", "\t", "|", ";"] {
        for values in [&["1.500", "500", "12.500", "0"][..], &["1.941", "-250", "2.430", "-250"]] {
            let error = fit(values, delimiter, &CsvOptions::new()).unwrap_err();
            assert!(matches!(error, CsvError::NumberFormat { .. }), "{error}");
            assert!(fit(values, delimiter, &CsvOptions::new().decimal('.')).is_ok());
        }
    }
    // A mark of missing values, a single number with a point, and decimals as short as possible.
    for values in [&["1.500", "999", "2.250"][..], &["1.500", "500"], &["100", "98.733", "9.512"]] {
        assert!(fit(values, ",", &CsvOptions::new()).is_ok(), "{values:?}");
    }
}

#[test]
fn measurements_are_decimals() {
    for values in [
        // One value shows that the point is a decimal mark.
        &["650", "1.941", "358", "2.431", "0.512"][..],
        &["650", "1.941", "358", "2.431", "2.5"],
        &["650", "1.941", "358", "2.431", "1200"],
        // Nothing between 10 and 1000.
        &["2", "1.941", "2.431", "1", "3"],
        &["650", "1.941", "358"],
    ] {
        assert!(fit(values, &CsvOptions::new()).is_ok(), "{values:?}");
    }
    // Three decimals throughout, and beside zeros or one number for what is missing.
    for values in [
        &["1.941", "2.431", "12.500", "100.000"][..],
        &["0", "1.941", "2.431", "0", "12.500"],
        &["999", "1.941", "2.431", "999", "12.500"],
        &["1.941 \u{20ac}", "2.431 \u{20ac}"],
    ] {
        let rows: String = values.iter().map(|value| format!("{value},1\n")).collect();
        let table = read(&format!("x,y\n{rows}")).unwrap();
        assert!(Encoder::fit(&table, &Columns::regression(["y"])).is_ok(), "{values:?}");
        // Where semicolons separate the values, commas are often decimal marks.
        let error = fit(values, &CsvOptions::new()).unwrap_err();
        assert!(matches!(error, CsvError::NumberFormat { .. }), "{error}");
        assert!(fit(values, &CsvOptions::new().decimal('.')).is_ok(), "{values:?}");
    }
}

#[test]
fn a_stray_quote_does_not_swallow_rows() {
    for (text, line) in [
        // Up to the next stray quote, which does not end a value.
        ("x,k,y\n1,a,1\n2,\"b,2\n3,a,3\n4,\"c,4\n5,a,5\n", 3),
        ("x,y\n1,\"a\n2,\"b\n3,c\n", 2),
        // Up to a quote at the end of a value.
        ("x,note\n1,a\n2,\"b\n3,c\n4,d\"\n5,e\n", 3),
        // Up to the end of the file.
        ("x,y\n1,a\n2,\"b\n3,c\n4,d\n", 3),
        ("x,y\r\n1,a\r\n2,\"b\r\n3,c\r\n", 3),
    ] {
        match read(text) {
            Err(CsvError::Quote(QuoteError::Stray { line: found, .. })) => {
                assert_eq!(found, line, "{text:?}");
            }
            other => panic!("{text:?}: {other:?}"),
        }
    }
    // Two lines may be an address, and lines of a letter may have a comma each.
    for text in
        ["x,note\n1,a\n2,\"b\n3,c\"\n5,e\n", "x,note\n1,a\n2,\"Hello\nhow, all\nso, Max\"\n5,e\n"]
    {
        let table = read(text).unwrap();
        assert_eq!(table.rows(), 3);
        assert!(matches!(table.notes(), [Note::JoinedLines { line: 3, rows: 1, .. }]));
    }
}

#[test]
fn text_over_several_lines_is_read() {
    for text in [
        "x,note\n1,\"one\ntwo\nthree\"\n2,b\n",
        "x,note,y\n1,\"Dear all,\nsee you, then\nMax\" ,3\n2,b,4\n",
        "note,x\n\"a \"\"b\"\"\r\nc\",1\nd,2\n",
        "x\n\"one\ntwo\nthree\"\n2\n",
    ] {
        let table = read(text).unwrap();
        assert_eq!((table.rows(), table.notes()), (2, &[][..]), "{text:?}");
    }
}

#[test]
fn a_blank_line_of_one_column_is_a_missing_value() {
    for text in
        ["x\n1\n\n3\n", "x\r\n1\r\n\r\n3\r\n", "x\n1\n  \n3", "x\n\"1\"\n\n3\n", "x\r1\r\r3"]
    {
        let table = read(text).unwrap();
        let values: Vec<_> = (0..table.rows()).map(|row| table.value(row, 0)).collect();
        assert_eq!(values, ["1", "", "3"], "{text:?}");
        assert!(matches!(table.notes(), [Note::EmptyRows { line: 3, rows: 1, .. }]), "{text:?}");
    }
    // At the start, and at the end in a file with quotes.
    let table = read("x\n\n\"1\"\n\n\n").unwrap();
    assert_eq!(table.rows(), 2);
    assert_eq!((table.value(0, 0).as_ref(), table.value(1, 0).as_ref()), ("", "1"));
    // In a table of several columns, blank lines are skipped.
    assert_eq!(read("x,y\n1,2\n\n3,4\n").unwrap().rows(), 2);
}

#[test]
fn points_with_three_decimals_beside_semicolons_are_noted() {
    let rows = "14.302;1.5;3.250\n7.779;2.5;0.125\n120.051;3.5;4.750\n";
    let table = read(&format!("a;b;c\n{rows}")).unwrap();
    match table.notes() {
        [Note::Delimiter { .. }, Note::DecimalPoints { place, found, others }] => {
            assert_eq!((place.line, &*place.column, &**found), (2, "a", "14.302"));
            assert!(others.is_empty());
        }
        notes => panic!("{notes:?}"),
    }
    // Without a number that shows it, the points may separate thousands.
    let rows = "14.302;1;x\n7.779;2;y\n120.051;3;x\n";
    let table = read(&format!("a;b;c\n{rows}")).unwrap();
    assert!(matches!(table.notes(), [Note::Delimiter { .. }]), "{:?}", table.notes());
    let error = Encoder::fit(&table, &Columns::regression(["b"])).unwrap_err();
    let CsvError::NumberFormat { place, meanings, .. } = &error else { panic!("{error}") };
    assert_eq!((place.line, &*place.column, meanings.len()), (2, "a", 2));
    assert!(Encoder::fit(&table, &Columns::regression(["b"]).ignore(["a"])).is_ok());
    // A choice leaves nothing open, and beside commas three decimals are common.
    let options = CsvOptions::new().decimal('.');
    let table = Table::from_reader("t", format!("a;b;c\n{rows}").as_bytes(), &options).unwrap();
    assert!(matches!(table.notes(), [Note::Delimiter { .. }]));
    assert_eq!(read(&format!("a;b;c\n{rows}").replace(';', ",")).unwrap().notes(), []);
}

#[test]
fn points_before_three_digits_that_end_in_zero_are_noted_beside_any_delimiter() {
    let rows = "22.500,4,x\n41.750,14,y\n8.125,5,x\n";
    for delimiter in [",", "\t", "|"] {
        let table = read(&format!("a,b,c\n{rows}").replace(',', delimiter)).unwrap();
        match table.notes() {
            [.., Note::DecimalPoints { place, found, .. }] => {
                assert_eq!((place.line, &*place.column, &**found), (2, "a", "22.500"));
            }
            notes => panic!("{notes:?}"),
        }
        assert!(Encoder::fit(&table, &Columns::regression(["a"])).is_ok());
    }
    // Another column, or another number, shows that the point is a decimal mark.
    for rows in ["22.500,4.5\n41.750,5\n", "22.500,1\n0.750,1\n41.000,1\n"] {
        assert_eq!(read(&format!("a,b\n{rows}")).unwrap().notes(), []);
    }
}

#[test]
fn decimals_that_may_be_dates_or_times_are_noted() {
    let form = |values: &[&str]| {
        let rows: String = values.iter().map(|value| format!("{value},1\n")).collect();
        let table = read(&format!("a,b\n{rows}")).unwrap();
        match table.notes() {
            [] => None,
            [Note::LikeDates { place, found, form, .. }] => {
                assert_eq!(values[place.line - 2], found);
                Some((form.contains("2024-03-05"), form.contains("08:30")))
            }
            notes => panic!("{notes:?}"),
        }
    };
    assert_eq!(form(&["05.03", "17.11", "31.12"]), Some((true, false)));
    assert_eq!(form(&["17.11", "", "03.31", "12.05"]), Some((false, true)));
    assert_eq!(form(&["03.31", "", "12.05"]), Some((true, true)));
    assert_eq!(form(&["03.31", "12.25", "01.01"]), Some((true, true)));
    assert_eq!(form(&["08.30", "17.45", "00.00"]), Some((false, true)));
    assert_eq!(form(&["05.03", "04.12"]), Some((true, true)));
    for values in [
        &["5.03", "8.30"][..],
        &["12.03", "11.10"],
        &["05.03", "45.99"],
        &["05.03", "5.5"],
        &["05.03", "17"],
        &["005.03", "017.11"],
        &["00.99", "05.75"],
        &["-05.03", "05.03"],
    ] {
        assert_eq!(form(values), None, "{values:?}");
    }
    let text = "a;b\n08,30;1\n17,45;2\n";
    let table = Table::from_reader("t", text.as_bytes(), &CsvOptions::new().decimal(',')).unwrap();
    assert!(matches!(table.notes(), [_, Note::LikeDates { .. }]), "{:?}", table.notes());
}

#[test]
fn a_first_row_of_values_is_noted() {
    for (text, name) in [
        ("5.00,0,setosa\n5.14,1,virginica\n4.9,2,setosa\n", "5.00"),
        ("7,0.3\n8,0.5\n9,0.1\n", "7"),
        ("red,big\nblue,small\nred,big\nblue,big\n", "red"),
        ("12,red\n7,blue\n5,red\n", "12"),
        ("3,1,2\n4,5,6\n", "3"),
    ] {
        match read(text).unwrap().notes() {
            [Note::HeaderOfValues { found, .. }] => assert_eq!(found, name),
            notes => panic!("{text:?}: {notes:?}"),
        }
    }
    for text in [
        "x,y\n1,2\n3,4\n",
        // Years, columns that are counted, and an index without a name.
        "2019,2020,2021\n1,2,3\n4,5,6\n",
        "0,1\n1,2\n3,4\n",
        "10,20,30\n1,2,3\n4,5,6\n",
        ",0,1\n0,2,3\n1,5,6\n",
        "country,2020\nA,1\nB,2\n",
        // One name is a name.
        "5,price\n1,2\n3,4\n",
        "city,country\nRome,Italy\nParis,France\n",
    ] {
        let table = read(text).unwrap();
        let is_value = |note: &Note| matches!(note, Note::HeaderOfValues { .. });
        assert!(!table.notes().iter().any(is_value), "{text:?}");
    }
    let options = CsvOptions::new().header(false);
    let table = Table::from_reader("t", "5.5,red\n6,blue\n7,red\n".as_bytes(), &options).unwrap();
    assert_eq!(table.notes(), []);
}

#[test]
fn a_space_after_a_sign_is_named() {
    let table = read("x\n- 72.40\n1\n").unwrap();
    match table.notes() {
        [Note::Numbers { marks, .. }] => assert_eq!(marks, "a space after the sign"),
        notes => panic!("{notes:?}"),
    }
}

#[test]
fn lines_above_a_table_are_named() {
    for (text, line) in [
        ("# made by me\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n", 2),
        ("Report\nby A, B\n\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n", 4),
    ] {
        match read(text) {
            Err(CsvError::Header(HeaderError::Preamble { found, line: at, .. })) => {
                assert_eq!(at, line);
                assert!(text.starts_with(&found), "{found}");
            }
            other => panic!("{text:?}: {other:?}"),
        }
    }
    // A row that is too long, or a header that is too short, is reported where it is.
    assert!(matches!(read("x,y\n1,2\n1,2,3\n1,2\n"), Err(CsvError::Ragged { line: 3, .. })));
}

#[test]
fn a_last_row_of_more_values_is_named_beside_decimal_commas() {
    let rows = |rows: usize| "1,50;4,50\n".repeat(rows);
    for options in [CsvOptions::new(), CsvOptions::new().decimal(',')] {
        for (header, count) in [("a;y", 250), ("a;y", 30), ("a, net;y", 30), ("a, net;y", 250)] {
            let text = format!("{header}\n{}MEAN;;\n", rows(count));
            match Table::from_reader("t", text.as_bytes(), &options) {
                Err(CsvError::Ragged { line, expected: 2, found: 3, .. }) => {
                    assert_eq!(line, count + 2);
                }
                other => panic!("{header}, {count}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_nul_character_is_refused() {
    for (text, line, column) in [("x,y\na,1\na\0,2\n", 3, "x"), ("x,y\n1,1\n\0\0,2\n", 3, "x")] {
        match read(text) {
            Err(CsvError::NulCharacter { place }) => {
                assert_eq!((place.line, &*place.column), (line, column));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(read("x\0,y\n1,1\n2,2\n"), Err(CsvError::NulCharacter { .. })));
}

#[test]
fn a_binary_file_is_refused_by_its_kind() {
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    for (bytes, kind) in
        [(bytes, "a binary file"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "a PNG image")]
    {
        match Table::from_reader("t", bytes.as_slice(), &CsvOptions::new()) {
            Err(CsvError::NotATable { found, .. }) => assert_eq!(found, kind),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn classes_in_two_notations_are_refused() {
    let rows: String =
        (0..30).map(|row| format!("{row};{}\n", ["1", "2", "2,0"][row % 3])).collect();
    let table = read(&format!("x;y\n{rows}")).unwrap();
    let error = Encoder::fit(&table, &Columns::classification("y")).unwrap_err();
    assert!(matches!(error, CsvError::NumberFormat { place, .. } if place.line == 4), "{rows}");
}

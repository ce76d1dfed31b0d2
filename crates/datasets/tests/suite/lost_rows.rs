//! Rows that must not be lost, and lines that errors must name correctly.
#![cfg(feature = "csv")]

use nnfs_datasets::{CsvError, CsvOptions, QuoteError, Table};

fn read(text: &str) -> Result<Table, CsvError> {
    Table::from_reader("data.csv", text.as_bytes(), &CsvOptions::new())
}

/// Some rows of three numbers.
fn rows(count: usize) -> String {
    (0..count).map(|row| format!("{row},{},{}\n", row % 7, row % 5)).collect()
}

#[test]
fn a_stray_quote_in_the_header_is_refused() {
    for (text, expected) in [
        // Up to the next quote, which does not end a value.
        (format!("x,\"y,z\n{}9,\"a\",3\n{}", rows(5), rows(5)), Some(7)),
        // Up to a quote at the end of a row of as many values.
        (format!("x,y,\"z\n{}9,a,3\"\n{}", rows(5), rows(5)), Some(7)),
        ("x,\"y\n1,2\n2,3\n3,4\"\n4,5\n5,6\n".to_owned(), Some(4)),
        // Up to the end of the file.
        (format!("x,\"y,z\n{}", rows(60)), None),
    ] {
        match (read(&text), expected) {
            (Err(CsvError::Quote(QuoteError::Stray { line: 1, lines, .. })), Some(expected)) => {
                assert_eq!(lines, expected, "{text}");
            }
            (Err(CsvError::Quote(QuoteError::Open { line: 1, .. })), None) => {}
            (other, _) => panic!("{text}: {other:?}"),
        }
    }
    // Names with line ends and delimiters in quotes.
    for header in ["\"x\ny\",z", "x,\"y, or\nz\"", "\"x\n\ny\",\"z\"\"\n1\""] {
        let table = read(&format!("{header}\n1,2\n3,4\n")).unwrap();
        assert_eq!((table.rows(), table.names().len()), (2, 2), "{header}");
    }
}

#[test]
fn a_header_that_may_have_swallowed_one_row_is_noted() {
    let table = read("x,y,\"z\n0,0,0\"\n1,2,3\n4,5,6\n").unwrap();
    let notes: Vec<String> = table.notes().iter().map(ToString::to_string).collect();
    assert!(matches!(&notes[..], [note] if note.starts_with("data.csv, line 1: ")), "{notes:?}");
}

#[test]
fn a_short_row_in_memory_is_refused() {
    for short in [vec![""], vec![" "], vec![], vec!["1"]] {
        let found = short.len();
        let rows = [vec!["1", "2"], short, vec!["3", "4"]];
        match Table::from_rows("t", &["a", "b"], rows) {
            Err(CsvError::Ragged { line: 2, expected: 2, found: it, .. }) => assert_eq!(it, found),
            other => panic!("{other:?}"),
        }
    }
    // In a file, a line of spaces is not a row.
    assert_eq!(read("a,b\n1,2\n \n3,4\n").unwrap().rows(), 2);
}

#[test]
fn no_rows_in_memory_have_no_header() {
    let error = Table::from_rows("t", &["a"], [[""; 1]; 0]).unwrap_err();
    assert_eq!(error.to_string(), "t: expected rows, found none");
}

#[test]
fn a_stray_quote_before_an_empty_last_value_is_found_whatever_the_delimiter() {
    for delimiter in ["\t", ",", ";"] {
        let plain: String = (0..20).map(|row| format!("{row}|w|3\n")).collect();
        let text = format!("x|y|z\n{plain}1|\"2|3\n5|w1|3\n4|foo\"|\n").replace('|', delimiter);
        match read(&text) {
            Err(CsvError::Quote(QuoteError::Stray { line: 22, lines: 3, .. })) => {}
            other => panic!("{delimiter:?}: {other:?}"),
        }
    }
}

/// The header has one name less than the rows have values, and one row is one value short.
#[test]
fn one_short_row_does_not_hide_a_column_without_a_name() {
    let of_r = |row: usize| format!("\"{row}\",{row},{},3\n", row % 7);
    let at_end = |row: usize| format!("{row},{},3,\n", row % 7);
    // Among the first rows, and far below them.
    for count in [60, 300] {
        let rows: String = (0..count).map(of_r).collect();
        let names = format!("\"a\",\"b\",\"c\"\n{rows}\"60\",1,2\n");
        let rows: String = (0..count).map(at_end).collect();
        for text in [names, format!("a,b,c\n{rows}5,6,7\n")] {
            let error = read(&text).unwrap_err();
            let line = count + 2;
            let expected = "expected 4 values as in the rows before, found 3";
            assert_eq!(error.to_string(), format!("data.csv, line {line}: {expected}"));
        }
    }
}

#[test]
fn lines_that_end_in_a_carriage_return_are_counted() {
    let rows: String = (0..9).map(|row| format!("{row};1;2\r")).collect();
    let error = read(&format!("a;b\r{rows}")).unwrap_err();
    assert!(error.to_string().starts_with("data.csv, line 2: "), "{error}");
    let error = read(&format!("A;table\rof;numbers\ra;b;c\r{rows}")).unwrap_err();
    assert!(error.to_string().contains("from line 3 on"), "{error}");
}

#[test]
fn a_nul_character_in_the_header_has_its_line() {
    let error = read("sep=,\n\n\nx\0,y\n1,2\n").unwrap_err();
    assert!(matches!(&error, CsvError::NulCharacter { place } if place.line == 4), "{error}");
}

#[test]
fn quotes_that_are_part_of_words_are_noted() {
    let row = |row: usize| format!("{row},{}, \"{}\"\n", row % 5, ["cat", "dog"][row % 2]);
    let rows: String = (0..20).map(row).collect();
    let notes = |text: &str| -> Vec<String> {
        read(text).unwrap().notes().iter().map(ToString::to_string).collect()
    };
    let found = notes(&format!("x,y,k\n{rows}"));
    assert!(
        matches!(&found[..], [note] if note.contains("column \"k\"") && note.contains("quotes")),
        "{found:?}"
    );
    let found = notes(&format!("x,y,k\n{}", rows.replace(", \"", ",\"")));
    assert_eq!(found, [""; 0]);
    // Single words in quotes are words.
    let found = notes("x,k\n1,\"\"\"so-called\"\"\"\n2,b\n3,c\n");
    assert_eq!(found, [""; 0]);
}

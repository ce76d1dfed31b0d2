//! Columns that may be meant in another way than they are read.

use nnfs_datasets::{Alike, Columns, Encoder, Table};

/// A table with these values, and the encoder of its first column for the second.
fn encoder(values: &[&str]) -> (Table, Encoder) {
    let rows = values.iter().enumerate().map(|(row, value)| [(*value).to_owned(), row.to_string()]);
    let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    (table, encoder)
}

#[test]
fn integers_that_are_all_dates_are_found() {
    let found = |values: &[&str]| {
        let (table, encoder) = encoder(values);
        encoder.numbers_like_dates(&table).unwrap()
    };
    assert_eq!(found(&["20230226", "20240229", "19000101"]), [(0, 0)]);
    assert_eq!(found(&["", "20230226", "20230227"]), [(0, 1)]);
    assert_eq!(found(&["202401", "202312", "202402"]), [(0, 0)], "months");
    for values in [
        ["202413", "202401"],
        ["202400", "202401"],
        ["20240101", "202401"],
        ["20230226", "20230229"],
        ["20231301", "20230101"],
        ["18991231", "20230101"],
        ["21010101", "20230101"],
        ["20230226.5", "20230227"],
        ["-20230226", "20230227"],
        // Nothing can be learned from it.
        ["20230226", "20230226"],
        ["2023-02-26", "2023-02-27"],
    ] {
        assert_eq!(found(&values), [], "{values:?}");
    }
}

/// The line of the finding, and the spellings.
fn spellings(values: &[&str]) -> Option<(usize, Vec<String>)> {
    let (table, encoder) = encoder(values);
    match &encoder.alike(&table).unwrap()[..] {
        [] => None,
        [Alike { place, spellings }] => Some((place.line, spellings.clone())),
        found => panic!("{found:?}"),
    }
}

#[test]
fn words_that_differ_only_in_case_or_in_unicode_are_found() {
    let some = |line, words: &[&str]| Some((line, words.iter().map(|&it| it.to_owned()).collect()));
    let found = spellings(&["true", "FALSE", "True", "false", "TRUE", "true"]);
    assert_eq!(found, some(4, &["FALSE", "false"]));
    assert_eq!(spellings(&["Y", "n", "y", "n"]), some(3, &["Y", "y"]));
    // The letter \u{e9}, and the same with a combining accent.
    let words = ["caf\u{e9}", "bar", "cafe\u{301}"];
    assert_eq!(spellings(&words), some(1, &[words[2], words[0]]));
    // They look the same.
    for (a, b) in [("yes", "yes\u{200b}"), ("a b", "a\u{a0}b"), ("New  York", "New York")] {
        assert_eq!(spellings(&[a, "no", b]).unwrap().1.len(), 2, "{a:?} {b:?}");
    }
    assert_eq!(spellings(&["0", "1", "True", "False"]), some(4, &["0", "False"]));
    assert_eq!(spellings(&["cafe", "caf\u{e9}", "bar"]), None);
    assert_eq!(spellings(&["a", "b", "c", ""]), None);
    assert_eq!(spellings(&["1", "2", "1"]), None);
    // Rare words are compared with the others.
    let mut words = vec!["yes"; 150];
    words.extend(["no"; 150]);
    words.extend(["Yes", "maybe"]);
    assert_eq!(spellings(&words), some(1, &["Yes", "yes"]));
}

#[test]
fn classes_that_differ_only_in_case_are_found() {
    let found = |classes: [&str; 4]| {
        let rows =
            classes.iter().enumerate().map(|(row, class)| [row.to_string(), (*class).to_owned()]);
        let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
        let encoder = Encoder::fit(&table, &Columns::classification("y")).unwrap();
        let found = encoder.alike(&table).unwrap();
        found.into_iter().next().map(|it| (it.place.line, it.place.column, it.spellings.len()))
    };
    assert_eq!(found(["yes", "no", "Yes", "YES"]), Some((3, "y".to_owned(), 3)));
    assert_eq!(found(["yes", "no", "yes", "no"]), None);
    assert_eq!(found(["1", "1.0", "2", "02"]), None);
}

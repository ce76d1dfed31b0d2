//! Numbers that are written as codes are, and integers that become the same number.

use nnfs_datasets::{Columns, Encoder, Found, Table};

use crate::helpers::{check, fit, table};

/// The first row of a code in the input `x`.
fn code<const N: usize>(values: [&str; N]) -> Option<usize> {
    let table = table(values);
    let found = fit(&table).unwrap().numbers_like_codes(&table).unwrap();
    found.first().map(|&(input, row)| {
        assert_eq!((input, found.len()), (0, 1));
        row
    })
}

#[test]
fn codes_have_zeros_plus_signs_or_exponents() {
    assert_eq!(code(["10115", "01067", "04109"]), Some(1));
    assert_eq!(code(["", "10115", "01067"]), Some(2), "of numbers, some of which are missing");
    assert_eq!(code(["08", "09", "10"]), None);
    assert_eq!(code(["+4930100037", "+4930100038"]), Some(0));
    assert_eq!(code(["+4930100037", ""]), None, "a constant");
    assert_eq!(code(["+4930100037", "+4930100038", "-1"]), None, "beside a negative number");
    assert_eq!(code(["+4930100037", "+4930100038", "0"]), Some(0));
    assert_eq!(code(["15", "12E5"]), Some(1));
    assert_eq!(code(["15", "12E5", "0.5"]), None, "beside a fraction");
    assert_eq!(code(["15", "12E5", "4.0"]), None, "beside a decimal mark");
    assert_eq!(code(["15", "16"]), None);
    assert_eq!(code(["1.0", "1.1", "1.2", "1.9", "1.10", "1.11"]), Some(4), "versions");
    assert_eq!(code(["1.1", "1.10", "1.105"]), None, "beside three decimals");
    assert_eq!(code(["1.1", "1.10", "1.05"]), None, "beside a zero after the point");
    assert_eq!(code(["2.5", "2.50", "2.75"]), None, "prices");
    assert_eq!(code(["1.10", "1.20", "1.11"]), None, "equal decimals");
    assert_eq!(code(["1.1", "1.10", "-1.2"]), None, "beside a negative number");
}

#[test]
fn codes_are_found_in_every_column_of_numbers() {
    let rows = [["a", "1", "007", "1"], ["b", "2", "008", "2"]];
    let table = Table::from_rows("t", &["word", "number", "code", "y"], rows).unwrap();
    assert_eq!(fit(&table).unwrap().numbers_like_codes(&table).unwrap(), [(2, 0)]);
    let words = Table::from_rows("t", &["word", "y"], [["a", "1"], ["b", "2"]]).unwrap();
    let other = Table::from_rows("t", &["word"], [["007"], ["008"]]).unwrap();
    assert_eq!(fit(&words).unwrap().numbers_like_codes(&other).unwrap(), [], "not of numbers");
}

/// 2^53, 2^53 + 1, which is rounded to it, and 2^53 + 2.
const INTEGERS: [&str; 3] = ["9007199254740992", "9007199254740993", "9007199254740994"];

#[test]
fn targets_may_become_the_same_number() {
    let equal = |targets: &[&str], columns: &Columns| {
        let rows = targets.iter().enumerate().map(|(row, y)| [row.to_string(), (*y).to_owned()]);
        let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
        let found = Encoder::fit(&table, columns).unwrap().equal_targets(&table).unwrap();
        found
            .into_iter()
            .map(|(place, found, other)| (place.line, found, other))
            .collect::<Vec<_>>()
    };
    let y = Columns::regression(["y"]);
    let [first, same, next] = INTEGERS;
    let expected = [(3, same.to_owned(), first.to_owned())];
    assert_eq!(equal(&["1", first, same, next], &y), expected);
    let negative = INTEGERS.map(|integer| format!("-{integer}"));
    let expected = [(2, negative[1].clone(), negative[0].clone())];
    assert_eq!(equal(&[&*negative[0], &*negative[1]], &y), expected);
    for different in
        [&[first, next][..], &[first, first], &["0.1", "0.10"], &[first, "9007199254740992.0"]]
    {
        assert_eq!(equal(different, &y), [], "{different:?}");
    }
    assert_eq!(equal(&["a", "b"], &Columns::classification("y")), []);
}

#[test]
fn inputs_may_become_the_same_number() {
    let [first, same, next] = INTEGERS;
    let findings = |train: &[&str], values: &[&str]| {
        let encoder = fit(&table(train)).unwrap();
        let found = check(&encoder, &table(values)).into_iter();
        found
            .filter_map(|finding| match finding.what {
                Found::SameNumber { other } => {
                    Some((finding.place.line, finding.found, other, finding.rows))
                }
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let expected = [(2, same.to_owned(), first.to_owned(), 2)];
    // Numbers, a constant, and a constant or nothing.
    for train in [&["1", "2"][..], &[first, first], &[first, ""]] {
        assert_eq!(findings(train, &[first, same, same]), expected, "{train:?}");
        assert_eq!(findings(train, &[first, next]), [], "{train:?}");
    }
}

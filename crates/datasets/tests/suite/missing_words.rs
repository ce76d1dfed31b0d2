//! Words for missing numbers, and numbers that no notation or scaler can help.

use crate::helpers::{check, coding, fit, table};
use nnfs_datasets::{Coding, CsvError, Found, Table};

#[test]
fn words_for_a_missing_number() {
    let words = [
        "None", "none", "NaT", "-", "--", ".", "n.a.", "#DIV/0!", "#VALUE!", "#REF!", "\u{2013}",
        "\\N",
    ];
    let numbers = ["1", "2.5", "3"];
    for word in words {
        let numbers = table(numbers.into_iter().chain([word]));
        let encoder = fit(&numbers).unwrap();
        assert_eq!(*coding(&encoder), Coding::NumberOrMissing, "{word}");
        assert_eq!(check(&encoder, &numbers)[0].found, word);
        // Also where it is alone, and with percents.
        let alone = table([word]);
        assert!(encoder.inputs::<f64>(&alone).unwrap()[0].is_nan());
        assert_eq!(check(&encoder, &alone)[0].what, Found::Missing);
        assert_eq!(*coding(&fit(&table(["1%", "2%", word])).unwrap()), Coding::NumberOrMissing);
        // A date is missing, and a word is a word.
        let dates = fit(&table(["2024-01-01", "2024-03-05", word])).unwrap();
        assert!(matches!(coding(&dates), Coding::Date(_)), "{word}");
        assert!(dates.input_names().contains(&"x is missing".to_owned()));
        assert_eq!(
            fit(&table(["a", word, "a"])).unwrap().input_names(),
            [format!("x={}", word.min("a")), format!("x={}", word.max("a"))]
        );
        // The error is about the other word.
        let error = fit(&table(["1", "2", "3", word, "abc"])).unwrap_err();
        assert!(
            matches!(&error, CsvError::MostlyNumbers { found, .. } if found == "abc"),
            "{error}"
        );
    }
}

#[test]
fn without_a_scaler_no_missing_number_is_filled() {
    let encoder = fit(&table(["1", "2"])).unwrap();
    assert!(encoder.refuse_missing_numbers(&table(["3"])).is_ok());
    let error = encoder.refuse_missing_numbers(&table(["3", "NA"])).unwrap_err();
    assert!(matches!(&error, CsvError::MissingValue { place, .. } if place.line == 2), "{error}");
}

#[test]
fn two_decimal_marks_in_one_table() {
    let rows = [["1.158,09", "2.04"], ["17,5", "3.25"]];
    let error = fit(&Table::from_rows("t", &["a", "y"], rows).unwrap()).unwrap_err();
    let CsvError::MixedDecimalMarks { place, other, .. } = &error else { panic!("{error}") };
    assert_eq!((place.column.as_str(), other.column.as_str()), ("a", "y"));
    // Within one column.
    for (numbers, lines) in
        [(["13,30", "25.25", "7,5"], (1, 2)), (["1.234,5", "1,234.5", "2.345,75"], (1, 2))]
    {
        let error = fit(&table(numbers)).unwrap_err();
        let CsvError::MixedDecimalMarks { place, other, .. } = &error else { panic!("{error}") };
        assert_eq!((place.line, other.line), lines, "{error}");
    }
}

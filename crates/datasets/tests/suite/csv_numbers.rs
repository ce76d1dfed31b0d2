//! Numbers as people write them.
#![cfg(feature = "csv")]

use nnfs_datasets::{Columns, CsvError, CsvOptions, Encoder, Kind, Meaning, Note, Table};

/// A table of a column `x` with these values, and a column `y`.
fn table(values: &[&str], options: &CsvOptions) -> Table {
    let rows: String = values.iter().map(|value| format!("\"{value}\";1\n")).collect();
    let options = options.clone().delimiter(b';');
    Table::from_reader("t", format!("x;y\n{rows}").as_bytes(), &options).unwrap()
}

fn numbers(values: &[&str], options: &CsvOptions) -> Result<Vec<f64>, CsvError> {
    let table = table(values, options);
    for (row, value) in values.iter().enumerate() {
        assert_eq!(table.value(row, 0), value.trim(), "the text stays");
    }
    let encoder = Encoder::fit(&table, &Columns::regression(["y"]))?;
    assert_eq!(encoder.input_names(), ["x"]);
    Ok(encoder.inputs::<f64>(&table)?.as_slice().to_vec())
}

#[test]
fn what_has_one_meaning_is_read() {
    for (values, expected, word) in [
        (["45%", "-4.5 %", "0%"], [45.0, -4.5, 0.0], "percent"),
        (["$5", "-$1", "$2.50"], [5.0, -1.0, 2.5], "currency"),
        (["5 €", "7", "-1 €"], [5.0, 7.0, -1.0], "currency"),
        (["CHF 1'200", "CHF 5", "CHF 1'000'000.5"], [1200.0, 5.0, 1_000_000.5], "apostrophes"),
        (["(2.5)", "2.5", "(1)"], [-2.5, 2.5, -1.0], "parentheses"),
        (["1.5D+00", "-2.0d1", "3"], [1.5, -20.0, 3.0], "exponent"),
        (["1\u{a0}234", "5", "-1\u{a0}234\u{a0}567"], [1234.0, 5.0, -1_234_567.0], "spaces"),
        (["1 234.5", "12", "123 456"], [1234.5, 12.0, 123_456.0], "spaces"),
        (["\u{2212}3", "4", "−5"], [-3.0, 4.0, -5.0], "minus"),
        (["250-", "3", "1.5-"], [-250.0, 3.0, -1.5], "after"),
        (["5 kg", "6.5 kg", "7 kg"], [5.0, 6.5, 7.0], "unit"),
        (["12 months", "6 months", "120 months"], [12.0, 6.0, 120.0], "unit"),
        (["1_000", "2", "3"], [1000.0, 2.0, 3.0], "underscores"),
        (["108.-", "59.90", "2.–"], [108.0, 59.9, 2.0], "no cents"),
        (["CHF 2’602.–", "CHF 5.—", "CHF -7.50"], [2602.0, 5.0, -7.5], "no cents"),
        (["4.-- €", "5 .- €", "6.50 €"], [4.0, 5.0, 6.5], "no cents"),
        (["250.00-", "108.-", "(3.-)"], [-250.0, 108.0, -3.0], "after"),
        (["1 200:- kr", "95:- kr", "12.50 kr"], [1200.0, 95.0, 12.5], "no cents"),
        (["Fr 4.50", "Fr 5", "Fr 6.25"], [4.5, 5.0, 6.25], "currency"),
        (["SFr. 15.–", "SFr. 2.50", "SFr. 7.-"], [15.0, 2.5, 7.0], "currency"),
        (["kr 42.50", "7 kr", "kr 1 200"], [42.5, 7.0, 1200.0], "currency"),
        (["Euro 4.50", "Euro 5", "12 Euro"], [4.5, 5.0, 12.0], "currency"),
        (["zł 4.50", "3", "zł 5"], [4.5, 3.0, 5.0], "currency"),
        (["Rs. 500/-", "Rs. 12/-", "Rs. 7.50"], [500.0, 12.0, 7.5], "no cents"),
    ] {
        assert_eq!(
            numbers(&values, &CsvOptions::new()).as_deref(),
            Ok(&expected[..]),
            "{values:?}"
        );
        let table = table(&values, &CsvOptions::new());
        let [note @ Note::Numbers { place, found, number, .. }] = table.notes() else {
            panic!("{values:?}: {:?}", table.notes())
        };
        assert!(note.to_string().contains(word), "{note}");
        let row = place.line - 2;
        assert_eq!((found.as_str(), *number), (values[row], expected[row]));
    }
}

#[test]
fn missing_values_do_not_change_the_meaning() {
    let table = table(&["45%", "NA", "", "7%"], &CsvOptions::new());
    assert_eq!(table.kind(0), Kind::Numeric);
    assert_eq!(table.value(1, 0), "NA");
}

/// The decimal mark and the separator of each meaning that is offered.
fn offered(values: &[&str], options: &CsvOptions) -> Vec<(Option<char>, Option<char>)> {
    match numbers(values, options) {
        Err(CsvError::NumberFormat { place, meanings, .. }) => {
            assert_eq!(place.column, "x");
            meanings
                .iter()
                .map(|Meaning { decimal, thousands, .. }| (*decimal, *thousands))
                .collect()
        }
        other => panic!("{values:?}: {other:?}"),
    }
}

#[test]
fn what_has_two_meanings_is_refused_with_both() {
    let plain = CsvOptions::new();
    let (comma, commas) = ((Some(','), None), (None, Some(',')));
    let german = (Some(','), Some('.'));
    for (values, expected) in [
        (&["1,5", "2", "3"][..], vec![comma]),
        (&["-1,5", "2,25"], vec![comma]),
        (&["6,898", "1,234"], vec![commas, comma]),
        (&["6,898", "1,5"], vec![comma]),
        (&["6,898", "1,234.5"], vec![commas]),
        (&["6,898", "2.5"], vec![commas]),
        (&["1,23,456"], vec![commas]),
        (&["1.234,5", "2"], vec![german]),
        (&["1.234.567", "2"], vec![german]),
        (&["1,5%", "2%"], vec![comma]),
        (&["(1,5)", "2,5"], vec![comma]),
        (&["1,5", "unknown", "2,5"], vec![comma]),
        (&["€ 1.234,50"], vec![german]),
        (&["4,-", "3,50"], vec![comma]),
        (&["1.234,– €", "3,- €"], vec![german]),
        (&["1,234.-", "3.-"], vec![commas]),
    ] {
        assert_eq!(offered(values, &plain), expected, "{values:?}");
    }
    // A point is not a decimal mark here.
    let decimal = CsvOptions::new().decimal(',');
    for options in [&plain, &decimal] {
        let error = numbers(&["1,5", "2.5"], options).unwrap_err();
        assert!(matches!(error, CsvError::MixedDecimalMarks { .. }), "{error}");
    }
    assert_eq!(offered(&["1.234,5"], &decimal), [(None, Some('.'))]);
    assert_eq!(offered(&["1.234"], &decimal), [(Some('.'), None), (None, Some('.'))]);
}

#[test]
fn a_dash_for_no_cents_is_no_sign() {
    let error = numbers(&["4,-", "5,-"], &CsvOptions::new()).unwrap_err();
    let CsvError::NumberFormat { meanings, .. } = &error else { panic!("{error}") };
    assert_eq!(meanings[0].number, "4");
    for values in [["108.-", "1,50"], ["1,50", "108.–"], ["4,-", "4.-"]] {
        let error = numbers(&values, &CsvOptions::new()).unwrap_err();
        assert!(matches!(error, CsvError::MixedDecimalMarks { .. }), "{error}");
    }
    // The point of `108.-` is a decimal mark, and so is that of the other numbers.
    let options = CsvOptions::new();
    let prices = ["108.-", "1.234", "1.500", "250.-", "300.-"];
    assert_eq!(numbers(&prices, &options), Ok(vec![108.0, 1.234, 1.5, 250.0, 300.0]));
}

#[test]
fn options_give_the_meaning() {
    let decimal = CsvOptions::new().decimal(',');
    assert_eq!(numbers(&["1,5", "-2", ",5", "1e3"], &decimal), Ok(vec![1.5, -2.0, 0.5, 1000.0]));
    assert_eq!(numbers(&["1,5 %", "2 %"], &decimal), Ok(vec![1.5, 2.0]));
    assert_eq!(numbers(&["17,-", "2,50", "-3,–"], &decimal), Ok(vec![17.0, 2.5, -3.0]));
    assert_eq!(numbers(&["17,-- €", "2,50 €"], &decimal), Ok(vec![17.0, 2.5]));
    let german = CsvOptions::new().thousands('.');
    assert_eq!(numbers(&["1.234,-", "3,-"], &german), Ok(vec![1234.0, 3.0]));
    assert_eq!(numbers(&["1.234,5", "1.234", "7,5"], &german), Ok(vec![1234.5, 1234.0, 7.5]));
    let english = CsvOptions::new().thousands(',');
    assert_eq!(
        numbers(&["6,898", "1,23,456.5", "2.5"], &english),
        Ok(vec![6898.0, 123_456.5, 2.5])
    );
    assert_eq!(numbers(&["$1,200", "$3"], &english), Ok(vec![1200.0, 3.0]));
    let spaces = CsvOptions::new().thousands(' ').decimal(',');
    assert_eq!(numbers(&["1 234,5", "2"], &spaces), Ok(vec![1234.5, 2.0]));
    for (options, mark) in [
        (CsvOptions::new().decimal(';'), ';'),
        (CsvOptions::new().decimal(',').thousands(','), ','),
        (CsvOptions::new().thousands('5'), '5'),
        (CsvOptions::new().thousands('-'), '-'),
    ] {
        let error = Table::from_reader("t", &b"x\n1\n"[..], &options).unwrap_err();
        assert!(matches!(error, CsvError::Separator { found, .. } if found == mark), "{error}");
    }
}

#[test]
fn words_that_contain_digits_stay_words() {
    for values in [
        &["1st", "2nd", "3rd"][..],
        &["2-", "3", "2"],
        &["Euro 4", "Euro 5", "Euro 6"],
        &["kr1", "kr2", "kr3"],
        &["SEK001", "SEK002"],
        &["5 kg", "6 lb", "7 kg"],
        &["12:30", "13:45"],
        &["2024-01-31", "2024-02-01"],
        &["1.2.3", "1.2.4"],
        &["Q1", "Q2"],
        &["10-20", "20-30"],
        &["030 123 456", "030 123 457"],
        &["a 1,5", "b 2,5"],
        &["1/2", "3/4"],
    ] {
        let table = table(values, &CsvOptions::new());
        assert_eq!((table.kind(0), table.notes()), (Kind::Categorical, &[][..]), "{values:?}");
    }
}

#[test]
fn a_sign_that_changes_the_meaning_is_on_all_values_or_none() {
    for values in [&["45%", "0.45", "1%"][..], &["$5", "€5", "$6"]] {
        let error = numbers(values, &CsvOptions::new()).unwrap_err();
        let CsvError::MixedUnits { place, other, .. } = &error else { panic!("{error}") };
        assert_eq!((place.line, *other), (3, 2), "{error}");
    }
    // A number with a letter among plain numbers is a typing error.
    let error = numbers(&["12", "13a", "14", "15b", "16"], &CsvOptions::new()).unwrap_err();
    assert!(matches!(error, CsvError::MostlyNumbers { .. }), "{error}");
}

#[test]
fn a_declared_column_is_what_it_is_declared() {
    let words = CsvOptions::new().column("x", Kind::Categorical);
    let table = table(&["1,5", "2,5", "1,5"], &words);
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    assert_eq!(encoder.input_names(), ["x=1,5", "x=2,5"]);
    let number = CsvOptions::new().column("x", Kind::Numeric);
    assert_eq!(numbers(&["45%", "5%"], &number), Ok(vec![45.0, 5.0]));
    let error = numbers(&["a", "b", "1,5"], &number).unwrap_err();
    assert!(matches!(error, CsvError::NotANumber { .. }), "{error}");
}

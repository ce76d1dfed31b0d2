//! How the columns of a table become inputs: missing values, rare and unknown categories, constants.

#[cfg(feature = "csv")]
use nnfs_datasets::CsvOptions;
use nnfs_datasets::{
    Coding, Columns, CsvError, Encoder, Finding, Found, Kind, Labels, Missing, Table, Target,
    Unknown,
};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence::Direct;

use crate::helpers::{check, coding, fit, table};

fn row(encoder: &Encoder, table: &Table, row: usize) -> Vec<f64> {
    encoder.inputs::<f64>(table).unwrap().row(row).iter().copied().collect()
}

/// `count` different words.
fn words(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|index| format!("w{index}"))
}

#[test]
fn a_missing_number_has_an_input_of_its_own() {
    let train = table(["1.5", "", "2.5", "NA", "nan"]);
    let encoder = fit(&train).unwrap();
    assert_eq!(*coding(&encoder), Coding::NumberOrMissing);
    assert_eq!(encoder.input_names(), ["x", "x is missing"]);
    assert_eq!(row(&encoder, &train, 0), [1.5, 0.0]);
    let [number, missing] = row(&encoder, &train, 3)[..] else { panic!() };
    assert!(number.is_nan() && missing == 1.0);
    let [Finding { input: 0, what: Found::Missing, place, found, rows: 3 }] =
        &check(&encoder, &train)[..]
    else {
        panic!()
    };
    assert_eq!((place.line, found.as_str()), (2, ""));
    let error = encoder.check(&train, Missing::Refuse, Unknown::Accept).unwrap_err();
    assert!(matches!(error, CsvError::MissingValue { .. }), "{error}");

    // Training had none.
    let encoder = fit(&table(["1.5", "2.5"])).unwrap();
    assert_eq!(*coding(&encoder), Coding::Number);
    assert!(row(&encoder, &train, 1)[0].is_nan());
    assert_eq!(check(&encoder, &train)[0].rows, 3);
    // A word is not a missing number.
    let error = encoder.inputs::<f64>(&table(["1", "many"])).unwrap_err();
    assert!(matches!(error, CsvError::NotANumber { .. }), "{error}");
}

#[test]
fn a_missing_word_is_a_category() {
    let train = table(["red", "", "blue", "NA", "red"]);
    let encoder = fit(&train).unwrap();
    assert_eq!(*coding(&encoder), Coding::OneHot(Labels::new(["", "blue", "red"])));
    assert_eq!(encoder.input_names(), ["x is missing", "x=blue", "x=red"]);
    assert_eq!(row(&encoder, &train, 3), [1.0, 0.0, 0.0]);
    assert_eq!(check(&encoder, &train)[0].rows, 2);

    // Training had none.
    let encoder = fit(&table(["red", "blue"])).unwrap();
    assert_eq!(row(&encoder, &train, 1), [0.0, 0.0]);
    assert_eq!(check(&encoder, &train)[0].what, Found::Missing);
}

#[cfg(feature = "csv")]
#[test]
fn a_declared_column_keeps_words_for_missing_values_apart() {
    let options = CsvOptions::new().column("x", Kind::Categorical);
    let csv = "x,y\nNA,1\n,2\nFR,3\n01,4\n1,5\n";
    let train = Table::from_reader("t", csv.as_bytes(), &options).unwrap();
    let encoder = fit(&train).unwrap();
    assert_eq!(encoder.input_names(), ["x is missing", "x=01", "x=1", "x=FR", "x=NA"]);
    // Another table need not declare the column.
    let new = table(["NA", "", "1", "1.0"]);
    assert_eq!(row(&encoder, &new, 0), [0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(row(&encoder, &new, 1), [1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(row(&encoder, &new, 2), [0.0, 0.0, 1.0, 0.0, 0.0]);
    let findings = check(&encoder, &new);
    assert_eq!(findings.len(), 2);
    assert_eq!((&findings[1].what, findings[1].found.as_str()), (&Found::Unknown, "1.0"));
}

#[test]
fn a_missing_target_is_refused_with_its_line() {
    let rows = [["1", "2", "a"], ["2", "", "b"], ["3", "4", "NA"], ["4", "5", "a"]];
    let table = Table::from_rows("t", &["x", "n", "c"], rows).unwrap();
    for (columns, line) in [(Columns::regression(["n"]), 2), (Columns::classification("c"), 3)] {
        let error = Encoder::fit(&table, &columns).unwrap_err();
        let CsvError::MissingTarget { place, missing: 1, rows: 4, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(place.line, line);
        // Without this row, the others can be learned.
        let rows = columns.rows_with_targets(&table).unwrap();
        assert!(rows.len() == 3 && !rows.contains(&(line - 1)), "{rows:?}");
        let encoder = Encoder::fit(&table.select_rows(&rows), &columns).unwrap();
        assert_eq!(encoder.target().rows_with_targets(&table).unwrap(), rows);
    }
}

#[test]
fn an_unknown_category_is_accepted_and_counted_or_refused() {
    let encoder = fit(&table(["a", "b", "a", "b"])).unwrap();
    let new = table(["a", "c", "d", "c"]);
    assert_eq!(row(&encoder, &new, 1), [0.0, 0.0]);
    let findings = check(&encoder, &new);
    assert_eq!((findings.len(), &findings[0].what, findings[0].rows), (1, &Found::Unknown, 3));
    assert_eq!((findings[0].place.line, findings[0].found.as_str()), (2, "c"));
    let error = encoder.check(&new, Missing::Fill, Unknown::Refuse).unwrap_err();
    let CsvError::UnknownCategory { place, .. } = &error else { panic!("{error}") };
    assert_eq!(place.line, 2);
}

#[test]
fn rare_categories_share_an_input() {
    // Those of 1 row of 100.
    let frequent = (0..94).map(|row| ["a", "b"][row % 2]);
    let rare = ["c", "d", "e", "e", "f", "f"];
    let train = table(frequent.clone().chain(rare));
    let encoder = fit(&train).unwrap();
    assert_eq!(encoder.input_names(), ["x=a", "x=b", "x=e", "x=f", "x=other"]);
    for rare in [94, 95] {
        assert_eq!(row(&encoder, &train, rare), [0.0, 0.0, 0.0, 0.0, 1.0]);
    }
    assert_eq!(check(&encoder, &train), []);
    // An unknown category takes the same input, and so does a missing value.
    let new = table(["unheard of", "", "a"]);
    assert_eq!(row(&encoder, &new, 0), [0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(row(&encoder, &new, 1), [0.0, 0.0, 0.0, 0.0, 1.0]);
    let what: Vec<_> = check(&encoder, &new).into_iter().map(|finding| finding.what).collect();
    assert_eq!(what, [Found::Unknown, Found::Missing]);

    // A single rare category keeps its input, and so does a missing value.
    let names = |words: &[&'static str]| {
        fit(&table(frequent.clone().chain(words.iter().copied()))).unwrap().input_names()
    };
    assert_eq!(names(&["c"]), ["x=a", "x=b", "x=c"]);
    assert_eq!(names(&["c", ""]), ["x is missing", "x=a", "x=b", "x=c"]);
    assert_eq!(names(&["c", "", "d"]), ["x is missing", "x=a", "x=b", "x=other"]);
    // A category may have the name of the shared input.
    assert_eq!(names(&["c", "d", "other", "other"]).last().unwrap(), "x=(other)");
}

/// The rare categories share an input where they have at most half of the rows.
#[cfg(feature = "csv")]
#[test]
fn rare_categories_have_at_most_half_of_the_rows() {
    let options = CsvOptions::new().column("x", Kind::Categorical);
    for (rare, inputs) in [(50, 2), (51, 52)] {
        let values = words(rare).chain(std::iter::repeat("often".to_owned())).take(100);
        let rows = values.enumerate().map(|(row, word)| format!("{word},{row}\n"));
        let csv = format!("x,y\n{}", rows.collect::<String>());
        let table = Table::from_reader("t", csv.as_bytes(), &options).unwrap();
        assert_eq!(fit(&table).unwrap().input_width(), inputs);
    }
}

#[test]
fn small_tables_keep_their_categories() {
    // 5 categories in 10 rows, and 1 row of one of them in 40.
    let of = |count: usize, rows: usize| (0..rows).map(move |row| format!("c{}", row % count));
    for (values, width) in [
        (of(5, 10).collect::<Vec<_>>(), 5),
        (of(9, 9).collect(), 9),
        (of(10, 20).collect(), 10),
        (of(3, 40).chain(["x".to_owned(), "y".to_owned()]).collect(), 5),
        // Many categories, none of which is frequent.
        (of(50, 200).collect(), 50),
    ] {
        assert_eq!(fit(&table(values)).unwrap().input_width(), width);
    }
}

#[test]
fn words_that_hardly_repeat_are_refused() {
    let uuid =
        |row: usize| format!("{:08x}-{:04x}-4000-8000-{:012x}", row * 7919, row, row * 104_729);
    let half = |row: usize| {
        if row.is_multiple_of(2) { format!("n{row}") } else { format!("c{}", row % 10) }
    };
    let text = |row: usize| match row % 10 {
        0 => "no remarks".to_owned(),
        _ => format!("the customer of row {row} asked again, {}", row * row),
    };
    for (what, values) in [
        ("a name in every row", words(200).collect::<Vec<_>>()),
        ("a few names", words(10).collect()),
        ("identifiers", (0..500).map(uuid).collect()),
        ("addresses", (0..90).map(|row| format!("user{row}@example.org")).collect()),
        ("half of the rows", (0..200).map(half).collect()),
        ("60 names for 200 rows", (0..200).map(|row| format!("n{}", row * 7 % 60)).collect()),
        ("free text", (0..300).map(text).collect()),
        (
            "names, some missing",
            (0..100).map(|row| if row % 3 == 0 { String::new() } else { uuid(row) }).collect(),
        ),
    ] {
        let error = fit(&table(values)).unwrap_err();
        let CsvError::HardlyRepeats { place, found, distinct, rows, columns } = &error else {
            panic!("{what}: {error}")
        };
        assert_eq!(columns[..], [("x".to_owned(), *distinct)]);
        assert!(distinct <= rows && !found.is_empty() && place.column == "x", "{what}: {error}");
    }
    // Those that repeat are categories.
    for values in [
        (0..200).map(|row| format!("c{}", row % 50)).collect::<Vec<_>>(),
        (0..2000).map(|row| format!("c{}", row % 200)).collect(),
        // A remark in a few rows.
        (0..400).map(|row| if row % 10 == 0 { text(row + 1) } else { "none".to_owned() }).collect(),
    ] {
        let encoder = fit(&table(values)).unwrap();
        assert!(encoder.input_width() <= 200, "{:?}", encoder.input_names());
    }
}

#[cfg(feature = "csv")]
#[test]
fn declared_words_need_not_repeat() {
    let csv: String = words(40).enumerate().map(|(row, word)| format!("{word},{row}\n")).collect();
    let csv = format!("x,y\n{csv}");
    let read = |options: &CsvOptions| Table::from_reader("t", csv.as_bytes(), options).unwrap();
    assert!(fit(&read(&CsvOptions::new())).is_err());
    let declared = read(&CsvOptions::new().column("x", Kind::Categorical));
    assert_eq!(fit(&declared).unwrap().input_width(), 40);
    assert!(Encoder::fit(&declared, &Columns::classification("x")).is_ok());
}

#[test]
fn a_constant_column_has_no_input() {
    for (values, value, kind) in [
        (["7", "7.0", "07"], "7", Kind::Numeric),
        (["0.3", "0.30000000000000004", "0.3"], "0.3", Kind::Numeric),
        (["a", "a", "a"], "a", Kind::Categorical),
        (["", "NA", "?"], "", Kind::Categorical),
    ] {
        let train = table(values);
        let encoder = fit(&train).unwrap();
        assert_eq!(*coding(&encoder), Coding::Constant { value: value.to_owned(), kind });
        assert_eq!(coding(&encoder).width(), 0);
        // A network has at least one input.
        assert_eq!(encoder.input_names(), ["nothing"]);
        assert_eq!(encoder.inputs::<f64>(&train).unwrap().as_slice(), [0.0; 3]);
        assert_eq!(check(&encoder, &train), [], "{value}");
        let new = table([value, "5", "b", ""]);
        assert_eq!(encoder.inputs::<f32>(&new).unwrap().as_slice(), [0.0; 4]);
        let findings = check(&encoder, &new);
        let other = findings.iter().find(|finding| finding.what != Found::Missing).unwrap();
        assert_eq!(other.what, Found::NotConstant { value: value.to_owned() });
        assert_eq!((other.rows, other.place.line, other.found.as_str()), (2, 2, "5"));
        let missing = findings.iter().any(|finding| finding.what == Found::Missing);
        assert_eq!(missing, !value.is_empty());
    }
    let encoder = fit(&table(["a", "a"])).unwrap();
    let error = encoder.check(&table(["b"]), Missing::Fill, Unknown::Refuse).unwrap_err();
    assert!(matches!(error, CsvError::UnknownCategory { .. }), "{error}");
}

#[test]
fn a_number_that_is_constant_or_missing_has_one_input() {
    let train = table(["7", "", "7"]);
    let encoder = fit(&train).unwrap();
    assert_eq!(*coding(&encoder), Coding::ConstantOrMissing { value: "7".to_owned() });
    assert_eq!(encoder.input_names(), ["x is missing"]);
    let new = table(["7.0", "8", "NA"]);
    assert_eq!(encoder.inputs::<f64>(&new).unwrap().as_slice(), [0.0, 0.0, 1.0]);
    let what: Vec<_> = check(&encoder, &new).into_iter().map(|finding| finding.what).collect();
    assert_eq!(what, [Found::NotConstant { value: "7".to_owned() }, Found::Missing]);
}

#[test]
fn the_training_rows_decide_what_is_learned_and_the_table_what_columns_hold() {
    let rows = [["1", "a", "5"], ["2", "a", ""], ["", "b", "5"], ["3", "c", "6"]];
    let names = ["n", "w", "c"];
    let whole = Table::from_rows("t", &names, rows).unwrap();
    let columns = Columns::classification("w");
    let target = Target::fit(&whole, &columns).unwrap();
    let encoder = Encoder::fit_rows(&whole, &[0, 1], &columns, target).unwrap();
    assert_eq!(encoder.target_names(), ["a", "b", "c"], "of the whole table");
    let codings: Vec<_> = encoder.input_columns().iter().map(|input| &input.coding).collect();
    let constant = Coding::ConstantOrMissing { value: "5".to_owned() };
    assert_eq!(codings, [&Coding::Number, &constant], "of the training rows");

    // The only word is outside of the training rows.
    let typo = table(["1", "2", "3", "4", "5", "6", "7o"]);
    let columns = Columns::regression(["y"]);
    let target = Target::fit(&typo, &columns).unwrap();
    let error = Encoder::fit_rows(&typo, &[0, 1, 2], &columns, target).unwrap_err();
    let CsvError::MostlyNumbers { place, .. } = &error else { panic!("{error}") };
    assert_eq!(place.line, 7);
    // Missing values do not count as words.
    let error = fit(&table(["1", "2", "", "", "", "none known"])).unwrap_err();
    assert!(matches!(error, CsvError::MostlyNumbers { .. }), "{error}");
}

/// The classes of a column.
fn classes<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Result<Target, CsvError> {
    Target::fit(&table(values), &Columns::classification("x"))
}

#[test]
fn classes_that_are_numbers_compare_as_numbers() {
    let mixed = table(["1", "2.0", "01", "2", "1.0"]);
    let columns = Columns::classification("x");
    let encoder = Encoder::fit(&mixed, &columns).unwrap();
    assert_eq!(encoder.target_names(), ["1", "2"]);
    assert_eq!(encoder.labels(&mixed).unwrap().unwrap(), [0, 1, 0, 1, 0]);
    let new = table(["2.000", "+1"]);
    assert_eq!(encoder.labels(&new).unwrap().unwrap(), [1, 0]);
    let error = encoder.labels(&table(["1", "3"])).unwrap_err();
    assert!(matches!(error, CsvError::UnknownCategory { .. }), "{error}");

    let large = ["9007199254740992", "9007199254740993"];
    let encoder = Encoder::fit(&table(large), &columns).unwrap();
    assert_eq!(encoder.labels(&table(large)).unwrap().unwrap(), [0, 1]);
}

#[cfg(feature = "csv")]
#[test]
fn classes_that_are_declared_are_words() {
    let options = CsvOptions::new().column("x", Kind::Categorical);
    let read = |csv: &str| Table::from_reader("t", csv.as_bytes(), &options).unwrap();
    let train = read("x,y\n01,1\n2,2\n1,3\n");
    let encoder = Encoder::fit(&train, &Columns::classification("x")).unwrap();
    assert_eq!(encoder.target_names(), ["01", "1", "2"]);
    let encoder = Encoder::fit(&read("x,y\n01,1\n2,2\n"), &Columns::classification("x")).unwrap();
    let error = encoder.labels(&table(["1"])).unwrap_err();
    assert!(matches!(error, CsvError::UnknownCategory { .. }), "{error}");
}

#[test]
fn a_continuous_target_is_no_class() {
    let price = |row: usize| 1000 + row * 7919 % 9000;
    for (what, values) in [
        ("decimals", (0..200).map(|row| (row as f64 / 7.0).to_string()).collect::<Vec<_>>()),
        ("a few decimals", (0..12).map(|row| (row as f64 / 7.0).to_string()).collect()),
        ("decimals that repeat", (0..200).map(|row| format!("{}.5", row % 40)).collect()),
        ("many decimals", (0..9000).map(|row| format!("0.{:02}", row % 99)).collect()),
        ("prices", (0..300).map(|row| price(row).to_string()).collect()),
        ("rounded prices", (0..400).map(|row| (row % 90 * 100).to_string()).collect()),
        ("times", (0..3000).map(|row| (1_700_000_000 + 60 * row).to_string()).collect()),
    ] {
        let error = classes(values).unwrap_err();
        assert!(matches!(error, CsvError::ContinuousClasses { .. }), "{what}: {error}");
    }
    for (what, values) in [
        ("digits", (0..30).map(|row| (row % 10).to_string()).collect::<Vec<_>>()),
        ("few digits", (0..12).map(|row| (row % 10).to_string()).collect()),
        ("digits as decimals", (0..100).map(|row| format!("{}.0", row % 10)).collect()),
        ("marks", (0..100).map(|row| (1.0 + (row % 9) as f64 / 2.0).to_string()).collect()),
        ("a class of one row", (0..50).map(|row| usize::from(row == 7).to_string()).collect()),
        ("1000 classes", (0..20_000).map(|row| (row % 1000).to_string()).collect()),
        ("years", (0..700).map(|row| (1950 + row % 70).to_string()).collect()),
    ] {
        assert!(classes(values).is_ok(), "{what}");
    }
    // Nor are names.
    assert!(matches!(classes(words(100)), Err(CsvError::ClassesHardlyRepeat { .. })));
    assert!(classes(words(10).chain(words(5))).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(Direct("tests/regressions.txt"))),
        ..ProptestConfig::default()
    })]

    /// What was fitted encodes every table: each row has finite inputs where nothing is missing, at most
    /// one 1 among words, and `check` finds what is missing or unknown.
    #[test]
    fn every_table_is_encoded(
        train in prop::collection::vec("[a-d]|[0-9]{0,2}|NA", 1..150),
        new in prop::collection::vec("[a-f]|NA|", 1..20),
    ) {
        let train = table(&train);
        let Ok(encoder) = fit(&train) else { return Ok(()) };
        let inputs = encoder.inputs::<f64>(&train).unwrap();
        prop_assert_eq!(inputs.shape(), (train.rows(), encoder.input_names().len()));
        let findings = check(&encoder, &train);
        prop_assert!(findings.iter().all(|finding| finding.what == Found::Missing));
        let new = table(&new);
        if train.kind(0) == Kind::Categorical {
            let inputs = encoder.inputs::<f64>(&new).unwrap();
            let sums: Vec<f64> = inputs.row_iter().map(|row| row.sum()).collect();
            prop_assert!(sums.iter().all(|&sum| sum == 0.0 || sum == 1.0));
            let known = check(&encoder, &new).is_empty();
            let is_constant = coding(&encoder).width() == 0;
            prop_assert!(!known || is_constant || sums.iter().all(|&sum| sum == 1.0));
        }
    }
}

//! What is odd in a table: missing values, unknown categories, constants, codes, large integers.

use nnfs_tabular::{
    Checkpointing, Classifier, Control, CsvError, Error, Missing, MissingTarget, Regressor,
    Settings, Strictness, Table, Unknown, Value, Warning,
};

use super::{bits, prices, regressor};

/// `prices`, without every ninth area and every seventh quarter, and with a column that is always 1.
fn incomplete(rows: usize) -> Table {
    let table = prices(rows);
    let rows = (0..rows).map(|row| {
        let area = if row % 9 == 4 { "NA".into() } else { table.value(row, 0) };
        let quarter = if row % 7 == 3 { "".into() } else { table.value(row, 1) };
        [area.to_string(), quarter.to_string(), table.value(row, 2).to_string(), "1".to_owned()]
    });
    Table::from_rows("incomplete", &["area", "quarter", "price", "flag"], rows).unwrap()
}

#[test]
fn missing_values_are_filled_and_reported() {
    let learner = Regressor::new("price").learning_rate(0.01).epochs(60);
    let fitted = learner.fit(&incomplete(240)).unwrap();
    assert!(fitted.report().test.is_some() && fitted.problems().is_empty());
    let [
        Warning::Missing { place: area, cells: 27, rows: 240, .. },
        Warning::Missing { place: quarter, cells: 34, .. },
        Warning::Constant { value, .. },
        Warning::RepeatedRows { count: 116, rows: 240, .. },
    ] = fitted.warnings()
    else {
        panic!("{:?}", fitted.warnings())
    };
    assert_eq!((area.line, area.column.as_str()), (5, "area"));
    assert_eq!((quarter.line, value.as_str()), (4, "1"));
    let names = fitted.parts().encoder().input_names();
    assert_eq!(names[..2], ["area", "area is missing"]);
    assert_eq!(names.len(), 2 + 4, "{names:?}");

    // The same row, alone and in a table; from text, from nothing and from NaN.
    let predictor = fitted.predictor();
    let new = Table::from_rows("new", &["area", "quarter", "flag"], [["", "hill", "1"]]).unwrap();
    let together = predictor.predict(&new).unwrap();
    assert!(matches!(together.warnings(), [Warning::Missing { cells: 1, rows: 1, .. }]));
    let row = |area| [("area", area), ("quarter", "hill".into()), ("flag", 1.into())];
    for missing in [Value::Missing, None::<f64>.into(), f64::NAN.into(), "NA".into()] {
        let alone = predictor.predict_row(&row(missing)).unwrap();
        assert_eq!(alone.predicted(), &together.row(0));
        assert!(matches!(alone.warnings(), [Warning::Missing { .. }]));
    }
    let strict = Strictness { missing: Missing::Refuse, ..Strictness::default() };
    let error = predictor.predict_row_with(&row(Value::Missing), strict);
    assert!(matches!(error, Err(Error::Table(CsvError::MissingValue { .. }))));
    assert!(predictor.predict_row_with(&row(1.into()), strict).is_ok());

    let error = learner.missing(Missing::Refuse).fit(&incomplete(240)).unwrap_err();
    let Error::Table(CsvError::MissingValue { place, .. }) = error else { panic!("{error}") };
    assert_eq!((place.line, place.column.as_str()), (5, "area"));
}

#[test]
fn unknown_categories_are_predicted_and_reported() {
    let predictor = regressor().epochs(1).fit(&prices(60)).unwrap().into_predictor();
    let rows = [["50", "hill"], ["50", "moon"], ["50", "mars"]];
    let table = Table::from_rows("new", &["area", "quarter"], rows).unwrap();
    let predictions = predictor.predict(&table).unwrap();
    let [Warning::Unknown { place, found, similar: None, cells: 2, rows: 3 }] =
        predictions.warnings()
    else {
        panic!("{:?}", predictions.warnings())
    };
    assert_eq!((place.line, found.as_str()), (2, "moon"));
    assert_eq!(predictions.row(1), predictions.row(2));
    let hill = predictor.predict_row(&[("area", 50.into()), ("quarter", "Hill".into())]).unwrap();
    let [warning @ Warning::Unknown { similar: Some(known), .. }] = hill.warnings() else {
        panic!("{:?}", hill.warnings())
    };
    assert_eq!(known, "hill");
    assert!(warning.to_string().contains(r#""Hill" (training had "hill")"#), "{warning}");
    let moon = predictor.predict_row(&[("area", 50.into()), ("quarter", "moon".into())]).unwrap();
    assert_eq!((moon.predicted(), moon.warnings().len()), (&predictions.row(1), 1));
    let strict = Strictness { unknown: Unknown::Refuse, ..Strictness::default() };
    let error = predictor.predict_with(&table, strict).unwrap_err();
    let Error::Table(CsvError::UnknownCategory { place, .. }) = error else { panic!("{error}") };
    assert_eq!(place.line, 2);
}

#[test]
fn a_column_that_is_constant_in_training_has_no_influence() {
    let fitted = Regressor::new("price").epochs(2).fit(&incomplete(60)).unwrap();
    let predict = |flag: &str| {
        let rows = [["50", "hill", flag]];
        let table = Table::from_rows("new", &["area", "quarter", "flag"], rows).unwrap();
        fitted.predictor().predict(&table).unwrap()
    };
    assert!(predict("1.0").warnings().is_empty());
    for flag in ["2", "-1e300", "yes"] {
        assert_eq!(predict(flag).row(0), predict("1").row(0));
        let predictions = predict(flag);
        let [Warning::NotConstant { found, value, .. }] = predictions.warnings() else { panic!() };
        assert_eq!((found.as_str(), value.as_str()), (flag, "1"));
    }
    // Without another input the network learns a number.
    let rows = (0..30).map(|row| ["1".to_owned(), (10 + row % 2).to_string()]);
    let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
    let fitted = Regressor::new("y").fit(&table).unwrap();
    for x in ["1", "7", ""] {
        let price = fitted.predictor().predict_row(&[("x", x.into())]).unwrap().number().unwrap();
        assert!((price - 10.5).abs() < 0.3, "{price}");
    }
}

#[test]
fn integers_that_fall_together_are_reported() {
    let fit = |ids: [&str; 2]| {
        let rows = (0..40).map(|row| [ids[row % 2].to_owned(), row.to_string(), row.to_string()]);
        let table = Table::from_rows("t", &["id", "x", "y"], rows).unwrap();
        Regressor::new("y").epochs(1).fit(&table).unwrap().warnings().to_vec()
    };
    let large = |warning: &Warning| matches!(warning, Warning::LargeIntegers { .. });
    assert!(fit(["9007199254740992", "9007199254740993"]).iter().any(large));
    assert!(fit(["-90071992547409920", "-90071992547409921"]).iter().any(large));
    for apart in [
        ["9007199254740992", "9007199254740994"],
        ["9007199254740992.0", "09007199254740992"],
        ["0.10000000000000000001", "0.10000000000000000002"],
        ["1", "2"],
    ] {
        assert!(!fit(apart).iter().any(large), "{apart:?}");
    }
}

#[test]
fn a_training_with_missing_values_is_resumed_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = Checkpointing::new(folder.path().join("checkpoint")).resume();
    let plain = Regressor::new("price").settings(Settings::plain());
    let learner = plain.epochs(12).validation_fraction(0.2);
    let table = incomplete(90);
    let straight = learner.fit(&table).unwrap();
    let learner = learner.checkpoint(checkpoint);
    let stopped = learner.fit_watched(&table, |epoch| {
        if epoch.epoch == 4 { Control::Stop } else { Control::Continue }
    });
    assert!(stopped.unwrap().can_resume());
    let resumed = learner.fit(&table).unwrap();
    assert!(bits(&resumed) == bits(&straight));
    assert_eq!(resumed.warnings(), straight.warnings());
    // A cell that is missing now is another training.
    let complete = prices(90);
    assert!(matches!(learner.ignore(["kind"]).fit(&complete), Err(Error::Resume(_))));
}

#[test]
fn labels_that_are_numbers_are_compared_as_numbers() {
    let table = |one: &str, two: &str| {
        let rows = (0..60).map(|row| [row.to_string(), [one, two][row / 30].to_owned()]);
        Table::from_rows("t", &["x", "y"], rows).unwrap()
    };
    let fitted = Classifier::new("y").learning_rate(0.01).fit(&table("1", "2")).unwrap();
    let score = |one, two| fitted.predictor().score(&table(one, two)).unwrap();
    assert_eq!(score("1.0", "2.0"), score("1", "2"));
    assert_eq!(score("01", "+2"), score("1", "2"));
    let bits_of = |one, two| bits(&Classifier::new("y").epochs(2).fit(&table(one, two)).unwrap());
    assert!(bits_of("1", "2") != bits_of("1.0", "2.0"), "the names are those of the file");
}

#[test]
fn a_number_of_a_row_has_the_unit_of_the_training() {
    let rows = (0..40).map(|row| [format!("{row}%"), (3 * row).to_string()]);
    let table = Table::from_rows("shares", &["share", "price"], rows).unwrap();
    let predictor = Regressor::new("price").epochs(2).fit(&table).unwrap().into_predictor();
    let number = predictor.predict_row(&[("share", 18.0.into())]).unwrap();
    let percent = predictor.predict_row(&[("share", "18%".into())]).unwrap();
    assert_eq!(number, percent);
    let error = predictor.predict_row(&[("share", "0.18".into())]).unwrap_err();
    assert!(matches!(error, Error::Table(CsvError::OtherUnit { .. })), "{error}");
}

#[test]
fn targets_that_fall_together_or_are_constant_are_reported() {
    let fit = |targets: [&str; 2]| {
        let rows = (0..40).map(|row| [(row * row % 17).to_string(), targets[row % 2].to_owned()]);
        let table = Table::from_rows("t", &["x", "y"], rows).unwrap();
        Regressor::new("y").epochs(1).fit(&table).unwrap().warnings().to_vec()
    };
    let of = |warning: &Warning| match warning {
        Warning::LargeIntegers { place, found, .. } => (place.line, found.clone()),
        Warning::ConstantTarget { place, found } => (place.line, found.clone()),
        other => panic!("{other}"),
    };
    let warnings = |targets| fit(targets).iter().map(of).collect::<Vec<_>>();
    let pair = ["9007199254740992", "9007199254740993"];
    assert!(warnings(pair).contains(&(2, "9007199254740993".to_owned())));
    assert_eq!(warnings(["7", "7"]), [(1, "7".to_owned())]);
    assert_eq!(warnings(["7", "8"]), []);
}

#[test]
fn numbers_that_are_written_as_codes_are_reported() {
    let fit = |codes: [&str; 3]| {
        let rows = (0..60).map(|row| [codes[row % 3].to_owned(), (row % 7).to_string()]);
        let table = Table::from_rows("t", &["code", "y"], rows).unwrap();
        Regressor::new("y").epochs(1).fit(&table).unwrap().warnings().to_vec()
    };
    match &fit(["10115", "01067", "80331"])[..] {
        [warning @ Warning::NumbersLikeCodes { place, found }] => {
            assert_eq!((place.line, &*place.column, &**found), (2, "code", "01067"));
            assert!(warning.to_string().contains("1067"), "{warning}");
        }
        other => panic!("{other:?}"),
    }
    for (codes, number) in [
        (["+4930100037", "+4930100099", "+4930100111"], "4930100037"),
        (["12E5", "13E5", "14E5"], "1200000"),
    ] {
        let warnings = fit(codes);
        let line = format!("{:?} is taken as the number {number};", codes[0]);
        assert!(warnings.iter().any(|it| it.to_string().contains(&line)), "{warnings:?}");
    }
    for codes in [["01", "12", "08"], ["0.5", "00.5", "1"], ["0", "100", "200"]] {
        assert_eq!(fit(codes), [], "{codes:?}");
    }
}

#[test]
fn rows_without_a_target_are_left_out_on_request() {
    let rows = |gaps: bool| {
        let rows = (0..60).map(|row| {
            let y = if gaps && row % 10 == 3 { String::new() } else { (2 * row).to_string() };
            [row.to_string(), y]
        });
        Table::from_rows("t", &["x", "y"], rows).unwrap()
    };
    let learner = Regressor::new("y").epochs(2);
    let error = learner.fit(&rows(true)).unwrap_err();
    assert!(matches!(error, Error::Table(CsvError::MissingTarget { missing: 6, .. })), "{error}");
    let learner = learner.missing_target(MissingTarget::Skip);
    let fitted = learner.fit(&rows(true)).unwrap();
    let [Warning::NoTarget { place, cells: 6, rows: 60, .. }, ..] = fitted.warnings() else {
        panic!("{:?}", fitted.warnings())
    };
    assert_eq!((place.line, &*place.column), (4, "y"));
    let contents = &fitted.report().contents;
    assert_eq!(contents.train + contents.test, 54);
    // The same as without these rows.
    let kept: Vec<usize> = (0..60).filter(|row| row % 10 != 3).collect();
    assert!(bits(&fitted) == bits(&learner.fit(&rows(false).select_rows(&kept)).unwrap()));
    let (with, warning) = fitted.predictor().rows_with_targets(&rows(true)).unwrap().unwrap();
    assert_eq!(with.rows(), 54);
    assert!(matches!(warning, Warning::NoTarget { cells: 6, .. }), "{warning}");
    assert!(fitted.predictor().rows_with_targets(&rows(false)).unwrap().is_none());
    // Without any target there is nothing to leave out.
    let none = Table::from_rows("t", &["x", "y"], [["1", ""], ["2", ""]]).unwrap();
    let error = learner.fit(&none).unwrap_err();
    assert!(matches!(error, Error::Table(CsvError::MissingTarget { missing: 2, .. })), "{error}");
}

/// A word of two or more training rows has its own input.
#[test]
fn words_of_few_rows_are_learned() {
    // 20 shops of 12 rows, and 20 of 3 rows, each with its own price.
    let shop = |row: usize| if row < 240 { row % 20 } else { 20 + row % 20 };
    let rows = (0..300_usize).map(|row| {
        let price = (shop(row) * 7 % 20) as f64 + (row % 5) as f64 * 0.1;
        [format!("shop {}", shop(row)), price.to_string()]
    });
    let table = Table::from_rows("shops", &["shop", "price"], rows).unwrap();
    let learner = Regressor::new("price").epochs(20).test_fraction(0.0);
    let fitted = learner.fit(&table).unwrap();
    let few_rows: Vec<usize> = (240..300).collect();
    let scores = fitted.predictor().score(&table.select_rows(&few_rows)).unwrap();
    assert!(scores.get("r2").unwrap() > 0.9, "{scores:?}");
}

#[test]
fn words_of_a_single_row_are_counted() {
    let kind = |row: usize| match row {
        7 | 30 | 59 => format!("kind {row}"),
        _ => ["a", "b"][row % 2].to_owned(),
    };
    let rows = (0..60).map(|row| [kind(row), (row * row % 17).to_string()]);
    let table = Table::from_rows("kinds", &["kind", "y"], rows).unwrap();
    let fitted = Regressor::new("y").epochs(1).test_fraction(0.0).fit(&table).unwrap();
    let [warning @ Warning::RareWords { place, found, words: 3 }, ..] = fitted.warnings() else {
        panic!("{:?}", fitted.warnings())
    };
    assert_eq!((place.line, found.as_str(), warning.column()), (8, "kind 7", Some("kind")));
}

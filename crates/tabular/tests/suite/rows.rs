//! Predictions of rows whose values are not read from a file.

use nnfs_tabular::{Classifier, CsvError, Error, Prediction, Predictor, Regressor, Table, Value};

/// Bills that are late if there was a reminder, with the words that pandas writes for `true` and `false`.
fn predictor() -> Predictor {
    let line = |row: usize| {
        let (reminded, state) = [("True", "late"), ("False", "paid")][row % 2];
        [row.to_string(), reminded.to_owned(), state.to_owned()]
    };
    let table = Table::from_rows("bills", &["amount", "reminded", "state"], (0..60).map(line));
    Classifier::new("state").epochs(2).fit(&table.unwrap()).unwrap().into_predictor()
}

fn predict(predictor: &Predictor, reminded: Value<'_>) -> Prediction {
    predictor.predict_row(&[("amount", 5_u64.into()), ("reminded", reminded)]).unwrap()
}

#[test]
fn a_bool_is_the_word_of_the_training_rows() {
    let predictor = predictor();
    for (value, word) in [(true, "True"), (false, "False")] {
        let prediction = predict(&predictor, value.into());
        assert_eq!(prediction, predict(&predictor, word.into()));
        assert!(prediction.warnings().is_empty());
        assert_eq!(prediction.probabilities().count(), 2);
    }
    assert_ne!(predict(&predictor, true.into()), predict(&predictor, false.into()));
}

#[test]
fn a_missing_value_is_predicted_with_a_warning() {
    let prediction = predict(&predictor(), Value::Missing);
    assert_eq!(prediction.warnings()[0].column(), Some("reminded"));
}

#[test]
fn several_rows_at_once_are_predicted_like_single_ones() {
    let predictor = predictor();
    let rows = [[5.into(), true.into()], [5.into(), false.into()]];
    let several = predictor.predict_rows(&["amount", "reminded"], &rows).unwrap();
    for (row, reminded) in [true, false].into_iter().enumerate() {
        assert_eq!(several.row(row), *predict(&predictor, reminded.into()).predicted());
    }
}

#[test]
fn each_row_has_a_prediction_or_is_refused() {
    let predictor = predictor();
    let rows = [vec![5.into(), true.into()], vec![Value::Missing], vec![7.into(), false.into()]];
    let error = predictor.predict_rows(&["amount", "reminded"], &rows).unwrap_err();
    assert!(
        matches!(&error, Error::Table(CsvError::Ragged { line: 2, expected: 2, found: 1, .. })),
        "{error}"
    );
    let none: [[Value<'_>; 2]; 0] = [];
    let error = predictor.predict_rows(&["amount", "reminded"], &none).unwrap_err();
    assert_eq!(error.to_string(), "rows: expected rows, found none");
}

#[test]
fn a_small_or_large_number_gets_the_unit_of_its_column() {
    let row = |row: usize| [format!("{}%", row % 50), (row % 7).to_string()];
    let table = Table::from_rows("shares", &["share", "y"], (0..100).map(row)).unwrap();
    let predictor = Regressor::new("y").epochs(1).fit(&table).unwrap().into_predictor();
    let predict = |number: f64| predictor.predict_row(&[("share", number.into())]).unwrap();
    assert_eq!(predict(1e-90).predicted(), predict(0.0).predicted());
    for number in [-1e-90, 1.5e-60, f64::MIN_POSITIVE] {
        predict(number);
    }
    // It is read, but too large for single precision.
    let error = predictor.predict_row(&[("share", 1e90.into())]).unwrap_err();
    assert!(matches!(error, Error::NotFinite { .. }), "{error}");
}

//! Predictions of rows whose values are not read from a file.

use nnfs_tabular::{Classifier, Prediction, Predictor, Table, Value};

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

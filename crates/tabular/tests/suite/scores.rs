//! The scores of a learner, and the weights of rows and classes.

use nnfs::metrics::MetricError;
use nnfs::tensor::WeightError;
use nnfs_tabular::{
    ClassWeights, Classifier, CsvError, Error, LossKind, Regressor, Settings, Table,
};

/// Two classes, one of them rare and among the others, and a column of weights.
fn table(weight: impl Fn(usize) -> String) -> Table {
    let rows = (0..200).map(|row| {
        let x = row as f64 * 0.618_034 % 1.0;
        let (x, kind) = if row % 20 == 3 { (0.7 + 0.3 * x, "rare") } else { (x, "usual") };
        [x.to_string(), (2.0 * x).to_string(), kind.to_owned(), weight(row)]
    });
    Table::from_rows("data", &["x", "y", "kind", "w"], rows).unwrap()
}

fn classifier() -> Classifier {
    Classifier::new("kind").settings(Settings::plain()).ignore(["y"]).epochs(20)
}

#[test]
fn log_probabilities_are_the_logarithms_of_the_probabilities() {
    let table = table(|_| "1".to_owned());
    for loss in [LossKind::SoftmaxCrossEntropy, LossKind::SigmoidCrossEntropy] {
        let fitted = classifier().ignore(["y", "w"]).loss(loss).fit(&table).unwrap();
        let predictions = fitted.predictor().predict(&table).unwrap();
        let logarithms = predictions.log_probabilities().unwrap();
        let expected = predictions.probabilities().unwrap().map(f64::ln);
        assert!((&logarithms - expected).amax() < 1e-4, "{loss:?}");
        let sums = logarithms.map(f64::exp).column_sum();
        assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-14), "{loss:?}");
    }
    let fitted = Regressor::new("y").ignore(["kind", "w"]).epochs(1).fit(&table).unwrap();
    assert!(fitted.predictor().predict(&table).unwrap().log_probabilities().is_none());
}

#[test]
fn balanced_weights_find_the_rare_class_and_change_no_baseline() {
    let table = table(|_| "1".to_owned());
    let learner = classifier().ignore(["y", "w"]).learning_rate(0.01);
    let scores = |learner: &Classifier| {
        let fitted = learner.fit(&table).unwrap();
        fitted.report().test.as_ref().unwrap().classification().unwrap().clone()
    };
    let plain = scores(&learner);
    let balanced = scores(&learner.class_weights(ClassWeights::Balanced));
    assert_eq!(plain.metrics.balanced_accuracy, 0.5);
    assert_eq!((plain.classes[0].class.as_str(), plain.classes[0].recall), ("rare", 0.0));
    assert!(balanced.classes[0].recall > 0.0, "{balanced:?}");
    assert_eq!(plain.baseline, balanced.baseline);
    assert_eq!(plain.baseline.class, "usual");
}

#[test]
fn weights_are_read_from_a_column_that_is_no_input() {
    let table = table(|row| (row % 3).to_string());
    let fitted = Regressor::new("y").ignore(["kind"]).weight("w").epochs(2).fit(&table).unwrap();
    assert_eq!(fitted.predictor().columns().collect::<Vec<_>>(), ["x"]);
    let contents = &fitted.report().contents;
    assert_eq!(contents.train + contents.test, 133);

    let predictor = fitted.predictor();
    let weighted = predictor.score_weighted(&table, "w").unwrap();
    let weights: Vec<f64> = (0..200).map(|row| f64::from(row % 3)).collect();
    let predictions = predictor.predict(&table).unwrap();
    assert_eq!(predictions.score_weighted(&table, Some(&weights)).unwrap(), weighted);
    assert_ne!(predictor.score(&table).unwrap(), weighted);
    let error = predictions.score_weighted(&table, Some(&weights[1..])).unwrap_err();
    let expected = WeightError::Count { expected: 200, found: 199 };
    assert!(matches!(error, Error::Metric(MetricError::Weights(found)) if found == expected));
}

#[test]
fn weights_that_are_none_are_refused() {
    let fit = |table: &Table| {
        let learner = Regressor::new("y").ignore(["kind"]).weight("w").epochs(1);
        learner.fit(table).unwrap_err()
    };
    let error = fit(&table(|row| if row == 7 { "-0.5".to_owned() } else { "1".to_owned() }));
    let Error::Weight { place, found } = error else { panic!("{error}") };
    assert_eq!((place.line, place.column.as_str(), found), (8, "w", -0.5));
    let error = fit(&table(|_| "0".to_owned()));
    assert!(matches!(error, Error::Weights { source: WeightError::AllZero, .. }), "{error}");
    let error = fit(&table(|row| if row == 7 { String::new() } else { "1".to_owned() }));
    assert!(matches!(error, Error::Table(CsvError::MissingValue { .. })), "{error}");
    let error = fit(&table(|row| if row == 7 { "much" } else { "1" }.to_owned()));
    assert!(matches!(error, Error::Table(CsvError::NotANumber { .. })), "{error}");

    let table = table(|_| "1".to_owned());
    let error = Regressor::new("y").weight("v").fit(&table).unwrap_err();
    assert!(matches!(error, Error::Table(CsvError::MissingColumn { .. })), "{error}");
    let error = Regressor::new("y").weight("y").fit(&table).unwrap_err();
    assert!(matches!(error, Error::Table(CsvError::ChosenTwice { .. })), "{error}");
    let settings = Settings { class_weights: ClassWeights::Balanced, ..Settings::default() };
    let error = Regressor::new("y").settings(settings).fit(&table).unwrap_err();
    assert!(matches!(error, Error::NoClasses), "{error}");
}

/// 5000 rows, of which the first block of the log loss has weight 0.
#[test]
fn a_block_of_rows_of_weight_0_does_not_count() {
    let rows = (0..5000).map(|row| [row.to_string(), ["a", "b"][row % 2].to_owned()]);
    let table = Table::from_rows("data", &["x", "kind"], rows).unwrap();
    let fitted = Classifier::new("kind").epochs(1).hidden([]).fit(&table).unwrap();
    let predictions = fitted.predictor().predict(&table).unwrap();
    let weights: Vec<f64> = (0..5000).map(|row| if row < 4096 { 0.0 } else { 1.0 }).collect();
    let weighted = predictions.score_weighted(&table, Some(&weights)).unwrap();
    let counted: Vec<usize> = (4096..5000).collect();
    let expected = fitted.predictor().score(&table.select_rows(&counted)).unwrap();
    let difference = weighted.get("loss").unwrap() - expected.get("loss").unwrap();
    assert!(difference.abs() < 1e-12, "{difference}");
    let error = predictions.score_weighted(&table, Some(&[0.0; 5000])).unwrap_err();
    assert!(matches!(error, Error::Metric(MetricError::Weights(WeightError::AllZero))));
}

/// The baseline of numbers is the mean of the training rows with their weights.
#[test]
fn a_row_of_weight_2_is_two_rows_for_the_baseline() {
    let row = |row: usize| [row.to_string(), (row * row % 17 + 1000).to_string()];
    let weight = |row: usize| 1 + usize::from(row.is_multiple_of(3));
    let table = |rows: Vec<Vec<String>>| Table::from_rows("data", &["x", "y", "w"], rows).unwrap();
    let with = |row_number: usize, weight: usize| {
        row(row_number).into_iter().chain([weight.to_string()]).collect()
    };
    let weighted = table((0..60).map(|row| with(row, weight(row))).collect());
    let twice = (0..60).flat_map(|row| vec![row; weight(row)]);
    let repeated = table(twice.map(|row| with(row, 1)).collect());
    let learner = Regressor::new("y").test_fraction(0.0).weight("w").epochs(1);
    let fit = |table: &Table| learner.fit(table).unwrap();
    let (one, two) = (fit(&weighted), fit(&repeated));
    let baseline = |scores: &nnfs_tabular::Scores| scores.regression().unwrap().targets[0].baseline;
    let of = |fitted: &nnfs_tabular::Fitted| baseline(fitted.report().train.as_ref().unwrap());
    let evaluated = baseline(&one.predictor().score_weighted(&weighted, "w").unwrap());
    assert_eq!(of(&one), evaluated);
    for (one, two) in [
        (of(&one).r2.unwrap(), of(&two).r2.unwrap()),
        (of(&one).mae, of(&two).mae),
        (of(&one).rmse, of(&two).rmse),
    ] {
        assert!((one - two).abs() < 1e-9, "{one} {two}");
    }
    assert!(of(&one).r2.unwrap().abs() < 1e-9);
}

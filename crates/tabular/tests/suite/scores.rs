//! The scores of a learner, and the weights of rows and classes.

use nnfs::metrics::MetricError;
use nnfs::prelude::*;
use nnfs::tensor::WeightError;
use nnfs_tabular::{
    BaselineRows, ClassWeights, Classifier, CsvError, Error, ImportanceSettings, LossKind,
    Regressor, Settings, Table,
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

/// The lines of the table of scores from one that begins with this word to the next empty line.
fn lines_from<'a>(table: &'a str, first: &str) -> Vec<&'a str> {
    let lines = table.lines().skip_while(|line| !line.trim_start().starts_with(first));
    lines.take_while(|line| !line.is_empty()).collect()
}

/// Both names are cut to the same text.
#[test]
fn long_targets_keep_their_metrics_apart() {
    let names = ["A", "B"].map(|end| "t".repeat(60) + end);
    let header = ["x", &names[0], &names[1]];
    let rows = (0..60).map(|row| [row, row * row % 17, row % 5].map(|it| it.to_string()));
    let table = Table::from_rows("data", &header, rows).unwrap();
    let learner = Regressor::multi_output(names).settings(Settings::plain()).epochs(2);
    let fitted = learner.fit(&table).unwrap();
    let scores = fitted.predictor().score(&table).unwrap();
    for text in [scores.table(None).to_string(), fitted.report().to_string()] {
        let lines =
            &lines_from(&text, if text.contains("test") { "training" } else { "model" })[1..];
        let cut = "t".repeat(40);
        let mut expected = vec!["mean r2 of all targets".to_owned()];
        for target in [1, 2] {
            for metric in ["r2", "mae", "rmse", "median_absolute_error"] {
                expected.push(format!("{cut}… (target {target}) {metric}"));
            }
        }
        assert_eq!(lines.len(), expected.len(), "{text}");
        for (line, name) in lines.iter().zip(expected) {
            assert!(line.starts_with(&format!("{name} ")), "{line}");
        }
    }
    let r2 = scores.regression().unwrap().r2();
    assert_eq!(
        (scores.get("mean r2 of all targets"), scores.all()[0].metric),
        (r2, "mean r2 of all targets")
    );
}

/// Classes of the same length are listed below each other, in whatever script.
#[test]
fn the_columns_of_wide_classes_are_below_each_other() {
    let classes = ["日本語クラス", "e\u{301}te\u{301}", "plain", "👩\u{200d}🔬"];
    let rows = (0..40).map(|row| [row.to_string(), classes[row % 4].to_owned()]);
    let table = Table::from_rows("data", &["x", "kind"], rows).unwrap();
    let fitted = Classifier::new("kind").settings(Settings::plain()).epochs(1).fit(&table).unwrap();
    let text = fitted.predictor().score(&table).unwrap().table(None).to_string();
    let lines = lines_from(&text, "classes");
    assert_eq!(lines.len(), 5, "{text}");
    for line in lines {
        let width = unicode_width::UnicodeWidthStr::width(line);
        assert_eq!(width, 12 + 8 + 3 * 12, "{text}");
    }
}

/// 21 classes of 5 rows each: the last one has as many rows as the others.
#[test]
fn a_class_that_is_left_out_may_have_as_many_rows() {
    let rows = (0..105).map(|row| [row.to_string(), format!("class {}", row % 21)]);
    let table = Table::from_rows("data", &["x", "kind"], rows).unwrap();
    let fitted = Classifier::new("kind").settings(Settings::plain()).epochs(1).fit(&table).unwrap();
    let text = fitted.predictor().score(&table).unwrap().table(None).to_string();
    let last = text.lines().last().unwrap();
    assert_eq!(last, "1 more class with at most 5 rows is not shown");
}

#[test]
fn a_table_says_which_rows_its_baseline_is_made_of() {
    let table = table(|row| (row % 3).to_string());
    let regressor = Regressor::new("y").settings(Settings::plain()).ignore(["kind"]).weight("w");
    let numbers = regressor.epochs(1).fit(&table).unwrap();
    let classes = classifier().epochs(1).ignore(["y", "w"]).fit(&table).unwrap();
    for (fitted, of_model) in [(&numbers, BaselineRows::Training), (&classes, BaselineRows::Scored)]
    {
        let scores = fitted.predictor().score(&table).unwrap();
        assert_eq!(scores.baseline_rows(), of_model);
        let text = scores.table(None).to_string();
        assert!(text.contains(&format!(" {of_model}")), "{text}");
        assert!(text.lines().next().unwrap().contains("model"), "{text:?}");
        let of_training = fitted.report().train.as_ref().unwrap();
        assert_eq!(of_training.baseline_rows(), BaselineRows::Training);
    }
    let scores = numbers.predictor().score_weighted(&table, "w").unwrap();
    let text = scores.table(Some("w")).to_string();
    let lines = lines_from(&text, "baseline:");
    assert_eq!(lines[1], "weights of rows: column \"w\", in the scores and the baseline");
}

#[test]
fn the_loss_of_a_baseline_of_one_class_is_not_negative_zero() {
    let table = table(|_| "1".to_owned());
    let fitted = classifier().epochs(1).ignore(["y", "w"]).fit(&table).unwrap();
    let usual: Vec<usize> = (4..20).collect();
    let scores = fitted.predictor().score(&table.select_rows(&usual)).unwrap();
    let baseline = scores.classification().unwrap().baseline.metrics.loss;
    assert_eq!(baseline.to_bits(), 0.0_f64.to_bits());
}

/// Targets of 1e300 have squares that are infinite.
#[test]
fn scores_beyond_f64_are_not_defined_and_give_no_importance() {
    let table = table(|_| "1".to_owned());
    let learner = Regressor::new("y").settings(Settings::plain()).ignore(["kind", "w"]);
    let fitted = learner.epochs(1).fit(&table).unwrap();
    let rows = (0..20).map(|row| [f64::from(row) / 20.0, 1e300 * f64::from(row)]);
    let rows = rows.map(|row| row.map(|number| format!("{number:e}")));
    let large = Table::from_rows("large.csv", &["x", "y"], rows).unwrap();
    let scores = fitted.predictor().score(&large).unwrap();
    assert_eq!((scores.get("r2"), scores.get("rmse")), (None, Some(f64::INFINITY)));
    assert_eq!(scores.all()[0].texts()[0], "-");
    assert!(!scores.table(None).to_string().contains("NaN"));
    assert!(!scores.to_string().contains("NaN"));
    let (settings, mut rng) = (ImportanceSettings::default(), ChaCha8Rng::seed_from_u64(0));
    let importances = fitted.predictor().permutation_importance(&large, &settings, &mut rng);
    let error = importances.unwrap_err();
    assert!(matches!(error, Error::ScoreNotFinite { score: "r2", .. }), "{error}");
    assert!(error.to_string().starts_with("large.csv: expected a finite r2"), "{error}");
}

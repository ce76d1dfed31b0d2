//! Prediction intervals, as a program uses them.

use nnfs::files::Dtype;
use nnfs::layers::rand::RngExt;
use nnfs::model::ResidualScale;
use nnfs::prelude::*;
use nnfs_tabular::{
    Classifier, CsvLayout, Error, IntervalScores, Intervals, Predictor, Recipe, Regressor, Table,
};

/// y = 3 sin(x) + noise, and z = -100 x + 10 noise.
fn table(rows: usize, seed: u64) -> Table {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let rows = (0..rows).map(|_| {
        let x: f64 = rng.random_range(-3.0..3.0);
        let mut noise = || (0..6).map(|_| rng.random_range(-1.0..1.0)).sum::<f64>();
        let (y, z) = (3.0 * x.sin() + noise(), -100.0 * x + 10.0 * noise());
        [x.to_string(), y.to_string(), z.to_string()]
    });
    Table::from_rows("data", &["x", "y", "z"], rows).unwrap()
}

fn regressor() -> Regressor {
    Regressor::new("y").ignore(["z"]).epochs(8).test_fraction(0.0)
}

fn scores(predictor: &Predictor, table: &Table, level: f64) -> (f64, f64) {
    let IntervalScores { targets, .. } = predictor.score_intervals(table, level, None).unwrap();
    (targets[0].coverage, targets[0].mean_width)
}

#[test]
fn a_level_is_the_share_of_new_rows_within_their_intervals() {
    let new = table(1000, 99);
    let seeds = 12;
    let coverage = |seed| {
        let fitted = regressor().seed(seed).fit(&table(150, seed)).unwrap();
        scores(fitted.predictor(), &new, 0.9).0
    };
    let mean = (0..seeds).map(coverage).sum::<f64>() / seeds as f64;
    assert!((0.87..0.93).contains(&mean), "{mean}");
}

#[test]
fn intervals_grow_with_the_level_and_are_kept_in_the_file() {
    let fitted = regressor().fit(&table(120, 1)).unwrap();
    let new = table(50, 2);
    let mut before = (0.0, 0.0);
    for level in [0.5, 0.6, 0.8, 0.9, 0.99] {
        let found = scores(fitted.predictor(), &new, level);
        assert!(found.0 >= before.0 && found.1 > before.1, "{level}: {found:?}");
        before = found;
    }
    let loaded = fitted.predictor().pipeline().to_bytes().unwrap();
    let loaded = Predictor::from_bytes(&loaded).unwrap();
    let expected = fitted.predictor().predict_intervals(&new, 0.9).unwrap();
    assert_eq!(loaded.predict_intervals(&new, 0.9).unwrap(), expected);
}

/// They end at m - s(m) q and m + s(m) q of the prediction m, where q is the r-th smallest relative residual of the
/// training rows, each predicted by the networks that did not learn from it.
#[test]
fn intervals_are_those_of_the_residuals_out_of_fold() {
    let rows = table(300, 5);
    let learner = Regressor::new("z").ignore(["y"]).epochs(10).test_fraction(0.0);
    let fitted = learner.dtype(Dtype::F64).fit(&rows).unwrap();
    let predicted = fitted.out_of_fold().unwrap().numbers().unwrap().clone();
    let targets: Tensor<f64> = fitted.parts().encoder().targets(fitted.parts().train()).unwrap();
    let residuals = targets - &predicted;
    let scale = ResidualScale::fit(predicted.as_slice(), residuals.as_slice()).unwrap();
    let relative = predicted.iter().zip(&residuals).map(|(m, r)| r.abs() / scale.at(*m));
    let mut relative: Vec<f64> = relative.collect();
    relative.sort_by(f64::total_cmp);
    // Of rank 271 = ceil(0.9 * 301).
    let quantile = relative[270];
    let new = table(50, 6);
    let predictions = fitted.predictor().predict(&new).unwrap();
    let Intervals { low, high } = fitted.predictor().predict_intervals(&new, 0.9).unwrap();
    for (row, m) in predictions.numbers().unwrap().iter().enumerate() {
        let half = scale.at(*m) * quantile;
        let difference = (low[row] - (m - half)).abs().max((high[row] - (m + half)).abs());
        assert!(difference < 1e-9 * half, "{difference} of {half}");
    }
}

/// Of one row and of many, the predictions beside intervals are those of a file without intervals.
#[test]
fn predictions_beside_intervals_are_those_without() {
    let fitted = regressor().fit(&table(120, 1)).unwrap();
    let lines = |rows: &Table, layout: &CsvLayout| -> Vec<String> {
        let mut csv = Vec::new();
        fitted.predictor().predict_to_csv(rows, layout, &mut csv).unwrap();
        String::from_utf8(csv).unwrap().lines().map(str::to_owned).collect()
    };
    for rows in [table(1, 2), table(40, 3)] {
        let without = lines(&rows, &CsvLayout::new());
        let with = lines(&rows, &CsvLayout::new().with_intervals(0.9));
        let first = |line: &String| line.split(',').next().unwrap().to_owned();
        assert_eq!(with.iter().map(first).collect::<Vec<_>>(), without);
    }
    let far = Table::from_rows("new", &["x"], [["0.5"], ["1e308"]]).unwrap();
    let layout = CsvLayout::new().with_intervals(0.9);
    let error = fitted.predictor().predict_to_csv(&far, &layout, &mut Vec::new()).unwrap_err();
    assert!(matches!(error, Error::NotFinite { line: 2, .. }), "{error}");
}

/// Each target has its intervals in its unit.
#[test]
fn several_targets() {
    let fitted = Regressor::multi_output(["y", "z"]).epochs(8).fit(&table(120, 3)).unwrap();
    let predictor = fitted.predictor();
    let new = table(40, 4);
    let Intervals { low, high } = predictor.predict_intervals(&new, 0.8).unwrap();
    assert_eq!((low.shape(), high.shape()), ((40, 2), (40, 2)));
    let scores = predictor.score_intervals(&new, 0.8, None).unwrap();
    assert!(scores.targets[1].mean_width > 5.0 * scores.targets[0].mean_width);
    let json = serde_json::to_value(&scores).unwrap();
    assert_eq!(json["targets"]["z"]["mean_width"], scores.targets[1].mean_width);
    let mut csv = Vec::new();
    predictor.predict_to_csv(&new, &CsvLayout::new().with_intervals(0.8), &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let mut lines = csv.lines();
    assert_eq!(lines.next().unwrap(), "prediction_y,prediction_z,low_y,low_z,high_y,high_z");
    let first: Vec<f64> = lines.next().unwrap().split(',').map(|it| it.parse().unwrap()).collect();
    assert_eq!(first[2..], [low[(0, 0)], low[(0, 1)], high[(0, 0)], high[(0, 1)]]);
}

#[test]
fn a_row_alone_has_the_intervals_of_the_row_in_a_table() {
    let fitted = regressor().fit(&table(120, 1)).unwrap();
    let rows = Table::from_rows("new", &["x"], [["0.5"], ["-2"], ["1e9"]]).unwrap();
    let Intervals { low, high } = fitted.predictor().predict_intervals(&rows, 0.9).unwrap();
    for (row, x) in [0.5, -2.0, 1e9].into_iter().enumerate() {
        let alone = fitted.predictor().predict_row_intervals(&[("x", x.into())], 0.9).unwrap();
        assert_eq!((alone.low[0], alone.high[0]), (low[row], high[row]));
    }
    let error = fitted.predictor().predict_row_intervals(&[("z", 1.into())], 0.9).unwrap_err();
    assert!(matches!(error, Error::Table(_)), "{error}");
}

#[test]
fn rows_of_weight_2_count_twice_in_the_scores() {
    let fitted = regressor().fit(&table(120, 1)).unwrap();
    let new = table(3, 2);
    let rows = |weights: [usize; 3]| {
        let weights = (0..3).map(|row| {
            let [x, y] = [0, 1].map(|column| new.value(row, column).into_owned());
            [x, y, weights[row].to_string()]
        });
        Table::from_rows("new", &["x", "y", "w"], weights).unwrap()
    };
    let twice = rows([2, 0, 1]);
    let weighted = fitted.predictor().score_intervals(&twice, 0.9, Some("w")).unwrap();
    let unweighted = fitted.predictor().score_intervals(&new.select_rows(&[0, 0, 2]), 0.9, None);
    let (found, expected) = (&weighted.targets[0], &unweighted.unwrap().targets[0]);
    assert!((found.coverage - expected.coverage).abs() < 1e-12);
    assert!((found.mean_width - expected.mean_width).abs() < 1e-12);
}

#[test]
fn what_has_no_intervals() {
    let rows = table(60, 1);
    let plain = regressor().recipe(Recipe::Plain).fit(&rows).unwrap();
    let error = plain.predictor().predict_intervals(&rows, 0.9).unwrap_err();
    assert!(matches!(error, Error::NoIntervals { .. }) && error.to_string().contains("bagging"));
    let labels = (0..60).map(|row| [row.to_string(), ["a", "b"][row % 2].to_owned()]);
    let labels = Table::from_rows("data", &["x", "kind"], labels).unwrap();
    let classes = Classifier::new("kind").epochs(2).fit(&labels).unwrap();
    let error = classes.predictor().predict_intervals(&labels, 0.9).unwrap_err();
    assert!(matches!(error, Error::NoIntervals { .. }) && error.to_string().contains("classif"));
    let fitted = regressor().fit(&rows).unwrap();
    for level in [0.0, 0.4, 0.999, 1.0, 90.0, f64::NAN] {
        let error = fitted.predictor().predict_intervals(&rows, level).unwrap_err();
        assert!(matches!(error, Error::Intervals(_)), "{error}");
    }
}

#[test]
fn test_predictions_may_have_intervals() {
    let fitted = regressor().test_fraction(0.2).fit(&table(120, 1)).unwrap();
    let layout = CsvLayout::new().with_intervals(0.9);
    let mut csv = Vec::new();
    fitted.write_test_predictions(&layout, &mut csv).unwrap();
    let text = String::from_utf8(csv).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("row,target,prediction,low,high"), "{text}");
    assert_eq!(lines.count(), 24);
    // Without test rows there is a header.
    let fitted = regressor().fit(&table(60, 1)).unwrap();
    let mut csv = Vec::new();
    fitted.write_test_predictions(&layout, &mut csv).unwrap();
    assert_eq!(String::from_utf8(csv).unwrap().lines().count(), 1);
}

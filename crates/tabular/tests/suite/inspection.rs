//! Permutation importance and partial dependence equal those of scikit-learn.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use nnfs::metrics::MetricError;
use nnfs::prelude::*;
use nnfs_tabular::{
    CsvError, CsvOptions, DependenceSettings, Error, Grid, ImportanceSettings, Predictor,
    Regressor, ScoreOfClasses, Table,
};
use serde_json::Value;

const TOLERANCE: f64 = 1e-9;

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/inspection.json")).unwrap()
}

fn houses() -> Table {
    let csv: &[u8] = include_bytes!("../golden/houses.csv");
    Table::from_reader("houses.csv", csv, &CsvOptions::new()).unwrap()
}

fn model(target: &str) -> Predictor {
    Predictor::from_bytes(match target {
        "price" => include_bytes!("../golden/price.safetensors"),
        _ => include_bytes!("../golden/kind.safetensors"),
    })
    .unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn assert_close(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let distance = (found - expected).abs() / expected.abs().max(1.0);
        assert!(distance < TOLERANCE, "{what}: {found} instead of {expected}");
    }
}

#[test]
fn importances_equal_those_of_scikit_learn_for_its_permutations() {
    let (golden, table) = (golden(), houses());
    let permutations: Vec<Vec<usize>> = golden["permutations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rows| numbers(rows).into_iter().map(|row| row as usize).collect())
        .collect();
    for target in ["price", "kind"] {
        for expected in golden[target]["importances"].as_array().unwrap() {
            let classes = match expected["score"].as_str().unwrap() {
                "neg_log_loss" => ScoreOfClasses::NegativeLogLoss,
                _ => ScoreOfClasses::Accuracy,
            };
            let weight = expected["weighted"].as_bool().unwrap().then_some("weight");
            let found = model(target)
                .importance_of_permutations(&table, &permutations, classes, weight)
                .unwrap();
            let what = format!("{target} {}", found.score);
            assert_eq!(found.score, expected["score"]);
            assert_close(&[found.value], &[expected["value"].as_f64().unwrap()], &what);
            assert_eq!(found.columns.len(), 5);
            assert!(found.columns.windows(2).all(|pair| pair[0].mean() >= pair[1].mean()));
            for importance in &found.columns {
                let expected = &expected["columns"][&importance.column];
                let what = format!("{what} {}", importance.column);
                assert_close(&importance.decreases, &numbers(&expected["decreases"]), &what);
                let pair = ["mean", "deviation"].map(|name| expected[name].as_f64().unwrap());
                assert_close(&[importance.mean(), importance.deviation()], &pair, &what);
            }
        }
    }
}

#[test]
fn partial_dependences_equal_those_of_scikit_learn() {
    let (golden, table) = (golden(), houses());
    for target in ["price", "kind"] {
        for expected in golden[target]["dependences"].as_array().unwrap() {
            let weight = expected["weighted"].as_bool().unwrap().then(|| "weight".to_owned());
            let resolution = NonZeroUsize::new(20).unwrap();
            let settings =
                DependenceSettings { resolution, weight, ..DependenceSettings::default() };
            let column = expected["column"].as_str().unwrap();
            let found =
                model(target).partial_dependence(&table, column, &settings).unwrap().unwrap();
            let what = format!("{target} {column}");
            match &found.grid {
                Grid::Numbers(grid) => assert_close(grid, &numbers(&expected["grid"]), &what),
                Grid::Categories(names) => assert_eq!(Value::from(names.clone()), expected["grid"]),
                Grid::Dates { .. } => panic!("no dates"),
            }
            let means = expected["means"].as_array().unwrap();
            assert_eq!(means.len(), found.means.nrows(), "{what}");
            for (point, expected) in means.iter().enumerate() {
                let found: Vec<f64> = found.means.row(point).iter().copied().collect();
                assert_close(&found, &numbers(expected), &what);
            }
        }
    }
}

/// The prediction of a row is that of the row with the value of the grid.
#[test]
fn dates_and_missing_numbers_are_set_as_in_a_table() {
    let (table, model) = (houses(), model("price"));
    let names: Vec<&str> = table.names().collect();
    let settings = DependenceSettings {
        resolution: NonZeroUsize::new(4).unwrap(),
        ..DependenceSettings::default()
    };
    for column in ["sold", "age"] {
        let found = model.partial_dependence(&table, column, &settings).unwrap().unwrap();
        let texts: Vec<String> = match &found.grid {
            Grid::Dates { days, texts } => {
                assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
                texts.clone()
            }
            Grid::Numbers(numbers) => numbers.iter().map(ToString::to_string).collect(),
            Grid::Categories(_) => panic!("no words"),
        };
        assert_eq!(texts.len(), 4);
        let place = names.iter().position(|name| *name == column).unwrap();
        for (point, text) in texts.iter().enumerate() {
            let row = |row| {
                let value = |index| match index == place {
                    true => text.clone(),
                    false => table.value(row, index).into_owned(),
                };
                (0..names.len()).map(value).collect::<Vec<_>>()
            };
            let set = Table::from_rows("set", &names, (0..table.rows()).map(row)).unwrap();
            let predictions = model.predict(&set).unwrap();
            let mean = predictions.numbers().unwrap().mean();
            assert_close(&[found.means[(point, 0)]], &[mean], column);
        }
    }
}

/// Shuffling a column of the table is the same as shuffling its inputs together.
#[test]
fn a_column_is_shuffled_as_a_whole() {
    let (table, model) = (houses(), model("price"));
    let names: Vec<&str> = table.names().collect();
    let rows = table.rows();
    let reversed: Vec<usize> = (0..rows).rev().collect();
    let found = model
        .importance_of_permutations(&table, &[reversed], ScoreOfClasses::Accuracy, None)
        .unwrap();
    let score = |table: &Table| model.score(table).unwrap().get("r2").unwrap();
    for importance in found.columns {
        let row = |row: usize| {
            let value = |(index, name): (usize, &&str)| {
                let row = if **name == importance.column { rows - 1 - row } else { row };
                table.value(row, index).into_owned()
            };
            names.iter().enumerate().map(value).collect::<Vec<_>>()
        };
        let shuffled = Table::from_rows("shuffled", &names, (0..rows).map(row)).unwrap();
        let expected = score(&table) - score(&shuffled);
        assert_close(&importance.decreases, &[expected], &importance.column);
    }
}

/// 400 rows of a column that decides, one that says nothing and one that is constant.
fn fitted() -> (Predictor, Table) {
    let rows = (0..400).map(|row| {
        let (x, noise) = (row % 41, row * 7919 % 97);
        [x, noise, 5, 2 * x].map(|number| number.to_string())
    });
    let table = Table::from_rows("t", &["x", "noise", "same", "y"], rows).unwrap();
    (Regressor::new("y").epochs(20).fit(&table).unwrap().into_predictor(), table)
}

#[test]
fn the_same_generator_gives_the_same_importances_of_the_drawn_rows() {
    let (predictor, table) = fitted();
    let settings = ImportanceSettings { max_rows: 100, ..ImportanceSettings::default() };
    let importances = |seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        predictor.permutation_importance(&table, &settings, &mut rng).unwrap()
    };
    let found = importances(1);
    assert_eq!((found.rows, found.drawn_from, found.score), (100, Some(400), "r2"));
    assert_eq!(found, importances(1));
    assert_ne!(found, importances(2));
    let by_name: BTreeMap<&str, f64> =
        found.columns.iter().map(|it| (it.column.as_str(), it.mean())).collect();
    assert!(by_name["x"] > 1.0 && by_name["noise"].abs() < 0.1, "{by_name:?}");
    assert_eq!(by_name["same"], 0.0);
    let csv = String::from_utf8(found.to_csv()).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines.len(), lines[0]), (4, "column,importance,deviation"));
    assert!(lines[1].starts_with("x,") && csv.contains("same,0.0,0.0"), "{csv}");
    let all = ImportanceSettings::default();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let all = predictor.permutation_importance(&table, &all, &mut rng).unwrap();
    assert_eq!((all.rows, all.drawn_from), (400, None));
}

#[test]
fn what_cannot_be_computed_is_an_error() {
    let (predictor, table) = fitted();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let settings = ImportanceSettings::default();
    let one = table.select_rows(&[3]);
    let error = predictor.permutation_importance(&one, &settings, &mut rng).unwrap_err();
    assert!(matches!(error, Error::Metric(MetricError::SingleSample)), "{error}");
    let settings = DependenceSettings::default();
    let error = predictor.partial_dependence(&table, "z", &settings).unwrap_err();
    assert!(matches!(error, Error::Table(CsvError::MissingColumn { .. })), "{error}");
    assert!(predictor.partial_dependence(&table, "same", &settings).unwrap().is_none());
    assert!(predictor.partial_dependence(&table, "y", &settings).unwrap().is_none());
}

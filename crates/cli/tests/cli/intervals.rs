//! Prediction intervals: `--interval` of predict, evaluate and export.

use serde_json::Value;

use crate::program::{Place, number};
use crate::tables;

fn trained(options: &str) -> Place {
    let place = Place::new();
    place.write("data.csv", tables::regression(120));
    let words = "train data.csv --out out --quiet --test-fraction 0 --epochs 5 --target y";
    place.succeed(&format!("{words} --task regression {options}"));
    place
}

#[test]
fn predictions_have_low_and_high() {
    let place = trained("--recipe bagging");
    place.succeed("predict out data.csv --interval 0.9 --out p.csv");
    let (header, rows) = place.rows("p.csv");
    assert_eq!(header, ["prediction", "low", "high"]);
    let numbers = |row: &Vec<String>| [0, 1, 2].map(|column| number(&row[column]));
    assert!(rows.iter().map(numbers).all(|[_, low, high]| low < high));
    place.succeed("predict out data.csv --out q.csv");
    let (_, without) = place.rows("q.csv");
    assert!(without.iter().zip(&rows).all(|(a, b)| a[0] == b[0]));
    let (_, data) = place.rows("data.csv");
    let covered = data.iter().zip(&rows).filter(|(data, row)| {
        let [_, low, high] = numbers(row);
        (low..=high).contains(&number(&data[3]))
    });
    let coverage = covered.count() as f64 / 120.0;
    let json = place.succeed("evaluate out data.csv --interval 0.9 --json").stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["interval"]["level"], 0.9);
    let found = json["interval"]["coverage"].as_f64().unwrap();
    assert!((found - coverage).abs() < 1e-9 && found > 0.8, "{found} {coverage}");
    assert!(json["interval"]["mean_width"].as_f64().unwrap() > 0.0);
    let without = place.succeed("evaluate out data.csv --json").stdout;
    assert!(!without.contains("interval"), "{without}");
    assert!(place.succeed("show out").stdout.contains("intervals"));
}

#[test]
fn a_level_in_percent_is_not_misread() {
    let place = trained("--recipe bagging");
    for words in
        ["predict out data.csv --out p.csv", "evaluate out data.csv", "export out --onnx m.onnx"]
    {
        let error = place.fail(1, &format!("{words} --interval 90"));
        assert!(error.ends_with("found 90; did you mean 0.9?"), "{error}");
        let finished = place.nnfs(&format!("{words} --interval 90%"));
        assert_eq!(finished.code, Some(2), "{finished:?}");
        assert!(finished.stderr.contains("expected a number such as 0.9"), "{finished:?}");
    }
    let error = place.fail(1, "predict out data.csv --out p.csv --interval 99.9");
    assert!(error.ends_with("found 99.9"), "{error}");
}

#[test]
fn a_model_without_intervals_is_refused_with_advice() {
    let place = trained("--recipe plain");
    for words in
        ["predict out data.csv --out p.csv", "evaluate out data.csv", "export out --onnx m.onnx"]
    {
        let error = place.fail(1, &format!("{words} --interval 0.9"));
        assert!(error.contains("--interval") && error.contains("--recipe"), "{error}");
    }
    assert_eq!(place.names("."), ["data.csv", "out"]);
}

#[test]
fn a_level_that_the_rows_do_not_allow() {
    let place = trained("--recipe bagging");
    for level in ["90", "1", "0.9999"] {
        for words in ["predict out data.csv --out p.csv", "export out --onnx m.onnx"] {
            let error = place.fail(1, &format!("{words} --interval {level}"));
            assert!(error.contains("--interval") && error.contains("120 training rows"), "{error}");
        }
    }
    // Levels that no model has.
    for level in ["0.3", "0", "-1", "NaN", "inf"] {
        for words in ["predict out data.csv --out p.csv", "evaluate out data.csv"] {
            let finished = place.nnfs(&format!("{words} --interval={level}"));
            assert_eq!(finished.code, Some(2), "{finished:?}");
            assert!(finished.stderr.contains("expected a number of at least 0.5"), "{finished:?}");
        }
    }
    assert_eq!(place.names("."), ["data.csv", "out"]);
}

#[test]
fn a_graph_with_intervals_has_two_more_outputs() {
    let place = trained("--recipe bagging");
    place.succeed("export out --onnx without.onnx");
    place.succeed("export out --onnx with.onnx --interval 0.9");
    let has = |file: &str, name: &str| {
        place.bytes(file).windows(name.len()).any(|bytes| bytes == name.as_bytes())
    };
    for (file, expected) in [("without.onnx", false), ("with.onnx", true)] {
        assert!(has(file, "predictions"));
        assert_eq!(has(file, "nnfs.interval"), expected);
        assert_eq!(has(file, "high.target_scaler.mean"), expected);
    }
}

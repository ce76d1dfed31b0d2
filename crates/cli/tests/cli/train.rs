//! `nnfs train`: what is learned, reported and kept.

use crate::program::{Place, number};
use crate::tables;

pub(crate) const FILES: [&str; 6] = [
    "history.csv",
    "importance.csv",
    "metrics.json",
    "model.safetensors",
    "predictions.csv",
    "report.html",
];

/// Trains on a table for regression.
pub(crate) fn regression(options: &str) -> (Place, String) {
    let place = Place::new();
    place.write("data.csv", tables::regression(200));
    let words = "train data.csv --target y --task regression --out out";
    let finished = place.succeed(&format!("{words} {options}"));
    (place, finished.stdout)
}

/// Trains on a table of three classes.
fn classes(options: &str) -> Place {
    let place = Place::new();
    place.write("data.csv", tables::classes(300));
    let words = "train data.csv --target species --task classification --out out";
    place.succeed(&format!("{words} {options}"));
    place
}

#[test]
fn a_regression_is_learned_and_reported() {
    let (place, stdout) = regression("");
    assert_eq!(place.names("out"), FILES);
    assert!(stdout.starts_with("data.csv: 200 rows (160 to train, 40 to test)"));
    for part in [
        "100 epochs in ",
        "3 columns as 4 inputs",
        "dense (activation relu)",
        "32x32",
        "r2",
        "rmse",
    ] {
        assert!(stdout.contains(part), "{part}: {stdout}");
    }

    // The metrics of the test rows are those of their predictions.
    let (header, rows) = place.rows("out/predictions.csv");
    assert_eq!(header, ["row", "target", "prediction"]);
    let rows: Vec<(f64, f64)> = rows.iter().map(|row| (number(&row[1]), number(&row[2]))).collect();
    assert_eq!(rows.len(), 40);
    let count = rows.len() as f64;
    let mean = rows.iter().map(|(target, _)| target).sum::<f64>() / count;
    let total: f64 = rows.iter().map(|(target, _)| (target - mean).powi(2)).sum();
    let squares: f64 = rows.iter().map(|(target, prediction)| (target - prediction).powi(2)).sum();
    let distances: f64 = rows.iter().map(|(target, prediction)| (target - prediction).abs()).sum();
    let metrics = place.json("out/metrics.json");
    let reported = |name: &str| metrics["test"][name].as_f64().unwrap();
    assert!((reported("r2") - (1.0 - squares / total)).abs() < 1e-4, "{metrics}");
    assert!((reported("mae") - distances / count).abs() < 1e-4, "{metrics}");
    assert!((reported("rmse") - (squares / count).sqrt()).abs() < 1e-4, "{metrics}");
    assert!(reported("r2") > 0.99, "{metrics}");
    assert!(metrics["train"]["r2"].as_f64().unwrap() > 0.99, "{metrics}");
    assert_eq!(metrics["task"], "regression");
    assert_eq!(metrics["epochs"], 100);
    assert!(metrics["fit_seconds"].as_f64().unwrap() > 0.0);

    let (header, rows) = place.rows("out/history.csv");
    let expected = ["epoch", "data_loss", "penalty", "r2"];
    assert_eq!(header[..4], expected);
    assert_eq!(header[4..], ["learning_rate", "gradient_norm", "seconds"]);
    assert_eq!(rows.len(), 100);
    assert!(number(&rows[99][1]) < number(&rows[0][1]) / 100.0, "{:?}", rows[99]);
}

#[test]
fn the_held_out_rows_are_rows_of_the_file_in_its_order() {
    let (place, _) = regression("--epochs 1");
    let (_, data) = place.rows("data.csv");
    let (_, held_out) = place.rows("out/predictions.csv");
    let lines: Vec<usize> = held_out.iter().map(|row| row[0].parse().unwrap()).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    for (row, line) in held_out.iter().zip(lines) {
        // The header is line 1.
        assert_eq!(data[line - 2][3], row[1], "{row:?}");
    }
}

#[test]
fn classes_are_learned_in_their_shares() {
    let place = classes("");
    let (header, rows) = place.rows("out/predictions.csv");
    assert_eq!(
        header,
        ["row", "target", "prediction", "probability_cat", "probability_dog", "probability_eel"]
    );
    let mut right = 0;
    for row in &rows {
        let shares: Vec<f64> = row[3..].iter().map(|share| number(share)).collect();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{row:?}");
        let largest = (0..3).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap();
        assert_eq!(row[2], ["cat", "dog", "eel"][largest]);
        right += usize::from(row[1] == row[2]);
    }
    let metrics = place.json("out/metrics.json");
    assert_eq!(metrics["test"]["accuracy"], right as f64 / rows.len() as f64);
    assert!(metrics["test"]["accuracy"].as_f64().unwrap() > 0.9, "{metrics}");
    assert!(metrics["test"]["loss"].as_f64().unwrap() < 0.3, "{metrics}");
    assert_eq!(metrics["task"], "classification");

    let (_, data) = place.rows("data.csv");
    for class in ["cat", "dog", "eel"] {
        let all = data.iter().filter(|row| row[1] == class).count() as f64;
        let held_out = rows.iter().filter(|row| row[1] == class).count() as f64;
        assert!((held_out - all / 5.0).abs() <= 1.0, "{class}: {held_out} of {all}");
    }
}

#[test]
fn two_classes_take_one_output_and_a_sigmoid_or_two_and_a_softmax() {
    for (options, last) in [("", "32x2, 1x2"), ("--loss binary-cross-entropy", "32x1, 1x1")] {
        let place = Place::new();
        place.write("data.csv", tables::binary(300));
        let words = "train data.csv --target above --task classification --out out";
        let finished = place.succeed(&format!("{words} {options}"));
        assert!(finished.stdout.contains(last), "{}", finished.stdout);
        let shown = place.succeed("show out/model.safetensors").stdout;
        let link = if options.is_empty() { "softmax" } else { "sigmoid" };
        assert!(shown.contains(link) && !shown.contains("activation sigmoid"), "{shown}");
        let metrics = place.json("out/metrics.json");
        assert!(metrics["test"]["accuracy"].as_f64().unwrap() > 0.9, "{metrics}");
        assert!(metrics["test"]["loss"].as_f64().unwrap() < 0.3, "{metrics}");
        let (header, rows) = place.rows("out/predictions.csv");
        assert_eq!(header, ["row", "target", "prediction", "probability_0", "probability_1"]);
        for row in rows {
            let shares = [number(&row[3]), number(&row[4])];
            assert!((shares[0] + shares[1] - 1.0).abs() < 1e-6, "{row:?}");
            assert_eq!(row[2] == "1", shares[1] > 0.5, "{row:?}");
        }
    }
}

#[test]
fn several_targets_are_learned_at_once() {
    let place = Place::new();
    place.write("data.csv", tables::regression(200));
    place.succeed("train data.csv --target y,a --task regression --out out");
    let (header, rows) = place.rows("out/predictions.csv");
    assert_eq!(header, ["row", "target_y", "target_a", "prediction_y", "prediction_a"]);
    assert!((number(&rows[0][1]) - number(&rows[0][3])).abs() < 20.0, "{:?}", rows[0]);
    assert!((number(&rows[0][2]) - number(&rows[0][4])).abs() < 0.5, "{:?}", rows[0]);
}

#[test]
fn patience_ends_early_and_keeps_the_best_weights() {
    let options = "--validation-fraction 0.25 --patience 3 --epochs 1000 --learning-rate 0.02";
    let place = classes(options);
    let metrics = place.json("out/metrics.json");
    let (epochs, saved) =
        (metrics["epochs"].as_u64().unwrap(), metrics["saved_epoch"].as_u64().unwrap());
    assert_eq!(metrics["end"], "stopped_early");
    assert_eq!(epochs, saved + 1 + 3);

    let (header, rows) = place.rows("out/history.csv");
    let column = header.iter().position(|name| name == "validation_loss").unwrap();
    assert!(header.contains(&"validation_accuracy".to_owned()), "{header:?}");
    let losses: Vec<f64> = rows.iter().map(|row| number(&row[column])).collect();
    let smallest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(losses[saved as usize], smallest);
    // What is saved has the smallest loss: that which evaluating the saved weights gives.
    let reported = metrics["validation"]["loss"].as_f64().unwrap();
    assert!((reported - smallest).abs() < 1e-4, "{metrics}: {smallest}");
    // 300 rows: 60 to test with, a quarter of the others to validate with.
    let (_, test) = place.rows("out/predictions.csv");
    assert_eq!(test.len(), 60);
}

#[test]
fn a_seed_decides_every_bit() {
    let model = |options| regression(options).0.bytes("out/model.safetensors");
    let options = "--epochs 3 --dropout 0.1 --validation-fraction 0.1";
    let first = model(options);
    assert!(model(options) == first);
    assert!(model(&format!("{options} --seed 1")) != first);
}

/// The commands of the README, on the sample data of the repository.
#[test]
fn the_sample_data_is_learned() {
    let place = Place::new();
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/data");
    place.succeed(&format!("train {data}/prices.csv --target price --task regression --out model"));
    let r2 = place.json("model/metrics.json")["test"]["r2"].as_f64().unwrap();
    assert!(r2 > 0.95, "{r2}");
    let words = format!("predict model/model.safetensors {data}/new.csv --out predictions.csv");
    place.succeed(&words);
    assert_eq!(place.rows("predictions.csv").1.len(), 5);
}

/// A time in seconds has more digits than `f32`, and what it differs by is what is to be learned.
#[test]
fn large_numbers_are_learned_in_either_precision() {
    let rows = (0..300).map(|row| {
        let time = 1_700_000_000 + row * 37 % 300;
        format!("{time},{}\n", 5_000_000_000_u64 + 3 * (row * 37 % 300))
    });
    let table = format!("time,y\n{}", rows.collect::<String>());
    for dtype in ["f32", "f64"] {
        let place = Place::new();
        place.write("data.csv", &table);
        let words = "train data.csv --target y --task regression --out out --quiet --dtype";
        place.succeed(&format!("{words} {dtype}"));
        let r2 = place.json("out/metrics.json")["test"]["r2"].as_f64().unwrap();
        assert!(r2 > 0.999, "{dtype}: {r2}");
        let scores = place.succeed("evaluate out/model.safetensors data.csv --json").stdout;
        let scores: serde_json::Value = serde_json::from_str(&scores).unwrap();
        assert!(scores["r2"].as_f64().unwrap() > 0.999, "{dtype}: {scores}");
    }
}

/// Nothing can be learned from a number that is the same in all training rows.
#[test]
fn a_number_that_changes_in_held_out_rows_alone_is_reported() {
    let warned = (0..40).filter(|&odd| {
        let place = Place::new();
        let rows =
            (0..40).map(|row| format!("{},{},{row}\n", if row == odd { 7 } else { 5 }, row % 20));
        place.write("data.csv", format!("a,b,y\n{}", rows.collect::<String>()));
        let words = "train data.csv --target y --task regression --epochs 1 --out out";
        let warning = place.succeed(words).stderr;
        let expected = format!(
            r#"note: data.csv, line {}, column "a": "7" occurs only in held-out rows"#,
            odd + 2
        );
        let constant = warning.contains(r#"column "a": the column is "5" in all training rows"#);
        assert_eq!(constant, warning.contains(&expected), "{warning}");
        assert!(constant || !warning.contains("warning"), "{warning}");
        constant
    });
    assert_eq!(warned.count(), 8);
}

#[test]
fn a_category_that_only_held_out_rows_have_is_reported() {
    let place = Place::new();
    let colours = (0..40).map(|row| format!("colour-{},{row}\n", row % 25));
    place.write("data.csv", format!("colour,y\n{}", colours.collect::<String>()));
    let words = "train data.csv --target y --task regression --epochs 1 --out out";
    let finished = place.succeed(words);
    let warning = finished.stderr.trim_end();
    assert!(warning.starts_with("note: data.csv, line "), "{warning}");
    assert!(warning.contains(r#"column "colour": "colour-"#), "{warning}");
    assert!(warning.contains("held-out"), "{warning}");
    let finished = place.succeed(&format!("{words} --test-fraction 0"));
    assert!(!finished.stderr.contains("held-out"), "{}", finished.stderr);
}

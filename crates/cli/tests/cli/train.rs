//! `nnfs train`: what is printed, what is written, and what every option does.

use std::process::Output;

use crate::program::{Place, number};
use crate::tables;

const FILES: [&str; 5] =
    ["history.csv", "metrics.json", "model.safetensors", "predictions.csv", "report.html"];

/// Trains on a table for regression.
fn regression(options: &str) -> (Place, String) {
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
fn a_regression_is_learned_and_told() {
    let (place, stdout) = regression("");
    assert_eq!(place.names("out"), FILES);
    assert!(stdout.starts_with("data.csv: 200 rows (160 to train, 0 to validate, 40 to test)"));
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

    // What is told of the held-out rows is what their predictions say.
    let (header, rows) = place.rows("out/predictions.csv");
    assert_eq!(header, ["target", "prediction"]);
    let rows: Vec<(f64, f64)> = rows.iter().map(|row| (number(&row[0]), number(&row[1]))).collect();
    assert_eq!(rows.len(), 40);
    let count = rows.len() as f64;
    let mean = rows.iter().map(|(target, _)| target).sum::<f64>() / count;
    let total: f64 = rows.iter().map(|(target, _)| (target - mean).powi(2)).sum();
    let squares: f64 = rows.iter().map(|(target, prediction)| (target - prediction).powi(2)).sum();
    let distances: f64 = rows.iter().map(|(target, prediction)| (target - prediction).abs()).sum();
    let metrics = place.json("out/metrics.json");
    let told = |name: &str| metrics["test"][name].as_f64().unwrap();
    assert!((told("r2") - (1.0 - squares / total)).abs() < 1e-4, "{metrics}");
    assert!((told("mae") - distances / count).abs() < 1e-4, "{metrics}");
    assert!((told("rmse") - (squares / count).sqrt()).abs() < 1e-4, "{metrics}");
    assert!(told("r2") > 0.99, "{metrics}");
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
    let mut lines = data.iter();
    for row in held_out {
        assert!(lines.any(|line| line[3] == row[0]), "{row:?}");
    }
}

#[test]
fn classes_are_learned_in_their_shares() {
    let place = classes("");
    let (header, rows) = place.rows("out/predictions.csv");
    assert_eq!(
        header,
        ["target", "prediction", "probability_cat", "probability_dog", "probability_eel"]
    );
    let mut right = 0;
    for row in &rows {
        let shares: Vec<f64> = row[2..].iter().map(|share| number(share)).collect();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{row:?}");
        let largest = (0..3).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap();
        assert_eq!(row[1], ["cat", "dog", "eel"][largest]);
        right += usize::from(row[0] == row[1]);
    }
    let metrics = place.json("out/metrics.json");
    assert_eq!(metrics["test"]["accuracy"], right as f64 / rows.len() as f64);
    assert!(metrics["test"]["accuracy"].as_f64().unwrap() > 0.9, "{metrics}");
    assert!(metrics["test"]["loss"].as_f64().unwrap() < 0.3, "{metrics}");
    assert_eq!(metrics["task"], "classification");

    let (_, data) = place.rows("data.csv");
    for class in ["cat", "dog", "eel"] {
        let all = data.iter().filter(|row| row[1] == class).count() as f64;
        let held_out = rows.iter().filter(|row| row[0] == class).count() as f64;
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
        assert_eq!(header, ["target", "prediction", "probability_0", "probability_1"]);
        for row in rows {
            let shares = [number(&row[2]), number(&row[3])];
            assert!((shares[0] + shares[1] - 1.0).abs() < 1e-6, "{row:?}");
            assert_eq!(row[1] == "1", shares[1] > 0.5, "{row:?}");
        }
    }
}

#[test]
fn several_targets_are_learned_at_once() {
    let place = Place::new();
    place.write("data.csv", tables::regression(200));
    place.succeed("train data.csv --target y,a --task regression --out out");
    let (header, rows) = place.rows("out/predictions.csv");
    assert_eq!(header, ["target_y", "target_a", "prediction_y", "prediction_a"]);
    assert!((number(&rows[0][0]) - number(&rows[0][2])).abs() < 20.0, "{:?}", rows[0]);
    assert!((number(&rows[0][1]) - number(&rows[0][3])).abs() < 0.5, "{:?}", rows[0]);
}

#[test]
fn a_name_with_a_comma_stands_in_quotes() {
    let place = Place::new();
    place.write("data.csv", "\"a, b\",c\n1,2\n2,4\n3,6\n4,8\n5,10\n");
    let mut command = place.command("train data.csv --task regression --out out --epochs 1");
    let finished = command.args(["--target", "\"a, b\""]).output().unwrap();
    assert!(finished.status.success(), "{finished:?}");
    let (_, rows) = place.rows("out/predictions.csv");
    assert!(["1", "2", "3", "4", "5"].contains(&rows[0][0].as_str()), "{rows:?}");
}

#[test]
fn without_test_rows_there_are_no_test_metrics() {
    let (place, _) = regression("--test-fraction 0 --epochs 2");
    let metrics = place.json("out/metrics.json");
    assert!(metrics["test"].is_null() && metrics["train"]["r2"].is_number(), "{metrics}");
    assert_eq!(place.text("out/predictions.csv"), "target,prediction\n");
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
    let told = metrics["validation"]["loss"].as_f64().unwrap();
    assert!((told - smallest).abs() < 1e-4, "{metrics}: {smallest}");
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

#[test]
fn quiet_is_quiet() {
    let place = Place::new();
    place.write("data.csv", tables::regression(50));
    let words = "train data.csv --target y --task regression --out out --epochs 2 --quiet";
    let finished = place.succeed(words);
    assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("", ""));
    assert_eq!(place.names("out"), FILES);
}

#[test]
fn values_may_be_parted_by_other_characters() {
    for (delimiter, option) in [(";", ";"), ("\t", "tab"), ("|", "|")] {
        let place = Place::new();
        place.write("data.csv", tables::regression(50).replace(',', delimiter));
        let words = "train data.csv --target y --task regression --out out --epochs 2 --delimiter";
        place.succeed(&format!("{words} {option}"));
        place.succeed(&format!("evaluate out/model.safetensors data.csv --delimiter {option}"));
    }
}

#[test]
fn files_of_an_earlier_training_are_replaced_and_others_stay() {
    let place = Place::new();
    place.write("data.csv", tables::regression(50));
    std::fs::create_dir(place.path().join("out")).unwrap();
    place.write("out/notes.txt", "mine");
    place.write("out/metrics.json", "old");
    place.succeed("train data.csv --target y --task regression --out out --epochs 2");
    assert_eq!(place.text("out/notes.txt"), "mine");
    assert_eq!(place.json("out/metrics.json")["epochs"], 2);
    assert_eq!(place.names("out").len(), 6);
}

#[test]
fn every_choice_trains() {
    for options in [
        "--hidden none",
        "--hidden 8",
        "--hidden 8,8,8",
        "--activation leaky-relu",
        "--activation tanh",
        "--activation sigmoid",
        "--activation linear",
        "--optimizer sgd",
        "--optimizer adagrad",
        "--optimizer rmsprop",
        "--optimizer adamw",
        "--loss mae",
        "--loss huber",
        "--dtype f64",
        "--dropout 0.2 --l1 0.001 --l2 0.001",
        "--batch 1",
        "--batch 1000000",
    ] {
        let (place, _) = regression(&format!("{options} --epochs 60"));
        let metrics = place.json("out/metrics.json");
        assert!(metrics["test"]["r2"].as_f64().unwrap() > 0.1, "{options}: {metrics}");
    }
}

#[test]
fn options_that_cannot_be_are_told_at_once() {
    let place = Place::new();
    for (options, part) in [
        ("--loss huber --task classification", "--loss huber"),
        ("--loss binary-cross-entropy --task regression", "--loss binary-cross-entropy"),
        ("--target a,b --task classification", "one column"),
    ] {
        let line = place.fail(2, &format!("train data.csv --target y --out out {options}"));
        assert!(line.contains(part), "{line}");
    }
    for options in [
        "--task clustering",
        "--test-fraction 1",
        "--validation-fraction -0.1",
        "--epochs 0",
        "--batch 0",
        "--hidden 0",
        "--hidden 4,x",
        "--learning-rate -1",
        "--learning-rate nan",
        "--l1 -1",
        "--l2 inf",
        "--dropout 1",
        "--patience 0",
        "--checkpoint-every 0",
        "--delimiter ab",
        "--dtype f16",
    ] {
        let words = "train data.csv --target y --task regression --out out";
        let finished = place.nnfs(&format!("{words} {options}"));
        assert_eq!(finished.code, Some(2), "{options}: {finished:?}");
        let option = options.split(' ').next().unwrap();
        assert!(finished.stderr.contains(option), "{options}: {}", finished.stderr);
    }
    assert!(place.names(".").is_empty());
}

#[test]
fn a_training_that_diverges_says_where_and_what_it_left() {
    let place = Place::new();
    place.write("data.csv", tables::regression(200));
    let words = "train data.csv --target y --task regression --out out --quiet";
    let line = place.fail(1, &format!("{words} --optimizer sgd --learning-rate 1e30"));
    assert!(line.starts_with("training diverged in epoch 0, batch "), "{line}");
    assert!(line.contains("layer ") && line.contains("nothing was written"), "{line}");
    assert!(place.names("out").is_empty());

    // Later on, good epochs have passed; a model of before stays as it is.
    place.succeed(&format!("{words} --epochs 1"));
    let model = place.bytes("out/model.safetensors");
    let line = place.fail(1, &format!("{words} --optimizer sgd --learning-rate 1 --hidden none"));
    let (_, kept) = line.split_once("; ").unwrap();
    let expected = "only out/diverged.safetensors was written, the model at the end of epoch ";
    assert!(kept.starts_with(expected), "{line}");
    assert!(place.bytes("out/model.safetensors") == model);
    place.succeed("show out/diverged.safetensors");
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

/// `nnfs train ... | head -1`
#[test]
fn nobody_has_to_read_what_it_says() {
    let place = Place::new();
    place.write("data.csv", tables::regression(50));
    let words = "train data.csv --target y --task regression --out out --epochs 2";
    let mut process = place.command(words).spawn().unwrap();
    drop(process.stdout.take());
    drop(process.stderr.take());
    let Output { status, .. } = process.wait_with_output().unwrap();
    assert!(status.success(), "{status}");
    assert_eq!(place.names("out"), FILES);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let place = Place::new();
    place.write("data.csv", tables::regression(50));
    place.write("file", "");
    for out in ["file", "file/below"] {
        let words = format!("train data.csv --target y --task regression --out {out}");
        let line = place.fail(1, &words);
        assert!(line.starts_with(&format!("cannot write into the folder {out}: ")), "{line}");
    }
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
        let told = place.succeed("evaluate out/model.safetensors data.csv").stdout;
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert!(told["r2"].as_f64().unwrap() > 0.999, "{dtype}: {told}");
    }
}

#[test]
fn the_data_is_not_written_over() {
    for name in ["history.csv", "checkpoint.safetensors"] {
        let place = Place::new();
        place.write(name, tables::regression(50));
        let words = format!("train {name} --target y --task regression --epochs 1 --out .");
        let line = place.fail(2, &words);
        assert!(line.contains("overwrite"), "{line}");
        assert_eq!(place.text(name), tables::regression(50));
        assert_eq!(place.names("."), [name]);
    }
}

/// Nothing can be learned from a number that is the same in all training rows.
#[test]
fn a_number_that_changes_in_held_out_rows_alone_is_told() {
    let told = (0..40).filter(|&odd| {
        let place = Place::new();
        let rows = (0..40).map(|row| format!("{},{row}\n", if row == odd { 7 } else { 5 }));
        place.write("data.csv", format!("a,y\n{}", rows.collect::<String>()));
        let words = "train data.csv --target y --task regression --epochs 1 --out out --quiet";
        let warning = place.succeed(words).stderr;
        let expected = format!(
            r#"warning: data.csv, line {}, column "a": "7" occurs only in held-out rows"#,
            odd + 2
        );
        assert!(warning.is_empty() || warning.starts_with(&expected), "{warning}");
        !warning.is_empty()
    });
    assert_eq!(told.count(), 8);
}

#[test]
fn a_category_that_only_held_out_rows_have_is_told() {
    let place = Place::new();
    let colours = (0..40).map(|row| format!("colour-{row},{row}\n"));
    place.write("data.csv", format!("colour,y\n{}", colours.collect::<String>()));
    let words = "train data.csv --target y --task regression --epochs 1 --out out --quiet";
    let finished = place.succeed(words);
    let warning = finished.stderr.trim_end();
    assert!(warning.starts_with("warning: data.csv, line "), "{warning}");
    assert!(warning.contains(r#"column "colour": "colour-"#), "{warning}");
    assert!(warning.contains("held-out"), "{warning}");
    let finished = place.succeed(&format!("{words} --test-fraction 0"));
    assert_eq!(finished.stderr, "");
}

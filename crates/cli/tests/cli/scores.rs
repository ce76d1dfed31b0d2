//! The scores of a training and of `evaluate`, and the weights of rows and classes.

use std::fmt::Write;

use serde_json::Value;

use crate::program::{Place, number};
use crate::tables;

/// Points on a line; one of 25 is of the rare class, which lies among the others.
fn rare() -> String {
    let mut text = "x,kind\n".to_owned();
    for row in 0..1000 {
        let x = f64::from(row) * 0.618_034 % 1.0;
        let (x, kind) = if row % 25 == 3 { (0.6 + 0.4 * x, "rare") } else { (x, "usual") };
        writeln!(text, "{x:.4},{kind}").unwrap();
    }
    text
}

/// A column of weights at the end of a table: 0, 1, 2, 3, 0, 1, 2, 3, ...
pub(crate) fn with_weights(table: &str) -> String {
    let mut lines = table.lines();
    let mut text = format!("{},w\n", lines.next().unwrap());
    for (row, line) in lines.enumerate() {
        writeln!(text, "{line},{}", row % 4).unwrap();
    }
    text
}

pub(crate) fn score(scores: &Value, name: &str) -> f64 {
    scores[name].as_f64().unwrap_or_else(|| panic!("{name}: {scores}"))
}

#[test]
fn a_class_that_is_never_predicted_shows_and_balanced_weights_find_it() {
    let place = Place::new();
    place.write("data.csv", rare());
    let train = "train data.csv --target kind --task classification --epochs 30";
    let stdout = place.succeed(&format!("{train} --out plain")).stdout;
    for part in ["baseline", "balanced_accuracy", "recall", "most frequent class, \"usual\""] {
        assert!(stdout.contains(part), "{part}: {stdout}");
    }
    place.succeed(&format!("{train} --out balanced --class-weight balanced"));
    let scores = |folder: &str| place.json(&format!("{folder}/metrics.json"))["test"].clone();
    let recall = |scores: &Value| {
        assert_eq!(scores["classes"][0]["class"], "rare");
        assert_eq!(scores["classes"][0]["rows"], 8);
        score(&scores["classes"][0], "recall")
    };
    let (plain, balanced) = (scores("plain"), scores("balanced"));
    assert_eq!(score(&plain, "accuracy"), score(&plain["baseline"], "accuracy"));
    assert_eq!((score(&plain, "balanced_accuracy"), recall(&plain)), (0.5, 0.0));
    assert!(score(&balanced, "balanced_accuracy") > 0.7, "{balanced}");
    assert!(recall(&balanced) > 0.7, "{balanced}");
    // The baseline is that of the rows, whatever the weights of the classes.
    assert_eq!(plain["baseline"], balanced["baseline"]);
}

#[test]
fn the_loss_of_classes_is_not_clipped_and_the_same_everywhere() {
    let place = Place::new();
    for (loss, classes) in [("softmax-cross-entropy", 3), ("binary-cross-entropy", 2)] {
        let table = |flip: usize| {
            let line = |row: usize| format!("{row},{}\n", (row * classes / 60 + flip) % classes);
            format!("x,y\n{}", (0..60).map(line).collect::<String>())
        };
        place.write("data.csv", table(0));
        place.write("flip.csv", table(1));
        place.succeed(&format!(
            "train data.csv --target y --task classification --loss {loss} --epochs 400 \
             --learning-rate 0.03 --validation-fraction 0.2 --out out"
        ));
        let validation = place.json("out/metrics.json")["validation"].clone();
        let (header, rows) = place.rows("out/history.csv");
        let column = header.iter().position(|name| name == "validation_loss").unwrap();
        let last = number(&rows[rows.len() - 1][column]);
        let expected = score(&validation, "loss");
        assert!((last - expected).abs() <= 1e-12 * expected, "{last} {expected}");
        let evaluated = place.succeed("evaluate out/model.safetensors flip.csv --json").stdout;
        let evaluated: Value = serde_json::from_str(&evaluated).unwrap();
        assert!(score(&evaluated, "loss") > 1e7_f64.ln(), "{loss}: {evaluated}");
    }
}

#[test]
fn several_targets_have_their_own_scores() {
    let place = Place::new();
    let line = |row: i32| {
        let x = f64::from(row) / 50.0;
        format!("{x},{},{}\n", 1e6 * x, 1e-4 * (3.0 * x).sin())
    };
    place.write("data.csv", format!("x,large,small\n{}", (0..100).map(line).collect::<String>()));
    let train = "train data.csv --target large,small --task regression --out out";
    let stdout = place.succeed(train).stdout;
    assert!(stdout.contains("large rmse") && stdout.contains("small rmse"), "{stdout}");
    let evaluated = place.succeed("evaluate out/model.safetensors data.csv --json").stdout;
    let evaluated: Value = serde_json::from_str(&evaluated).unwrap();
    for scores in [&place.json("out/metrics.json")["test"], &evaluated] {
        assert!(scores["mae"].is_null() && scores["r2"].is_number(), "{scores}");
        let [large, small] = ["large", "small"].map(|target| &scores["targets"][target]);
        for (scores, size) in [(large, 1e6), (small, 1e-4)] {
            for name in ["mae", "rmse", "median_absolute_error"] {
                assert!(score(scores, name) < size, "{name} {scores}");
                assert!(score(&scores["baseline"], name) > 0.01 * size, "{name} {scores}");
            }
            assert!(score(&scores["baseline"], "r2") < 1e-9, "{scores}");
        }
        let mean = (score(large, "r2") + score(small, "r2")) / 2.0;
        assert!((score(scores, "r2") - mean).abs() < 1e-12, "{scores}");
    }
}

#[test]
fn a_column_of_weights_is_no_input_and_weighs_the_scores() {
    for (table, options) in [
        (tables::regression(90), "--target y --task regression"),
        (tables::classes(90), "--target species --task classification --class-weight balanced"),
    ] {
        let place = Place::new();
        place.write("data.csv", with_weights(&table));
        let train = format!("train data.csv {options} --test-fraction 0 --epochs 20");
        let stdout = place.succeed(&format!("{train} --weight w --out out")).stdout;
        assert!(stdout.contains("67 rows") && !stdout.contains("as 4 columns"), "{stdout}");
        let evaluate = "evaluate out/model.safetensors data.csv --json";
        let weighted: Value =
            serde_json::from_str(&place.succeed(&format!("{evaluate} --weight w")).stdout).unwrap();
        assert_eq!(weighted, place.json("out/metrics.json")["train"]);
        let equal: Value = serde_json::from_str(&place.succeed(evaluate).stdout).unwrap();
        assert_ne!(weighted, equal);
        let text = place.succeed("evaluate out data.csv --weight w").stdout;
        assert!(text.starts_with("data.csv: 67 rows with a weight above 0, of 90\n"), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        let baseline = lines.iter().position(|line| line.starts_with("baseline:")).unwrap();
        assert!(lines[baseline + 1].starts_with("weights of rows: column \"w\""), "{text}");
        // The model needs no weights.
        place.write("new.csv", &table);
        place.succeed("predict out/model.safetensors new.csv --out p.csv");
    }
}

#[test]
fn a_row_of_weight_0_is_left_out_to_the_bit() {
    let place = Place::new();
    let table = with_weights(&tables::regression(90));
    let kept = table.lines().filter(|line| !line.ends_with(",0")).collect::<Vec<_>>().join("\n");
    place.write("data.csv", &table);
    place.write("kept.csv", kept);
    let options = "--target y --task regression --epochs 5 --weight w --validation-fraction 0.2";
    place.succeed(&format!("train data.csv {options} --out with"));
    place.succeed(&format!("train kept.csv {options} --out without"));
    let model = |folder: &str| place.bytes(&format!("{folder}/model.safetensors"));
    assert!(model("with") == model("without"));
    // The same rows are in other lines.
    let predictions = |folder: &str| {
        let (_, rows) = place.rows(&format!("{folder}/predictions.csv"));
        rows.into_iter().map(|row| row[1..].to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(predictions("with"), predictions("without"));
}

#[test]
fn weights_that_are_none_are_refused() {
    let place = Place::new();
    let train = "train data.csv --target y --task regression --weight w --out out";
    let refused = |old: &str, new: &str| {
        place.write("data.csv", with_weights(&tables::regression(9)).replace(old, new));
        place.fail(1, train)
    };
    for (weight, word) in [("-1", "-1"), ("", "value"), ("inf", "finite"), ("much", "much")] {
        let line = refused(",2\n", &format!(",{weight}\n"));
        assert!(line.starts_with("data.csv, line 4, column \"w\""), "{weight}: {line}");
        assert!(line.contains(word), "{weight}: {line}");
    }
    place.write("data.csv", "x,y,w\n1,2,0\n2,3,0\n3,4,0\n");
    let line = place.fail(1, train);
    assert!(line.starts_with("data.csv, column \"w\"") && line.contains("zeros"), "{line}");
    place.write("data.csv", tables::regression(9));
    let line = place.fail(1, train);
    assert!(line.starts_with("data.csv: ") && line.contains("\"w\""), "{line}");
    let line = place.fail(2, &format!("{train} --class-weight balanced"));
    assert!(line.contains("--class-weight"), "{line}");
}

#[test]
fn a_training_with_weights_is_resumed_with_the_same_bits() {
    let place = Place::new();
    place.write("data.csv", with_weights(&tables::classes(120)));
    let train = |options: &str| {
        format!(
            "train data.csv --target species --task classification --validation-fraction 0.2 \
             --patience 100 --checkpoint-every 1 --resume {options}"
        )
    };
    let weighted = "--weight w --class-weight balanced";
    place.succeed(&train(&format!("{weighted} --epochs 12 --out straight")));
    place.succeed(&train(&format!("{weighted} --epochs 5 --out broken")));
    for other in ["--ignore w", "--weight w", "--ignore w --class-weight balanced"] {
        let refused = place.nnfs(&train(&format!("{other} --epochs 12 --out broken")));
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stderr.contains("weights: "), "{refused:?}");
    }
    place.succeed(&train(&format!("{weighted} --epochs 12 --out broken")));
    for file in ["model.safetensors", "predictions.csv"] {
        assert!(place.bytes(&format!("straight/{file}")) == place.bytes(&format!("broken/{file}")));
    }
    let timeless = |folder: &str| {
        let mut metrics = place.json(&format!("{folder}/metrics.json"));
        metrics["fit_seconds"].take();
        metrics
    };
    assert_eq!(timeless("straight"), timeless("broken"));
}

#[test]
fn the_scores_say_what_they_are_of() {
    let place = Place::new();
    let line = |row: usize| format!("{row},{},{}\n", ["a", ""][row % 2], row % 3 + 1);
    place.write("data.csv", format!("x,word,w\n{}", (0..60).map(line).collect::<String>()));
    let train = "train data.csv --target x --task regression --weight w --epochs 2 --out out";
    let trained = place.succeed(train);
    assert!(trained.stdout.contains("weights of rows: column \"w\""), "{}", trained.stdout);
    let metrics = place.json("out/metrics.json");
    assert_eq!(metrics["file"], "data.csv");
    assert_eq!(metrics["targets"], serde_json::json!(["x"]));
    assert_eq!(metrics["weight"], "w");
    assert_eq!(metrics["rows"], serde_json::json!({"train": 48, "validation": 0, "test": 12}));
    let warnings = metrics["warnings"].as_array().unwrap();
    assert!(warnings[0].as_str().unwrap().starts_with("data.csv, line "), "{warnings:?}");
    assert!(place.text("out/report.html").contains("\\\"word\\\""));
}

/// The targets are noise, so that a large network can only learn them by heart.
#[test]
fn a_network_that_learns_by_heart_gets_a_hint() {
    let place = Place::new();
    let noise = |row: usize| (row * 7919 + row * row * 104_729) % 1009;
    let line = |row: usize| format!("{},{},{}\n", noise(row), noise(row + 500), noise(3 * row + 1));
    place.write("data.csv", format!("a,b,y\n{}", (0..80).map(line).collect::<String>()));
    let train = "train data.csv --target y --task regression --hidden 64,64 --learning-rate 0.01";
    let long = place.succeed(&format!("{train} --epochs 400")).stdout;
    assert!(long.contains("by heart") && long.contains("--patience"), "{long}");
    let short = place.succeed(&format!("{train} --epochs 1")).stdout;
    assert!(!short.contains("by heart"), "{short}");
}

#[test]
fn the_most_frequent_classes_are_listed() {
    let place = Place::new();
    let line =
        |row: usize| format!("{row},{}\n", if row.is_multiple_of(3) { row / 9 + 10 } else { 99 });
    place.write("data.csv", format!("x,y\n{}", (0..300).map(line).collect::<String>()));
    let words = "train data.csv --target y --task classification --categorical y --epochs 1";
    let stdout = place.succeed(words).stdout;
    let listed = stdout.split("classes (test)").nth(1).unwrap();
    let listed = listed.split("\nimportance").next().unwrap();
    assert!(listed.lines().nth(1).unwrap().starts_with("99"), "{stdout}");
    assert!(listed.lines().filter(|line| line.contains("0.")).count() <= 20, "{stdout}");
    assert!(listed.contains("1 more class with at most "), "{stdout}");
}

#[test]
fn scores_of_the_file_of_the_training_get_a_warning() {
    let place = Place::new();
    place.write("data.csv", tables::regression(60));
    place.succeed("train data.csv --target y --task regression --epochs 2 --out out --quiet");
    let metrics = place.json("out/metrics.json");
    assert_eq!(metrics["file_bytes"], place.bytes("data.csv").len());
    // The name of the file does not matter.
    place.write("copy.csv", tables::regression(60));
    for model in ["out", "out/model.safetensors"] {
        let evaluated = place.succeed(&format!("evaluate {model} copy.csv"));
        let start = "warning: copy.csv: the model was trained on rows of this file, ";
        assert!(evaluated.stderr.starts_with(start), "{evaluated:?}");
        assert_eq!(evaluated.stderr.lines().count(), 1, "{evaluated:?}");
    }
    place.write("other.csv", tables::regression(59));
    assert_eq!(place.succeed("evaluate out other.csv").stderr, "");
    // Without the file of the metrics nothing is known of the training.
    std::fs::rename(place.path().join("out/model.safetensors"), place.path().join("m.safetensors"))
        .unwrap();
    assert_eq!(place.succeed("evaluate m.safetensors data.csv").stderr, "");
}

#[test]
fn a_network_that_is_worse_than_the_baseline_gets_a_hint() {
    let place = Place::new();
    let line = |row: usize| {
        format!("{},{},{}\n", row * 37 % 101, row * row * 29 % 83, row * row * 53 % 97)
    };
    place.write("data.csv", format!("a,b,y\n{}", (0..60).map(line).collect::<String>()));
    let train = |options: &str| {
        let words = "train data.csv --task regression --out out --hidden none --learning-rate 0.05";
        place.succeed(&format!("{words} {options}")).stdout
    };
    // There is nothing to learn.
    let bad = train("--target y --epochs 30");
    let test = &place.json("out/metrics.json")["test"];
    let [r2, baseline] = [&test["r2"], &test["baseline"]["r2"]].map(|r2| r2.as_f64().unwrap());
    assert!(r2 < baseline, "{r2} {baseline}");
    assert!(
        bad.contains("\nhint: the network is worse than the baseline on the test rows"),
        "{bad}"
    );
    place.write("data.csv", tables::regression(60));
    let good = train("--target y --epochs 100");
    assert!(good.contains("r2") && !good.contains("hint"), "{good}");
}

#[test]
fn a_test_row_that_decides_the_scores_is_named() {
    let place = Place::new();
    // The row has an x far outside, and is a test row with some seeds.
    let line = |row: usize| {
        let x = if row == 300 { 5_000 } else { row * 37 % 101 };
        format!("{x},{},{}\n", row * row * 29 % 83, row * 37 % 101)
    };
    place.write("data.csv", format!("a,b,y\n{}", (0..600).map(line).collect::<String>()));
    let (mut with, mut without) = (0, 0);
    for seed in 0..12 {
        let words =
            "train data.csv --target y --task regression --outliers keep --epochs 20 --out out";
        let stdout = place.succeed(&format!("{words} --seed {seed}")).stdout;
        let (_, rows) = place.rows("out/predictions.csv");
        match rows.iter().find(|row| row[0] == "302") {
            None => without += 1,
            Some(row) => {
                with += 1;
                let note = stdout.lines().find(|line| line.starts_with("note: 1 of 120 test rows"));
                let note = note.unwrap_or_else(|| panic!("{stdout}"));
                assert!(note.contains(&format!("in line 302 the target is {} ", row[1])), "{note}");
                continue;
            }
        }
        assert!(!stdout.contains("note: "), "{stdout}");
    }
    assert!(with > 0 && without > 0, "{with} {without}");
}

//! Ten networks by default.

use crate::program::Place;

/// A table of 80 rows.
fn place() -> Place {
    let place = Place::new();
    let mut text = "a,b,y,kind\n".to_owned();
    for row in 0..80 {
        let (a, b) = (row * 37 % 41, row * 53 % 29);
        let kind = if a + b > 30 { "much" } else { "little" };
        text += &format!("{a},{b},{},{kind}\n", 2 * a - b + row % 3);
    }
    place.write("data.csv", text);
    place
}

const REGRESSION: &str =
    "train data.csv --target y --task regression --ignore kind --recipe bagging --epochs 6";

#[test]
fn ten_networks_are_trained_scored_and_put_into_one_file() {
    let place = place();
    let finished = place.succeed(&format!("{REGRESSION} --out out"));
    let models = "10 models: 5 networks and 5 linear models, one of each for every fold\n";
    assert!(finished.stdout.contains(models), "{}", finished.stdout);
    assert!(finished.stdout.contains("out-of-fold"), "{}", finished.stdout);
    let metrics = place.json("out/metrics.json");
    assert_eq!(metrics["networks"], 10);
    assert!(metrics["out_of_fold"]["r2"].is_number(), "{metrics}");
    let (header, rows) = place.rows("out/history.csv");
    assert_eq!(header[..2], ["network", "epoch"]);
    // A ridge regression has no epochs.
    assert_eq!(rows.len(), 5 * 6);
    assert!(place.text("out/report.html").contains("those of 5 networks and 5 linear models"));
    let shown = place.succeed("show out");
    assert!(shown.stdout.contains("networks"), "{}", shown.stdout);
    let predicted = place.succeed("predict out data.csv --out -");
    assert_eq!(predicted.stdout.lines().count(), 81);
    place.succeed("export out --onnx out.onnx");
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_one_others() {
    let place = place();
    place.succeed(&format!("{REGRESSION} --quiet --out one"));
    place.succeed(&format!("{REGRESSION} --quiet --out two"));
    place.succeed(&format!("{REGRESSION} --quiet --seed 1 --out three"));
    let model = |folder: &str| place.bytes(&format!("{folder}/model.safetensors"));
    assert!(model("one") == model("two"));
    assert!(model("one") != model("three"));
}

#[test]
fn a_finished_training_is_not_repeated() {
    let place = place();
    place.succeed(&format!("{REGRESSION} --quiet --out one"));
    let checkpoints = format!("{REGRESSION} --quiet --out two --resume");
    place.succeed(&checkpoints);
    assert!(place.names("two").contains(&"checkpoint-05.safetensors".to_owned()));
    let again = place.succeed(&checkpoints);
    assert!(again.stderr.contains("already finished"), "{}", again.stderr);
    let model = |folder: &str| place.bytes(&format!("{folder}/model.safetensors"));
    assert!(model("one") == model("two"));
}

#[test]
fn options_of_the_other_recipe_are_refused() {
    let place = place();
    let line = place.fail(2, &format!("{REGRESSION} --validation-fraction 0.2"));
    assert!(line.contains("--validation-fraction") && line.contains("--recipe plain"), "{line}");
    let plain = REGRESSION.replace("bagging", "plain");
    let line = place.fail(2, &format!("{plain} --folds 3"));
    assert!(line.contains("--folds") && line.contains("--recipe bagging"), "{line}");
    let finished = place.nnfs(&format!("{REGRESSION} --folds 1"));
    assert_eq!(finished.code, Some(2), "{finished:?}");
}

#[test]
fn validation_rows_are_for_one_network() {
    let place = place();
    // Without the recipe that `Place` adds.
    let words = "train data.csv --target y --task regression --ignore kind --epochs 6 --out out";
    let metrics = |options: &str| {
        let finished = std::process::Command::new(env!("CARGO_BIN_EXE_nnfs"))
            .args(words.split_whitespace().chain(options.split_whitespace()))
            .current_dir(place.path())
            .output()
            .unwrap();
        assert!(finished.status.success(), "{finished:?}");
        place.json("out/metrics.json")
    };
    assert_eq!(metrics("")["networks"], 10);
    assert_eq!(metrics("--validation-fraction 0.2")["networks"], 1);
}

#[test]
fn a_checkpoint_that_cannot_be_resumed_names_the_options() {
    let place = place();
    place.succeed(&format!("{REGRESSION} --quiet --out out --resume"));
    let plain = REGRESSION.replace("bagging", "plain");
    let line = place.fail(1, &format!("{plain} --out out --resume"));
    assert!(line.contains("checkpoint-01") && line.contains("--recipe"), "{line}");
    let longer = REGRESSION.replace("--epochs 6", "--epochs 7");
    let line = place.fail(1, &format!("{longer} --out out --resume"));
    assert!(line.contains("--epochs") && line.contains("--schedule"), "{line}");
    let folds = place.fail(1, &format!("{REGRESSION} --folds 4 --out out --resume"));
    assert!(folds.contains("folds"), "{folds}");
}

#[test]
fn a_divergence_names_the_network_and_the_option() {
    let place = place();
    let words = format!("{REGRESSION} --optimizer sgd --learning-rate 1e9 --quiet");
    let line = place.fail(1, &words);
    assert!(line.contains("fold 1") && line.contains("--learning-rate"), "{line}");
}

#[test]
fn without_test_rows_the_page_judges_rows_by_networks_that_did_not_learn_them() {
    let place = place();
    let words = REGRESSION.replace(
        "--target y --task regression --ignore kind",
        "--target kind --task classification --ignore y",
    );
    place.succeed(&format!("{words} --quiet --test-fraction 0 --hidden none --out out"));
    let page = crate::report::page(&place, "out/report.html");
    let run = &page["runs"][0];
    let verdict = run["verdict"]["text"].as_str().unwrap();
    assert!(verdict.contains("out-of-fold"), "{verdict}");
    assert!(run["confusions"][0]["title"].as_str().unwrap().contains("out-of-fold"), "{run}");
    let shown = place.succeed(&format!("{words} --hidden none --out out"));
    let models = "\n10 linear models, two for every fold, one of which starts with weights 0\n";
    assert!(shown.stdout.contains(models), "{}", shown.stdout);
}

/// Only those with epochs start with weights.
#[test]
fn linear_models_of_numbers_are_ridge_regressions_too() {
    let place = place();
    let shown = place.succeed(&format!("{REGRESSION} --hidden none --out out"));
    let models =
        "10 linear models, two for every fold: one trained in epochs, and one ridge regression";
    assert!(shown.stdout.contains(&format!("\n{models}\n")), "{}", shown.stdout);
    let page = crate::report::page(&place, "out/report.html");
    let facts = page["runs"][0]["facts"].as_array().unwrap();
    assert!(facts.iter().any(|fact| fact["value"] == models), "{facts:?}");
}

#[test]
fn more_folds_than_rows_are_reported() {
    let place = place();
    let finished = place.succeed(
        &format!("{REGRESSION} --epochs 1 --folds 100 --out out").replace("--epochs 6 ", ""),
    );
    assert!(finished.stderr.contains("--folds"), "{}", finished.stderr);
    assert_eq!(place.json("out/metrics.json")["networks"], 2 * 64);
}

#[test]
fn a_learning_rate_beyond_all_reason_is_refused() {
    let place = place();
    let line = place.fail(1, &format!("{REGRESSION} --learning-rate 1e9"));
    assert!(line.contains("learning rate"), "{line}");
}

//! `nnfs train`: what its options do, and which files it writes.

use std::process::Output;

use nnfs::files::{Checkpoint, Registry};

use crate::program::Place;
use crate::tables;
use crate::train::{FILES, regression};

#[test]
fn a_name_with_a_comma_is_in_quotes() {
    let place = Place::new();
    place.write("data.csv", "\"a, b\",c\n1,2\n2,4\n3,6\n4,8\n5,10\n");
    let mut command = place.command("train data.csv --task regression --out out --epochs 1");
    let finished = command.args(["--target", "\"a, b\""]).output().unwrap();
    assert!(finished.status.success(), "{finished:?}");
    let (_, rows) = place.rows("out/predictions.csv");
    assert!(["1", "2", "3", "4", "5"].contains(&rows[0][1].as_str()), "{rows:?}");
}

#[test]
fn without_test_rows_there_are_no_test_metrics() {
    let (place, _) = regression("--test-fraction 0 --epochs 2");
    let metrics = place.json("out/metrics.json");
    assert!(metrics["test"].is_null() && metrics["train"]["r2"].is_number(), "{metrics}");
    assert_eq!(place.text("out/predictions.csv"), "row,target,prediction\n");
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
fn other_characters_may_separate_values() {
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
    assert_eq!(place.names("out").len(), FILES.len() + 1);
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
fn invalid_options_are_reported_at_once() {
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

/// Messages count epochs and batches from 1, and layers from 0.
#[test]
fn a_training_that_diverges_says_where_and_what_it_left() {
    let place = Place::new();
    place.write("data.csv", tables::regression(200));
    let words = "train data.csv --target y --task regression --out out --quiet";
    let line = place.fail(1, &format!("{words} --optimizer sgd --learning-rate 1e30"));
    let start = "training diverged in epoch 1, batch 2: the outputs of layer 1 ";
    assert!(line.starts_with(start), "{line}");
    assert!(line.contains("nothing was written"), "{line}");
    assert!(place.names("out").is_empty());

    // Later on, good epochs have passed; an older model stays as it is.
    place.succeed(&format!("{words} --epochs 1"));
    let model = place.bytes("out/model.safetensors");
    let options = "--optimizer sgd --learning-rate 1 --hidden none --checkpoint-every 1";
    let line = place.fail(1, &format!("{words} {options}"));
    let checkpoint = place.path().join("out/checkpoint.safetensors");
    let good = Checkpoint::<f32>::load(&checkpoint, &Registry::new()).unwrap().state.epochs.len();
    let start = format!("training diverged in epoch {}, batch 1: ", good + 1);
    assert!(line.starts_with(&start), "{line}");
    let kept = format!("; out/diverged.safetensors has the model at the end of epoch {good}; ");
    assert!(line.contains(&kept), "{line}");
    assert!(place.bytes("out/model.safetensors") == model);
    place.succeed("show out/diverged.safetensors");
}

/// `nnfs train ... | head -1`
#[test]
fn it_works_when_its_output_is_not_read() {
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

#[test]
fn an_error_of_an_option_says_what_was_expected() {
    let place = Place::new();
    place.write("data.csv", tables::regression(20));
    for (option, value, message) in [
        ("--epochs", "0", "expected a whole number of at least 1, found \"0\""),
        ("--epochs", "1.5", "expected a whole number of at least 1, found \"1.5\""),
        ("--seed", "-1", "expected a whole number of at least 0, found \"-1\""),
        ("--folds", "1", "expected a whole number of at least 2, found \"1\""),
        ("--test-fraction", "20%", "did you mean 0.2?"),
        ("--test-fraction", "0,2", "did you mean 0.2?"),
        ("--test-fraction", "", "expected a number such as 0.2, found \"\""),
        ("--decimal", ";", "error: --decimal and --thousands: expected a point or a comma"),
        ("--thousands", "1", "error: --decimal and --thousands: expected a separator"),
    ] {
        let mut command = place.command("train data.csv --target y --task regression --out out");
        let finished = command.args([option, value]).output().unwrap();
        let text = String::from_utf8_lossy(&finished.stderr).into_owned();
        assert!(text.contains(message) && text.contains(option), "{text}");
        assert_eq!(finished.status.code(), Some(2), "{text}");
    }
}

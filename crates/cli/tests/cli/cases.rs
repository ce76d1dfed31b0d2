//! Small tables and files that were once misread or refused without a hint. `docs/tables.md` lists what
//! each of them gave before.

use std::fs;
use std::path::Path;

use crate::program::{Finished, Place};

/// A place with a copy of the files of `tests/data/cases`.
fn place() -> Place {
    let place = Place::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases");
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), place.path().join(entry.file_name())).unwrap();
    }
    place
}

const LONG: &str = "--epochs 300 --learning-rate 0.003";
const SHORT: &str = "--epochs 2";

/// Trains a regression of `y` on a file.
fn regression(place: &Place, file: &str, options: &str) -> Finished {
    place.nnfs(&format!("train {file} --target y --task regression --out out {options}"))
}

/// Trains a classification on a file.
fn classes(place: &Place, file: &str, target: &str, options: &str) -> Finished {
    place.nnfs(&format!("train {file} --target {target} --task classification --out out {options}"))
}

/// Expects success, and these words on the standard output or the standard error.
#[track_caller]
fn succeeds(finished: &Finished, words: &[&str]) {
    let Finished { code, stdout, stderr } = finished;
    assert_eq!(*code, Some(0), "{stdout}{stderr}");
    for word in words {
        assert!(stdout.contains(word) || stderr.contains(word), "{word}: {stdout}{stderr}");
    }
}

/// Expects exit code 1 and one last line on the standard error with all of these words.
#[track_caller]
fn is_refused(finished: &Finished, words: &[&str]) {
    let Finished { code, stdout, stderr } = finished;
    assert_eq!(*code, Some(1), "{stdout}{stderr}");
    let line = stderr.lines().last().unwrap();
    for word in words {
        assert!(line.contains(word), "{word}: {line}");
    }
}

/// A score of the test rows.
fn test_score(place: &Place, name: &str) -> f64 {
    place.json("out/metrics.json")["test"][name].as_f64().unwrap()
}

#[track_caller]
fn scores_above(place: &Place, name: &str, bound: f64) {
    let score = test_score(place, name);
    assert!(score > bound, "{name}: {score}");
}

#[test]
fn decimal_commas() {
    let place = place();
    let finished = classes(&place, "de_class.csv", "art", "--delimiter ;");
    is_refused(&finished, &["de_class.csv, line 2, column \"laenge\"", "--decimal ,"]);
    let finished = classes(&place, "de_class.csv", "art", "--decimal ,");
    succeeds(&finished, &["semicolons separate the values", "2 columns as 2 inputs"]);
    scores_above(&place, "accuracy", 0.9);
    let finished = regression(&place, "deccomma.csv", SHORT);
    is_refused(&finished, &["deccomma.csv, line 2, column \"y\"", "--decimal ,"]);
    succeeds(&regression(&place, "deccomma.csv", &format!("--decimal , {SHORT}")), &[]);
}

#[test]
fn thousands_separators() {
    let place = place();
    let finished = regression(&place, "thou2.csv", LONG);
    is_refused(&finished, &["thou2.csv, line 2, column \"b\"", "--thousands ,"]);
    let finished = regression(&place, "thou2.csv", &format!("--thousands , {LONG}"));
    succeeds(&finished, &["2 columns as 2 inputs"]);
    scores_above(&place, "r2", 0.999);
}

#[test]
fn dates() {
    let place = place();
    succeeds(&regression(&place, "date2.csv", LONG), &["date"]);
    scores_above(&place, "r2", 0.9);
}

#[test]
fn names() {
    let place = place();
    let finished = regression(&place, "name.csv", LONG);
    is_refused(&finished, &["name.csv, line 2, column \"name\"", "--ignore", "--categorical"]);
    succeeds(&regression(&place, "name.csv", &format!("--ignore name {LONG}")), &[]);
    scores_above(&place, "r2", 0.99);
}

#[test]
fn delimiters_and_compressed_files() {
    let place = place();
    let plain = regression(&place, "base.csv.gz", "");
    succeeds(&plain, &["2 columns as 2 inputs"]);
    scores_above(&place, "r2", 0.98);
    let finished = regression(&place, "tab.tsv", "");
    succeeds(&finished, &["tabs separate the values", "2 columns as 2 inputs"]);
    scores_above(&place, "r2", 0.98);
}

#[test]
fn columns_without_influence() {
    let place = place();
    let finished = regression(&place, "constflag.csv", "");
    succeeds(&finished, &["column \"flag\"", "no influence"]);
    let finished = place.succeed("predict out constflag_new.csv --out -");
    assert!(finished.stderr.contains("line 3, column \"flag\""), "{}", finished.stderr);
    let predictions: Vec<&str> = finished.stdout.lines().skip(1).collect();
    assert_eq!(predictions.len(), 2);
    assert_eq!(predictions[0], predictions[1]);
}

#[test]
fn nameless_and_equal_columns() {
    let place = place();
    for (file, columns) in [
        ("index.csv", "2 columns as 2 inputs"),
        ("trailcomma2.csv", "2 columns as 2 inputs"),
        ("two_trail.csv", "1 column as 1 input"),
    ] {
        // An empty argument, which `command` cannot split.
        let mut command = place.command(&format!(
            "train {file} --target y --task regression --out out {SHORT} --ignore"
        ));
        let output = command.arg("").output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && stdout.contains(columns), "{file}: {stdout}{stderr}");
    }
    for (file, note) in [("trailcomma2.csv", "1 column"), ("two_trail.csv", "2 columns")] {
        succeeds(&regression(&place, file, SHORT), &["note: ", note]);
    }
    succeeds(&regression(&place, "dupnote.csv", &format!("--ignore note {SHORT}")), &[]);
}

#[test]
fn numbers_as_classes() {
    let place = place();
    succeeds(&classes(&place, "mixedlab.csv", "y", ""), &["(2 classes)"]);
    scores_above(&place, "accuracy", 0.99);
    succeeds(&classes(&place, "lab10b.csv", "y", ""), &["(2 classes)"]);
    let scores = place.succeed("evaluate out lab10i.csv --json").stdout;
    assert!(scores.contains("\"accuracy\": 1.0"), "{scores}");
    let finished = classes(&place, "contcls.csv", "y", "");
    is_refused(&finished, &["contcls.csv, line 2, column \"y\"", "--task regression"]);
    let finished = classes(&place, "bigint.csv", "y", SHORT);
    succeeds(&finished, &["line 3, column \"id\"", "53 bits", "categorical"]);
    succeeds(&classes(&place, "bigint.csv", "y", "--categorical id"), &[]);
    scores_above(&place, "accuracy", 0.99);
    succeeds(&classes(&place, "rare.csv", "y", SHORT), &["(3 classes)"]);
}

#[test]
fn the_loss_of_classes_is_not_clipped() {
    let place = place();
    let options = "--epochs 100 --learning-rate 0.01";
    succeeds(&classes(&place, "sorder.csv", "y", options), &[]);
    let scores = place.succeed("evaluate out flip.csv --json").stdout;
    let loss = serde_json::from_str::<serde_json::Value>(&scores).unwrap()["loss"].as_f64();
    // 16.118 is -ln(1e-7).
    assert!(loss.unwrap() > 20.0, "{scores}");
}

#[test]
fn every_target_has_its_own_scores() {
    let place = place();
    let finished = place.nnfs("train multi.csv --target y1,y2 --task regression --out out");
    succeeds(&finished, &["y1 rmse", "y2 rmse"]);
}

#[test]
fn a_rare_class() {
    let place = place();
    succeeds(&classes(&place, "rareclass.csv", "y", ""), &["balanced_accuracy", "recall"]);
    assert_eq!(test_score(&place, "balanced_accuracy"), 0.5);
    succeeds(&classes(&place, "rareclass.csv", "y", "--class-weight balanced"), &[]);
    scores_above(&place, "balanced_accuracy", 0.7);
}

#[test]
fn large_numbers_and_outliers() {
    let place = place();
    succeeds(&regression(&place, "bigy.csv", "--epochs 100 --learning-rate 0.01"), &[]);
    scores_above(&place, "r2", 0.999);
    for (file, column) in [("outlier.csv", "column \"y\""), ("inoutlier.csv", "column \"z\"")] {
        succeeds(&regression(&place, file, LONG), &["line 152", column, "far from all others"]);
        scores_above(&place, "r2", 0.99);
    }
}

#[test]
fn missing_cells() {
    let place = place();
    let finished = regression(&place, "na_country.csv", SHORT);
    succeeds(&finished, &["column \"cc\": 20 of 60 values are missing", "category"]);
    let finished = regression(&place, "na_country.csv", &format!("--categorical cc {SHORT}"));
    succeeds(&finished, &[]);
    assert!(!finished.stderr.contains("missing"), "{}", finished.stderr);
    let finished = regression(&place, "na_country.csv", &format!("--missing refuse {SHORT}"));
    is_refused(&finished, &["na_country.csv, line 2, column \"cc\""]);
    let finished = regression(&place, "excel_tail.csv", SHORT);
    succeeds(&finished, &["line 6", "left out 2 rows without a value"]);
}

#[test]
fn files_with_nan() {
    let place = place();
    for words in [
        "show nan0.safetensors",
        "predict nan0.safetensors c.csv --out p.csv",
        "export nan0.safetensors --onnx x.onnx",
    ] {
        is_refused(&place.nnfs(words), &["nan0.safetensors", "0.weight", "NaN"]);
    }
    let folder = place.path().join("out");
    fs::create_dir(&folder).unwrap();
    let checkpoint = folder.join("checkpoint.safetensors");
    fs::copy(place.path().join("forged-best-nan.checkpoint.safetensors"), checkpoint).unwrap();
    let options = "--epochs 400 --hidden 4,3 --checkpoint-every 1 --patience 300 \
                   --validation-fraction 0.2 --resume";
    let finished = regression(&place, "n.csv", options);
    is_refused(&finished, &["checkpoint.safetensors", "best.0.weight", "NaN"]);
    assert_eq!(place.names("out"), ["checkpoint.safetensors"]);
    assert!(!place.path().join("x.onnx").exists() && !place.path().join("p.csv").exists());
}

#[test]
fn an_unknown_category() {
    let place = place();
    let row = |index: usize| format!("{index},{},{}\n", ["a", "b"][index % 2], 2 * index);
    let table = (0..60).fold("x,kind,y\n".to_owned(), |table, index| table + &row(index));
    place.write("data.csv", table);
    succeeds(&regression(&place, "data.csv", SHORT), &[]);
    place.write("new.csv", "x,kind\n1,a\n2,c\n");
    let finished = place.succeed("predict out new.csv --out -");
    assert!(finished.stderr.contains("new.csv, line 3, column \"kind\""), "{}", finished.stderr);
    assert_eq!(finished.stdout.lines().count(), 3);
    is_refused(&place.nnfs("predict out new.csv --unknown refuse --out -"), &["line 3", "\"c\""]);
}

//! `importance.csv`, the bars and curves of the page, and `nnfs evaluate --importance`.

use serde_json::Value;

use crate::program::{Place, number};
use crate::report::page;
use crate::tables;
use crate::train::regression;

/// What the page says about the columns.
fn inspection(place: &Place) -> Value {
    page(place, "out/report.html")["runs"][0]["inspection"].clone()
}

fn names(values: &Value, field: &str) -> Vec<String> {
    let name = |value: &Value| value[field].as_str().unwrap().to_owned();
    values.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn the_most_important_column_is_first_in_the_file_and_on_the_page() {
    let (place, stdout) = regression("");
    assert!(stdout.contains("importance.csv"), "{stdout}");
    let (header, rows) = place.rows("out/importance.csv");
    assert_eq!(header, ["column", "importance", "deviation"]);
    // y = 30 * a - 2 * b + 10 for red, with b from 0 to 100.
    let columns: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(columns, ["b", "a", "colour"]);
    let importances: Vec<f64> = rows.iter().map(|row| number(&row[1])).collect();
    assert!(importances[0] > 1.0 && importances[2] > 0.0, "{importances:?}");
    assert!(rows.iter().all(|row| number(&row[2]) > 0.0), "{rows:?}");

    let page = inspection(&place);
    assert_eq!((&page["rows"], &page["score"]), (&"40 test rows".into(), &"R2".into()));
    assert!(page["note"].as_str().unwrap().contains("not trained on"), "{page}");
    assert_eq!(names(&page["importances"], "column"), columns);
    for (bar, importance) in page["importances"].as_array().unwrap().iter().zip(importances) {
        assert!((bar["importance"].as_f64().unwrap() - importance).abs() < 1e-4, "{bar}");
    }
    assert_eq!(names(&page["dependences"], "column"), columns);
    let b = &page["dependences"][0];
    assert_eq!(b["values"]["kind"], "numbers");
    assert_eq!(b["values"]["list"].as_array().unwrap().len(), 20);
    let means: Vec<f64> =
        b["means"].as_array().unwrap().iter().map(|mean| mean.as_f64().unwrap()).collect();
    assert!(means.windows(2).all(|pair| pair[0] > pair[1]), "{means:?}");
    let colour = &page["dependences"][2];
    assert_eq!(colour["values"]["list"], serde_json::json!(["blue", "red"]));
    let means = [0, 1].map(|index| colour["means"][index].as_f64().unwrap());
    assert!((means[1] - means[0] - 10.0).abs() < 2.0, "{means:?}");
}

#[test]
fn without_test_rows_the_page_says_that_the_rows_are_training_rows() {
    let (place, _) = regression("--test-fraction 0 --epochs 5");
    let page = inspection(&place);
    assert_eq!(page["rows"], "200 training rows");
    assert!(page["note"].as_str().unwrap().contains("by heart"), "{page}");
    assert_eq!(place.rows("out/importance.csv").1.len(), 3);
}

#[test]
fn classes_have_curves_of_their_probabilities() {
    let place = Place::new();
    place.write("classes.csv", tables::classes(150));
    place.write("binary.csv", tables::binary(150));
    let train = "train --task classification --epochs 20 --out out";
    place.succeed(&format!("{train} classes.csv --target species"));
    let page = inspection(&place);
    assert_eq!(page["score"], "accuracy");
    let expected = ["probability of cat", "probability of dog", "probability of eel"];
    assert_eq!(page["dependences"][0]["outputs"], serde_json::json!(expected));
    let means = page["dependences"][0]["means"].as_array().unwrap();
    let first: f64 = means[..3].iter().map(|mean| mean.as_f64().unwrap()).sum();
    assert!((first - 1.0).abs() < 1e-3, "{means:?}");
    // The curve of the first class would be the mirror image.
    place.succeed(&format!("{train} binary.csv --target above"));
    let outputs = &inspection(&place)["dependences"][0]["outputs"];
    assert_eq!(outputs, &serde_json::json!(["probability of 1"]));
}

#[test]
fn evaluate_writes_the_importances_of_other_rows() {
    let (place, _) = regression("--epochs 30");
    place.write("new.csv", tables::regression(2500));
    let finished = place.succeed("evaluate out new.csv --json --importance new_importance.csv");
    assert!(finished.stderr.contains("2000 of 2500 rows, drawn at random"), "{finished:?}");
    let json: Value = serde_json::from_str(&finished.stdout).unwrap();
    assert!(json["r2"].as_f64().unwrap() > 0.5, "{json}");
    let (header, rows) = place.rows("new_importance.csv");
    assert_eq!((header.len(), rows.len(), rows[0][0].as_str()), (3, 3, "b"));
    let first = place.bytes("new_importance.csv");
    place.succeed("evaluate out new.csv --importance new_importance.csv");
    assert!(first == place.bytes("new_importance.csv"), "other rows or shuffles were drawn");
    for input in ["new.csv", "out/model.safetensors"] {
        let before = place.bytes(input);
        let finished = place.nnfs(&format!("evaluate out new.csv --importance {input}"));
        assert_eq!(finished.code, Some(2), "{finished:?}");
        assert!(before == place.bytes(input), "{input} was overwritten");
    }
}

/// The scores are printed there.
#[test]
fn importances_are_not_written_to_stdout() {
    let (place, _) = regression("");
    let error = place.fail(2, "evaluate out data.csv --importance -");
    assert!(error.starts_with("--importance: expected a file, found stdout"), "{error}");
    assert!(!place.path().join("-").exists());
}

#[test]
fn an_importance_that_cannot_be_computed_names_its_option_and_file() {
    let (place, _) = regression("--epochs 1");
    let rows = tables::regression(1);
    place.write("one.csv", &rows);
    let finished = place.nnfs("evaluate out one.csv --importance i.csv");
    assert_eq!(finished.code, Some(1), "{finished:?}");
    let line = finished.stderr.lines().last().unwrap();
    assert_eq!(line, "error: --importance: one.csv: R2: expected at least 2 samples, found 1");
    assert!(!place.path().join("i.csv").exists());
}

/// A single training row has no R2: the training is kept, and the page says what is missing.
#[test]
fn importances_that_cannot_be_computed_do_not_cost_the_training() {
    let place = Place::new();
    place.write("data.csv", "x,y\n1,2\n2,3\n");
    place.succeed(
        "train data.csv --target y --task regression --test-fraction 0.5 --epochs 2 --out out",
    );
    assert_eq!(place.text("out/importance.csv"), "column,importance,deviation\n");
    let page = page(&place, "out/report.html");
    assert!(page["runs"][0]["inspection"].is_null());
    let notes = page["runs"][0]["notes"].to_string();
    assert!(notes.contains("The importance of the columns is missing"), "{notes}");
}

//! Tables, points and formulas of the user.

use nnfs_live::Live;
use serde_json::json;

use crate::common::{ask, ask_with, create, must, numbers, train};

#[test]
fn own_data_is_read_scaled_and_learned() {
    let mut live = Live::new();
    let csv = "area;price\n50,5;100000\n100;200000\n150;300000\n;400000\n200;400000\n";
    let (columns, _) = ask_with(&mut live, &json!({ "request": "table" }), csv.as_bytes());
    assert_eq!((&columns["x"], &columns["y"]), (&json!("area"), &json!("price")));
    assert_eq!((&columns["rows"], &columns["columns"][0]["missing"]), (&json!(5), &json!(1)));
    assert_eq!(columns["notes"][0], "Semicolons separate the values.");
    let settings = json!({
        "data": { "kind": "table", "x": "area", "y": "price" }, "hidden": [16], "epochs": 500,
        "init": "he-normal", "learning_rate": 0.02, "decay": 0,
    });
    let asked = json!({ "request": "create", "settings": settings });
    let (created, _) = ask_with(&mut live, &asked, csv.as_bytes());
    assert_eq!(created["rows"], 4, "{created}");
    let notes = created["notes"].to_string();
    assert!(notes.contains("left out"), "{notes}");
    assert_eq!(numbers(&created["samples"]["x"]), [50.5, 100.0, 150.0, 200.0]);
    let session = created["session"].clone();
    train(&mut live, &session, 500);
    let asked = json!({ "request": "predict", "session": session, "x": [100.0] });
    let price = numbers(&must(&mut live, &asked)["y"])[0];
    assert!((price - 200_000.0).abs() < 10_000.0, "{price}");

    let points = json!({ "data": { "kind": "points", "points": [[-1, 5], [0, 6], [1, 9]] } });
    assert_eq!(create(&mut live, &points).1["rows"], 3);
    let formula = json!({
        "data": { "kind": "formula", "text": "ln(x)", "from": -1, "to": 1, "samples": 100 },
    });
    let (_, created) = create(&mut live, &formula);
    assert_eq!(created["rows"], 50);
    assert!(created["notes"][0].as_str().unwrap().starts_with("50 of 100 points are left out"));
}

#[test]
fn a_formula_is_checked() {
    let mut live = Live::new();
    let asked = json!({ "request": "formula", "text": "sin(2πx)" });
    assert_eq!(must(&mut live, &asked)["text"], "sin(2 * pi * x)");
    let asked = json!({ "request": "formula", "text": "sin(2 pi" });
    let answer = ask(&mut live, &asked);
    assert_eq!((&answer["field"], &answer["position"]), (&json!("formula"), &json!(8)));
}

//! Tables, points and formulas of the user.

use nnfs_live::Live;
use serde_json::{Value, json};

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

/// The columns of a table, and the rows of a network that learns from it.
fn read(csv: &str, header: Option<bool>) -> (Value, Value) {
    let mut live = Live::new();
    let asked = json!({ "request": "table", "header": header });
    let (found, _) = ask_with(&mut live, &asked, csv.as_bytes());
    assert!(found["error"].is_null(), "{csv:?}: {found}");
    let data =
        json!({ "kind": "table", "x": found["x"], "y": found["y"], "header": found["header"] });
    let settings = json!({ "data": data, "hidden": [2], "scale": false });
    let asked = json!({ "request": "create", "settings": settings });
    let (created, _) = ask_with(&mut live, &asked, csv.as_bytes());
    assert!(created["error"].is_null(), "{csv:?}: {created}");
    (found, created)
}

#[test]
fn a_first_line_of_values_is_a_row() {
    for (csv, x) in [
        ("0.05,0.7\n0.15,0.6\n0.25,0.1\n", [0.05, 0.15, 0.25]),
        ("0,0\n1,1\n2,4\n", [0.0, 1.0, 2.0]),
        ("0,5;1,5\n1,5;2\n2,5;7,25\n", [0.5, 1.5, 2.5]),
    ] {
        let (found, created) = read(csv, None);
        assert_eq!((&found["rows"], &found["header"]), (&json!(3), &json!(false)), "{csv:?}");
        assert_eq!((&found["x"], &found["y"]), (&json!("0"), &json!("1")));
        assert_eq!(numbers(&created["samples"]["x"]), x);
        assert!(found["notes"].to_string().contains("read as a row"), "{}", found["notes"]);
        if csv.starts_with("0,0") {
            continue;
        }
        // The user knows better, and the note of the reader stays.
        let (found, created) = read(csv, Some(true));
        assert_eq!((&found["rows"], &found["header"]), (&json!(2), &json!(true)), "{csv:?}");
        assert_eq!(created["rows"], 2);
        assert!(found["notes"].to_string().contains("looks like a value"), "{}", found["notes"]);
    }
}

#[test]
fn numbers_that_may_be_names_are_names_unless_the_user_knows_better() {
    for csv in ["1,2\n2,4\n3,6\n", "2019,2020\n1,2\n4,5\n"] {
        let (found, created) = read(csv, None);
        assert_eq!((&found["rows"], &found["header"]), (&json!(2), &json!(true)), "{csv:?}");
        assert!(found["notes"].to_string().contains("names of the columns"), "{}", found["notes"]);
        assert_eq!(created["rows"], 2);
        let (found, created) = read(csv, Some(false));
        assert_eq!((&found["rows"], &created["rows"]), (&json!(3), &json!(3)));
    }
    let (found, _) = read("id,x,y\n1,2,3\n2,3,5\n", None);
    assert_eq!((&found["x"], &found["y"]), (&json!("x"), &json!("y")));
    let (found, _) = read("area,price\n1,2\n2,3\n3,5\n", None);
    assert_eq!((&found["header"], &found["notes"]), (&json!(true), &json!([])));
}

#[test]
fn a_first_line_that_occurs_again_is_a_row_if_all_lines_have_numbers() {
    for (csv, x) in [
        ("red,1,2\nblue,2,3\nred,1,2\n", [1.0, 2.0, 1.0]),
        ("0,5;1\n1,5;2\n0,5;1\n", [0.5, 1.5, 0.5]),
    ] {
        let (found, created) = read(csv, None);
        assert_eq!((&found["rows"], &found["header"]), (&json!(3), &json!(false)), "{csv:?}");
        assert_eq!(numbers(&created["samples"]["x"]), x);
        assert!(found["notes"].to_string().contains("again as line 3"), "{}", found["notes"]);
    }
    // Files that were put together, and a user who knows that there is a header.
    for (csv, header) in
        [("x,y\n1,2\nx,y\n3,4\n5,6\n", None), ("red,1,2\nblue,2,3\nred,1,2\n", Some(true))]
    {
        let asked = json!({ "request": "table", "header": header });
        let (answer, _) = ask_with(&mut Live::new(), &asked, csv.as_bytes());
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains("line 3") && error.contains("names"), "{csv:?}: {error}");
    }
}

/// The model of a table without a header has the names that the page shows.
#[test]
fn a_model_of_a_table_without_a_header_is_saved() {
    let mut live = Live::new();
    let csv = "0.05,0.7\n0.15,0.6\n0.25,0.1\n";
    let data = json!({ "kind": "table", "x": "0", "y": "1" });
    let settings = json!({ "data": data, "hidden": [2] });
    let asked = json!({ "request": "create", "settings": settings });
    let (created, _) = ask_with(&mut live, &asked, csv.as_bytes());
    assert_eq!((&created["rows"], &created["names"]), (&json!(3), &json!(["0", "1"])), "{created}");
    let asked = json!({ "request": "save", "session": created["session"] });
    let (saved, file) = ask_with(&mut live, &asked, &[]);
    assert_eq!(saved["bytes"], file.len(), "{saved}");
}

#[test]
fn the_program_of_a_table_reads_it_as_the_page_does() {
    let mut live = Live::new();
    for (csv, header, options) in [
        ("0,5;1,5\n1,5;2\n2,5;7,25\n", None, "CsvOptions::new().header(false).decimal(',')"),
        ("0.5,1.5\n1.5,2\n2.5,7\n", Some(true), "CsvOptions::new();"),
    ] {
        let (x, y) = if header.is_some() { ("0.5", "1.5") } else { ("0", "1") };
        let data = json!({ "kind": "table", "x": x, "y": y, "header": header });
        let asked = json!({ "request": "create", "settings": { "data": data, "hidden": [2] } });
        let (created, _) = ask_with(&mut live, &asked, csv.as_bytes());
        let asked = json!({ "request": "rust", "session": created["session"] });
        let program = must(&mut live, &asked)["text"].as_str().unwrap().to_owned();
        assert!(program.contains(options), "{program}");
        assert!(program.contains(&format!("Selector::from({y:?})")), "{program}");
    }
}

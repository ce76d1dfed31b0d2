//! Saved models, read by the library as `nnfs predict` reads them.

use nnfs::datasets::{CsvOptions, Table};
use nnfs::files::AnyPipeline;
use nnfs::tensor::Tensor;
use nnfs_live::Live;
use serde_json::{Value, json};

use crate::common::{ask_with, create, must, numbers, small, train};

fn saved(live: &mut Live, session: &Value) -> AnyPipeline {
    let (answer, file) = ask_with(live, &json!({ "request": "save", "session": session }), &[]);
    assert_eq!(answer["bytes"], file.len());
    assert_eq!(answer["name"], "model.safetensors");
    AnyPipeline::from_bytes(&file).unwrap()
}

fn table(text: &str, options: &CsvOptions) -> Table {
    Table::from_reader("data.csv", text.as_bytes(), options).unwrap()
}

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let size = expected.iter().fold(1e-3_f64, |size, value| size.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-6 * size, "{found} and {expected}");
    }
}

#[test]
fn a_regression_predicts_the_same_from_its_file() {
    let mut live = Live::new();
    let formula = json!({
        "kind": "formula", "text": "1000 + x^3", "from": -5, "to": 20, "samples": 60,
    });
    for arithmetic in ["numpy", "f32", "f64"] {
        for data in [json!({ "kind": "sine", "samples": 60 }), formula.clone()] {
            let mut settings = small();
            settings["arithmetic"] = json!(arithmetic);
            settings["data"] = data;
            settings["dropout"] = json!(0.1);
            let (session, _) = create(&mut live, &settings);
            train(&mut live, &session, 50);
            let pipeline = saved(&mut live, &session);
            let asked = json!({ "request": "predict", "session": session, "x": [0.25, 0.5, 7] });
            let expected = numbers(&must(&mut live, &asked)["y"]);
            let csv = table("x\n0.25\n0.5\n7\n", &CsvOptions::new());
            close(pipeline.predict_table(&csv).unwrap().as_slice(), &expected);
        }
        live = Live::new();
    }
}

#[test]
fn a_model_of_a_table_reads_the_same_columns() {
    let mut live = Live::new();
    let text = "name;size;price\na;1,5;10\nb;2,5;20\nc;3,5;25\nd;4,5;45\n";
    let mut settings = small();
    settings["data"] = json!({ "kind": "table", "x": "size", "y": "price" });
    let asked = json!({ "request": "create", "settings": settings });
    let (created, _) = ask_with(&mut live, &asked, text.as_bytes());
    let session = created["session"].clone();
    train(&mut live, &session, 100);
    let pipeline = saved(&mut live, &session);
    let csv = table(text, &CsvOptions::new().decimal(','));
    let asked = json!({ "request": "predict", "session": session, "x": [1.5, 2.5, 3.5, 4.5] });
    let expected = numbers(&must(&mut live, &asked)["y"]);
    close(pipeline.predict_table(&csv).unwrap().as_slice(), &expected);
}

#[test]
fn a_classifier_predicts_the_same_from_its_file() {
    let mut live = Live::new();
    for classes in [2, 3] {
        let mut settings = small();
        settings["data"] = json!({ "kind": "spiral", "classes": classes, "samples": 40 });
        let (session, _) = create(&mut live, &settings);
        train(&mut live, &session, 30);
        let pipeline = saved(&mut live, &session);
        assert_eq!(pipeline.encoder().unwrap().input_names(), ["x", "y"]);
        let inputs = Tensor::from_row_slice(2, 2, &[0.1, 0.2, -0.5, 0.3]);
        let asked = json!({
            "request": "predict", "session": session, "x": [[0.1, 0.2], [-0.5, 0.3]],
        });
        let expected = &must(&mut live, &asked)["probabilities"];
        let probabilities = pipeline.class_probabilities(&pipeline.predict(&inputs).unwrap());
        let probabilities = probabilities.unwrap();
        for row in 0..2 {
            let found: Vec<f64> = probabilities.row(row).iter().copied().collect();
            close(&found, &numbers(&expected[row]));
        }
    }
}

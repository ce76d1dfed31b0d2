//! Every request of the protocol.

use crate::common::{ask_with, create, must, numbers, refusal, small, train};
use nnfs_live::Live;
use serde_json::{Value, json};

fn about(live: &mut Live, request: &str, session: &Value) -> Value {
    must(live, &json!({ "request": request, "session": session }))
}

#[test]
fn describe_has_the_runs_the_choices_and_the_defaults() {
    let mut live = Live::new();
    let described = must(&mut live, &json!({ "request": "describe" }));
    let runs = described["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 9);
    let lines = runs.iter().map(|run| run["printed"].as_array().unwrap().len());
    assert_eq!(lines.sum::<usize>(), 45);
    assert_eq!(runs[0]["network"], "1-64-1");
    assert_eq!(runs[8]["settings"]["init"], "normal:0.1");
    assert!(runs[4]["note"].as_str().unwrap().contains("run 9"));
    assert!(runs[4]["printed"][0]["really"].as_str().unwrap().contains("loss: 0.500"));
    assert!(runs[3]["note"].is_null() && runs[3]["printed"][0]["really"].is_null());
    // What it offers is accepted.
    let choices = &described["choices"];
    for (field, choices) in [
        ("activation", &choices["activation"]),
        ("init", &choices["init"]),
        ("loss", &choices["loss"]),
        ("arithmetic", &choices["arithmetic"]),
    ] {
        for choice in choices.as_array().unwrap() {
            let mut settings = small();
            settings[field] = choice.clone();
            let (session, created) = create(&mut live, &settings);
            assert_eq!(created["settings"][field], *choice);
            must(&mut live, &json!({ "request": "drop", "session": session }));
        }
    }
    for optimizer in choices["optimizer"].as_array().unwrap() {
        let mut settings = small();
        settings["optimizer"] = optimizer["name"].clone();
        let (session, _) = create(&mut live, &settings);
        must(&mut live, &json!({ "request": "drop", "session": session }));
    }
    create(&mut live, &described["defaults"]);
}

#[test]
fn a_run_of_the_chapter_is_recognized_and_ticked() {
    let mut live = Live::new();
    let described = must(&mut live, &json!({ "request": "describe" }));
    let settings = &described["runs"][4]["settings"];
    let (session, created) = create(&mut live, settings);
    assert_eq!((&created["run"], &created["ticks"]), (&json!(5), &json!(true)));
    assert_eq!(created["network"], "1-64-64-1");
    assert_eq!(created["parameters"], 4353);
    let trained = train(&mut live, &session, 101);
    let lines = trained["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["matches"] == true), "{lines:?}");
    assert!(lines[0]["printed"].as_str().unwrap().contains("loss: 0.496"));
    let checked = about(&mut live, "check", &session);
    assert_eq!((&checked["golden_rows"], &checked["really_printed_lines"]), (&json!(2), &json!(2)));
    // Another seed is not the book's.
    let mut other = settings.clone();
    other["seed"] = json!(1);
    let (session, created) = create(&mut live, &other);
    assert_eq!((&created["run"], &created["ticks"]), (&json!(5), &json!(false)));
    assert!(train(&mut live, &session, 1)["lines"][0]["matches"].is_null());
    assert!(
        refusal(&mut live, &json!({ "request": "check", "session": session }), &[])
            .0
            .contains("book")
    );
}

#[test]
fn training_goes_on_in_slices_with_the_same_bits() {
    let mut live = Live::new();
    for batch_size in [0, 7] {
        for arithmetic in ["f32", "f64", "numpy"] {
            let mut settings = small();
            settings["arithmetic"] = json!(arithmetic);
            settings["batch_size"] = json!(batch_size);
            settings["dropout"] = json!(if batch_size == 0 { 0.0 } else { 0.2 });
            settings["epochs"] = json!(30);
            let (whole, _) = create(&mut live, &settings);
            let (sliced, _) = create(&mut live, &settings);
            let at_once = train(&mut live, &whole, 1000);
            for _ in 0..9 {
                assert_eq!(train(&mut live, &sliced, 3)["done"], false);
            }
            let mut last = train(&mut live, &sliced, 3);
            assert_eq!((&last["done"], &last["epoch"]), (&json!(true), &json!(30)));
            assert_eq!(at_once["history"]["epoch"].as_array().unwrap().len(), 30);
            last["history"] = at_once["history"].clone();
            last["lines"] = at_once["lines"].clone();
            assert_eq!(last, at_once);
            assert_eq!(about(&mut live, "curve", &whole), about(&mut live, "curve", &sliced));
            // Nothing is left.
            let again = train(&mut live, &sliced, 3);
            assert_eq!(again["lines"], json!([]));
            assert_eq!(again["loss"], last["loss"]);
        }
        live = Live::new();
    }
}

#[test]
fn a_step_in_lines_is_an_epoch() {
    let mut live = Live::new();
    let settings = small();
    let (stepped, _) = create(&mut live, &settings);
    let (trained, _) = create(&mut live, &settings);
    for epoch in 1..=3 {
        let step = about(&mut live, "step", &stepped);
        assert_eq!((&step["epoch"], &step["note"]), (&json!(epoch), &Value::Null));
        let lines = step["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 5);
        assert!(lines[4]["code"].as_str().unwrap().starts_with("adam.step"));
        let loss = lines[1]["numbers"][0]["value"].as_f64().unwrap();
        let answer = train(&mut live, &trained, 1);
        assert_eq!(answer["data_loss"], loss);
        assert_eq!(step["train"], answer);
    }
    assert_eq!(about(&mut live, "curve", &stepped), about(&mut live, "curve", &trained));
    assert_eq!(train(&mut live, &stepped, 5), train(&mut live, &trained, 5));
}

#[test]
fn a_divergence_is_a_sentence_and_the_session_stays_alive() {
    let mut live = Live::new();
    for request in ["train", "step"] {
        let mut settings = small();
        settings["optimizer"] = json!("sgd");
        settings["learning_rate"] = json!(1e9);
        let (session, _) = create(&mut live, &settings);
        let mut answer = Value::Null;
        for _ in 0..20 {
            let asked = json!({ "request": request, "session": session, "epochs": 5 });
            let (found, _) = ask_with(&mut live, &asked, &[]);
            if found.get("error").is_some() {
                break;
            }
            answer = if request == "step" { found["train"].clone() } else { found };
        }
        let sentence = answer["diverged"].as_str().unwrap();
        assert!(sentence.starts_with("Training diverged in epoch") && sentence.ends_with('.'));
        assert_eq!(answer["done"], true);
        for request in ["curve", "hinges", "verdict", "save", "rust"] {
            about(&mut live, request, &session);
        }
        let verdict = about(&mut live, "verdict", &session);
        assert_eq!(verdict["kind"], "diverged");
        assert_eq!(verdict["text"], sentence);
    }
}

#[test]
fn a_look_inside_fits_the_network() {
    let mut live = Live::new();
    let (session, created) = create(&mut live, &small());
    let x = numbers(&created["grid"]["x"]);
    assert_eq!((x.len(), x[0], x[300]), (301, 0.0, 0.98));
    assert_eq!(created["samples"]["x"].as_array().unwrap().len(), 50);
    train(&mut live, &session, 100);
    let layers = created["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 3);
    for (layer, units) in [(0, 8), (1, 4), (2, 1)] {
        assert_eq!(layers[layer]["units"], units);
        let asked = json!({ "request": "units", "session": session, "layer": layer });
        let found = must(&mut live, &asked);
        assert_eq!(found["units"].as_array().unwrap().len(), units);
        assert_eq!(found["units"][0].as_array().unwrap().len(), 301);
        assert_eq!(found["dead"].as_array().unwrap().len(), units);
        let asked = json!({ "request": "weights", "session": session, "layer": layer });
        let weights = must(&mut live, &asked);
        let (rows, columns) =
            (weights["rows"].as_u64().unwrap(), weights["columns"].as_u64().unwrap());
        assert_eq!(weights["weights"].as_array().unwrap().len() as u64, rows * columns);
        assert_eq!(columns, units as u64);
        assert!(numbers(&weights["weight_gradients"]).iter().any(|&gradient| gradient != 0.0));
    }
    // The last layer is the curve.
    let asked = json!({ "request": "units", "session": session, "layer": 2 });
    let last = numbers(&must(&mut live, &asked)["units"][0]);
    let curve = numbers(&about(&mut live, "curve", &session)["y"]);
    assert!(last.iter().zip(&curve).all(|(left, right)| (left - right).abs() < 1e-6));
    let asked = json!({ "request": "predict", "session": session, "x": [x[10], x[200]] });
    assert_eq!(numbers(&must(&mut live, &asked)["y"]), [curve[10], curve[200]]);
    let asked = json!({ "request": "units", "session": session, "layer": 3 });
    assert_eq!(refusal(&mut live, &asked, &[]).1.as_deref(), Some("layer"));
}

/// y = max(0, w x + b) has its hinge at -b / w.
#[test]
fn hinges_are_where_units_begin() {
    let mut live = Live::new();
    let mut settings = small();
    settings["arithmetic"] = json!("f64");
    let (session, _) = create(&mut live, &settings);
    train(&mut live, &session, 200);
    let asked = json!({ "request": "weights", "session": session, "layer": 0 });
    let weights = must(&mut live, &asked);
    let (w, b) = (numbers(&weights["weights"]), numbers(&weights["biases"]));
    let hinges = about(&mut live, "hinges", &session);
    let hinges = hinges["hinges"].as_array().unwrap();
    let first: Vec<&Value> = hinges.iter().filter(|hinge| hinge["layer"] == 0).collect();
    assert!(!first.is_empty());
    for hinge in first {
        let unit = hinge["unit"].as_u64().unwrap() as usize;
        let x = hinge["x"].as_f64().unwrap();
        assert!((x + b[unit] / w[unit]).abs() < 1e-6, "{hinge}");
        let asked = json!({ "request": "predict", "session": session, "x": [x] });
        assert_eq!(numbers(&must(&mut live, &asked)["y"])[0], hinge["y"].as_f64().unwrap());
    }
}

#[test]
fn spirals_are_classified() {
    let mut live = Live::new();
    for classes in [2, 3] {
        let settings = json!({
            "data": { "kind": "spiral", "classes": classes, "samples": 60 },
            "hidden": [32, 32], "init": "he-normal", "decay": 0, "learning_rate": 0.01, "epochs": 400,
        });
        let (session, created) = create(&mut live, &settings);
        assert_eq!(
            (&created["task"], &created["classes"]),
            (&json!("classification"), &json!(classes))
        );
        assert!(created["notes"][0].as_str().unwrap().contains("cross-entropy"));
        assert_eq!(created["samples"]["class"].as_array().unwrap().len(), 60 * classes);
        let trained = train(&mut live, &session, 400);
        assert!(trained["accuracy"].as_f64().unwrap() > 0.9, "{}", trained["accuracy"]);
        let regions = about(&mut live, "regions", &session);
        let cells = created["grid"]["cells"].as_u64().unwrap() as usize;
        let found = regions["class"].as_array().unwrap();
        assert_eq!(found.len(), cells * cells);
        for class in 0..classes {
            assert!(found.contains(&json!(class)));
        }
        let asked = json!({ "request": "predict", "session": session, "x": [[0.1, 0.2]] });
        let sum: f64 = numbers(&must(&mut live, &asked)["probabilities"][0]).iter().sum();
        assert!((sum - 1.0).abs() < 1e-6);
        let asked = json!({ "request": "units", "session": session, "layer": 0 });
        assert_eq!(must(&mut live, &asked)["units"][0].as_array().unwrap().len(), 24 * 24);
        for request in ["curve", "hinges", "verdict"] {
            let asked = json!({ "request": request, "session": session });
            assert!(refusal(&mut live, &asked, &[]).0.contains("numbers"));
        }
    }
}

#[test]
fn a_lesson_fills_its_cells() {
    let mut live = Live::new();
    let settings = json!({
        "data": { "kind": "sine", "samples": 60 }, "hidden": [16, 16], "decay": 0, "epochs": 300,
    });
    let asked = json!({
        "request": "lesson", "settings": settings,
        "learning_rates": [0.01, 1e9], "scales": [0.001, 0.3], "seeds": 2,
    });
    let lesson = must(&mut live, &asked);
    assert_eq!((&lesson["cells"], &lesson["trainings"]), (&json!(4), &json!(8)));
    let mut cells = vec![Value::Null; 4];
    for _ in 0..100 {
        let asked = json!({ "request": "lesson_train", "lesson": lesson["lesson"], "epochs": 170 });
        let answer = must(&mut live, &asked);
        for cell in answer["cells"].as_array().unwrap() {
            let (rate, scale) = (&cell["rate"], &cell["scale"]);
            let at = 2 * scale.as_u64().unwrap() + rate.as_u64().unwrap();
            cells[usize::try_from(at).unwrap()] = cell.clone();
        }
        if answer["done"] == true {
            break;
        }
    }
    assert!(cells.iter().all(|cell| cell["trained"] == 2), "{cells:?}");
    let learned: Vec<&Value> = cells.iter().map(|cell| &cell["learned"]).collect();
    assert_eq!(learned, [0, 0, 2, 0], "{cells:?}");
    must(&mut live, &json!({ "request": "drop", "lesson": lesson["lesson"] }));
}

#[test]
fn a_verdict_needs_epochs() {
    let mut live = Live::new();
    let mut settings = small();
    settings["epochs"] = json!(1);
    let (session, _) = create(&mut live, &settings);
    train(&mut live, &session, 1);
    let asked = json!({ "request": "verdict", "session": session });
    assert!(refusal(&mut live, &asked, &[]).0.contains("at least 10 epochs"));
}

#[test]
fn a_verdict_names_noise_and_outliers() {
    let mut live = Live::new();
    let mut settings = small();
    settings["noise"] = json!(0.5);
    let (session, _) = create(&mut live, &settings);
    train(&mut live, &session, 300);
    let verdict = about(&mut live, "verdict", &session);
    assert!(verdict["text"].as_str().unwrap().ends_with("part of that variance."), "{verdict}");
}

/// Between the first and the last epoch of a short training no epoch is logged.
#[test]
fn the_verdict_of_a_short_training_is_that_of_its_epochs() {
    let mut live = Live::new();
    for (epochs, kind, word) in [(60, "learning", "still falling"), (900, "learned", "epoch 899")] {
        let mut settings = small();
        settings["hidden"] = json!([32, 32]);
        settings["decay"] = json!(0);
        settings["epochs"] = json!(epochs);
        let (session, _) = create(&mut live, &settings);
        train(&mut live, &session, epochs);
        let verdict = about(&mut live, "verdict", &session);
        assert_eq!(verdict["kind"], kind, "{verdict}");
        assert!(verdict["text"].as_str().unwrap().contains(word), "{verdict}");
    }
}

#[test]
fn the_lines_of_a_step_name_the_loss() {
    let mut live = Live::new();
    let spiral = |classes| json!({ "kind": "spiral", "classes": classes, "samples": 20 });
    for (setting, value, name, prediction) in [
        ("loss", json!("mse"), "mse", "prediction of row 1"),
        ("loss", json!("mae"), "mae", "prediction of row 1"),
        ("loss", json!("huber"), "huber", "prediction of row 1"),
        ("data", spiral(2), "cross_entropy", "output before the sigmoid, row 1"),
        ("data", spiral(3), "cross_entropy", "first output before the softmax, row 1"),
    ] {
        let mut settings = small();
        settings[setting] = value;
        let (session, _) = create(&mut live, &settings);
        let step = about(&mut live, "step", &session);
        let code = |line: usize| step["lines"][line]["code"].as_str().unwrap();
        assert_eq!(code(1), format!("let loss = {name}.value(predictions, &targets);"));
        assert!(code(2).starts_with(&format!("{name}.gradient_to(")), "{}", code(2));
        assert_eq!(step["lines"][0]["numbers"][0]["name"], prediction);
    }
}

#[test]
fn a_network_that_cannot_learn_has_one_hint() {
    let mut live = Live::new();
    let mut zeros = small();
    zeros["init"] = json!("zeros");
    let mut dead = small();
    dead["learning_rate"] = json!(50);
    let mut still = small();
    still["learning_rate"] = json!(0);
    for (settings, word) in [
        (zeros, "All first weights are 0"),
        (dead, "100 % of the units"),
        (still, "The learning rate is 0"),
    ] {
        let (session, _) = create(&mut live, &settings);
        let hints = &train(&mut live, &session, 20)["hints"];
        assert_eq!(hints.as_array().unwrap().len(), 1, "{hints}");
        assert!(hints[0].as_str().unwrap().starts_with(word), "{hints}");
    }
}

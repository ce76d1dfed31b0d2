//! `nnfs predict`, `evaluate` and `show`: what a saved model does.

use std::fs::File;
use std::io::Write;

use crate::program::{Place, number};
use crate::tables;

/// A model of all rows of a table.
fn trained(table: &str, options: &str) -> Place {
    let place = Place::new();
    place.write("data.csv", table);
    let words = "train data.csv --out out --quiet --test-fraction 0 --epochs 20";
    place.succeed(&format!("{words} {options}"));
    place
}

fn pets() -> Place {
    trained(&tables::classes(100), "--target species --task classification")
}

#[test]
fn a_quiet_prediction_prints_nothing() {
    let finished = pets().succeed("predict out data.csv --out all.csv --quiet");
    assert_eq!((finished.stdout, finished.stderr), (String::new(), String::new()));
}

#[test]
fn predictions_are_those_of_training() {
    for options in ["--target y --task regression", "--target colour --task classification"] {
        let place = Place::new();
        place.write("data.csv", tables::regression(100));
        place.succeed(&format!("train data.csv --out out --quiet --epochs 5 {options}"));
        place.succeed("predict out/model.safetensors data.csv --out all.csv");
        // The held-out rows, as training wrote them, are among those of the whole file.
        let (_, all) = place.rows("all.csv");
        assert_eq!(all.len(), 100);
        let (header, held_out) = place.rows("out/predictions.csv");
        assert_eq!(place.rows("all.csv").0, header[2..]);
        let mut lines = all.iter();
        for row in held_out {
            assert!(lines.any(|line| *line == row[2..]), "{row:?}");
        }
    }
}

#[test]
fn columns_are_found_by_name_and_the_target_is_not_needed() {
    let place = pets();
    place.succeed("predict out/model.safetensors data.csv --out expected.csv");
    let (_, rows) = place.rows("data.csv");
    let moved = rows.iter().map(|row| format!("{},other,{}\n", row[2], row[0]));
    place.write("moved.csv", format!("y,z,x\n{}", moved.collect::<String>()));
    place.succeed("predict out/model.safetensors moved.csv --out found.csv");
    assert_eq!(place.text("found.csv"), place.text("expected.csv"));
    assert!(place.text("found.csv").starts_with("prediction,probability_cat,probability_dog,"));
    // In the order of the rows: the first of the sequence is in the middle of the second third.
    assert_eq!(place.names("."), ["data.csv", "expected.csv", "found.csv", "moved.csv", "out"]);
}

#[test]
fn numbers_of_both_sizes_are_read_back() {
    for dtype in ["f32", "f64"] {
        let options = format!("--target y --task regression --dtype {dtype}");
        let place = trained(&tables::regression(60), &options);
        place.succeed("predict out/model.safetensors data.csv --out p.csv");
        let (header, rows) = place.rows("p.csv");
        assert_eq!(header, ["prediction"]);
        let (_, data) = place.rows("data.csv");
        let mean = |numbers: &mut dyn Iterator<Item = f64>| numbers.sum::<f64>() / 60.0;
        let predicted = mean(&mut rows.iter().map(|row| number(&row[0])));
        let target = mean(&mut data.iter().map(|row| number(&row[3])));
        assert!((predicted - target).abs() < 10.0, "{predicted} {target}");
        assert!(place.succeed("show out/model.safetensors").stdout.contains(dtype));
    }
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    let place = trained(&tables::regression(60), "--target y --task regression");
    for (table, expected) in [
        ("a,colour\n1,red\n", r#"new.csv: expected a column "b", found "a", "colour""#),
        (
            "a,colour,b\n1,red,2\n\n1,red,x\n",
            r#"new.csv, line 4, column "b": expected a number, found "x""#,
        ),
        ("a,colour,b\n1,red\n", "new.csv, line 2: expected 3 values as in the first line, found 2"),
        ("a,colour,b\n", "new.csv: expected rows below the header, found none"),
    ] {
        place.write("new.csv", table);
        let line = place.fail(1, "predict out/model.safetensors new.csv --out new-out.csv");
        assert_eq!(line, expected);
    }
    // A warning names the column before.
    place.write("new.csv", "a,colour,b\n1,red,1e300\n");
    let finished = place.nnfs("predict out/model.safetensors new.csv --out new-out.csv");
    assert_eq!(finished.code, Some(1));
    let lines: Vec<&str> = finished.stderr.lines().collect();
    let [warning, error] = lines[..] else { panic!("{lines:?}") };
    assert!(warning.starts_with(r#"warning: new.csv, line 2, column "b": "#), "{warning}");
    assert_eq!(
        error,
        "error: new.csv, line 2: expected a finite prediction, found an infinite one or NaN; look for inputs in this row that are much larger than those of the training"
    );
    assert!(!place.names(".").contains(&"new-out.csv".to_owned()));
    let line = place.fail(1, "predict out/model.safetensors data.csv --out nowhere/p.csv");
    assert!(line.starts_with("nowhere/p.csv: cannot be written: "), "{line}");
    let line = place.fail(1, "predict out/model.safetensors nothing.csv --out p.csv");
    assert!(line.starts_with("nothing.csv: "), "{line}");
}

/// What has no input is predicted with a warning, or refused.
#[test]
fn missing_values_and_unknown_categories_are_reported_or_refused() {
    let place = trained(&tables::regression(60), "--target y --task regression");
    for (table, option, words) in [
        ("a,colour,b,y\n1,red,2,1\n1,green,2,1\n", "--unknown", "1 of 2 rows has a category"),
        ("a,colour,b,y\n1,red,2,1\n1,red,,1\n", "--missing", "1 of 2 values is missing"),
        ("a,colour,b,y\n1,red,2,1\n1,,2,1\n", "--missing", "1 of 2 values is missing"),
    ] {
        place.write("new.csv", table);
        for words_of_command in [
            "predict out/model.safetensors new.csv --out -",
            "evaluate out/model.safetensors new.csv",
        ] {
            let finished = place.succeed(words_of_command);
            let warning = finished.stderr.trim_end();
            assert!(warning.starts_with("warning: new.csv, line 3, column \""), "{warning}");
            assert!(warning.contains(words) && warning.lines().count() == 1, "{warning}");
            let line = place.fail(1, &format!("{words_of_command} {option} refuse"));
            assert!(line.starts_with("new.csv, line 3, column \""), "{line}");
        }
    }
}

#[test]
fn a_file_that_is_not_a_model_is_named() {
    let place = pets();
    let mut damaged = place.bytes("out/model.safetensors");
    damaged.truncate(damaged.len() - 10);
    place.write("damaged.safetensors", damaged);
    for model in ["damaged.safetensors", "data.csv", "nothing.safetensors"] {
        for words in ["predict MODEL data.csv --out p.csv", "evaluate MODEL data.csv", "show MODEL"]
        {
            let line = place.fail(1, &words.replace("MODEL", model));
            assert!(line.starts_with(&format!("{model}: ")), "{line}");
        }
    }
}

#[test]
fn evaluating_the_training_rows_gives_the_metrics_of_the_training() {
    for options in [
        "--target y --task regression",
        "--target colour --task classification",
        "--target colour --task classification --loss binary-cross-entropy",
    ] {
        let place = trained(&tables::regression(60), options);
        let evaluated = place.succeed("evaluate out/model.safetensors data.csv --json").stdout;
        let evaluated: serde_json::Value = serde_json::from_str(&evaluated).unwrap();
        assert_eq!(evaluated, place.json("out/metrics.json")["train"], "{options}");
    }
}

#[test]
fn evaluating_needs_the_target() {
    let place = pets();
    place.write("new.csv", "x,y\n0.5,0.5\n");
    let line = place.fail(1, "evaluate out/model.safetensors new.csv");
    assert_eq!(line, r#"new.csv: expected a column "species", found "x", "y""#);
    place.write("new.csv", "x,y,species\n0.5,0.5,cat\n0.5,0.5,cow\n");
    let line = place.fail(1, "evaluate out/model.safetensors new.csv");
    let expected = r#"new.csv, line 3, column "species": expected one of "cat", "dog", "eel""#;
    assert!(line.starts_with(expected), "{line}");
}

#[test]
fn a_model_shows_what_it_is() {
    let place = trained(
        &tables::regression(60),
        "--target y --task regression --hidden 7 --dropout 0.1 --activation tanh",
    );
    let shown = place.succeed("show out/model.safetensors").stdout;
    for part in [
        "inputs         a\n               colour (blue | red)\n               b\n",
        "targets        y",
        "mean 0 and deviation 1",
        "dense (activation tanh)",
        "dropout (rate 0.1",
        "4x7, 1x7",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn a_model_shows_what_becomes_of_its_columns() {
    let place = Place::new();
    let rows = (0..200).map(|row| {
        let size = if row % 5 == 0 { String::new() } else { row.to_string() };
        let kind =
            if row % 40 == 7 { format!("k{row}") } else { ["cat", "dog", ""][row % 3].to_owned() };
        let flag = if row % 7 == 0 { "" } else { "3" };
        format!("{size},{kind},1,{flag},{row}\n")
    });
    place.write("data.csv", format!("size,kind,one,flag,y\n{}", rows.collect::<String>()));
    let words =
        "train data.csv --target y --task regression --epochs 1 --test-fraction 0 --out out";
    let warnings = place.succeed(words).stderr;
    for part in [
        r#"column "size": 40 of 200 values are missing"#,
        r#"column "kind": "#,
        r#"column "one": the column is "1" in all training rows"#,
        r#"column "flag": 29 of 200 values are missing"#,
    ] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    let shown = place.succeed("show out/model.safetensors").stdout;
    for part in [
        "size (number | missing)",
        "kind (missing | cat | dog | other, shared by 5 rare)",
        "one (no input: always 1 in training)",
        "flag (missing; the number was always 3 in training)",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let line = place.fail(1, &format!("{words} --missing refuse"));
    assert!(line.starts_with(r#"data.csv, line 2, column "size": expected a value"#), "{line}");
}

#[test]
fn show_works_when_its_output_is_not_read() {
    let place = pets();
    for words in ["show out/model.safetensors", "evaluate out/model.safetensors data.csv"] {
        let mut process = place.command(words).spawn().unwrap();
        drop(process.stdout.take());
        let finished = process.wait_with_output().unwrap();
        assert!(finished.status.success(), "{finished:?}");
    }
}

#[test]
fn what_is_read_is_not_written_over() {
    let place = pets();
    let (data, model) = (place.bytes("data.csv"), place.bytes("out/model.safetensors"));
    for out in ["data.csv", "./out/../data.csv", "out/model.safetensors"] {
        let line = place.fail(2, &format!("predict out/model.safetensors data.csv --out {out}"));
        assert!(line.contains("overwrite"), "{line}");
    }
    assert_eq!(place.bytes("data.csv"), data);
    assert_eq!(place.bytes("out/model.safetensors"), model);
}

#[test]
fn predictions_go_to_stdout_too() {
    let place = pets();
    let predict = "predict out/model.safetensors data.csv --out";
    place.succeed(&format!("{predict} p.csv"));
    let piped = place.succeed(&format!("{predict} -"));
    assert_eq!(piped.stdout, place.text("p.csv"));
    // A file behind stdout keeps what it has.
    for out in ["-", "/dev/stdout"] {
        let mut file = File::create(place.path().join("log")).unwrap();
        file.write_all(b"before\n").unwrap();
        let mut command = place.command(&format!("{predict} {out}"));
        assert!(command.stdout(file.try_clone().unwrap()).status().unwrap().success());
        file.write_all(b"after\n").unwrap();
        assert_eq!(place.text("log"), format!("before\n{}after\n", place.text("p.csv")));
    }
}

#[test]
fn many_words_are_shown_in_a_short_line() {
    let place = Place::new();
    let line = |row: usize| format!("{row},w{},{}\n", row % 27, 3 * row);
    place.write("data.csv", format!(",word,y\n{}", (0..270).map(line).collect::<String>()));
    place.succeed("train data.csv --target y --task regression --epochs 1 --out out");
    let shown = place.succeed("show out").stdout;
    assert!(
        shown.contains("… and 19 more") && shown.contains("(column without a name)"),
        "{shown}"
    );
    let predicted = place.succeed("predict out data.csv --out p.csv");
    assert!(predicted.stderr.contains("written into p.csv: 270 predictions"), "{predicted:?}");
    let exported = place.succeed("export out --onnx m.onnx");
    assert!(
        exported.stderr.contains(
            "28 inputs from 2 columns; encode 1 column yourself, before the graph (see \"The inputs of a row\" in \
             docs/interoperability.md): \"word\""
        ),
        "{exported:?}"
    );
    let exported = place.succeed("export out --rust m.rs");
    assert!(exported.stderr.contains("yourself, before predict (see "), "{exported:?}");
}

#[test]
fn a_model_that_is_missing_says_what_was_expected() {
    let place = pets();
    std::fs::create_dir(place.path().join("empty")).unwrap();
    for (model, words) in [
        (
            "empty",
            "expected a folder with model.safetensors, found a folder without it; nnfs train",
        ),
        ("empty/model.safetensors", "expected a folder with model.safetensors"),
        ("nothing", "expected a model file or the folder of a training"),
        ("no/folder/model.safetensors", "(its --out, by default `model`)"),
    ] {
        for command in [
            "show MODEL",
            "predict MODEL data.csv --out p.csv",
            "evaluate MODEL data.csv",
            "export MODEL --onnx m.onnx",
            "import out/model.safetensors --from pytorch --like MODEL --out m.safetensors",
        ] {
            let line = place.fail(1, &command.replace("MODEL", model));
            let name = model.strip_suffix("/model.safetensors").filter(|name| *name == "empty");
            let name = name.unwrap_or(model);
            assert!(line.starts_with(&format!("{name}: expected")), "{line}");
            assert!(line.contains(words) && line.contains("--out"), "{line}");
        }
    }
    assert_eq!(place.names("."), ["data.csv", "empty", "out"]);
}

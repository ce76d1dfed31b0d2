//! `report.html`: the training as a page.

use std::process::Output;

use serde_json::Value;

use crate::program::{Place, number};
use crate::tables;

/// The numbers of a page.
pub(crate) fn page(place: &Place, file: &str) -> Value {
    let text = place.text(file);
    let (_, rest) = text.split_once("id=\"report\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// Five digits are kept of what is drawn.
fn close(drawn: f64, exact: f64) -> bool {
    (drawn - exact).abs() <= 1e-4 * exact.abs().max(1e-3)
}

#[test]
fn a_regression_is_drawn_in_the_units_of_the_file() {
    let place = Place::new();
    place.write("data.csv", tables::regression(200));
    place.succeed(
        "train data.csv --target y --task regression --epochs 300 --validation-fraction 0.2 \
         --patience 5 --learning-rate 0.02 --out out",
    );
    let metrics = place.json("out/metrics.json");
    assert_eq!(metrics["end"], "stopped_early");
    let page = page(&place, "out/report.html");
    let verdict = &page["runs"][0]["verdict"];
    assert_eq!(verdict["kind"], "stopped_early");
    let early =
        format!("Stopped early, after {} of 300 epochs: the validation loss", metrics["epochs"]);
    assert!(verdict["text"].as_str().unwrap().contains(&early), "{verdict}");
    assert_eq!(page["title"], "Learning y");
    let introduction = page["introduction"].as_str().unwrap();
    assert!(introduction.starts_with("data.csv: 200 rows (128 to train"), "{introduction}");
    let run = &page["runs"][0];

    // What is drawn at last is what was written.
    let (_, rows) = place.rows("out/predictions.csv");
    let targets = numbers(&run["picture"]["targets"]);
    let frames = run["frames"].as_array().unwrap();
    let last = numbers(&frames[frames.len() - 1]["predictions"]);
    assert_eq!((targets.len(), last.len(), rows.len()), (40, 40, 40));
    for ((row, target), prediction) in rows.iter().zip(targets).zip(last) {
        assert!(close(target, number(&row[1])), "{row:?}, drawn {target}");
        assert!(close(prediction, number(&row[2])), "{row:?}, drawn {prediction}");
    }
    // The last frame is of the weights that were kept; the last gradients are not theirs.
    let kept = metrics["saved_epoch"].as_u64().unwrap();
    assert!(kept + 1 < metrics["epochs"].as_u64().unwrap(), "{metrics}");
    let last = &frames[frames.len() - 1];
    assert_eq!(last["epoch"], kept + 1);
    assert_eq!(run["kept_epoch"], kept + 1);
    let note = format!(
        "end with epoch {}, the best, whose weights are kept. {} epochs were trained.",
        kept + 1,
        metrics["epochs"]
    );
    assert!(run["notes"].to_string().contains(&note), "{}", run["notes"]);
    assert!(last["layers"][0]["dead_units"].is_f64() || last["layers"][0]["dead_units"].is_i64());
    assert_eq!(last["layers"][0]["gradient_norm"], Value::Null);

    let (header, history) = place.rows("out/history.csv");
    let epochs = run["epochs"].as_array().unwrap();
    assert_eq!(epochs.len(), history.len());
    for (epoch, row) in epochs.iter().zip(&history) {
        for (name, column) in [
            ("epoch", "epoch"),
            ("data_loss", "data_loss"),
            ("penalty", "penalty"),
            ("metric", "r2"),
            ("validation_loss", "validation_loss"),
            ("validation_metric", "validation_r2"),
            ("learning_rate", "learning_rate"),
        ] {
            let column = header.iter().position(|found| found == column).unwrap();
            assert_eq!(epoch[name].as_f64(), Some(number(&row[column])), "{name}: {row:?}");
        }
    }
}

#[test]
fn without_validation_rows_the_training_loss_stops_early() {
    let place = Place::new();
    place.write("data.csv", tables::regression(50));
    place.succeed(
        "train data.csv --target y --task regression --epochs 1000 --patience 1 \
         --learning-rate 0.05 --out out",
    );
    assert_eq!(place.json("out/metrics.json")["end"], "stopped_early");
    let page = page(&place, "out/report.html");
    let verdict = page["runs"][0]["verdict"]["text"].as_str().unwrap();
    assert!(verdict.contains("epochs: the training loss stopped improving"), "{verdict}");
}

/// What is left out is reported, and the page refers to nothing that is.
#[test]
fn a_long_training_is_thinned_out() {
    let place = Place::new();
    place.write("data.csv", tables::regression(20));
    place.succeed(
        "train data.csv --target y --task regression --hidden 2 --epochs 2500 \
         --validation-fraction 0.2 --patience 2400 --out out",
    );
    let (_, history) = place.rows("out/history.csv");
    let page = page(&place, "out/report.html");
    let run = &page["runs"][0];
    let numbers = |part: &str| -> Vec<u64> {
        let list = run[part].as_array().unwrap();
        list.iter().map(|found| found["epoch"].as_u64().unwrap()).collect()
    };
    let (frames, epochs) = (numbers("frames"), numbers("epochs"));
    assert!(history.len() > 2000 && epochs.len() < 1100, "{} of {}", epochs.len(), history.len());
    assert!(epochs.is_sorted_by(|left, right| left < right));
    let saved = place.json("out/metrics.json")["saved_epoch"].as_u64().unwrap();
    let ends = frames.iter().filter_map(|frame| frame.checked_sub(1));
    let wanted = ends.chain([0, 3, saved, history.len() as u64 - 1]);
    for wanted in wanted {
        assert!(epochs.contains(&wanted), "{wanted} is missing");
    }
    let notes = run["notes"].to_string();
    let expected = format!("one in 3 of {} epochs", history.len());
    assert!(notes.contains(&expected) && notes.contains("history.csv has all"), "{notes}");
}

#[test]
fn classes_have_a_confusion_matrix() {
    let place = Place::new();
    place.write("data.csv", tables::classes(300));
    place.succeed("train data.csv --target species --task classification --epochs 20 --out out");
    let page = page(&place, "out/report.html");
    let confusion = &page["runs"][0]["confusions"][0];
    assert_eq!(confusion["classes"], serde_json::json!(["cat", "dog", "eel"]));
    let (_, rows) = place.rows("out/predictions.csv");
    for (class, name) in ["cat", "dog", "eel"].iter().enumerate() {
        for (predicted, other) in ["cat", "dog", "eel"].iter().enumerate() {
            let count = rows.iter().filter(|row| row[1] == *name && row[2] == *other).count();
            assert_eq!(confusion["counts"][class][predicted], count, "{name} as {other}");
        }
    }
}

/// What a table may hold for a name, and what it looks like in a CSV file.
const NASTY: [(&str, &str); 4] = [
    ("</script><b>y</b>", "</script><b>y</b>"),
    ("a \"quoted\" 'name' \\ &lt;", "\"a \"\"quoted\"\" 'name' \\ &lt;\""),
    ("two\nlines", "\"two\nlines\""),
    ("größe \u{2028} ☃ <!-- {{program}}", "größe \u{2028} ☃ <!-- {{program}}"),
];

/// The page contains no text of the table as markup, and none that ends its data.
fn is_safe(place: &Place) {
    let text = place.text("out/report.html");
    let (scripts, comments) = (text.matches("</script").count(), text.matches("<!--").count());
    assert_eq!((scripts, comments, text.contains("<b>")), (3, 1, false));
}

#[test]
fn a_name_is_not_markup() {
    let place = Place::new();
    let [a, b, c, d] = NASTY.map(|(_, name)| name);
    let row = |row: usize| format!("{row},{},{},3,{row}\n", row * row, 50 - row);
    place.write("data.csv", format!("x,{a},{b},{c},{d}\n") + &(0..50).map(row).collect::<String>());
    let mut command =
        place.command("train data.csv --task regression --epochs 2 --out out --target");
    let Output { status, stderr, .. } =
        command.arg(NASTY.map(|(_, name)| name).join(",")).output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    is_safe(&place);
    let page = page(&place, "out/report.html");
    let names = NASTY.map(|(name, _)| name);
    assert_eq!(page["runs"][0]["name"], names.join(", "));
    assert_eq!(page["runs"][0]["picture"]["outputs"], serde_json::json!(names));
}

#[test]
fn a_class_is_not_markup() {
    let place = Place::new();
    let row = |row: usize| format!("{row},{}\n", NASTY[row / 10 % 4].1);
    place.write("data.csv", "x,kind\n".to_owned() + &(0..80).map(row).collect::<String>());
    place.succeed("train data.csv --target kind --task classification --epochs 2 --out out");
    is_safe(&place);
    let page = page(&place, "out/report.html");
    let mut names = NASTY.map(|(name, _)| name);
    names.sort_unstable();
    assert_eq!(page["runs"][0]["confusions"][0]["classes"], serde_json::json!(names));
}

/// As many rows as it takes to pay for them lie between two frames.
#[test]
fn frames_are_few_where_a_table_is_small() {
    let place = Place::new();
    place.write("data.csv", tables::regression(100));
    place.succeed("train data.csv --target y --task regression --epochs 60 --out out");
    let page = page(&place, "out/report.html");
    let frames = page["runs"][0]["frames"].as_array().unwrap();
    // Frames of 20 rows, and training on 80: 16 * (20 + 32) / 80, rounded up.
    let epochs: Vec<u64> = frames.iter().map(|frame| frame["epoch"].as_u64().unwrap()).collect();
    assert_eq!(epochs, [0, 11, 22, 33, 44, 60]);
}

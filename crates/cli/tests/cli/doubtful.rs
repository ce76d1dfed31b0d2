//! Tables whose scores or columns mislead: repeated rows, codes for missing values, spellings, balanced classes.

use serde_json::Value;

use crate::program::Place;

const TRAIN: &str = "train data.csv --epochs 1 --out out";

/// A number between 0 and 999 without a pattern.
fn noise(row: usize, column: usize) -> usize {
    let x = ((row * 7 + column * 101 + 13) as f64 * 12.9898).sin() * 43758.5453;
    (999.0 * (x - x.floor())) as usize
}

fn write(place: &Place, header: &str, rows: usize, row: impl Fn(usize) -> String) {
    let lines: String = (0..rows).map(|index| row(index) + "\n").collect();
    place.write("data.csv", format!("{header}\n{lines}"));
}

fn texts(json: &Value) -> Vec<String> {
    json.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
fn repeated_rows_are_counted_in_one_warning() {
    let place = Place::new();
    write(&place, "x,z,y", 300, |row| {
        let row = row % 60;
        format!("{},{},{}", noise(row, 0), noise(row, 1), noise(row, 2))
    });
    let train = format!("{TRAIN} --target y --task regression");
    let warnings = place.succeed(&format!("{train} --quiet")).stderr;
    let [line] = warnings.lines().collect::<Vec<_>>()[..] else { panic!("{warnings}") };
    assert!(line.starts_with("warning: data.csv: 240 of 300 rows repeat "), "{line}");
    let saved = texts(&place.json("out/metrics.json")["warnings"]);
    assert_eq!(saved, [line.trim_start_matches("warning: ")]);
}

#[test]
fn numbers_and_dates_that_mark_missing_values_are_named() {
    let place = Place::new();
    write(&place, "age,end,y", 200, |row| {
        let age = if row % 12 == 7 { 999 } else { 18 + noise(row, 0) % 70 };
        let end = match row % 10 < 7 {
            true => "9999-12-31".to_owned(),
            false => format!("20{}-{:02}-11", 10 + noise(row, 1) % 14, 1 + noise(row, 2) % 12),
        };
        let y = if row % 20 == 3 { -999 } else { 200 + noise(row, 3) as i32 % 150 };
        format!("{age},{end},{y}")
    });
    let train = format!("{TRAIN} --target y --task regression");
    let warnings = place.succeed(&format!("{train} --quiet")).stderr;
    for (line, column, occurs) in [
        (9, "age", "999 occurs 17 times"),
        (2, "end", "9999-12-31 occurs 140 times"),
        (5, "y", "-999 occurs 10 times"),
    ] {
        let start = format!("warning: data.csv, line {line}, column {column:?}: {occurs}");
        let found = warnings.lines().find(|line| line.starts_with(&start));
        let found = found.unwrap_or_else(|| panic!("{start}: {warnings}"));
        assert!(found.contains("leave these cells empty"), "{found}");
        assert_eq!(found.ends_with("; see --missing-target"), column == "y", "{found}");
    }
    let kept = place.succeed(&format!("{train} --quiet --outliers keep")).stderr;
    assert!(!kept.contains("occurs"), "{kept}");
}

#[test]
fn classes_that_differ_only_in_case_are_refused() {
    let place = Place::new();
    write(&place, "x,y", 60, |row| format!("{},{}", noise(row, 0), ["yes", "no", "YES"][row % 3]));
    let train = format!("{TRAIN} --target y --task classification");
    let line = place.fail(1, &train);
    assert!(line.starts_with(r#"data.csv, line 2, column "y": "#), "{line}");
    assert!(line.contains(r#""yes" and "YES""#) && line.ends_with("; see --categorical"), "{line}");
    let declared = place.succeed(&format!("{train} --categorical y --quiet")).stderr;
    assert!(declared.contains("upper and lower case"), "{declared}");
}

#[test]
fn columns_with_words_that_differ_only_in_case_are_one_line() {
    let place = Place::new();
    write(&place, "a,b,y", 60, |row| {
        let [a, b] = [["red", "Red"][row % 2], ["Big", "big", "small"][row % 3]];
        format!("{a},{b},{}", noise(row, 0))
    });
    let train = format!("{TRAIN} --target y --task regression --quiet");
    let warnings = place.succeed(&train).stderr;
    let lines: Vec<_> = warnings.lines().filter(|line| line.contains("lower case")).collect();
    let [line] = lines[..] else { panic!("{warnings}") };
    assert!(line.contains(r#""a" ("Red", "red", line 2), "b" ("Big", "big", line 3)"#), "{line}");
}

#[test]
fn notes_of_reading_are_in_the_metrics_and_on_the_page() {
    let place = Place::new();
    write(&place, "x;y", 60, |row| format!("{};{}", noise(row, 0), noise(row, 1)));
    place.succeed(&format!("{TRAIN} --target y --task regression --quiet"));
    let notes = texts(&place.json("out/metrics.json")["notes"]);
    assert_eq!(notes, ["data.csv: semicolons separate the values"]);
    assert!(place.text("out/report.html").contains(&notes[0]));
}

#[test]
fn balanced_classes_are_not_judged_by_their_loss() {
    let place = Place::new();
    write(&place, "x,y", 400, |row| {
        let x = noise(row, 0) + if row % 20 == 0 { 600 } else { 0 };
        format!("{x},{}", if row % 20 == 0 { "rare" } else { "usual" })
    });
    let train = "train data.csv --target y --task classification --class-weight balanced --epochs 20 \
                 --out out";
    let results = place.succeed(train).stdout;
    let test = &place.json("out/metrics.json")["test"];
    let score = |name: &str| test[name].as_f64().unwrap();
    assert!(score("balanced_accuracy") > 0.7, "{test}");
    assert!(score("loss") > test["baseline"]["loss"].as_f64().unwrap(), "{test}");
    assert!(!results.contains("hint:"), "{results}");
    // There is nothing to learn.
    write(&place, "x,y", 400, |row| {
        format!("{},{}", noise(row, 0), ["usual", "rare"][usize::from(noise(row, 1) > 900)])
    });
    let results = place.succeed(&format!("{train} --seed 1")).stdout;
    let test = &place.json("out/metrics.json")["test"];
    let is_worse = test["balanced_accuracy"].as_f64().unwrap() <= 0.5;
    assert_eq!(results.contains("hint:"), is_worse, "{results}");
}

#[test]
fn more_inputs_than_rows_get_a_hint() {
    let place = Place::new();
    let names: Vec<String> = (0..100).map(|column| format!("g{column}")).collect();
    let values = |row: usize| (0..100).map(move |column| noise(row, column).to_string());
    write(&place, &format!("{},y", names.join(",")), 60, |row| {
        let y = noise(row, 0) + noise(row, 1) + noise(row, 2);
        format!("{},{y}", values(row).collect::<Vec<_>>().join(","))
    });
    let train = "train data.csv --target y --task regression --epochs 30 --out out";
    let results = place.succeed(train).stdout;
    assert!(results.contains("more inputs (100) than training rows (48)"), "{results}");
    assert!(results.contains("try --hidden none --l1 0.05"), "{results}");
    let tried = place.succeed(&format!("{train} --hidden none --l1 0.05")).stdout;
    assert!(!tried.contains("more inputs"), "{tried}");
}

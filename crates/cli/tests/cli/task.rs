//! The task that is found where no option names it.

use std::fmt::Write;

use crate::program::Place;

/// A folder with 60 rows of `x` and this target.
fn place(target: impl Fn(usize) -> String) -> Place {
    let mut text = "x,y\n".to_owned();
    (0..60).for_each(|row| writeln!(text, "{}.5,{}", row * 7 % 11, target(row)).unwrap());
    let place = Place::new();
    place.write("data.csv", text);
    place
}

const TRAIN: &str = "train data.csv --epochs 2 --out out --target y";

#[test]
fn words_and_columns_that_are_declared_are_classes() {
    for (target, options) in [
        (["red", "blue"], ""),
        (["1", "2"], " --categorical y"),
        (["1h", "2h"], " --categorical y"),
    ] {
        let finished =
            place(|row| target[row % 2].to_owned()).succeed(&format!("{TRAIN}{options}"));
        assert!(finished.stderr.contains("classification of \"y\""), "{}", finished.stderr);
    }
}

#[test]
fn words_that_may_be_numbers_are_asked_for() {
    for target in [
        ["1h 15min", "2h"],
        ["1:15", "2:30"],
        ["<0.5", "1"],
        ["0-4", "5-9"],
        ["2024-01-02", "2024-02-03"],
        ["5 Jan 2024", "6 Jan 2024"],
        ["ca. 4.5", "ca. 5"],
        ["1", "2"],
    ] {
        let line = place(|row| target[row % 2].to_owned()).fail(2, TRAIN);
        assert!(line.contains("\"y\" has") && line.contains("--task regression"), "{line}");
    }
    for (value, word) in [("5", "one value"), ("a", "one value"), ("", "no value")] {
        let line = place(|_| value.to_owned()).fail(2, TRAIN);
        assert!(line.contains(word) && line.contains("--task"), "{line}");
    }
}

#[test]
fn a_missing_column_has_no_task() {
    for targets in ["z", "y,z"] {
        let train = TRAIN.replace("--target y", &format!("--target {targets}"));
        let stderr = place(|row| row.to_string()).nnfs(&train).stderr;
        assert!(stderr.contains("\"z\"") && !stderr.contains("note:"), "{stderr}");
    }
}

#[test]
fn targets_of_durations_are_refused() {
    let durations = |row: usize| format!("{}h {}min", 1 + row % 5, 10 + row % 20);
    let line = place(durations).fail(1, &format!("{TRAIN} --task regression"));
    assert!(line.contains("duration") && !line.contains("--task"), "{line}");
    let dates = |row: usize| format!("2024-01-{:02}", 1 + row % 20);
    let measures = |row: usize| format!("<{}.5", row % 20);
    let classes = format!("{TRAIN} --task classification");
    for place in [place(durations), place(dates), place(measures)] {
        let line = place.fail(1, &classes);
        assert!(line.contains("column \"y\"") && line.contains("--categorical"), "{line}");
        place.succeed(&format!("{classes} --categorical y"));
    }
}

#[test]
fn a_class_that_is_never_predicted_has_a_hint() {
    let rare = |row: usize| if row % 12 == 5 { "rare" } else { "often" }.to_owned();
    let finished = place(rare).succeed(&TRAIN.replace("--epochs 2", ""));
    assert!(finished.stdout.contains("hint:"), "{}", finished.stdout);
}

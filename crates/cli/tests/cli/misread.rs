//! Columns that are not what they look like, and what is said of them.

use crate::program::{Finished, Place};

/// Rows `index,...` below a header.
fn table(header: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    (0..rows)
        .map(|index| format!("{}\n", row(index)))
        .fold(format!("{header}\n"), |all, row| all + &row)
}

/// A number between 0 and 10 that repeats in no short cycle.
fn number(index: usize) -> f64 {
    ((index as f64 * 0.618_034).fract() * 1000.0).round() / 100.0
}

fn train(contents: &str, options: &str) -> (Place, Finished) {
    let place = Place::new();
    place.write("data.csv", contents);
    let epochs = if options.contains("--epochs") { "" } else { "--epochs 2" };
    let finished = place.nnfs(&format!("train data.csv --out out {epochs} {options}"));
    (place, finished)
}

const NUMBERS: &str = "--target y --task regression";
const CLASSES: &str = "--target y --task classification";

/// Trains, and expects these words on stderr.
#[track_caller]
fn says(contents: &str, options: &str, words: &[&str]) {
    let (_, Finished { code, stdout, stderr }) = train(contents, options);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    for word in words {
        assert!(stderr.contains(word), "expected {word}, found {stderr}");
    }
}

/// Fails with these words in the last line.
#[track_caller]
fn fails(contents: &str, options: &str, words: &[&str]) {
    let (_, Finished { code, stdout, stderr }) = train(contents, options);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    let line = stderr.lines().last().unwrap();
    for word in words {
        assert!(line.contains(word), "expected {word}, found {line}");
    }
}

#[test]
fn targets_are_written_as_the_predictions_beside_them() {
    let comma = |number: f64| number.to_string().replace('.', ",");
    let german = table("x;y", 40, |row| format!("{row};{}", comma(number(row) - 3.0)));
    let percent = table("x,y", 40, |row| format!("{row},{}%", number(row)));
    for (contents, options) in [(german, "--decimal ,"), (percent, "")] {
        let (place, _) = train(&contents, &format!("{NUMBERS} {options}"));
        let (header, rows) = place.rows("out/predictions.csv");
        assert_eq!(header, ["row", "target", "prediction"]);
        for row in rows {
            let line: usize = row[0].parse().unwrap();
            let expected = number(line - 2) - if options.is_empty() { 0.0 } else { 3.0 };
            assert!((crate::program::number(&row[1]) - expected).abs() < 1e-12, "{row:?}");
        }
    }
    // A plain number stays as it is, and so does a kept column.
    let plain = table("x,y", 40, |row| format!("{row},{:.2}", number(row)));
    let (place, _) = train(&plain, NUMBERS);
    let (_, rows) = place.rows("out/predictions.csv");
    assert!(rows.iter().any(|row| row[1].ends_with('0')), "{rows:?}");
    // The class of 1,0 is 1.
    let classes = table("x;y", 40, |row| format!("{row};{}", ["0", "1,0", "1"][row % 3]));
    let (place, _) = train(&classes, &format!("{CLASSES} --decimal ,"));
    let (_, rows) = place.rows("out/predictions.csv");
    assert!(rows.iter().all(|row| row[1] == "0" || row[1] == "1"), "{rows:?}");
}

#[test]
fn numbers_beside_a_word_are_reported_or_refused() {
    let column = |count: usize| {
        table("x,y", 60, move |row| match row % 2 {
            0 => format!("not measured,{row}"),
            _ => format!("{},{row}", row / 2 % count),
        })
    };
    let words = ["line 2, column \"x\"", "30 of 60 values", "\"not measured\"", "--categorical"];
    says(&column(10), NUMBERS, &words);
    let words =
        ["line 2, column \"x\"", "30 of 60 rows", "\"not measured\"", "--categorical and --ignore"];
    fails(&column(20), NUMBERS, &words);
}

#[test]
fn numbers_that_are_all_different_are_not_names() {
    let forms: [fn(usize) -> String; 4] = [
        |row| format!("${row}.3K"),
        |row| format!("{row}.3±0.5"),
        |row| format!("{}/60", 100 + row),
        |row| if row % 2 == 0 { "<0.1".to_owned() } else { format!("{row}.5") },
    ];
    for form in forms {
        let contents = table("x,y", 60, |row| format!("{},{row}", form(row)));
        fails(&contents, NUMBERS, &["line 2, column \"x\"", "write plain numbers"]);
    }
    let codes = table("x,y", 60, |row| format!("192.168.{row}.1,{row}"));
    fails(&codes, NUMBERS, &["names", "--ignore \"x\""]);
}

#[test]
fn words_that_look_the_same_are_not_two_classes() {
    for (a, b) in
        [("yes", "yes\u{200b}"), ("a b", "a\u{a0}b"), ("New York", "New  York"), ("0", "False")]
    {
        let words = [a, "True", b];
        let contents = table("x,y", 60, |row| format!("{row},{}", words[row % 3]));
        fails(&contents, CLASSES, &["column \"y\"", "write them alike", "--categorical"]);
        let contents = table("x,y", 60, |row| format!("{},{row}", words[row % 3]));
        says(&contents, NUMBERS, &["column \"x\"", "write them alike"]);
    }
}

#[test]
fn versions_and_months_are_not_numbers() {
    let versions = table("x,y", 48, |row| format!("1.{},{row}", row % 12));
    says(
        &versions,
        NUMBERS,
        &["column \"x\": \"1.10\" is taken as the number 1.1", "--categorical"],
    );
    let months = table("x,y", 48, |row| format!("20{}{:02},{row}", 20 + row / 12, 1 + row % 12));
    says(&months, NUMBERS, &["column \"x\": the integers are all dates", "202001"]);
}

#[test]
fn a_target_of_several_that_is_worse_than_the_baseline_gets_a_hint() {
    let noise = |row: usize| ((row * row * 7919) % 97) as f64;
    let contents = table("x,a,b", 60, |row| format!("{row},{},{}", 3 * row, noise(row)));
    let (_, finished) = train(
        &contents,
        "--target a,b --task regression --epochs 200 --recipe plain --learning-rate 0.02",
    );
    assert!(finished.stdout.contains("hint: "), "{}", finished.stdout);
}

#[test]
fn the_task_follows_from_the_target_if_it_is_certain() {
    let of = |target: &dyn Fn(usize) -> String, options: &str| {
        let contents = table("x,y", 60, |row| format!("{},{}", number(row), target(row)));
        let (_, Finished { code, stderr, .. }) = train(&contents, &format!("--target y {options}"));
        (code, stderr)
    };
    let word = |row: usize| ["a", "b"][row % 2].to_owned();
    let decimals = |row: usize| number(row).to_string();
    let integers = |row: usize| (row % 30).to_string();
    for (target, task) in [
        (&word as &dyn Fn(usize) -> String, "note: data.csv: classification of \"y\""),
        (&decimals, "note: data.csv: regression of \"y\""),
        (&integers, "note: data.csv: regression of \"y\""),
    ] {
        let (code, stderr) = of(target, "");
        assert!(code == Some(0) && stderr.contains(task), "{stderr}");
        assert!(!of(target, "--quiet").1.contains("note: "));
    }
    // A few numbers may be classes.
    let few = |row: usize| (row % 3).to_string();
    let halves = |row: usize| (0.5 * (row % 4) as f64).to_string();
    for target in [&few as &dyn Fn(usize) -> String, &halves] {
        let (code, stderr) = of(target, "");
        assert!(code == Some(2) && stderr.contains("--task regression"), "{stderr}");
    }
    assert_eq!(of(&few, "--loss mse").0, Some(0));
    assert_eq!(of(&few, "--class-weight balanced").0, Some(0));
    let (code, stderr) = of(&word, "--loss mse");
    assert!(code == Some(1) && stderr.contains("expected a number"), "{stderr}");
    // A typing error.
    let typo = |row: usize| if row == 7 { "1.o".to_owned() } else { decimals(row) };
    let (code, stderr) = of(&typo, "");
    assert!(code == Some(1) && stderr.contains("line 9") && stderr.contains("1.o"), "{stderr}");
}

#[test]
fn columns_and_rows_that_say_the_target_are_named() {
    let copy = table("x,copy,y", 60, |row| format!("{row},{},{}", number(row), number(row)));
    says(
        &copy,
        NUMBERS,
        &["column \"copy\": the column has the same information as the target \"y\"", "--ignore"],
    );
    let total = table("x,y,kind", 60, |row| {
        let kind = if row == 59 { "Total" } else { ["a", "b"][row % 2] };
        format!("{},{row},{kind}", row % 7)
    });
    says(&total, NUMBERS, &["line 61, column \"kind\": the last row is called \"Total\""]);
}

#[test]
fn the_most_important_columns_are_shown() {
    let contents =
        table("x,z,y", 60, |row| format!("{},{},{}", number(row), row % 5, 3.0 * number(row)));
    let (place, Finished { stdout, .. }) =
        train(&contents, &format!("{NUMBERS} --epochs 200 --learning-rate 0.02"));
    assert!(stdout.contains("the test R2 if the column is shuffled): \"x\" "), "{stdout}");
    assert_eq!(place.rows("out/importance.csv").1.len(), 2);
}

#[test]
fn scores_are_printed_also_if_importances_cannot_be_written() {
    let contents = table("x,y", 60, |row| format!("{},{}", number(row), 3.0 * number(row)));
    let (place, _) = train(&contents, NUMBERS);
    let finished = place.nnfs("evaluate out data.csv --importance no/such/folder/i.csv");
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    assert!(finished.stdout.contains("\nr2 "), "{}", finished.stdout);
}

#[test]
fn importances_of_many_columns_take_no_minutes() {
    let names: Vec<String> = (0..1500).map(|column| format!("c{column}")).collect();
    let contents = table(&format!("{},y", names.join(",")), 400, |row| {
        let values: Vec<String> =
            (0..1500).map(|column| (row * (column + 3) % 97).to_string()).collect();
        format!("{},{row}", values.join(","))
    });
    let wide = format!("{NUMBERS} --hidden 4096 --epochs 1 --test-fraction 0.3");
    let (place, finished) = train(&contents, &wide);
    let words = ["note: importance of the columns is missing", "--importance of nnfs evaluate"];
    assert!(words.iter().all(|it| finished.stdout.contains(it)), "{}", finished.stdout);
    assert!(place.text("out/report.html").contains("importance of the columns is missing"));
    assert_eq!(place.text("out/importance.csv"), "column,importance,deviation\n");
}

#[test]
fn the_standard_input_may_be_the_data() {
    let contents = table("x,y", 60, |row| format!("{},{}", number(row), 3.0 * number(row)));
    let (place, _) = train(&contents, NUMBERS);
    let of = |words: &str| {
        let data = std::fs::File::open(place.path().join("data.csv")).unwrap();
        let output = place.command(words).stdin(data).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    assert_eq!(of("predict out - --out -"), of("predict out data.csv --out -"));
    assert_eq!(of("evaluate out - --json"), of("evaluate out data.csv --json"));
    of(&format!("train - --out piped --epochs 2 {NUMBERS}"));
    assert_eq!(place.bytes("piped/model.safetensors"), place.bytes("out/model.safetensors"));
}

#[test]
fn years_of_two_digits_in_both_centuries_are_reported() {
    let contents =
        table("born,y", 60, |row| format!("{:02}.03.{},{row}", 1 + row % 28, 40 + row % 50));
    says(&contents, NUMBERS, &["line 2, column \"born\"", "1969 to 2068", "four digits"]);
}

#[test]
fn decimal_commas_and_points_between_thousands_are_found_together() {
    let row = |row: usize| match row % 7 {
        3 => format!("{};1.{:03},25", row % 5, 100 + row),
        _ => format!("{};{},25", row % 5, 100 + row),
    };
    let rows: String = (0..60).map(|index| row(index) + "\n").collect();
    let place = Place::new();
    place.write("data.csv", format!("x;y\n{rows}"));
    let train = format!("train data.csv --epochs 1 --out out {NUMBERS}");
    let finished = place.nnfs(&train);
    let error = finished.stderr.lines().last().unwrap();
    assert!(error.starts_with("error: data.csv, line 5, column \"y\""), "{error}");
    assert!(error.contains("found \"1.103,25\", which is 1103.25"), "{error}");
    assert!(error.ends_with("; see --decimal , --thousands ."), "{error}");
    place.succeed(&format!("{train} --decimal , --thousands ."));
    // Also before the task is known.
    let finished = place.nnfs("train data.csv --epochs 1 --out out --target y");
    let without_task = finished.stderr.lines().last().unwrap();
    assert!(without_task.ends_with("; see --decimal , --thousands ."), "{without_task}");
}

//! What is odd in a table, as a user reads it: row numbers, words that hardly repeat, missing values,
//! numbers far from those of the training rows.

use std::process::Output;

use crate::program::Place;

const TRAIN: &str = "train data.csv --target y --task regression --epochs 1 --quiet --out out";

/// The lines of a table of 60 rows.
fn write(place: &Place, header: &str, row: impl Fn(usize) -> String) {
    let lines: String = (0..60).map(|index| row(index) + "\n").collect();
    place.write("data.csv", format!("{header}\n{lines}"));
}

#[test]
fn columns_that_number_the_rows_are_reported() {
    let place = Place::new();
    write(&place, ",\"a, b\",x,other,y", |row| {
        format!("{row},{},{},{},{}", 60 - row, row % 9, 2 * row, row % 9 + 1)
    });
    let warnings = place.succeed(TRAIN).stderr;
    let lines: Vec<&str> = warnings.lines().collect();
    let [nameless, named] = lines[..] else { panic!("{warnings}") };
    assert!(nameless.starts_with(r#"warning: data.csv, line 2, column "": "#), "{nameless}");
    assert!(nameless.contains("from 0 to 59") && nameless.ends_with("; see --ignore ''"));
    assert!(named.starts_with(r#"warning: data.csv, line 2, column "a, b": "#), "{named}");
    assert!(named.contains("from 1 to 60") && named.ends_with("; see --ignore"), "{named}");
    // It is a line of the training, and the options do what they say.
    assert!(!place.succeed("predict out data.csv --out p.csv").stderr.contains("warning"));
    let mut command = place.command(TRAIN);
    let Output { status, stderr, .. } =
        command.args(["--ignore", "", "--ignore", "\"a, b\""]).output().unwrap();
    assert!(status.success() && stderr.is_empty(), "{}", String::from_utf8_lossy(&stderr));
}

/// The warning does not depend on which rows are left out of the training.
#[test]
fn weights_and_outliers_leave_the_row_numbers() {
    let place = Place::new();
    write(&place, "id,x,w,y", |row| {
        let y = if row == 20 { 1_000_000 } else { row % 9 };
        format!("{row},{},{},{y}", row % 7, usize::from(row != 10))
    });
    let warnings = place.succeed(&format!("{TRAIN} --weight w")).stderr;
    assert!(warnings.contains(r#"column "id": the column numbers the rows"#), "{warnings}");
}

#[test]
fn the_option_for_all_columns_of_words_that_hardly_repeat_is_ready() {
    let place = Place::new();
    write(&place, r#"x,name,kind,"last, first",it's,y"#, |row| {
        let kind = ["a", "b"][row % 2];
        format!("{},n{row},{kind},\"l{row}, f\",c{row},{row}", row * row)
    });
    let line = place.fail(1, TRAIN);
    assert!(line.starts_with(r#"data.csv, line 2, column "name": "#), "{line}");
    assert!(line.contains(r#"columns "last, first" (60 different words), "it's" (60 "#), "{line}");
    let ready = r#"--ignore 'name,"last, first",it'\''s'"#;
    assert!(line.contains(&format!("; see {ready} or --categorical")), "{line}");
    // As the shell gives it to the command.
    let mut command = place.command(TRAIN);
    let finished = command.args(["--ignore", r#"name,"last, first",it's"#]).output().unwrap();
    assert!(finished.status.success(), "{finished:?}");

    write(&place, "x,name,ticket,y", |row| format!("{},n{row},t{row},{row}", row * row));
    let line = place.fail(1, TRAIN);
    assert!(line.ends_with(r#"; see --ignore "name,ticket" or --categorical"#), "{line}");
    place.succeed(&format!("{TRAIN} --ignore name,ticket"));
    // A target cannot be ignored.
    let line = place.fail(1, "train data.csv --target name --task classification --out out");
    assert!(line.ends_with("; see --target and --categorical"), "{line}");
}

#[test]
fn a_warning_says_what_is_done_where_a_value_is_missing() {
    let place = Place::new();
    write(&place, "number,word,date,flag,y", |row| {
        let missing = row % 5 == 0;
        let or_missing = |text: String| if missing { "NA".to_owned() } else { text };
        let values = [
            or_missing((row * row).to_string()),
            or_missing(["a", "b", "c"][row % 3].to_owned()),
            or_missing(format!("2021-{:02}-{:02}", 1 + row % 12, 1 + row % 28)),
            or_missing("3".to_owned()),
        ];
        format!("{},{row}", values.join(","))
    });
    let warnings = place.succeed(TRAIN).stderr;
    for (column, words) in [
        (
            "number",
            "a missing number is filled with the mean of the training rows, and another input",
        ),
        ("word", "a missing word is taken as a category"),
        ("date", "a missing date is filled with the means of the training rows, and another input"),
        ("flag", "an input marks the missing numbers"),
    ] {
        let start =
            format!("warning: data.csv, line 2, column {column:?}: 12 of 60 values are missing");
        let line = warnings.lines().find(|line| line.starts_with(&start));
        assert!(line.is_some_and(|line| line.contains(words)), "{column}: {warnings}");
    }
    // Missing where training had all values.
    write(&place, "number,word,flag,y", |row| {
        format!("{},{},3,{row}", row * row, ["a", "b"][row % 2])
    });
    place.succeed(TRAIN);
    place.write("new.csv", "number,word,flag,other\n,,,1\n");
    let warnings = place.succeed("predict out new.csv --out p.csv").stderr;
    for (column, words) in [
        ("number", "a missing number is filled with the mean of the training rows\n"),
        ("word", "a missing word is taken as a category that training has not seen\n"),
        ("flag", "the column has no influence\n"),
    ] {
        let lines = warnings.lines().map(|line| line.to_owned() + "\n");
        let mut lines = lines.filter(|line| line.contains(&format!("column {column:?}")));
        assert!(lines.any(|line| line.ends_with(words)), "{column}: {warnings}");
    }
}

#[test]
fn predicted_numbers_far_from_the_training_rows_are_reported() {
    let place = Place::new();
    write(&place, "age,fare,y", |row| {
        let fare = if row == 7 { 1_000_000 } else { row % 11 };
        format!("{},{fare},{row}", 20 + row * 7 % 50)
    });
    assert_eq!(place.succeed(TRAIN).stderr.lines().count(), 1);
    place.write("new.csv", "age,fare,y\n30,3,3\n-9999,4,3\n70,-500,1\n");
    for words in ["predict out new.csv --out p.csv", "evaluate out new.csv"] {
        let warnings = place.succeed(words).stderr;
        let lines = warnings.lines().filter(|line| line.starts_with("warning: "));
        let lines: Vec<&str> = lines.collect();
        let [far, limited] = lines[..] else { panic!("{warnings}") };
        let start =
            r#"warning: new.csv, line 3, column "age": 1 of 3 rows has a value more than 30 "#;
        assert!(far.starts_with(start) && far.contains(r#""-9999""#), "{far}");
        let start = r#"warning: new.csv, line 4, column "fare": 1 of 3 rows has a number outside "#;
        assert!(limited.starts_with(start) && limited.contains(r#""-500""#), "{limited}");
    }
}

#[test]
fn a_frequent_kind_of_warning_does_not_hide_a_rare_one() {
    let place = Place::new();
    let names: Vec<String> = (0..70).map(|column| format!("x{column}")).collect();
    write(&place, &format!("{},size,y", names.join(",")), |row| {
        let values: Vec<String> = (0..70).map(|column| (row + column).to_string()).collect();
        let size = if row == 9 { String::new() } else { (row * row).to_string() };
        format!("{},{size},{}", values.join(","), row % 7)
    });
    let warnings = place.succeed(TRAIN).stderr;
    let lines: Vec<&str> = warnings.lines().collect();
    assert_eq!(lines.len(), 10 + 1 + 1, "{warnings}");
    assert_eq!(lines[10], "warning: 60 more like the last one; metrics.json will have all of them");
    assert!(
        lines[11].contains(r#"line 11, column "size": 1 of 60 values is missing; "#),
        "{warnings}"
    );
    let metrics = place.text("out/metrics.json");
    assert!(metrics.contains("x69") && metrics.contains("size"), "{metrics}");
    let far = vec!["-99999"; 70].join(",");
    place.write("new.csv", format!("{},size\n{far},3\n", names.join(",")));
    let warnings = place.succeed("predict out new.csv --out p.csv").stderr;
    let lines: Vec<&str> = warnings.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert_eq!(lines.len(), 50 + 1, "{warnings}");
    assert_eq!(lines[50], "warning: 20 more like the last one");
}

#[test]
fn what_is_odd_in_several_columns_is_one_line() {
    let place = Place::new();
    write(&place, "a,b,c,one,two,three,word,y", |row| {
        let value = |column: usize| match row % (column + 2) {
            0 => "NA".to_owned(),
            _ => (row * column % 11).to_string(),
        };
        let values: Vec<String> = (1..=3).map(value).collect();
        format!("{},1,two,,{},{row}", values.join(","), ["u", "v"][row % 2])
    });
    let train = |options: &str| place.succeed(&format!("{TRAIN} {options}")).stderr;
    let warnings = train("");
    let lines: Vec<&str> = warnings.lines().collect();
    let [missing, constant] = lines[..] else { panic!("{warnings}") };
    let start = "warning: data.csv: 3 columns have missing values: ";
    assert!(missing.starts_with(start), "{missing}");
    let columns = r#""a" (20 of 60, line 2), "b" (15 of 60, line 2), "c" (12 of 60, line 2); "#;
    assert!(missing.contains(columns) && missing.contains("mean"), "{missing}");
    assert!(constant.contains(r#""one" ("1", line "#), "{constant}");
    assert!(constant.contains(r#""three" (missing, line "#), "{constant}");
    // Each has a line in the file of the metrics, and where there are fewer of them.
    let metrics = place.text("out/metrics.json");
    assert!(metrics.contains(r#"column \"b\": 15 of 60 values are missing"#), "{metrics}");
    // The page has the same lines.
    let page = place.text("out/report.html");
    assert!(page.contains("data.csv: 3 columns have missing values: "), "no line");
    // The quotes are escaped as below.
    assert!(page.contains("\\\"b\\\" (15 of 60, line 2)"), "no column b");
    assert!(!page.contains("column \\\"b\\\": 15 of 60"), "a line for each");
    let warnings = train("--ignore b,c,one,three");
    assert!(warnings.contains(r#"column "a": 20 of 60 values are missing"#), "{warnings}");
    assert_eq!(warnings.lines().count(), 2, "{warnings}");
}

#[test]
fn names_and_values_are_shown_short_and_without_control_characters() {
    let place = Place::new();
    let (long, digits, word) = ("n".repeat(100_000), "0".repeat(5_000), "k".repeat(300_000));
    write(&place, &format!("\u{1b}[31mred,{long},kind,zero,y"), |row| {
        let kind = ["\u{1b}]0;title\u{7}", &word, "\"two\nlines\""][row % 3];
        format!("{},{},{kind},1.{digits},class \u{1b}[1m{}", row * row, row * row, row % 2)
    });
    let words = "train data.csv --target y --task classification --epochs 1 --out out";
    let trained = place.succeed(words);
    let shown = place.succeed("show out");
    for text in [trained.stdout, trained.stderr, shown.stdout.clone()] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'), "{text:?}");
        assert!(text.lines().all(|line| line.chars().count() < 400), "{text}");
    }
    for line in [
        r"inputs         \u{1b}[31mred",
        &format!("{}…", "n".repeat(40)),
        &format!(r"kind (\u{{1b}}]0;title\u{{7}} | {}… | two\nlines)", "k".repeat(40)),
        &format!("zero (no input: always 1.{}… in training)", "0".repeat(38)),
        r"targets        y (class \u{1b}[1m0 | class \u{1b}[1m1)",
    ] {
        let is_there = shown.stdout.lines().any(|found| found.trim_start() == line);
        assert!(is_there, "{line}: {}", shown.stdout);
    }
}

#[test]
fn a_target_that_cannot_be_learned_gets_a_hint() {
    let place = Place::new();
    write(&place, "x,y", |row| format!("{row},{}", ["True", "False"][row % 2]));
    let line = place.fail(1, TRAIN);
    assert!(line.starts_with(r#"data.csv, line 2, column "y": "#), "{line}");
    assert!(line.ends_with("; see --task"), "{line}");
    write(&place, "x,y", |row| format!("{row},{}", if row == 7 { "" } else { "1.5" }));
    let line = place.fail(1, TRAIN);
    assert!(line.starts_with(r#"data.csv, line 9, column "y": "#), "{line}");
    assert!(line.ends_with("remove this row, or use --missing-target skip"), "{line}");
}

#[test]
fn every_form_of_the_dates_of_a_column_is_reported() {
    let place = Place::new();
    write(&place, "d,y", |row| match row % 2 {
        0 => format!("2024-01-{:02},{row}", 1 + row % 28),
        _ => format!("{:02}.06.2021,{row}", 1 + row % 28),
    });
    let train = TRAIN.replace(" --quiet", "");
    let warnings = place.succeed(&train).stderr;
    let forms = r#""2024-01-01" as year-month-day, "02.06.2021" as day.month.year"#;
    assert!(warnings.lines().any(|line| line.ends_with(forms)), "{warnings}");
    write(&place, "d,y", |row| {
        format!("2024-01-{:02} 10:00{},{row}", 1 + row % 28, ["", "+02:00"][row % 2])
    });
    let warnings = place.succeed(&train).stderr;
    assert!(warnings.contains("offset are taken as UTC"), "{warnings}");
}

#[test]
fn words_that_may_be_meant_as_numbers_are_reported() {
    let place = Place::new();
    for unit in [["KG", "kg"], ["kg", "g"]] {
        write(&place, "w,y", |row| format!("{} {},{row}", 5 + row % 3, unit[row % 2]));
        let warnings = place.succeed(TRAIN).stderr;
        let line = warnings.lines().find(|line| line.contains("look like numbers or durations"));
        let line = line.unwrap_or_else(|| panic!("{warnings}"));
        assert!(line.starts_with(r#"warning: data.csv, line 2, column "w": "#), "{line}");
        assert!(line.ends_with("; see --categorical"), "{line}");
    }
    let declared = place.succeed(&format!("{TRAIN} --categorical w")).stderr;
    assert!(!declared.contains("look like numbers or durations"), "{declared}");
}

#[test]
fn numbers_of_two_units_are_named_with_their_lines() {
    let place = Place::new();
    write(&place, "w,y", |row| {
        format!("{},{row}", if row == 7 { format!("€{row}") } else { format!("${row}") })
    });
    let line = place.fail(1, TRAIN);
    assert!(line.starts_with(r#"data.csv, line 9, column "w": "#), "{line}");
    assert!(line.contains("€7") && line.contains("line 2"), "{line}");
    write(&place, "w,y", |row| format!("{row} kg,{row}"));
    place.succeed(TRAIN);
    place.write("new.csv", "w\n10 kg\n20000 g\n");
    let line = place.fail(1, "predict out new.csv --out p.csv");
    assert!(line.starts_with(r#"new.csv, line 3, column "w": "#), "{line}");
    assert!(line.contains("20000 g") && line.contains("line 2"), "{line}");
}

#[test]
fn numbers_that_are_too_close_together_are_refused() {
    let place = Place::new();
    for (header, column) in [("x,y", "x"), ("y,x", "y")] {
        write(&place, header, |row| format!("{row}e-200,{row}"));
        let line = place.fail(1, TRAIN);
        assert!(line.contains(&format!("column {column:?}")) && line.contains("1e200"), "{line}");
    }
}

/// 2999-01-05 is far from all other dates.
#[test]
fn limits_of_dates_are_dates() {
    let place = Place::new();
    write(&place, "d,y", |row| match row {
        59 => "2999-01-05,3".to_owned(),
        _ => format!("202{}-{:02}-{:02},{}", 3 + row % 2, 1 + row % 12, 1 + row % 28, row % 7),
    });
    let warnings = place.succeed(TRAIN).stderr;
    assert!(
        warnings.contains("2999-01-05 lies far from all others: dates outside 202"),
        "{warnings}"
    );
    place.write("new.csv", "d\n2024-05-05\n2999-05-05\n");
    let warnings = place.succeed("predict out new.csv --out p.csv").stderr;
    assert!(warnings.contains("1 of 2 rows has a date outside 202"), "{warnings}");
}

/// The limits of times stay inside the day. Those of the sine and the cosine of the time have no warning.
#[test]
fn limits_of_times_are_times_of_one_day() {
    let place = Place::new();
    write(&place, "t,y", |row| match row {
        59 => "12:00,3".to_owned(),
        _ => format!("00:{:02},{}", 5 + row * 7 % 50, row % 7),
    });
    let warnings = place.succeed(TRAIN).stderr;
    let limits = "12:00 lies far from all others: times outside 00:00 to 01:";
    assert!(warnings.contains(limits), "{warnings}");
    assert!(!warnings.contains("numbers outside"), "{warnings}");
}

/// Years of two digits in front of a time of 12 hours, and of a time zone.
#[test]
fn years_of_two_centuries_are_reported_in_front_of_a_time() {
    for time in ["10:00 PM", "22:00 UTC", "10:00"] {
        let place = Place::new();
        write(&place, "d,y", |row| {
            format!("12/{:02}/{} {time},{}", row % 28 + 1, row + 35, row % 7)
        });
        let warnings = place.succeed(TRAIN).stderr;
        assert!(warnings.contains("years of two digits"), "{time}: {warnings}");
    }
}

/// A date without a time is read as midnight, which the user sees.
#[test]
fn a_date_without_a_time_is_reported() {
    let place = Place::new();
    write(&place, "d,y", |row| {
        format!("2024-{:02}-{:02} {:02}:30,{}", row % 12 + 1, row % 28 + 1, row % 24, row % 7)
    });
    assert!(!place.succeed(TRAIN).stderr.contains("without"));
    place.write("new.csv", "d\n2024-05-05 10:00\n2024-05-05\n");
    let warnings = place.succeed("predict out new.csv --out p.csv").stderr;
    assert!(warnings.contains("1 of 2 rows has a date without a time"), "{warnings}");
    place.write("new.csv", "d\n2024-05\n2024-06\n");
    let warnings = place.succeed("predict out new.csv --out p.csv").stderr;
    assert!(
        warnings.contains("2 of 2 rows have a date without a day, such as a month"),
        "{warnings}"
    );
}

/// A message shows the first 40 characters of a name.
#[test]
fn a_long_name_of_the_target_does_not_hide_the_option() {
    for name in ["y".to_owned(), "y".repeat(50)] {
        let place = Place::new();
        write(&place, &format!("x,{name}"), |row| format!("{row},{}", ["a", "b"][row % 2]));
        let line =
            place.fail(1, &format!("train data.csv --target {name} --task regression --out out"));
        assert!(line.contains("; see --task"), "{line}");
    }
}

//! Columns of dates: read as numbers, or refused with the option that decides.

use std::fmt::Write;

use crate::program::{Place, number};

const TRAIN: &str = "train data.csv --target y --task regression --epochs 200 --learning-rate 0.01 \
                     --quiet --out out";

const SHORT: &str = "train data.csv --target y --task regression --epochs 2 --quiet --out out";

/// A sale of each of these days of 2023, higher on weekends and in summer, with its date.
fn sales(days: u32, date: impl Fn(u32, u32) -> String) -> String {
    let mut text = "when,x,y\n".to_owned();
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for day in 0..days {
        let (mut month, mut of_month) = (0, day);
        while of_month >= lengths[month] {
            of_month -= lengths[month];
            month += 1;
        }
        let season = -f64::cos(std::f64::consts::TAU * f64::from(day) / 365.0);
        // The year starts on a Sunday.
        let weekend = if day % 7 == 0 || day % 7 == 6 { 1.5 } else { 0.0 };
        let x = (f64::from(day) * 0.618_034).fract();
        let y = 2.0 * season + weekend + x;
        writeln!(text, "{},{x:.4},{y:.4}", date(of_month + 1, month as u32 + 1)).unwrap();
    }
    text
}

/// The same command with its notes.
fn loud(command: &str) -> String {
    command.replace(" --quiet", "")
}

fn r2(place: &Place) -> f64 {
    place.json("out/metrics.json")["test"]["r2"].as_f64().unwrap()
}

#[test]
fn dates_of_every_form_are_read() {
    type Form = fn(u32, u32) -> String;
    let forms: [(Form, &str); 5] = [
        (|day, month| format!("2023-{month:02}-{day:02}"), "year-month-day"),
        (|day, month| format!("{day:02}.{month:02}.2023"), "day.month.year"),
        (|day, month| format!("{month}/{day}/2023"), "month/day/year"),
        (|day, month| format!("{day}/{month}/2023"), "day/month/year"),
        (|day, month| format!("2023-{month:02}-{day:02}T00:00:00Z"), "year-month-day and a time"),
    ];
    let mut predictions = Vec::new();
    for (form, pattern) in forms {
        let place = Place::new();
        place.write("data.csv", sales(365, form));
        assert_eq!(place.succeed(TRAIN).stderr, "");
        let stderr = place.succeed(&loud(TRAIN)).stderr;
        assert!(stderr.starts_with(r#"note: data.csv, line 2, column "when": "#), "{stderr}");
        assert!(stderr.contains(pattern), "{stderr}");
        assert!(r2(&place) > 0.95, "{pattern}: {}", r2(&place));
        // The same days in another form, without a target.
        place.write("new.csv", "x,when\n0.5,2023-07-02\n0.5,2023-01-03\n");
        place.succeed("predict out new.csv --out new_predictions.csv");
        let (names, rows) = place.rows("new_predictions.csv");
        let column = names.iter().position(|name| name == "prediction").unwrap();
        let new: Vec<f64> = rows.iter().map(|row| number(&row[column])).collect();
        // A Sunday in summer, and a Tuesday in winter.
        assert!(new[0] - new[1] > 3.0, "{new:?}");
        predictions.push(new);
    }
    assert!(predictions.windows(2).all(|pair| pair[0] == pair[1]), "{predictions:?}");
}

#[test]
fn an_ambiguous_order_is_refused_with_the_option() {
    let place = Place::new();
    // The first 12 days of two months.
    let text = sales(43, |day, month| format!("{day}/{month}/2023"));
    let few =
        |line: &&str| !line.starts_with(|c: char| c.is_ascii_digit()) || line.find('/') == Some(1);
    let text: Vec<&str> = text.lines().filter(few).collect();
    place.write("data.csv", text.join("\n"));
    let line = place.fail(1, TRAIN);
    let start = r#"data.csv, line 3, column "when": "#;
    assert!(line.starts_with(start) && line.contains("--date-order"), "{line}");
    for (order, pattern) in [("day", "day/month/year"), ("month", "month/day/year")] {
        let train = loud(TRAIN);
        let stderr = place.succeed(&format!("{train}-{order} --date-order {order}")).stderr;
        assert!(stderr.contains(pattern), "{stderr}");
    }
}

#[test]
fn a_date_that_cannot_be_read_is_an_error() {
    let place = Place::new();
    let text = sales(60, |day, month| format!("2023-{month:02}-{day:02}"));
    place.write("data.csv", text.replace("2023-02-03", "someday"));
    let line = place.fail(1, TRAIN);
    let start = r#"data.csv, line 35, column "when": "#;
    assert!(line.starts_with(start) && line.contains("someday"), "{line}");
    // Missing dates are filled.
    place.write("data.csv", text.replace("2023-02-03", ""));
    place.succeed(TRAIN);
    place.write("new.csv", "when,x\n2023-02-30,0.5\n");
    let line = place.fail(1, "predict out new.csv --out p.csv");
    assert!(line.starts_with(r#"new.csv, line 2, column "when": "#), "{line}");
}

#[test]
fn an_order_that_training_does_not_show_is_found_or_refused() {
    let place = Place::new();
    place.write("data.csv", sales(200, |day, month| format!("2023-{month:02}-{day:02}")));
    place.succeed(TRAIN);
    let predictions = |text: &str, option: &str| {
        place.write("new.csv", text);
        place.succeed(&format!("predict out new.csv --out p.csv {option}"));
        place.rows("p.csv").1
    };
    let expected = predictions("when,x\n2023-04-13,0.5\n2023-05-06,0.5\n", "");
    assert_eq!(predictions("when,x\n04/13/2023,0.5\n05/06/2023,0.5\n", ""), expected);
    assert_eq!(predictions("when,x\n13/04/2023,0.5\n06/05/2023,0.5\n", ""), expected);
    let expected = predictions("when,x\n2023-05-06,0.5\n", "");
    assert_eq!(predictions("when,x\n05/06/2023,0.5\n", "--date-order month"), expected);
    place.write("new.csv", "when,x,y\n05/05/2023,0.5,0\n05/06/2023,0.5,1\n");
    for command in ["predict out new.csv --out p.csv", "evaluate out new.csv"] {
        let line = place.fail(1, command);
        let start = r#"new.csv, line 3, column "when": "#;
        assert!(line.starts_with(start) && line.contains("--date-order"), "{line}");
        place.succeed(&format!("{command} --date-order day"));
    }
}

#[test]
fn the_order_of_the_training_is_kept() {
    let place = Place::new();
    place.write("data.csv", sales(200, |day, month| format!("{month}/{day}/2023")));
    place.succeed(TRAIN);
    place.write("iso.csv", "when,x\n2023-05-06,0.5\n");
    place.write("us.csv", "when,x\n05/06/2023,0.5\n");
    for file in ["iso", "us"] {
        place.succeed(&format!("predict out {file}.csv --out {file}_p.csv"));
    }
    assert_eq!(place.rows("iso_p.csv"), place.rows("us_p.csv"));
}

#[test]
fn times_among_dates_and_dates_among_times_are_refused() {
    let place = Place::new();
    let dates = sales(60, |day, month| format!("2023-{month:02}-{day:02}"));
    let times = sales(60, |day, month| format!("{:02}:{month:02}", day % 24));
    for (name, text, other) in [("dates", &dates, "04:36"), ("times", &times, "2023-05-06 08:15")] {
        place.write("data.csv", text);
        place.succeed(&format!("{TRAIN}-{name}"));
        place.write("new.csv", format!("when,x\n{other},0.5\n"));
        let line = place.fail(1, &format!("predict out-{name} new.csv --out p.csv"));
        let start = r#"new.csv, line 2, column "when": "#;
        assert!(line.starts_with(start) && line.contains(other), "{line}");
        // In a training as well.
        let row = text.lines().nth(5).unwrap();
        let mixed = row.split_once(',').unwrap().1;
        place.write("data.csv", text.replace(row, &format!("{other},{mixed}")));
        let line = place.fail(1, TRAIN);
        let start = r#"data.csv, line 6, column "when": "#;
        assert!(line.starts_with(start) && line.contains(other), "{line}");
    }
}

#[test]
fn years_of_two_digits_months_and_weeks_do_not_become_an_input_a_day() {
    type Form = fn(u32, u32) -> String;
    let forms: [(Form, &str); 6] = [
        (|day, month| format!("{day:02}.{month:02}.23"), "day.month.year with a year"),
        (|day, month| format!("{month:02}/{day:02}/23"), "month/day/year with a year"),
        (|day, month| format!("{day}-{}-23", MONTHS[month as usize - 1]), "with a year"),
        (|_, month| format!("{month:02}/2023"), "month and year"),
        (|_, month| format!("{}-2023", MONTHS[month as usize - 1]), "a month by its name"),
        (|day, month| format!("2023-W{:02}", 4 * month + day / 8), "week"),
    ];
    for (form, pattern) in forms {
        let place = Place::new();
        place.write("data.csv", sales(365, form));
        let run = place.succeed(&SHORT.replace("--quiet", ""));
        let stderr = run.stderr;
        let note = stderr.lines().find(|line| line.contains("read as dates"));
        let note = note.unwrap_or_else(|| panic!("{stderr}"));
        assert!(note.contains(pattern), "{note}");
        let inputs = run.stdout.lines().find(|line| line.contains("inputs")).unwrap();
        assert!(["as 4 inputs", "as 6 inputs"].iter().any(|it| inputs.contains(it)), "{inputs}");
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[test]
fn words_that_look_like_dates_or_numbers_are_refused() {
    type Form = fn(u32, u32) -> String;
    let forms: [(Form, &str); 5] = [
        (|day, month| format!("{}-{day}", MONTHS[month as usize - 1]), "looks like"),
        (|day, month| format!("2023-{month:02}-{day:02} 10:46 CET"), "time zone"),
        (|day, month| format!("{day:02}/{month:02}/23"), "--date-order"),
        (|day, _| format!("<{day}"), "begin like numbers"),
        (|day, month| format!("{month}/{}", 13 + day), "begin like numbers"),
    ];
    for (form, word) in forms {
        let place = Place::new();
        // Each word several times.
        let text = sales(90, form);
        let rows = text.split_once('\n').unwrap().1.repeat(5);
        place.write("data.csv", format!("when,x,y\n{rows}"));
        let line = place.fail(1, TRAIN);
        let start = r#"data.csv, line 2, column "when": "#;
        assert!(line.starts_with(start) && line.contains(word), "{line}");
        if !word.starts_with("--") {
            assert!(line.contains("--categorical"), "{line}");
            place.succeed(&format!("{SHORT} --categorical when"));
        }
    }
}

#[test]
fn the_order_that_is_given_is_for_columns_that_do_not_show_it() {
    let place = Place::new();
    let us = sales(200, |day, month| format!("{month}/{day}/2023"));
    let mut text = "due,".to_owned();
    for (index, line) in us.lines().enumerate() {
        if index > 0 {
            write!(text, "{}/{}/2022,", index % 12 + 1, index % 11 + 1).unwrap();
        }
        text.push_str(line);
        text.push('\n');
    }
    place.write("data.csv", text);
    assert!(place.fail(1, TRAIN).contains("--date-order"));
    let stderr = place.succeed(&format!("{} --date-order day", loud(TRAIN))).stderr;
    let of = |name: &str| stderr.lines().find(|line| line.contains(name)).unwrap_or_default();
    assert!(of(r#"column "due""#).contains("day/month/year"), "{stderr}");
    assert!(of(r#"column "when""#).contains("month/day/year"), "{stderr}");
}

#[test]
fn integers_that_are_all_dates_get_a_warning() {
    let place = Place::new();
    place.write("data.csv", sales(90, |day, month| format!("2023{month:02}{day:02}")));
    let stderr = place.succeed(SHORT).stderr;
    let start = r#"warning: data.csv, line 2, column "when": "#;
    let line = stderr.lines().find(|line| line.contains("20230101")).unwrap();
    assert!(line.starts_with(start) && line.contains("--categorical"), "{stderr}");
}

#[test]
fn categories_that_differ_only_in_case_get_a_warning() {
    let place = Place::new();
    let booleans = ["true", "False", "TRUE", "false"];
    let text = sales(200, |day, month| booleans[(day + 3 * month) as usize % 4].to_owned());
    place.write("data.csv", &text);
    let stderr = place.succeed(SHORT).stderr;
    let found = stderr.lines().find(|line| line.contains(r#""False", "false""#)).unwrap();
    let is_placed =
        |line: usize| found.contains(&format!("data.csv, line {line}, column \"when\""));
    assert!((2..6).any(is_placed), "{found}");
    let classes =
        SHORT.replace("--target y --task regression", "--target when --task classification");
    let line = place.fail(1, &classes);
    assert!(
        line.contains("upper and lower case") && line.ends_with("; see --categorical"),
        "{line}"
    );
    let declared = place.succeed(&format!("{classes} --categorical when")).stderr;
    assert!(declared.contains(r#""False", "false""#), "{declared}");
}

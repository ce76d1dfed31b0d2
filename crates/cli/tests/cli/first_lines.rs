//! First lines as spreadsheets, R and people write them, and names of columns with a comma.

use std::fmt::Write;

use crate::program::{Finished, Place};

/// A file with these first lines, and 30 rows of `x` and `y = 3x`.
fn file(first: &str, row: impl Fn(usize) -> String) -> String {
    let mut text = first.to_owned();
    (0..30).for_each(|index| writeln!(text, "{}", row(index)).unwrap());
    text
}

fn plain(index: usize) -> String {
    format!("{}.5,{}", index % 11, 3 * (index % 11))
}

/// Runs `train` on a file. Words of options with spaces are joined by `_`.
fn train(contents: &str, options: &str) -> (Place, Finished) {
    let place = Place::new();
    place.write("data.csv", contents);
    let mut command = place.command("train data.csv --epochs 2 --out out");
    command.args(options.split(' ').map(|word| word.replace('_', " ")));
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    (place, Finished { code: output.status.code(), stdout, stderr })
}

const NUMBERS: &str = "--target y --task regression";

#[track_caller]
fn fails(contents: &str, options: &str, words: &[&str]) {
    let (_, Finished { code, stdout, stderr }) = train(contents, options);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    let line = stderr.lines().last().unwrap();
    words.iter().for_each(|word| assert!(line.contains(word), "expected {word}, found {line}"));
}

#[track_caller]
fn trains(contents: &str, options: &str, columns: &str, word: &str) {
    let (_, Finished { code, stdout, stderr }) = train(contents, options);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    assert!(stdout.contains(columns), "{stdout}");
    assert!(stderr.contains(word), "{stderr}");
}

#[test]
fn files_of_r_and_excel_are_read() {
    let of_r = file("\"x\",\"y\"\n", |row| format!("\"{}\",{}", row + 1, plain(row)));
    trains(&of_r, NUMBERS, "1 column as 1 input", "note: data.csv: every row has one value more");
    let of_excel = file("sep=;\nx;y\n", |row| plain(row).replace(',', ";"));
    trains(&of_excel, NUMBERS, "1 column as 1 input", "note: data.csv, line 1: the line \"sep=;\"");
    let at_end = file("x,y\n", |row| format!("{},", plain(row)));
    trains(&at_end, NUMBERS, "1 column as 1 input", "left out 1 column");
}

#[test]
fn a_header_that_is_too_short_is_not_removed() {
    let commas = file("x,y\n", |row| format!("{row},3,{},95", 3 * row));
    fails(&commas, NUMBERS, &["line 2", "\"x,y\"", "found 4", "\"0,3,0,95\"", "--decimal"]);
    let days = file("day,y\n", |row| format!("Mon, {row:02} Jan,{row}"));
    fails(&days, NUMBERS, &["line 2", "\"day,y\"", "\"Mon, 00 Jan,0\"", "quotes"]);
    let quoted = file("x, z, y\n", |row| format!("{row}, \"q, r\", {row}"));
    fails(&quoted, NUMBERS, &["line 2", "remove the spaces before the quotes"]);
    fails(&file("x,y\n", plain), &format!("{NUMBERS} --delimiter ."), &["--delimiter"]);
}

#[test]
fn lines_above_the_names_are_found() {
    for (first, line) in [
        ("Sales report 2024,\nx,y\n", "line 2"),
        ("Table 1,\n,\nx,y\n", "line 3"),
        ("Size,Price\nx,y\n", "line 2"),
    ] {
        fails(&file(first, plain), NUMBERS, &["column \"y\"", line, "remove the lines above it"]);
    }
}

#[test]
fn a_second_line_of_units_is_named() {
    for units in ["(m2),(EUR)", "m2,-"] {
        let contents = file(&format!("x,y\n{units}\n"), plain);
        fails(&contents, NUMBERS, &["line 2", "second line of names or units", "remove"]);
    }
}

#[test]
fn a_file_that_ends_in_quotes_is_refused() {
    let contents = file("x,y,z\n", |row| format!("{},a", plain(row))) + "5,9,\"q1";
    fails(&contents, NUMBERS, &["line 32", "quote", "cut off"]);
}

#[test]
fn a_name_may_have_a_comma() {
    let contents = file("x,\"Price, USD\",\"id, no\"\n", |row| format!("{},{row}", plain(row)));
    for options in [
        "--target Price,_USD --task regression --ignore id,_no",
        "--target Price,_USD --task regression --ignore \"id,_no\"",
        "--target \"Price,_USD\" --task regression --ignore id,_no --categorical x",
        "--target x --task regression --ignore Price,_USD --categorical id,_no",
    ] {
        let (place, finished) = train(&contents, options);
        assert_eq!(finished.code, Some(0), "{options}: {}", finished.stderr);
        if options.starts_with("--target Price") {
            let keep = ["predict", "out", "data.csv", "--out", "-", "--keep", "Price, USD"];
            let output = place.command("").args(keep).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.starts_with("\"Price, USD\",prediction\n"), "{text}");
        }
    }
    let both = "--target x --task regression --ignore Price,_USD,id,_no";
    fails(&contents, both, &["column \"Price\"", "in quotes", "Price, USD"]);
}

#[test]
fn a_column_without_a_name_is_not_learned() {
    // A delimiter at the end of the first rows, and a value in a later one.
    let row = |row: usize| format!("{},{}", plain(row % 30), if row == 256 { "z" } else { "" });
    let mut late = "x,y\n".to_owned();
    (0..300).for_each(|index| writeln!(late, "{}", row(index)).unwrap());
    fails(&late, NUMBERS, &["line 258", "\"x,y\"", "found 3", ",z\""]);
    let twice = file("\"x\",\"y\"\n", |row| format!("\"{}\",{}", row % 10, plain(row)));
    fails(&twice, NUMBERS, &["line 2", "one for each name", "found 3"]);
    let title = file("Sales\n\"x\",\"y\"\n", |row| format!("\"a{row}\",\"{row}\""));
    fails(&title, NUMBERS, &["\"Sales\"", "remove the lines"]);
}

#[test]
fn an_option_replaces_the_delimiter_that_a_line_names() {
    let contents = file("sep=;\nx,y\n", plain);
    let options = format!("{NUMBERS} --delimiter ,");
    trains(&contents, &options, "1 column as 1 input", "\"sep=;\" names the delimiter, but ','");
}

#[test]
fn a_first_row_without_a_target_is_not_a_line_of_names() {
    let contents = file("x,y,z\nunknown,,a\n", |row| format!("{},b", plain(row)));
    fails(&contents, NUMBERS, &["line 2", "column \"y\"", "expected a target"]);
}

#[test]
fn the_whole_text_of_an_option_is_a_name_if_it_can_be() {
    let row = |row: usize| format!("{},{},{},{row}", row % 3, row * 7 % 11, row * 5 % 13);
    let contents = file("\"a,b\",a,b,y\n", row);
    let options = format!("{NUMBERS} --categorical a,b");
    // Three categories, and two numbers.
    trains(&contents, &options, "3 columns as 5 inputs", "");
}

#[test]
fn the_standard_input_is_read_once() {
    let place = Place::new();
    place.write("data.csv", file("\"a,b\",y\n", |row| format!("{},{}", row % 3, row)));
    let options = "train - --target y --task regression --epochs 2 --out out --categorical a,b";
    let input = std::fs::File::open(place.path().join("data.csv")).unwrap();
    let output = place.command(options).stdin(input).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

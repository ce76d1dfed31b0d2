//! Tables as people have them: other delimiters, marks and files, and columns that nobody needs.

use std::fmt::Write;

use crate::program::{Finished, Place};

/// Rows of `x` and `y = 3x` with a formatted `z` that says the same.
fn rows(header: &str, row: impl Fn(usize, f64) -> String) -> String {
    let mut text = format!("{header}\n");
    for index in 0..60 {
        let x = (index as f64 * 0.618_034).fract() * 8.0 + 1.0;
        writeln!(text, "{}", row(index, x)).unwrap();
    }
    text
}

const TRAIN: &str = "train data.csv --target y --task regression --epochs 2 --out out";

fn train(contents: impl AsRef<[u8]>, options: &str) -> Finished {
    let place = Place::new();
    place.write("data.csv", contents);
    place.nnfs(&format!("{TRAIN} {options}"))
}

/// Trains, and expects so many inputs of so many columns, and these words on stderr.
#[track_caller]
fn trains(contents: impl AsRef<[u8]>, options: &str, columns: &str, words: &[&str]) {
    let finished = train(contents, options);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(finished.stdout.contains(columns), "{}", finished.stdout);
    for word in words {
        assert!(finished.stderr.contains(word), "expected {word}, found {}", finished.stderr);
    }
}

/// Fails with these words, the last of which end the line.
#[track_caller]
fn fails(contents: impl AsRef<[u8]>, options: &str, words: &[&str]) {
    let finished = train(contents, options);
    assert_eq!(finished.code, Some(1), "{}{}", finished.stdout, finished.stderr);
    for word in words {
        assert!(finished.stderr.contains(word), "expected {word}, found {}", finished.stderr);
    }
    let end = words.last().unwrap();
    assert!(finished.stderr.trim_end().ends_with(end), "expected {end}, found {}", finished.stderr);
}

fn comma(number: f64) -> String {
    format!("{number:.2}").replace('.', ",")
}

#[test]
fn decimal_commas() {
    let german = rows("a;b;y", |row, x| format!("{};{};{}", comma(x), row % 7, comma(3.0 * x)));
    fails(&german, "", &["data.csv, line 2, column \"y\"", "see --decimal ,"]);
    fails(&german, "--ignore b", &["see --decimal ,"]);
    trains(&german, "--decimal ,", "2 columns as 2 inputs", &["note: data.csv: semicolons"]);
    // As inputs, in quotes, and with classes as the target.
    let quoted = rows("a,y", |row, x| format!("\"{}\",{row}", comma(x)));
    fails(&quoted, "", &["line 2, column \"a\"", "--decimal ,"]);
    trains(quoted, "--categorical a", "1 column as ", &[]);
}

#[test]
fn decimal_commas_with_classes() {
    let place = Place::new();
    place.write(
        "data.csv",
        rows("a;kind", |row, x| format!("{};{}", comma(x), ["p", "q"][row % 2])),
    );
    let words = "train data.csv --target kind --task classification --epochs 2 --out out";
    let finished = place.nnfs(words);
    assert_eq!(finished.code, Some(1), "{}", finished.stdout);
    assert!(finished.stderr.contains("--decimal ,"), "{}", finished.stderr);
    assert!(place.nnfs(&format!("{words} --decimal ,")).stdout.contains("1 column as 1 input"));
    // The model remembers the notation, and options change it.
    place.write("new.csv", "a\n1.5\n2.5\n");
    place.write("neu.csv", "a\n1,5\n2,5\n");
    let predict = |options: &str| place.nnfs(&format!("predict out --out - {options}"));
    let commas = predict("neu.csv");
    assert_eq!(commas.code, Some(0), "{}", commas.stderr);
    assert_eq!(predict("new.csv --decimal .").stdout, commas.stdout);
    let error = predict("new.csv").stderr;
    assert!(error.contains("line 2, column \"a\"") && error.contains("--decimal ."), "{error}");
}

#[test]
fn the_model_remembers_marks_and_units() {
    let place = Place::new();
    let german = rows("a;y", |row, x| format!("{}.{:03};{}", 1 + row, 37 * row % 1000, comma(x)));
    place.write("data.csv", german);
    place.succeed(&format!("{TRAIN} --thousands ."));
    place.write("new.csv", "a\n1.234\n");
    let predict = |file: &str| place.nnfs(&format!("predict out {file} --out -"));
    let remembered = predict("new.csv").stdout;
    assert_eq!(remembered, predict("new.csv --thousands .").stdout);
    assert_ne!(remembered, predict("new.csv --decimal .").stdout);
    place.succeed("evaluate out data.csv");

    let percent = rows("a,b,c,y", |row, x| format!("{row}%,$ {row},{row},{x}"));
    place.write("data.csv", percent);
    place.succeed(TRAIN);
    for (row, words) in [
        ("0.18,$5,3", ["line 2, column \"a\"", "\"%\"", "without a unit"]),
        ("18%,€5,3", ["line 2, column \"b\"", "\"$\"", "\"€\""]),
        ("18%,$5,3 kg", ["line 2, column \"c\"", "without a unit", "\"kg\""]),
        ("18%,$1,234.56,3", ["line 2, column \"b\"", "$1,234.56", "see --thousands ,"]),
    ] {
        let row = row.replace("$1,234.56", "\"$1,234.56\"");
        place.write("new.csv", format!("a,b,c\n{row}\n"));
        let Finished { code, stderr: error, .. } = place.nnfs("predict out new.csv --out -");
        assert_eq!(code, Some(1), "{error}");
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
    // A currency that is left out is a warning.
    place.write("new.csv", "a,b,c\n18%,5,3\n");
    let finished = place.succeed("predict out new.csv --out -");
    assert!(
        finished.stderr.contains("warning: new.csv, line 2, column \"b\""),
        "{}",
        finished.stderr
    );
    place.write("new.csv", "a,b,c\n18%,$5,3\n");
    let with = place.succeed("predict out new.csv --out -");
    assert!(!with.stderr.contains("warning"), "{}", with.stderr);
    assert_eq!(finished.stdout, with.stdout);
}

#[test]
fn separators_of_thousands() {
    let thousands = |row: usize| format!("{},{:03}", row + 1, 37 * row % 1000);
    let english = rows("a,b,y", |row, x| format!("{x},\"{}\",{x}", thousands(row)));
    fails(&english, "", &["line 2, column \"b\"", "see --thousands , or --decimal ,"]);
    trains(&english, "--thousands ,", "2 columns as 2 inputs", &[]);
    let millions = rows("a,b,y", |row, x| format!("{x},\"1,{}.5\",{x}", thousands(row)));
    fails(millions, "", &["see --thousands ,"]);
    let german =
        rows("a;b;y", |row, x| format!("{row};{};{}", thousands(row).replace(',', "."), comma(x)));
    fails(&german, "--decimal , --ignore a", &["--thousands ."]);
    trains(german, "--thousands .", "2 columns as 2 inputs", &[]);
    let swiss = rows("a,b,y", |row, x| format!("{x},{},{x}", thousands(row).replace(',', "'")));
    trains(
        swiss,
        "",
        "2 columns as 2 inputs",
        &["note: data.csv, line 2, column \"b\"", "apostrophes"],
    );
}

#[test]
fn marks_with_one_meaning_are_read_and_noted() {
    type Written = fn(usize) -> String;
    let written: [(Written, &str); 8] = [
        (|row| format!("{row}%"), "percent"),
        (|row| format!("-${row}"), "currency"),
        (|row| format!("{row} EUR"), "currency"),
        (|row| if row % 2 == 0 { format!("({row})") } else { row.to_string() }, "parentheses"),
        (|row| format!("1.{row}D+00"), "exponent"),
        (|row| format!("1\u{a0}{:03}", 7 * row), "spaces"),
        (|row| format!("\u{2212}{row}"), "minus"),
        (|row| format!("{row} kg"), "unit"),
    ];
    for (value, word) in written {
        let finished = train(rows("a,b,y", |row, x| format!("{x},{},{x}", value(row))), "");
        assert_eq!(finished.code, Some(0), "{word}: {}", finished.stderr);
        assert!(finished.stdout.contains("2 columns as 2 inputs"), "{word}: {}", finished.stdout);
        assert!(finished.stderr.contains(word), "{word}: {}", finished.stderr);
    }
    // A percent sign that some values lack, and two currencies.
    for mixed in ["%", "$", "€"] {
        let other = if mixed == "%" { "" } else { "£" };
        let text = rows("a,b,y", |row, x| {
            format!("{x},{row}{},{x}", if row % 3 == 0 { mixed } else { other })
        });
        fails(text, "", &["column \"b\"", "see --categorical and --ignore"]);
    }
}

#[test]
fn other_delimiters_and_files() {
    let plain = rows("a,b,y", |row, x| format!("{x},{row},{}", 3.0 * x));
    let columns = "2 columns as 2 inputs";
    for (delimiter, word) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")] {
        trains(plain.replace(',', delimiter), "", columns, &["note: ", word]);
    }
    let units: Vec<u16> = std::iter::once(0xfeff).chain(plain.encode_utf16()).collect();
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    trains(bytes, "", columns, &["UTF-16"]);
    fails(&b"PK\x03\x04 xl/workbook.xml"[..], "", &["Excel", "save the sheet as CSV"]);
}

#[test]
fn columns_without_a_name_and_rows_without_a_value() {
    let index = rows(",a,y", |row, x| format!("{row},{x},{}", 3.0 * x));
    trains(&index, "", "2 columns as 2 inputs", &[]);
    let place = Place::new();
    place.write("data.csv", index);
    let output = place.command(TRAIN).args(["--ignore", ""]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("1 column as 1 input"));

    let trailing = rows("a,y,,", |_, x| format!("{x},{},,", 3.0 * x));
    trains(&trailing, "", "1 column as 1 input", &["left out 2 columns without a name"]);
    place.write("data.csv", trailing);
    let output = place.command(TRAIN).args(["--ignore", ""]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("1 column as 1 input"));
    let excel = rows("a,y", |_, x| format!("{x},{}", 3.0 * x)) + ",\n,\n , \n";
    trains(excel, "", "60 rows", &["line 62: left out 3 rows without a value"]);
    let notes = rows("a,note,note,y", |_, x| format!("{x},p,q,{x}"));
    fails(&notes, "", &["\"note\" for columns 2 and 3", "see --ignore"]);
    trains(notes, "--ignore note", "1 column as 1 input", &[]);
}

#[test]
fn missing_targets_and_words_for_missing_numbers() {
    let gaps = rows("a,y", |row, x| format!("{x},{}", if row % 10 == 3 { "" } else { "5" }));
    fails(
        &gaps,
        "",
        &["line 5, column \"y\"", "6 of 60 rows have no target", "or use --missing-target skip"],
    );
    let skipped = "6 of 60 rows have no target, and are left out";
    trains(gaps, "--missing-target skip", "54 rows", &["line 5, column \"y\"", skipped]);
    let none = rows("a,b,y", |row, x| {
        format!("{x},{},{x}", if row % 9 == 3 { "None" } else { ["1", "2"][row % 2] })
    });
    trains(&none, "", "2 columns as 3 inputs", &["column \"b\"", "\"None\""]);
    let mixed = rows("a;y", |_, x| format!("1.158,{};{x}", 10 + x as u32));
    fails(mixed, "", &["line 2, column \"a\"", "column \"y\"", "see --ignore"]);
    let place = Place::new();
    place.write("data.csv", rows("a,kind", |row, x| format!("{x},{}", ["NA", "EU"][row % 2])));
    let train = "train data.csv --target kind --task classification --epochs 2 --out out";
    let finished = place.nnfs(train);
    assert!(finished.stderr.contains("see --categorical"), "{}", finished.stderr);
}

#[test]
fn a_wrong_delimiter_is_named() {
    let blanks = rows("x y", |row, x| format!("{row} {x:.2}"));
    fails(&blanks, "", &["expected a column \"y\"", "see --delimiter"]);
    trains(blanks, "--delimiter space", "1 column as 1 input", &[]);
    fails(rows("x:y", |row, x| format!("{row}:{x:.2}")), "", &["see --delimiter"]);
    fails(rows("x,y", |row, x| format!("{row},{x:.2}")), "--delimiter ;", &["see --delimiter"]);
    // Another name is not a matter of the delimiter.
    fails(rows("a,b", |row, x| format!("{row},{x:.2}")), "", &["found \"a\", \"b\""]);
}

#[test]
fn doubts_name_the_options() {
    let german = |row: usize, x: f64| match row % 3 {
        0 => format!("{};{:.0}", 100 + row, x * 10.0),
        _ => format!("{}.{:03};{:.0}", row + 1, 7 * row, x * 10.0),
    };
    fails(rows("x;y", german), "", &["line 3, column \"x\"", "see --thousands . or --decimal ."]);
    trains(rows("x;y", german), "--thousands .", "1 column as 1 input", &[]);
    let codes = rows("code,y", |row, x| format!("0{}067,{x:.2}", row % 5));
    trains(codes, "", "1 column", &["line 2, column \"code\"", "see --categorical"]);
    let dates = rows("x,y", |row, _| format!("{row},2023-03-{:02}", row % 28 + 1));
    fails(dates, "", &["line 2, column \"y\"", "see --task"]);
}

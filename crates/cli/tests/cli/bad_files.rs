//! Files with something wrong in them: one line on stderr that says where.

use crate::program::Place;

/// What `nnfs train` says of a file `bad.csv` with these bytes.
fn said_of(contents: &[u8], task: &str) -> String {
    let place = Place::new();
    place.write("bad.csv", contents);
    let line = place.fail(1, &format!("train bad.csv --target y --task {task} --out out"));
    // Nothing was begun.
    assert_eq!(place.names("."), ["bad.csv"]);
    line
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    for (contents, expected) in [
        (&b""[..], "bad.csv: expected rows, found none"),
        (b"a,y\n", "bad.csv: expected rows below the header, found none"),
        (b"a,b\n1,2\n", r#"bad.csv: expected a column "y", found "a", "b""#),
        (
            b"a,y\n1,2\n3,4\na,y\n",
            "bad.csv, line 4: expected values, found the names of the columns again; remove the line",
        ),
        (b"a,y\n1,2\n3\n", "bad.csv, line 3: expected 2 values as in the first line, found 1"),
        (b"a,y\n1,2\n3,4,5\n", "bad.csv, line 3: expected 2 values as in the first line, found 3"),
        (
            b"a,y\n1,2\n3,\n",
            "bad.csv, line 3, column \"y\": expected a target in every row, found \"\"; 1 of 2 rows has \
             no target: remove this row, or use --missing-target skip",
        ),
        (
            b"a,y\n1,2\ninf,4\n",
            "bad.csv, line 3, column \"a\": expected a finite number, found \"inf\"; leave the cell empty if the \
             number is missing",
        ),
        (
            b"a,y\n1,2\n3,-inf\n",
            "bad.csv, line 3, column \"y\": expected a finite number, found \"-inf\"; leave the cell empty if the \
             number is missing",
        ),
        (
            b"a,y\n1,2\n3,four\n",
            r#"bad.csv, line 3, column "y": expected a number, found "four"; see --task"#,
        ),
        (
            b"a,y\n1,2\n3,\xff4\n",
            "bad.csv, line 3, column 2: expected UTF-8 text, found other bytes; save the file as UTF-8, \
             for example with iconv -f WINDOWS-1252 -t UTF-8",
        ),
        (
            b"a,a,y\n1,2,3\n",
            r#"bad.csv: expected different names, found "a" for columns 1 and 2; see --ignore"#,
        ),
        (b"y\n1\n2\n", "bad.csv: expected at least one column as inputs, found none"),
    ] {
        assert_eq!(said_of(contents, "regression"), expected);
    }
}

#[test]
fn text_among_numbers_is_not_a_category() {
    let line = said_of(b"a,y\n1,2\n3,4\nfive,6\n7,8\n", "regression");
    let expected =
        r#"bad.csv, line 4, column "a": expected a number as in most rows, found "five""#;
    assert!(line.starts_with(expected), "{line}");
    assert!(line.ends_with("see --categorical and --ignore"), "{line}");
    // A column of words can be declared.
    let place = Place::new();
    place.write("bad.csv", "a,y\n1,2\n3,4\nfive,6\n7,8\n1,3\n");
    place.succeed("train bad.csv --target y --task regression --out out --categorical a");
}

#[test]
fn every_command_hints_at_another_delimiter() {
    let place = Place::new();
    place.write("data.csv", "x,y\n1,2\n2,3\n3,4\n4,5\n5,6\n");
    place.write("bad.csv", "x;y\n1;2\n3;4\n");
    place.succeed("train data.csv --target y --task regression --epochs 1 --out out");
    for (words, column) in [
        ("train bad.csv --target y --task regression --out other", "y"),
        ("train bad.csv --target y --task regression --out other --categorical x", "x"),
        ("evaluate out/model.safetensors bad.csv", "x"),
        ("predict out/model.safetensors bad.csv --out -", "x"),
    ] {
        let line = place.fail(1, &format!("{words} --delimiter ,"));
        let expected =
            format!(r#"bad.csv: expected a column "{column}", found "x;y"; see --delimiter"#);
        assert_eq!(line, expected);
    }
    // Without the option the delimiter is found.
    place.succeed("evaluate out/model.safetensors bad.csv");
}

/// A held-out number that is beyond the range of `f32` after scaling is an outlier, which has a limit. If
/// it is to be kept, it is reported before anything is trained.
#[test]
fn a_held_out_number_beyond_the_range_is_reported() {
    let table = |odd: usize, row_of: fn(&str) -> String| {
        let rows = (0..40).map(|row| if row == odd { "1e60".to_owned() } else { row.to_string() });
        let rows = rows.map(|value| row_of(&value));
        format!("a,y\n{}", rows.collect::<String>())
    };
    let inputs: fn(&str) -> String = |value| format!("{value},1\n");
    let targets: fn(&str) -> String = |value| format!("1,{value}\n");
    let held_out = |column: &str, row_of, rule: &str| {
        // Rows that train are scaled by themselves, and those held out are refused.
        let refused = (0..40).filter(|&odd| {
            let place = Place::new();
            place.write("bad.csv", table(odd, row_of));
            let words = "train bad.csv --target y --task regression --epochs 1 --out out --quiet";
            let words = format!("{words} --validation-fraction 0.25 --outliers {rule}");
            let finished = place.nnfs(&words);
            let expected = format!(
                r#"error: bad.csv, line {}, column "{column}": expected a number within the range of f32"#,
                odd + 2
            );
            assert!(finished.code == Some(0) || finished.stderr.contains(&expected), "{finished:?}");
            finished.code != Some(0)
        });
        refused.count()
    };
    assert_eq!(held_out("a", inputs, "keep"), 16);
    // The targets of the 8 test rows are not scaled.
    assert_eq!(held_out("y", targets, "keep"), 8);
    assert_eq!(held_out("a", inputs, "limit"), 0);
    assert_eq!(held_out("y", targets, "limit"), 0);
}

/// Beyond `f32`, in which the network computes, but not beyond what is scaled.
#[test]
fn a_large_number_is_like_any_other() {
    let place = Place::new();
    place.write("data.csv", "a,y\n1,2\n1e39,4\n2,-5e100\n3,3\n4,3\n5,3\n");
    place.succeed("train data.csv --target y --task regression --test-fraction 0 --out out");
    let metrics = place.json("out/metrics.json");
    assert!(metrics["train"]["mae"].as_f64().unwrap() < 5e100, "{metrics}");
}

#[test]
fn a_spread_beyond_double_precision_is_reported() {
    let line = said_of(b"a,y\n-1.7e308,2\n1.7e308,4\n", "regression --test-fraction 0");
    let expected =
        r#"bad.csv, lines 2 to 3, column "a": expected numbers whose variance is finite"#;
    assert!(line.starts_with(expected), "{line}");
}

#[test]
fn one_class_is_refused() {
    let line = said_of(b"a,y\n1,cat\n2,cat\n", "classification");
    let place = r#"bad.csv, lines 2 to 3, column "y": "#;
    assert_eq!(line, format!(r#"{place}expected at least 2 classes, found only "cat""#));
    let line = said_of(b"a,y\n1,cat\n2,dog\n3,eel\n", "classification --loss binary-cross-entropy");
    let place = r#"bad.csv, lines 2 to 4, column "y": "#;
    assert_eq!(line, format!("{place}expected 2 classes for binary cross-entropy, found 3"));
}

#[test]
fn a_million_columns_are_refused() {
    let many = vec!["1"; 1_000_000].join(",");
    let line = said_of(format!("a,y\n1,2\n{many}\n").as_bytes(), "regression");
    assert_eq!(line, "bad.csv, line 3: expected 2 values as in the first line, found 1000000");
    let names = (0..1_000_000).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",");
    let line = said_of(format!("{names},y\n{many},2\n{many},3\n").as_bytes(), "regression");
    let place = r#"bad.csv, line 1, column "c100000": "#;
    assert_eq!(line, format!("{place}expected columns for at most 100000 inputs, found 1000000"));
    let line = said_of(format!("{names},z\n{many},2\n").as_bytes(), "regression");
    assert!(line.starts_with(r#"bad.csv: expected a column "y", found "c0", "c1""#), "{line}");
}

/// They carry no information, and are scaled to 0.
#[test]
fn constant_columns_work() {
    for table in
        ["a,b,y\n5,1,1\n5,2,2\n5,3,3\n5,4,4\n5,5,5\n", "a,b,y\n1,1,5\n2,2,5\n3,3,5\n4,1,5\n5,2,5\n"]
    {
        let place = Place::new();
        place.write("data.csv", table);
        place.succeed("train data.csv --target y --task regression --out out --test-fraction 0 --epochs 500 --learning-rate 0.01");
        let metrics = place.json("out/metrics.json");
        assert!(metrics["train"]["mae"].as_f64().unwrap() < 0.1, "{metrics}");
    }
}

#[test]
fn too_few_rows_are_reported() {
    let line = said_of(b"a,y\n1,2\n", "regression --test-fraction 0.9");
    assert!(line.starts_with("bad.csv: split: "), "{line}");
    assert!(line.contains("no training rows"), "{line}");
    let words = "regression --test-fraction 0 --validation-fraction 0.1";
    let line = said_of(b"a,y\n1,2\n2,3\n", words);
    assert!(line.starts_with("bad.csv: expected validation rows, found none: "), "{line}");
    assert!(line.contains("out of 2 rows; use a larger fraction"), "{line}");
    // A table of one row has no spread and no R2, but it is a table.
    let place = Place::new();
    place.write("data.csv", "a,y\n1,2\n");
    place.succeed("train data.csv --target y --task regression --out out --epochs 1");
    assert!(place.json("out/metrics.json")["train"]["r2"].is_null());
}

#[test]
fn a_wrong_spelling_of_a_column_names_the_right_one() {
    let place = Place::new();
    place.write("data.csv", crate::tables::regression(60));
    place.succeed("train data.csv --target y --task regression --epochs 1 --out out");
    let train = "train data.csv --task regression --epochs 1 --out o --target";
    for (words, name) in [
        (format!("{train} Y"), "y"),
        (format!("{train} y --ignore color"), "colour"),
        (format!("{train} y --categorical Colour"), "colour"),
        (format!("{train} y --weight B"), "b"),
        ("predict out data.csv --out p.csv --keep coluor".to_owned(), "colour"),
        ("evaluate out data.csv --weight A".to_owned(), "a"),
    ] {
        let line = place.fail(1, &words);
        assert!(line.ends_with(&format!("; did you mean {name:?}?")), "{line}");
    }
    let line = place.fail(1, &format!("{train} price"));
    assert!(!line.contains("did you mean"), "{line}");
}

#[test]
fn a_number_with_a_unit_among_plain_numbers_gets_a_remedy() {
    let place = Place::new();
    place.write("data.csv", crate::tables::regression(60));
    place.succeed("train data.csv --target y --task regression --epochs 1 --out out");
    let text = place.text("data.csv");
    let (header, rows) = text.split_once('\n').unwrap();
    let (_, rest) = rows.split_once(',').unwrap();
    place.write("km.csv", format!("{header}\n1900 km,{rest}"));
    for words in [
        "train km.csv --target y --task regression --epochs 1 --out o",
        "predict out km.csv --out p.csv",
    ] {
        let line = place.fail(1, words);
        let expected =
            "found \"1900 km\"; write the number without \"km\", in the unit of the other rows";
        assert!(line.contains(expected), "{line}");
    }
}

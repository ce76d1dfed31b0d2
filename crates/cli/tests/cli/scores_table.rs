//! The table of scores that `evaluate` prints.

use serde_json::Value;

use crate::program::{Place, number};
use crate::scores::{score, with_weights};
use crate::tables;

/// A row of a table: its name and its numbers.
fn row<'a>(stdout: &'a str, name: &str) -> Vec<&'a str> {
    let mut rows = stdout.lines().filter_map(|line| line.strip_prefix(name));
    rows.next().unwrap_or_else(|| panic!("no {name} in {stdout}")).split_whitespace().collect()
}

#[test]
fn evaluate_prints_a_table_with_the_names_and_figures_of_train() {
    let place = Place::new();
    place.write("data.csv", tables::regression(60));
    let train = "train data.csv --epochs 40 --test-fraction 0 --out out";
    let trained = place.succeed(&format!("{train} --target y --task regression")).stdout;
    let evaluated = place.succeed("evaluate out data.csv").stdout;
    assert!(evaluated.starts_with("data.csv: 60 rows\n\n"), "{evaluated}");
    assert!(evaluated.ends_with("\n\nbaseline: the mean of the training rows\n"), "{evaluated}");
    assert_eq!(row(&evaluated, "  "), ["model", "baseline"]);
    for name in ["r2 ", "mae ", "rmse ", "median_absolute_error "] {
        assert_eq!(row(&evaluated, name), row(&trained, name)[..2], "{evaluated}{trained}");
    }
    let json: Value =
        serde_json::from_str(&place.succeed("evaluate out data.csv --json").stdout).unwrap();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let rmse = [score(&json, "rmse"), score(&json["baseline"], "rmse")];
    for (text, exact) in row(&evaluated, "rmse").into_iter().zip(rmse) {
        assert!(((number(text) - exact) / exact).abs() < 6e-4, "{text} {exact}");
        assert!((1.0..1000.0).contains(&exact) && digits(text) == 4, "{text} {exact}");
    }
}

#[test]
fn evaluate_prints_classes_weights_and_intervals() {
    let place = Place::new();
    place.write("data.csv", with_weights(&tables::classes(80)));
    let train = "train data.csv --epochs 5 --out out";
    place.succeed(&format!("{train} --target species --task classification --weight w"));
    let text = place.succeed("evaluate out data.csv --weight w").stdout;
    for words in [
        "\nbaseline: the most frequent class, \"cat\"; for loss and brier_score, the shares of the classes in \
         these rows\n",
        "\nclasses    rows   precision      recall          f1\ncat ",
        "\nweights of rows: column \"w\", in the scores and the baseline\n",
    ] {
        assert!(text.contains(words), "expected {words:?}, found {text}");
    }
    place.write("two.csv", "x,low,high\n".to_owned() + &lines_of_two(60));
    let train = "train two.csv --recipe bagging --epochs 2 --task regression --out two";
    place.succeed(&format!("{train} --target low,high"));
    let text = place.succeed("evaluate two two.csv --interval 0.9").stdout;
    assert!(text.contains("\nlow r2 ") && text.contains("\nhigh rmse "), "{text}");
    for target in ["low", "high"] {
        let start = format!("intervals of \"{target}\", level 0.9: coverage");
        let [coverage, mean, width, wide] = row(&text, &start)[..] else { panic!("{text}") };
        assert_eq!((mean, width), ("mean", "width"));
        let coverage = number(coverage.trim_end_matches(','));
        assert!((0.5..=1.0).contains(&coverage) && number(wide) > 0.0, "{text}");
    }
}

fn lines_of_two(rows: u32) -> String {
    let line = |row: u32| format!("{row},{},{}\n", row % 7 + 2 * row, row % 5 + 300 * row);
    (0..rows).map(line).collect()
}

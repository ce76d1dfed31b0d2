//! Numbers that lie far from all others: reported in a line each, and without influence.

use crate::program::{Place, number};
use crate::tables;

const TRAIN: &str = "train data.csv --target y --task regression --epochs 60 --learning-rate 0.01 \
                     --quiet --out out";

/// The table of a regression with other values in some rows, and its lines.
fn with_outliers(place: &Place, changes: &[(usize, usize, &str)]) {
    let table = tables::regression(300);
    let mut lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    for &(line, column, value) in changes {
        lines[line - 1][column] = value;
    }
    let lines: Vec<String> = lines.iter().map(|values| values.join(",")).collect();
    place.write("data.csv", lines.join("\n"));
}

#[test]
fn outliers_are_reported_and_have_no_influence() {
    let place = Place::new();
    place.write("clean.csv", tables::regression(300));
    let targets = tables::regression(300);
    let targets: Vec<f64> =
        targets.lines().skip(1).map(|line| number(line.rsplit(',').next().unwrap())).collect();
    for line in [40, 80, 120] {
        with_outliers(
            &place,
            &[(line, 0, "1e12"), (line + 1, 2, "-9999"), (line + 2, 3, "999999")],
        );
        let finished = place.succeed(TRAIN);
        let lines: Vec<&str> = finished.stderr.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        for (column, row) in [("a", line), ("b", line + 1), ("y", line + 2)] {
            let place = format!("warning: data.csv, line {row}, column {column:?}: ");
            assert!(lines.iter().any(|line| line.starts_with(&place)), "{lines:?}");
        }
        assert!(place.succeed("show out").stdout.contains("within limits"));
        let again = place.succeed(&format!("{TRAIN}-{line} --checkpoint-every 20")).stderr;
        assert_eq!(again, finished.stderr);
        assert!(place.succeed(&format!("{TRAIN}-{line} --resume")).stderr.contains("finished"));
        let model = |folder: &str| place.bytes(&format!("{folder}/model.safetensors"));
        assert!(model("out") == model(&format!("out-{line}")), "the same bits");
        place.succeed("predict out clean.csv --out predictions.csv");
        let (names, rows) = place.rows("predictions.csv");
        let column = names.iter().position(|name| name == "prediction").unwrap();
        let errors = rows.iter().zip(&targets).map(|(row, y)| (number(&row[column]) - y).abs());
        // The targets are between -200 and 40.
        let error = errors.sum::<f64>() / 300.0;
        assert!(error < 3.0, "{error}");
        place.succeed("predict out data.csv --out predictions.csv");
    }
}

#[test]
fn outliers_can_be_kept() {
    let place = Place::new();
    with_outliers(&place, &[(40, 0, "1e12")]);
    let finished = place.succeed(&format!("{TRAIN} --outliers keep"));
    assert_eq!(finished.stderr, "");
    assert!(!place.succeed("show out").stdout.contains("within limits"));
}

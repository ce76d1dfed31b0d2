//! The reports that are checked: short experiments, and small tables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::workspace::cargo;

/// A report, and what it must show.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) report: PathBuf,
    /// The file with the numbers that the page must show.
    pub(super) numbers: PathBuf,
    /// The number on the page of the epoch that the file calls 0.
    pub(super) first_epoch: usize,
    /// Columns of the page, and their names in the file.
    pub(super) columns: &'static [(&'static str, &'static str)],
    /// The file with the metrics that the page must show.
    pub(super) metrics: Option<PathBuf>,
    /// Whether it has pictures of predictions and a player.
    pub(super) has_player: bool,
    /// Whether the training diverges, so that its last predictions are missing.
    pub(super) diverges: bool,
}

const SINE: [(&str, &str); 6] = [
    ("epoch", "epoch"),
    ("training accuracy", "accuracy"),
    ("training data loss", "data_loss"),
    ("penalty", "regularization_loss"),
    ("training loss", "loss"),
    ("learning rate", "learning_rate"),
];
const SPIRAL: [(&str, &str); 8] = [
    ("epoch", "epoch"),
    ("training accuracy", "accuracy"),
    ("training data loss", "data_loss"),
    ("penalty", "regularization_loss"),
    ("training loss", "loss"),
    ("learning rate", "learning_rate"),
    ("test accuracy", "test_accuracy"),
    ("test loss", "test_loss"),
];
const NUMBERS: [(&str, &str); 7] = [
    ("epoch", "epoch"),
    ("training R2", "r2"),
    ("training data loss", "data_loss"),
    ("penalty", "penalty"),
    ("learning rate", "learning_rate"),
    ("validation R2", "validation_r2"),
    ("validation loss", "validation_loss"),
];
const CLASSES: [(&str, &str); 5] = [
    ("epoch", "epoch"),
    ("training accuracy", "accuracy"),
    ("training data loss", "data_loss"),
    ("penalty", "penalty"),
    ("learning rate", "learning_rate"),
];

/// The name of a column that tries to break the page.
const NASTY: &str = "</script><img src=x onerror=alert(1)> 'a' {{program}} &amp;";

/// Short experiments, and tables whose names try to break the page.
pub(super) fn subjects(folder: &Path) -> anyhow::Result<Vec<Subject>> {
    let experiment = |name, words: &str, columns| -> anyhow::Result<Subject> {
        let out = folder.join(name);
        let mut command = Command::new(std::env::current_exe().context("own path")?);
        command.arg("experiment").args(words.split(' ')).arg("--out").arg(&out);
        let diverges = name == "diverged";
        run(&mut command, !diverges)?;
        let (report, numbers) = (out.join("report.html"), out.join("metrics.csv"));
        let (metrics, has_player, first_epoch) = (None, !diverges, 0);
        Ok(Subject { name, report, numbers, first_epoch, columns, metrics, has_player, diverges })
    };
    let table =
        |name, target: &str, targets: Targets, words: &str, columns| -> anyhow::Result<Subject> {
            let (file, out) = (folder.join(format!("{name}.csv")), folder.join(name));
            fs::write(&file, rows(target, targets))
                .with_context(|| format!("cannot write {}", file.display()))?;
            let mut command = cargo("run --quiet --package nnfs-cli -- train");
            command.arg(&file).args(words.split(' ')).args(["--target", target]);
            run(command.arg("--quiet").arg("--out").arg(&out), true)?;
            let (report, numbers) = (out.join("report.html"), out.join("history.csv"));
            let (metrics, has_player) = (Some(out.join("metrics.json")), name == "numbers");
            Ok(Subject {
                name,
                report,
                numbers,
                first_epoch: 1,
                columns,
                metrics,
                has_player,
                diverges: false,
            })
        };
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(vec![
        experiment("sine", "sine --arithmetic f32 --epochs 301 --quiet", &SINE)?,
        experiment(
            "diverged",
            "sine --custom --learning-rate 1e30 --optimizer sgd --arithmetic f32 --quiet",
            &SINE,
        )?,
        experiment("spiral", "spiral --epochs 301 --quiet", &SPIRAL)?,
        table(
            "numbers",
            &format!("price,{NASTY}"),
            |a, b| format!("{:.3},{:.3}", 30.0 * a * a - 7.0 * b, 1e6 * (a - b)),
            "--task regression --recipe plain --epochs 200 --validation-fraction 0.2 --l2 1e-4",
            &NUMBERS,
        )?,
        table(
            "classes",
            NASTY,
            |a, _| format!("<b>between {0} and {1}</b>", (12.0 * a).floor(), (12.0 * a).ceil()),
            "--task classification --recipe plain --epochs 20",
            &CLASSES,
        )?,
    ])
}

/// The cells of the target columns at a point.
type Targets = fn(f64, f64) -> String;

/// A CSV file of points in the unit square and their targets.
fn rows(target: &str, targets: Targets) -> String {
    let row = |row: usize| {
        let (a, b) = ((row as f64 * 0.618_034).fract(), (row as f64 * 0.414_214).fract());
        format!("{a:.4},{b:.4},{}\n", targets(a, b))
    };
    (0..300).fold(format!("a,b,{target}\n"), |text, index| text + &row(index))
}

pub(super) fn run(command: &mut Command, succeeds: bool) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("{command:?} does not start"))?;
    ensure!(status.success() == succeeds, "{command:?} ended with {status}");
    Ok(())
}

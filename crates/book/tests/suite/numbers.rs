//! The numbers and names on the pages are those of the golden files, of trainings and of the code.

use std::fs;
use std::path::{Path, PathBuf};

use nnfs::model::{Control, End};
use nnfs_chapter::Trained;
use nnfs_chapter::log::{accuracy, short};
use nnfs_chapter::sine::{Arithmetic, Expected, GoldenRow, Label, Run, chapter, train, verdict};

use nnfs::activations::ActivationKind;
use nnfs::losses::LossKind;
use nnfs::optimizers::OptimizerKind;
use nnfs_book::grade::rows;
use nnfs_tabular::{Regressor, Table};

/// The variance of the targets: that of a sine over its period.
const VARIANCE: f64 = 0.5;

/// A row of the table.
fn row(run: &Run) -> String {
    let Label::Chapter(number) = run.label else { panic!("a run of the chapter") };
    let epochs = Expected::of(number).golden.iter().map(GoldenRow::results).collect();
    let trained = Trained { epochs, frames: Vec::new(), end: Ok(End::Done) };
    let last = trained.last().unwrap();
    let kind = verdict(&trained, 1.0 - last.loss() / VARIANCE).kind;
    let weights = run.init.to_string().replace("normal:", "");
    let (rate, decay) = (run.optimizer.learning_rate, run.optimizer.decay);
    let (accuracy, loss) = (accuracy(last), short(last.loss()));
    let network = run.network();
    let kind = format!("{kind:?}").to_lowercase();
    format!(
        "| {number} | {network} | {weights} | {rate} | {decay} | {accuracy:.3} | {loss} | {kind} |"
    )
}

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(docs(name)).unwrap()
}

fn page() -> String {
    text("chapter/nine-runs.md")
}

#[test]
fn the_table_is_that_of_the_golden_files() {
    let page = page();
    let is_run = |line: &&str| line.starts_with("| ") && line[2..].starts_with(char::is_numeric);
    let rows: Vec<&str> = page.lines().filter(is_run).collect();
    assert_eq!(rows, chapter().iter().map(row).collect::<Vec<_>>());
}

#[test]
fn run_8_jumps_as_the_page_says() {
    let golden = Expected::of(8).golden;
    let last: Vec<f64> =
        golden.iter().filter(|row| row.epoch >= 9000).map(|row| row.accuracy).collect();
    let lowest = last.iter().copied().fold(1.0, f64::min);
    let highest = last.iter().copied().fold(0.0, f64::max);
    let text = format!("jumps between {lowest:.3} and\n{highest:.3}");
    assert!(page().contains(&text), "{text}");
}

#[test]
fn the_lines_of_run_5_are_those_of_its_code() {
    let lines = Expected::of(5).really_printed.unwrap();
    let text: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    assert!(page().contains(&text), "{text}");
}

/// The predictions of a run in double precision after this many epochs.
fn predictions(run: usize, epochs: usize) -> Vec<f64> {
    let run = &chapter()[run - 1];
    let trained = train(run, Arithmetic::F64, 0, epochs, &mut |_| Control::Continue);
    trained.unwrap().predictions
}

/// The inputs at which the predictions bend.
fn kinks(predictions: &[f64]) -> Vec<f64> {
    let bends = predictions.windows(3).map(|p| (p[0] - 2.0 * p[1] + p[2]).abs() > 1e-4);
    let mut found: Vec<usize> = Vec::new();
    for (index, _) in bends.enumerate().filter(|(_, bends)| *bends) {
        // The kinks of neighboring units are one bend.
        if found.last().is_none_or(|&last| index > last + 20) {
            found.push(index);
        }
    }
    found.into_iter().map(|index| (index + 1) as f64 / 1000.0).collect()
}

#[test]
fn run_1_has_two_kinks() {
    let kinks = kinks(&predictions(1, 8001));
    assert_eq!(kinks.len(), 2, "{kinks:?}");
    let text = format!("kinks at {:.2} and {:.2}", kinks[0], kinks[1]);
    assert!(page().contains(&text), "{text}");
}

#[test]
fn run_2_is_constant_at_first() {
    let predictions = predictions(2, 3001);
    let constant = predictions.iter().take_while(|&&p| p == predictions[0]).count();
    let text = format!("from x = 0 to {:.2} the network is constant", constant as f64 / 1000.0);
    assert!(page().contains(&text), "{text}");
}

/// The name and the numbers of a row of the scores: `r2  0.9970  0.0000`.
fn scores(line: &str) -> Option<(&str, Vec<f64>)> {
    let (name, numbers) = line.split_once(' ')?;
    let numbers = numbers.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    Some((name, numbers))
}

/// The table of scores that `nnfs train` prints. Its last digits change with the defaults of the training, and
/// the text does not depend on them.
#[test]
fn the_scores_of_the_guide_are_those_of_the_training() {
    let table = Table::read(docs("data/prices.csv")).unwrap();
    let fitted = Regressor::new("price").fit(&table).unwrap();
    are_shown(&fitted.report().to_string(), &text("guide/from-a-csv-file.md"));
    let tested = Table::read(docs("data/tested.csv")).unwrap();
    let scores = fitted.predictor().score(&tested).unwrap();
    are_shown(&scores.table(None).to_string(), &text("../README.md"));
}

/// Checks that a page has about these scores.
fn are_shown(report: &str, page: &str) {
    let found: Vec<_> = report.lines().filter_map(scores).collect();
    let expected: Vec<_> = page.lines().filter_map(scores).collect();
    assert_eq!((found.len(), expected.len()), (4, 4), "{report}");
    let close =
        |(found, expected): (&f64, &f64)| (found - expected).abs() <= 0.002 + 0.1 * expected.abs();
    for ((name, numbers), (shown, others)) in found.iter().zip(&expected) {
        assert_eq!((name, numbers.len()), (shown, others.len()));
        assert!(numbers.iter().zip(others).all(close), "the page should have\n{report}");
    }
}

#[test]
fn the_rows_in_the_description_of_the_exercises_are_those_of_the_logs() {
    let page = text("exercises/README.md");
    assert!(page.contains(&format!("expected  {}\n", rows("adam")[1])));
    assert!(page.contains(&format!("found     {}\n", rows("01")[1])));
}

#[test]
fn the_reference_has_every_name() {
    let check = |page: &str, names: Vec<String>| {
        let text = text(page);
        for name in names {
            assert!(text.contains(&format!("`{name}`")), "{page}: {name}");
        }
    };
    check(
        "reference/activations.md",
        ActivationKind::ALL.iter().map(ToString::to_string).collect(),
    );
    check("reference/optimizers.md", OptimizerKind::ALL.iter().map(ToString::to_string).collect());
    let aliases = LossKind::ALL.iter().flat_map(|kind| kind.aliases());
    let names = LossKind::ALL.iter().map(ToString::to_string);
    check("reference/losses.md", names.chain(aliases.map(ToString::to_string)).collect());
}

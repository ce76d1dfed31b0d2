//! The numbers of the page about the nine runs are those of the golden files.

use std::fs;
use std::path::Path;

use nnfs::model::{Control, End};
use nnfs_chapter::Trained;
use nnfs_chapter::log::{accuracy, short};
use nnfs_chapter::sine::{Arithmetic, Expected, GoldenRow, Label, Run, chapter, train, verdict};

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

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/chapter/nine-runs.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_table_is_that_of_the_golden_files() {
    let page = page();
    let rows: Vec<&str> = page.lines().filter(|line| line.ends_with(" |")).skip(1).collect();
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

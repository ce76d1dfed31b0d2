//! The numbers of the page about the nine runs are those of the golden files.

use std::fs;
use std::path::Path;

use nnfs::model::End;
use nnfs_chapter::Trained;
use nnfs_chapter::log::{accuracy, short};
use nnfs_chapter::sine::{Expected, GoldenRow, Label, Run, chapter, verdict};

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

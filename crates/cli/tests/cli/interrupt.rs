//! Ctrl-C, and checkpoints that cannot be written: what was done is kept.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use crate::program::{Place, number};
use crate::report::page;
use crate::tables;

/// A training that would take days.
const TRAIN: &str = "train data.csv --target y --task regression --epochs 100000000 --out out";

fn place() -> Place {
    let place = Place::new();
    place.write("data.csv", tables::regression(60));
    place
}

/// A training that runs.
struct Running<'a> {
    place: &'a Place,
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
}

impl<'a> Running<'a> {
    fn start(place: &'a Place, options: &str) -> Self {
        let mut child = place.command(&format!("{TRAIN} {options}")).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { place, child, stderr }
    }

    /// Waits until a file or folder is there.
    fn wait_for(&mut self, name: &str) {
        let path = self.place.path().join(name);
        while !path.exists() {
            assert!(self.child.try_wait().unwrap().is_none(), "it ended before {name} was there");
            sleep(Duration::from_millis(1));
        }
    }

    /// Waits for the next line on stderr.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    /// Interrupts it as Ctrl-C does; gives its exit code and what is left on stderr.
    fn interrupt(self) -> (Option<i32>, String) {
        self.end_with("-INT")
    }

    /// Sends a signal; gives its exit code and what is left on stderr.
    fn end_with(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).unwrap();
        (self.child.wait().unwrap().code(), stderr)
    }
}

/// `timeout`, containers and batch systems send SIGTERM.
#[test]
fn sigterm_leaves_all_files_as_ctrl_c_does() {
    let place = place();
    let mut running = Running::start(&place, "");
    running.wait_for("out");
    let (code, stderr) = running.end_with("-TERM");
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("stopping after this epoch (SIGTERM)"), "{stderr}");
    assert!(place.names("out").contains(&"model.safetensors".to_owned()), "{stderr}");
}

/// As soon as there is a folder, Ctrl-C leaves all files in it.
#[test]
fn what_was_done_is_written() {
    let place = place();
    let mut running = Running::start(&place, "");
    running.wait_for("out");
    let (code, stderr) = running.interrupt();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("stopping after this epoch"), "{stderr}");
    let (_, history) = place.rows("out/history.csv");
    let epochs = history.len();
    assert!(stderr.contains(&format!("after epoch {epochs} of 100000000")), "{stderr}");
    assert_eq!(place.names("out"), crate::train::FILES);
    let metrics = place.json("out/metrics.json");
    assert_eq!((&metrics["epochs"], &metrics["end"]), (&epochs.into(), &"interrupted".into()));
    let page = page(&place, "out/report.html");
    assert_eq!(page["runs"][0]["verdict"]["kind"], "interrupted");
    let warning = page["warnings"][0].as_str().unwrap();
    assert!(warning.contains(&format!("{epochs} of 100000000 epochs")), "{warning}");
    for (part, number) in [("frames", epochs), ("epochs", epochs - 1)] {
        let last = page["runs"][0][part].as_array().unwrap().last().unwrap();
        assert_eq!(last["epoch"], number, "{part}");
    }
    place.succeed("predict out/model.safetensors data.csv --out predictions.csv");
}

/// Epochs are counted from 1 in everything that a person reads.
#[test]
fn with_checkpoints_it_can_be_resumed() {
    let place = place();
    let mut running = Running::start(&place, "--checkpoint-every 50");
    running.wait_for("out/checkpoint.safetensors");
    let (code, stderr) = running.interrupt();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("--resume"), "{stderr}");
    let (_, history) = place.rows("out/history.csv");
    let mut running = Running::start(&place, "--resume");
    let line = running.line();
    assert!(line.contains(&format!("epoch {}\n", history.len() + 1)), "{line}");
    let (code, stderr) = running.interrupt();
    assert_eq!(code, Some(130), "{stderr}");
    let (_, longer) = place.rows("out/history.csv");
    assert!(longer.len() > history.len());
    assert_eq!(longer[..history.len()], history);
    let page = page(&place, "out/report.html");
    let note = page["runs"][0]["notes"][0].as_str().unwrap();
    assert!(note.contains(&format!("after epoch {}.", history.len())), "{note}");
}

/// A long training is worth more than its checkpoints.
#[test]
fn a_checkpoint_that_cannot_be_written_does_not_cost_the_training() {
    let place = place();
    let mut running = Running::start(&place, "--checkpoint-every 10");
    running.wait_for("out/checkpoint.safetensors");
    let checkpoint = place.path().join("out/checkpoint.safetensors");
    while !checkpoint.is_dir() {
        let _ = fs::remove_file(&checkpoint);
        let _ = fs::create_dir(&checkpoint);
    }
    // Lines of progress come before the warning.
    let warning = std::iter::repeat_with(|| running.line())
        .find(|line| line.is_empty() || line.starts_with("warning"));
    let warning = warning.expect("the lines do not end before the warning");
    assert!(warning.starts_with("warning: out/checkpoint.safetensors: "), "{warning}");
    let (code, stderr) = running.interrupt();
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("error: out/checkpoint.safetensors: "), "{stderr}");
    // The epochs of a checkpoint are in a file beside it.
    let names = place.names("out").into_iter().filter(|name| !name.ends_with(".jsonl"));
    assert_eq!(names.count(), crate::train::FILES.len() + 1);
    let (_, history) = place.rows("out/history.csv");
    assert_eq!(place.json("out/metrics.json")["epochs"], history.len());
    place.succeed("predict out/model.safetensors data.csv --out predictions.csv");
}

/// `--patience` keeps the best weights, whatever ends the training.
#[test]
fn with_patience_the_best_weights_are_written() {
    let place = place();
    let options = "--validation-fraction 0.3 --patience 100000000 --learning-rate 0.01 \
                   --checkpoint-every 2000";
    let mut running = Running::start(&place, options);
    running.wait_for("out/checkpoint.safetensors");
    let (code, stderr) = running.interrupt();
    assert_eq!(code, Some(130), "{stderr}");
    let (header, rows) = place.rows("out/history.csv");
    let column = header.iter().position(|name| name == "validation_loss").unwrap();
    let losses: Vec<f64> = rows.iter().map(|row| number(&row[column])).collect();
    let best = (0..losses.len()).min_by(|&a, &b| losses[a].total_cmp(&losses[b])).unwrap();
    assert!(best + 1 < losses.len(), "the last epoch was the best: choose other options");
    assert_eq!(place.json("out/metrics.json")["saved_epoch"], best);
    let page = page(&place, "out/report.html");
    let verdict = page["runs"][0]["verdict"]["text"].as_str().unwrap();
    assert!(verdict.contains(&format!("epoch {}, the best", best + 1)), "{verdict}");
}

/// The first of ten networks would take days.
#[test]
fn an_ensemble_counts_its_networks() {
    let place = place();
    let ensemble = "--recipe bagging --schedule constant --checkpoint-every 50";
    let mut running = Running::start(&place, ensemble);
    running.wait_for("out/checkpoint-01.safetensors");
    let (code, stderr) = running.interrupt();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("after 0 of 10 models and 1 in part"), "{stderr}");
    let (_, history) = place.rows("out/history.csv");
    assert!(history.iter().all(|row| row[0] == "1"));
    let first = page(&place, "out/report.html");
    let warning = first["warnings"][0].as_str().unwrap();
    assert!(warning.contains("0 of 10 models"), "{warning}");
    let facts = first["runs"][0]["facts"].as_array().unwrap();
    let fact =
        |name: &str| facts.iter().find(|fact| fact["name"] == name).unwrap()["value"].clone();
    assert_eq!((fact("schedule"), fact("learning rate")), ("constant".into(), "0.01".into()));

    let mut running = Running::start(&place, &format!("{ensemble} --resume"));
    let line = running.line();
    let expected = format!("after {} of 500000000 epochs (5 networks together)\n", history.len());
    assert!(line.contains(&expected), "{line}");
    let progress = running.line();
    assert!(
        progress.contains(" of 500000000 epochs (5 networks together), the first model: loss"),
        "{progress}"
    );
    let (code, stderr) = running.interrupt();
    assert_eq!(code, Some(130), "{stderr}");
    let resumed = page(&place, "out/report.html");
    let note = resumed["runs"][0]["notes"][0].as_str().unwrap();
    // After the best epoch, if that is before the break.
    assert!(note.contains("resumed") && note.contains("of the first model"), "{note}");
}

//! `--checkpoint-every` and `--resume`: a training that is stopped and resumed.

use std::fs;
use std::path::Path;

use nnfs::files::{Checkpoint, Registry};

use crate::program::Place;
use crate::report::page;
use crate::tables;

const TRAIN: &str = "train data.csv --target species --task classification --seed 3 --dropout 0.1 \
                     --validation-fraction 0.2 --patience 1000";

fn place() -> Place {
    let place = Place::new();
    place.write("data.csv", tables::classes(200));
    place
}

/// `history.csv` without its last column, the seconds.
fn history(place: &Place, folder: &str) -> Vec<Vec<String>> {
    let (header, mut rows) = place.rows(&format!("{folder}/history.csv"));
    assert_eq!(header.last().unwrap(), "seconds");
    rows.iter_mut().for_each(|row| drop(row.pop()));
    rows
}

/// Kills it again and again, wherever it is between two checkpoints, until it has ended.
#[test]
fn a_killed_training_resumes_with_the_same_bits() {
    let place = place();
    let words = format!("{TRAIN} --epochs 400 --checkpoint-every 1 --resume");
    place.succeed(&format!("{words} --out straight"));

    let checkpoint = place.path().join("broken/checkpoint.safetensors");
    let mut kills: usize = 0;
    while !run_until(&place, &format!("{words} --out broken"), &checkpoint, 1 + 23 * kills) {
        kills += 1;
    }
    assert!(kills > 1, "it ended before it was killed");
    for file in ["model.safetensors", "predictions.csv"] {
        let (straight, broken) =
            (place.bytes(&format!("straight/{file}")), place.bytes(&format!("broken/{file}")));
        assert!(straight == broken, "{file} differs after {kills} kills");
    }
    assert_eq!(history(&place, "broken"), history(&place, "straight"));
}

/// Kills the program once it has replaced a file this many times; whether it ended by itself.
fn run_until(place: &Place, words: &str, file: &Path, times: usize) -> bool {
    let written = || fs::metadata(file).and_then(|found| found.modified()).ok();
    let mut process = place.command(words).spawn().unwrap();
    let (mut last, mut seen) = (written(), 0);
    while seen < times {
        if let Some(status) = process.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return true;
        }
        let now = written();
        seen += usize::from(now != last);
        last = now;
    }
    process.kill().unwrap();
    process.wait().unwrap();
    false
}

#[test]
fn checkpoints_change_no_bit() {
    let place = place();
    let words = format!("{TRAIN} --epochs 10");
    place.succeed(&format!("{words} --out without"));
    place.succeed(&format!("{words} --out with --checkpoint-every 3"));
    assert!(place.bytes("with/model.safetensors") == place.bytes("without/model.safetensors"));
    assert!(place.names("with").contains(&"checkpoint.safetensors".to_owned()));
    assert!(!place.names("without").contains(&"checkpoint.safetensors".to_owned()));
}

#[test]
fn without_a_checkpoint_it_starts_afresh_and_says_so() {
    let place = place();
    let words = format!("{TRAIN} --epochs 3 --out out");
    let finished = place.succeed(&format!("{words} --resume"));
    let first = finished.stderr.lines().next();
    assert_eq!(first, Some("no checkpoint in out: starting from the beginning"));
    assert_eq!(place.json("out/metrics.json")["epochs"], 3);
}

#[test]
fn a_finished_training_is_left_as_it_is() {
    let place = place();
    let words = format!("{TRAIN} --epochs 3 --out out --resume");
    place.succeed(&words);
    let before = place
        .names("out")
        .iter()
        .map(|name| place.bytes(&format!("out/{name}")))
        .collect::<Vec<_>>();
    let finished = place.succeed(&words);
    assert_eq!(finished.stderr, "the training in out has already finished; nothing was changed\n");
    let after = place
        .names("out")
        .iter()
        .map(|name| place.bytes(&format!("out/{name}")))
        .collect::<Vec<_>>();
    assert!(before == after);
    // A file that was lost is written again.
    let metrics = place.json("out/metrics.json");
    std::fs::remove_file(place.path().join("out/metrics.json")).unwrap();
    place.succeed(&words);
    assert_eq!(place.json("out/metrics.json")["test"], metrics["test"]);
}

#[test]
fn a_finished_training_continues_with_more_epochs() {
    let place = place();
    place.succeed(&format!("{TRAIN} --epochs 9 --out straight"));
    place.succeed(&format!("{TRAIN} --epochs 4 --out out --resume"));
    let line = place.succeed(&format!("{TRAIN} --epochs 9 --out out --resume"));
    assert!(line.stderr.contains("epoch 5"), "{}", line.stderr);
    for file in ["model.safetensors", "predictions.csv"] {
        let bytes = |folder: &str| place.bytes(&format!("{folder}/{file}"));
        assert!(bytes("straight") == bytes("out"), "{file} differs");
    }
    assert_eq!(history(&place, "out"), history(&place, "straight"));
}

/// Another training, without checkpoints, may have written its files there since.
#[test]
fn files_of_another_training_are_not_taken_for_those_of_the_finished_one() {
    let place = place();
    let words = format!("{TRAIN} --epochs 3 --out out --resume");
    place.succeed(&words);
    let model = place.bytes("out/model.safetensors");
    place.succeed(&format!("{TRAIN} --epochs 2 --out out"));
    assert!(place.bytes("out/model.safetensors") != model);
    place.succeed(&words);
    assert!(place.bytes("out/model.safetensors") == model);
    assert_eq!(place.json("out/metrics.json")["epochs"], 3);
}

/// The model is written last and the history first, so that both are of one training only if all files
/// are. A kill in between leaves one of them.
#[test]
fn a_training_that_was_killed_while_it_wrote_its_files_writes_them_again() {
    let place = place();
    let words = format!("{TRAIN} --epochs 3 --resume");
    place.succeed(&format!("{words} --out whole"));
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        // The time of the rename.
        let renamed = |name: &str| {
            let file = fs::metadata(place.path().join("whole").join(name)).unwrap();
            (file.ctime(), file.ctime_nsec())
        };
        let names = ["predictions.csv", "metrics.json", "importance.csv", "report.html"];
        for name in names {
            let order = [renamed("history.csv"), renamed(name), renamed("model.safetensors")];
            assert!(order.is_sorted(), "{name}: {order:?}");
        }
    }

    for (out, written) in [("first", "history.csv"), ("last", "model.safetensors")] {
        place.succeed(&format!("{TRAIN} --epochs 2 --out {out}"));
        for name in ["checkpoint.safetensors", written] {
            place.write(&format!("{out}/{name}"), place.bytes(&format!("whole/{name}")));
        }
        place.succeed(&format!("{words} --out {out}"));
        for name in ["history.csv", "predictions.csv", "importance.csv", "model.safetensors"] {
            let bytes = |folder: &str| place.bytes(&format!("{folder}/{name}"));
            assert!(bytes(out) == bytes("whole"), "{name} is of another training");
        }
        assert_eq!(place.json(&format!("{out}/metrics.json"))["epochs"], 3);
        let page = page(&place, &format!("{out}/report.html"));
        assert_eq!(page["runs"][0]["epochs"].as_array().unwrap().len(), 3);
        let finished = place.succeed(&format!("{words} --out {out}"));
        assert!(finished.stderr.contains("already finished"), "{}", finished.stderr);
    }
}

/// Scaled, bytes and kilobytes are the same numbers.
#[test]
fn another_target_is_refused() {
    let place = Place::new();
    let rows = (0..50).map(|row| format!("{},{row},{}\n", row % 7, 1024 * row));
    place.write("data.csv", format!("x,kb,bytes\n{}", rows.collect::<String>()));
    let words =
        "train data.csv --task regression --epochs 2 --out out --quiet --checkpoint-every 1";
    place.succeed(&format!("{words} --target kb --ignore bytes"));
    let line = place.nnfs(&format!("{words} --target bytes --ignore kb --resume"));
    assert!(line.stderr.contains("target columns: kb in the checkpoint, bytes now"), "{line:?}");
}

#[test]
fn another_training_is_refused() {
    let place = place();
    place.succeed(&format!("{TRAIN} --epochs 4 --out out --checkpoint-every 2"));
    let checkpoint = place.bytes("out/checkpoint.safetensors");
    for (options, part) in [
        ("--epochs 3", "at most 3 epochs, found 4"),
        ("--epochs 4 --learning-rate 0.01", "optimizer: "),
        ("--epochs 4 --hidden 31,32", "layers: "),
        ("--epochs 4 --batch 16", "batch size: "),
        ("--epochs 4 --l2 0.1", "layers: "),
        ("--epochs 4 --loss binary-cross-entropy", "3"),
        ("--epochs 4 --dtype f64", "expected numbers of f64, found f32"),
        ("--epochs 4 --test-fraction 0.1", "inputs: "),
    ] {
        let line = place.nnfs(&format!("{TRAIN} --out out --resume {options}"));
        assert_eq!(line.code, Some(1), "{options}: {line:?}");
        assert!(line.stderr.contains(part), "{options}: {}", line.stderr);
    }
    let line = place
        .nnfs(&format!("{TRAIN} --out out --resume --epochs 4").replace("--seed 3", "--seed 4"));
    assert!(line.stderr.contains("initial weights: "), "{line:?}");
    // Another file, be it one that differs in nothing that is trained on.
    place.write("data.csv", format!("{}\n", tables::classes(200)));
    let line = place.fail(1, &format!("{TRAIN} --out out --resume --epochs 4 --quiet"));
    let start = "out/checkpoint.safetensors: the checkpoint is of another training: ";
    assert!(line.starts_with(&format!("{start}file: ")), "{line}");
    assert!(place.bytes("out/checkpoint.safetensors") == checkpoint);
}

#[test]
fn a_damaged_checkpoint_is_reported() {
    let place = place();
    std::fs::create_dir(place.path().join("out")).unwrap();
    place.write("out/checkpoint.safetensors", "something else");
    let line = place.fail(1, &format!("{TRAIN} --out out --resume --quiet"));
    assert!(line.starts_with("out/checkpoint.safetensors: "), "{line}");
    assert_eq!(place.text("out/checkpoint.safetensors"), "something else");
}

/// The marks of a checkpoint that a program wrote, or somebody who wants to see.
#[test]
fn a_finished_checkpoint_without_epochs_is_refused() {
    let place = place();
    let words = format!("{TRAIN} --epochs 2 --out out --checkpoint-every 1");
    place.succeed(&words);
    let path = place.path().join("out/checkpoint.safetensors");
    let mut checkpoint = Checkpoint::<f32>::load(&path, &Registry::new()).unwrap();
    assert!(checkpoint.is_finished());
    checkpoint.state.epochs.clear();
    checkpoint.finished.as_mut().unwrap().restored = None;
    checkpoint.save(&path).unwrap();
    let line = place.fail(1, &format!("{words} --resume --quiet"));
    assert!(line.starts_with("out/checkpoint.safetensors: "), "{line}");
    assert!(line.contains("epoch"), "{line}");
}

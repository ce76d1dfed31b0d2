//! The folder of a training: it disappears, another training wants it, or a killed one has left files.

use std::fs;
use std::io::Read;
use std::process::{Child, Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::program::Place;
use crate::tables;

const TRAIN: &str = "train data.csv --target y --task regression --hidden 4 --seed 1 --quiet";

fn place() -> Place {
    let place = Place::new();
    place.write("data.csv", tables::regression(40));
    place
}

/// Starts a training that takes a second or more, and waits until it has locked its folder and a file is
/// there.
fn start(place: &Place, options: &str, file: &str) -> Child {
    let train = TRAIN.replace("--quiet", "");
    let mut training = place.command(&format!("{train} --out out {options}")).spawn().unwrap();
    // What was read is printed when the folder is locked: the first character of the name of the file.
    let stdout = training.stdout.as_mut().unwrap();
    let mut first = [0];
    stdout.read_exact(&mut first).expect("it ended before it printed a line");
    let start = Instant::now();
    while !place.path().join(file).exists() {
        assert!(training.try_wait().unwrap().is_none(), "it ended before {file} was there");
        assert!(start.elapsed() < Duration::from_secs(60), "{file} was never there");
        sleep(Duration::from_millis(1));
    }
    training
}

/// Moves the folder away at once: removing its files one by one may meet a new one.
fn take_away(place: &Place) {
    let gone = place.path().join("gone");
    fs::rename(place.path().join("out"), &gone).unwrap();
    fs::remove_dir_all(gone).unwrap();
}

/// The exit code and the standard error.
fn end(training: Child) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = training.wait_with_output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_folder_that_disappears_is_made_again() {
    let place = place();
    for (options, file) in [("", "out"), ("--checkpoint-every 500", "out/checkpoint.safetensors")] {
        let words = format!("--epochs 60000 {options}");
        let training = start(&place, &words, file);
        take_away(&place);
        let (code, stderr) = end(training);
        assert_eq!(code, Some(0), "{stderr}");
        assert!(stderr.contains("folder out had disappeared"), "{stderr}");
        let names = place.names("out");
        assert!(names.contains(&"model.safetensors".to_owned()), "{names:?}");
        if !options.is_empty() {
            // The checkpoint has all epochs.
            let line = place.succeed(&format!("{TRAIN} --out out {words} --resume"));
            assert!(line.stderr.contains("already finished"), "{line:?}");
        }
        fs::remove_dir_all(place.path().join("out")).unwrap();
    }
}

/// After a kill, the checkpoints that were saved into the new folder can be resumed.
#[test]
fn checkpoints_in_a_folder_that_was_made_again_are_whole() {
    let place = place();
    let words = "--epochs 30000 --checkpoint-every 300";
    let checkpoint = "out/checkpoint.safetensors";
    let mut training = start(&place, words, checkpoint);
    take_away(&place);
    while !place.path().join(checkpoint).exists() && training.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(1));
    }
    training.kill().unwrap();
    training.wait().unwrap();
    place.succeed(&format!("{TRAIN} --out out {words} --resume"));
    place.succeed(&format!("{TRAIN} --out straight --epochs 30000"));
    assert!(place.bytes("out/model.safetensors") == place.bytes("straight/model.safetensors"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_another_training_uses_is_refused() {
    let place = place();
    let mut training = start(&place, "--epochs 10000000", "out");
    let line = place.fail(1, &format!("{TRAIN} --out out --epochs 1"));
    assert!(line.contains("folder out") && line.contains("--out"), "{line}");
    place.succeed(&format!("{TRAIN} --out other --epochs 1"));
    training.kill().unwrap();
    training.wait().unwrap();
    // The lock ends with the process.
    place.succeed(&format!("{TRAIN} --out out --epochs 1"));
}

/// The files of another training in a folder of the same name stay as they are.
#[cfg(unix)]
#[test]
fn results_are_not_written_over_those_of_another_training() {
    let place = place();
    for options in ["", "--checkpoint-every 100"] {
        let training = start(&place, &format!("--epochs 100000 {options}"), "out");
        take_away(&place);
        // With checkpoints, the first training may make the folder again before the second starts.
        let second = place.nnfs(&format!("{TRAIN} --out out --epochs 2"));
        let (code, stderr) = end(training);
        if second.code != Some(0) {
            assert!(second.stderr.contains("in use"), "{second:?}");
            assert!(stderr.contains("had disappeared"), "{stderr}");
            assert_eq!(code, Some(0), "{stderr}");
        } else {
            assert!(stderr.contains("folder beside it"), "{stderr}");
            // The last checkpoint could not be saved, but the results are whole.
            assert_eq!(code, Some(0), "{stderr}");
            assert!(stderr.contains("out-2"), "{stderr}");
            assert_eq!(place.json("out/metrics.json")["epochs"], 2);
            assert_eq!(place.json("out-2/metrics.json")["epochs"], 100_000);
            fs::remove_dir_all(place.path().join("out-2")).unwrap();
        }
        fs::remove_dir_all(place.path().join("out")).unwrap();
    }
}

/// A file in the place of the folder: the results are written beside it, also without a checkpoint.
#[cfg(unix)]
#[test]
fn a_folder_that_becomes_a_file_does_not_cost_the_results() {
    let place = place();
    for options in ["", "--checkpoint-every 10"] {
        // The folder disappears with all its files in one step, so that a checkpoint cannot slip between.
        let mut moved = false;
        let mut training = None;
        for _ in 0..20 {
            let running = start(&place, &format!("--epochs 60000 {options}"), "out");
            take_away(&place);
            if fs::File::create_new(place.path().join("out")).is_ok() {
                (moved, training) = (true, Some(running));
                break;
            }
            end(running);
            fs::remove_dir_all(place.path().join("out")).unwrap();
        }
        assert!(moved);
        let (code, stderr) = end(training.unwrap());
        assert_eq!(code, Some(0), "{stderr}");
        assert!(stderr.contains("out-2") && !stderr.contains("error: "), "{stderr}");
        assert_eq!(place.json("out-2/metrics.json")["epochs"], 60_000);
        fs::remove_dir_all(place.path().join("out-2")).unwrap();
        fs::remove_file(place.path().join("out")).unwrap();
    }
}

/// A model beyond the limit of `ulimit -f` is a failed write. The files of the earlier training stay, and no new one is
/// beside them.
#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_is_an_error() {
    let place = place();
    place.succeed(&format!("{TRAIN} --out out --epochs 1"));
    let names = place.names("out");
    let all = || names.iter().map(|name| place.bytes(&format!("out/{name}"))).collect::<Vec<_>>();
    let before = all();
    // A single network: an ensemble for a linear table is small.
    let words = format!("{TRAIN} --recipe plain --out out --epochs 2")
        .replace("--hidden 4", "--hidden 256,256");
    // 8 blocks of 512 bytes.
    let script = format!("ulimit -f 8; exec {} {words}", env!("CARGO_BIN_EXE_nnfs"));
    let mut shell = Command::new("sh");
    let Output { status, stderr, .. } =
        shell.args(["-c", &script]).current_dir(place.path()).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("model.safetensors"), "{stderr}");
    assert!(stderr.contains("out keeps the files of the earlier training"), "{stderr}");
    assert_eq!(place.names("out"), names);
    assert!(all() == before);
}

#[cfg(target_os = "linux")]
#[test]
fn temporary_files_of_killed_trainings_are_removed_at_the_next_start() {
    let place = place();
    let temporary = || -> Vec<String> {
        place.names("out").into_iter().filter(|name| name.ends_with(".tmp")).collect()
    };
    let mut left = Vec::new();
    for _ in 0..100 {
        let checkpoint = "out/checkpoint.safetensors";
        let mut training = start(&place, "--epochs 10000000 --checkpoint-every 1", checkpoint);
        while temporary().is_empty() && training.try_wait().unwrap().is_none() {}
        training.kill().unwrap();
        training.wait().unwrap();
        left = temporary();
        if !left.is_empty() {
            break;
        }
    }
    assert!(!left.is_empty(), "no kill was in the middle of a save");
    place.write("out/.nnfs-mine.txt", "");
    place.succeed(&format!("{TRAIN} --out out --epochs 1"));
    assert_eq!(temporary(), [""; 0]);
    assert!(place.names("out").contains(&".nnfs-mine.txt".to_owned()));
}

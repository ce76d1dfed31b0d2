//! Networks and batches that do not fit into memory: one line, and nothing is written.

use std::process::{Command, Output, Stdio};

use crate::program::Place;
use crate::tables;

const TRAIN: &str = "train data.csv --target y --task regression --epochs 1 --quiet --out out";

fn place() -> Place {
    let place = Place::new();
    place.write("data.csv", tables::regression(40));
    place
}

#[test]
fn a_training_beyond_the_limit_is_refused_with_what_it_needs() {
    let place = place();
    let deep = vec!["4096"; 60].join(",");
    for (options, part) in [
        (format!("--hidden {deep} --memory-limit 2GB"), "parameters"),
        (
            format!("--hidden {deep} --memory-limit 2GB --dtype f64 --optimizer sgd"),
            "hidden layers",
        ),
        ("--memory-limit 20kB".to_owned(), "20.0 kB"),
        ("--hidden 4 --memory-limit 2000 --checkpoint-every 1 --resume".to_owned(), "saving"),
    ] {
        let line = place.fail(1, &format!("{TRAIN} {options}"));
        assert!(line.contains(part) && line.contains("--memory-limit"), "{line}");
        assert_eq!(place.names("."), ["data.csv"]);
    }
    place.succeed(&format!("{TRAIN} --memory-limit 20MB"));
    place.succeed(&format!("{TRAIN} --memory-limit none"));
    let line = place.nnfs(&format!("{TRAIN} --memory-limit much"));
    assert_eq!(line.code, Some(2), "{line:?}");
}

/// Many rows and a large batch need more than the network.
#[test]
fn what_helps_depends_on_what_is_large() {
    let place = Place::new();
    place.write("data.csv", tables::regression(3000));
    let line = place.fail(1, &format!("{TRAIN} --memory-limit 1MB --batch 3000 --hidden 64"));
    assert!(line.contains("a smaller batch"), "{line}");
    let line = place.fail(1, &format!("{TRAIN} --memory-limit 100kB --hidden none"));
    assert!(line.contains("fewer rows"), "{line}");
}

/// The limit of `ulimit -v`, beyond which the program would be aborted.
#[cfg(target_os = "linux")]
#[test]
fn the_limit_of_addresses_is_respected() {
    let place = place();
    let words = format!("{TRAIN} --hidden {}", vec!["4096"; 100].join(","));
    for limit in ["", " --memory-limit none", " --memory-limit 100GB"] {
        let script =
            format!("ulimit -v 4194304; exec {} {words}{limit}", env!("CARGO_BIN_EXE_nnfs"));
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(place.path()).stdin(Stdio::null());
        let Output { status, stderr, .. } = shell.output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(1), "{stderr}");
        assert!(stderr.lines().count() == 1 && stderr.contains("GB"), "{stderr}");
        assert_eq!(place.names("."), ["data.csv"]);
    }
}

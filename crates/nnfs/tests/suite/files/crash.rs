//! A process that is killed while it saves leaves the old checkpoint or the new one.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use nnfs::files::{Checkpoint, Registry};
use nnfs::rand::RngExt;

use super::checkpoint::{Choice, process, whole};
use super::*;

/// The variable with the path of the checkpoint, for the child.
const PATH: &str = "NNFS_TEST_CHECKPOINT";

/// What the child says before each save.
const SAVING: &str = "saving";

/// Most of the time of such a training goes into its saves.
fn choice() -> Choice {
    Choice {
        optimizer: 4,
        schedule: Schedule::InverseTime { decay: 1e-3 },
        epochs: 3000,
        batch_size: 10,
        seed: 7,
        patience: Some(3000),
        validation: true,
        every: 1,
        width: 1000,
    }
}

/// The process that is killed: this test, run by the test below.
#[test]
#[ignore = "it trains until it is killed, for the test that follows"]
fn child() {
    let Some(path) = std::env::var_os(PATH) else { return };
    process::<f64>(Path::new(&path), &choice(), |_| {
        writeln!(std::io::stdout(), "{SAVING}").unwrap();
        Control::Continue
    });
}

/// When a child is killed, once it has begun to save.
enum Moment {
    /// After this time.
    After(Duration),
    /// When its temporary file is seen.
    WhileItWrites,
}

/// The temporary files of saves that are not done.
fn unfinished(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let entries = entries.map(|entry| entry.unwrap().path());
    entries.filter(|entry| entry.extension().is_some_and(|it| it == "tmp")).collect()
}

/// Starts the child, and kills it after it began to save for the `saves`-th time.
fn kill_one(path: &Path, saves: usize, moment: &Moment) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "files::crash::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut saving = lines.map_while(Result::ok).filter(|line| line.ends_with(SAVING));
    assert_eq!(saving.by_ref().take(saves).count(), saves, "the training was over too early");
    match moment {
        Moment::After(delay) => std::thread::sleep(*delay),
        Moment::WhileItWrites => {
            while unfinished(path).is_empty() && child.try_wait().unwrap().is_none() {}
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_hundred_kills_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed");
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let (mut epochs, mut in_the_middle) = (0, 0);
    for kill in 0..100 {
        let (saves, delay) = (rng.random_range(1..4), rng.random_range(0..1500));
        let moment = match kill % 2 {
            0 => Moment::WhileItWrites,
            _ => Moment::After(Duration::from_micros(delay)),
        };
        kill_one(&path, saves, &moment);
        let found = Checkpoint::<f64>::load_if_exists(&path, &Registry::new()).unwrap();
        let found = found.map_or(0, |checkpoint| checkpoint.state.next_epoch());
        // All saves but the last are done.
        assert!(found + 1 >= epochs + saves, "kill {kill}: {found} epochs after {epochs}");
        epochs = found;
        // A kill in the middle of a save leaves its temporary file.
        for file in unfinished(&path) {
            in_the_middle += 1;
            std::fs::remove_file(file).unwrap();
        }
    }
    assert!(in_the_middle > 10, "only {in_the_middle} of 100 kills were in the middle of a save");

    // Fewer checkpoints, for the sake of time.
    let rest = Choice { every: 500, ..choice() };
    let straight = whole::<f64>(&folder.path().join("straight"), &rest);
    assert_eq!(whole::<f64>(&path, &rest), straight);
}

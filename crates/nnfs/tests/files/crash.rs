//! A process that is killed while it saves leaves the old checkpoint or the new one.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use nnfs::files::{Checkpoint, Registry};
use nnfs::rand::RngExt;

use super::checkpoint::{Choice, process, whole};
use super::*;

/// The variable that tells the child where its checkpoint is.
const PATH: &str = "NNFS_TEST_CHECKPOINT";

/// What the child says before each save.
const SAVING: &str = "saving";

/// Most of the time of such a training goes into its saves.
fn choice() -> Choice {
    Choice {
        optimizer: 4,
        schedule: Schedule::InverseTime { decay: 1e-3 },
        epochs: 400,
        batch_size: 10,
        seed: 7,
        patience: Some(400),
        validation: true,
        every: 1,
        width: 500,
    }
}

/// The process that is killed: this test, run by the test below.
#[test]
#[ignore = "it trains until it is killed, for the test that follows"]
fn child() {
    let Some(path) = std::env::var_os(PATH) else { return };
    process::<f64>(Path::new(&path), &choice(), |checkpoints, progress| {
        writeln!(std::io::stdout(), "{SAVING}").unwrap();
        checkpoints.after(progress, Control::Continue)
    });
}

/// Starts the child, and kills it some time after it began to save for the `saves`-th time.
fn kill_one(path: &Path, saves: usize, delay: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let saving = lines.map_while(Result::ok).filter(|line| line.ends_with(SAVING));
    assert_eq!(saving.take(saves).count(), saves, "the training was over too early");
    std::thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_hundred_kills_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed");
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut epochs = 0;
    for kill in 0..100 {
        let (saves, delay) = (rng.random_range(1..4), rng.random_range(0..1500));
        kill_one(&path, saves, Duration::from_micros(delay));
        let found = Checkpoint::<f64>::load_if_exists(&path, &Registry::new()).unwrap();
        let found = found.map_or(0, |checkpoint| checkpoint.state.next_epoch());
        // All saves but the last are done.
        assert!(found + 1 >= epochs + saves, "kill {kill}: {found} epochs after {epochs}");
        epochs = found;
    }
    // A kill in the middle of a save leaves its temporary file: most were in the middle.
    let unfinished = std::fs::read_dir(folder.path()).unwrap().count() - 1;
    assert!(unfinished > 20, "only {unfinished} of 100 kills were during a save");

    let straight = whole::<f64>(&folder.path().join("straight"), &choice());
    assert_eq!(whole::<f64>(&path, &choice()), straight);
}

//! `kill -9` at random times, and `--resume`.

use std::thread::sleep;
use std::time::{Duration, Instant};

use nnfs::rand::RngExt;
use nnfs::rand::rngs::ChaCha8Rng;

use super::Row;
use super::place::Place;

/// A training of one network, and one of several, each with a checkpoint after every epoch.
const TRAININGS: [(&str, &str); 2] = [
    ("straight-one", "--recipe plain --hidden 16 --epochs 200"),
    ("straight-several", "--folds 2 --hidden 8 --epochs 60"),
];

/// The first checkpoint of each.
const CHECKPOINTS: [&str; 2] =
    ["killed/checkpoint.safetensors", "killed/checkpoint-01.safetensors"];

/// Kills trainings of both kinds in turn, until this many kills were made and the last training has ended.
pub(super) fn run(place: &Place, kills: usize, rng: &mut ChaCha8Rng) -> anyhow::Result<Row> {
    let mut row =
        Row { fault: "kill -9, then --resume", times: 0, failures: 0, figures: String::new() };
    let (mut trainings, mut same, mut without, mut most) = (0, 0, 0, 0);
    let words = |options: &str, folder: &str| {
        format!(
            "train data.csv --target y --task regression --seed 3 --quiet {options} \
             --checkpoint-every 1 --resume --out {folder}"
        )
    };
    let mut seconds = Vec::new();
    for (straight, options) in TRAININGS {
        let start = Instant::now();
        place.succeed(&words(options, straight))?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    while row.times < kills {
        let (straight, options) = TRAININGS[trainings % 2];
        place.remove("killed")?;
        let mut killed = 0;
        loop {
            let mut process = place.start(&words(options, "killed"))?;
            let longest = seconds[trainings % TRAININGS.len()] / 2.0;
            // After enough kills it runs to its end.
            if row.times < kills {
                sleep(Duration::from_secs_f64(rng.random_range(0.0..longest)));
            }
            let is_killed = row.times < kills && process.try_wait()?.is_none();
            if is_killed {
                process.kill()?;
            }
            let status = process.wait()?;
            if !is_killed {
                row.failures += usize::from(!status.success());
                break;
            }
            row.times += 1;
            killed += 1;
            let mut checkpoints = CHECKPOINTS.iter().map(|name| place.path(name));
            without += usize::from(!checkpoints.any(|path| path.exists()));
        }
        trainings += 1;
        most = most.max(killed);
        let is_same = place.same("killed", straight);
        same += usize::from(is_same);
        row.failures += usize::from(!is_same);
    }
    row.figures = format!(
        "{same} of {trainings} trainings have the bytes of one that was not killed; at most {most} kills of \
         one; {without} kills before the first checkpoint"
    );
    Ok(row)
}

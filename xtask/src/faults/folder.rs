//! The folder of a training: it is removed meanwhile, or two trainings want the same one.

use std::thread::sleep;
use std::time::{Duration, Instant};

use nnfs::rand::RngExt;
use nnfs::rand::rngs::ChaCha8Rng;

use super::Row;
use super::place::{Place, is_one_line};

const TRAIN: &str = "train data.csv --target y --task regression --recipe plain --hidden 16 --epochs 200 \
                     --checkpoint-every 1 --quiet";

/// Removes the folder at a random time.
pub(super) fn removed(place: &Place, rounds: usize, rng: &mut ChaCha8Rng) -> anyhow::Result<Row> {
    let mut row = Row { fault: "folder removed", times: 0, failures: 0, figures: String::new() };
    let start = Instant::now();
    place.succeed(&format!("{TRAIN} --seed 1 --out kept"))?;
    let seconds = start.elapsed().as_secs_f64();
    let mut reported = 0;
    for round in 0..rounds {
        let process = place.start(&format!("{TRAIN} --seed 1 --out removed"))?;
        sleep(Duration::from_secs_f64(rng.random_range(0.1..0.9) * seconds));
        // At once: removing its files one by one may meet a new one.
        let gone = place.path(&format!("gone-{round}"));
        let is_moved = std::fs::rename(place.path("removed"), &gone).is_ok();
        let ended = process.wait_with_output()?;
        let stderr = String::from_utf8_lossy(&ended.stderr);
        let is_reported = stderr.contains("disappeared");
        reported += usize::from(is_reported);
        row.times += usize::from(is_moved);
        // It may have ended before.
        let is_whole =
            place.same("removed", "kept") || place.same(&format!("gone-{round}"), "kept");
        row.failures += usize::from(!ended.status.success() || !is_whole);
        place.remove("removed")?;
        place.remove(&format!("gone-{round}"))?;
    }
    row.figures = format!("{reported} times made again with a warning");
    Ok(row)
}

/// Starts two trainings into one folder at the same time.
pub(super) fn shared(place: &Place, rounds: usize) -> anyhow::Result<Row> {
    let fault = "two trainings, one folder";
    let mut row = Row { fault, times: 0, failures: 0, figures: String::new() };
    for seed in [1, 2] {
        place.succeed(&format!("{TRAIN} --seed {seed} --out alone-{seed}"))?;
    }
    let mut refused = 0;
    for _ in 0..rounds {
        let start = |seed| place.start(&format!("{TRAIN} --seed {seed} --out shared"));
        let (first, second) = (start(1)?, start(2)?);
        let ends = [first.wait_with_output()?, second.wait_with_output()?];
        row.times += 1;
        let succeeded = ends.iter().filter(|end| end.status.success()).count();
        let errors = ends.iter().filter(|end| end.status.code() == Some(1));
        let errors = errors.filter(|end| is_one_line(&end.stderr)).count();
        refused += errors;
        // The files are those of one training, and not of both.
        let is_one = (1..=2).any(|seed| {
            ends[seed - 1].status.success() && place.same("shared", &format!("alone-{seed}"))
        });
        row.failures += usize::from(succeeded + errors != 2 || succeeded == 0 || !is_one);
        place.remove("shared")?;
    }
    row.figures = format!("{refused} times one was refused in one line");
    Ok(row)
}

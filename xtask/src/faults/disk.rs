//! A disk that is full: no file may grow beyond a limit (`ulimit -f`).

use super::Row;
use super::place::{MODEL, Place, is_one_line};

/// The limits, in blocks of 512 bytes: from none at all to enough for all files but the largest.
const LIMITS: [u64; 7] = [0, 1, 4, 16, 32, 64, 256];

const TRAIN: &str = "train data.csv --target y --task regression --recipe plain --hidden 16 --epochs 20 \
                     --quiet --checkpoint-every 5 --out full";

/// Trains and predicts under each limit, over the files of an earlier training.
pub(super) fn run(place: &Place) -> anyhow::Result<Row> {
    let mut row =
        Row { fault: "disk full (ulimit -f)", times: 0, failures: 0, figures: String::new() };
    if !cfg!(unix) {
        row.figures = "not tried: needs Unix".to_owned();
        return Ok(row);
    }
    place.succeed(&format!("{TRAIN} --seed 1"))?;
    place.succeed("predict full data.csv --out before.csv")?;
    std::fs::copy(place.path(&format!("full/{MODEL}")), place.path("good.safetensors"))?;
    let predictions = place.bytes("before.csv")?;

    let (mut refused, mut whole) = (0, 0);
    for blocks in LIMITS {
        // A training: it ends with 0 or an error in one line, and a model that is there can be read.
        row.times += 1;
        let ended = place.limited(blocks, &format!("{TRAIN} --seed 2")).output()?;
        let is_error = ended.status.code() == Some(1) && is_one_line(&ended.stderr);
        refused += usize::from(is_error);
        let model = place.path(&format!("full/{MODEL}"));
        let is_whole = model.exists() && place.succeed("show full").is_ok();
        whole += usize::from(is_whole);
        let holds = (is_error || ended.status.success()) && (is_whole || !model.exists());
        row.failures += usize::from(!holds);

        // Predictions: all of the new ones, or the old file.
        row.times += 1;
        std::fs::write(place.path("after.csv"), "old")?;
        let predict = "predict good.safetensors data.csv --out after.csv";
        let ended = place.limited(blocks, predict).output()?;
        let after = place.bytes("after.csv")?;
        let is_error = ended.status.code() == Some(1) && is_one_line(&ended.stderr);
        refused += usize::from(is_error);
        let holds = match ended.status.code() {
            Some(0) => after == predictions,
            Some(1) => is_error && after == b"old",
            _ => false,
        };
        row.failures += usize::from(!holds);
    }
    let trainings = LIMITS.len();
    row.figures = format!(
        "{refused} errors in one line; {whole} of {trainings} trainings left a whole model"
    );
    Ok(row)
}

//! A model file that is replaced, again and again, while others predict with it.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::Row;
use super::place::{MODEL, Place};

const TRAIN: &str =
    "train data.csv --target y --task regression --recipe plain --hidden 16 --epochs 20 --quiet";

/// Predicts while two models take turns under one name.
pub(super) fn run(place: &Place, predictions: usize) -> anyhow::Result<Row> {
    let fault = "model swapped under predict";
    let mut row = Row { fault, times: 0, failures: 0, figures: String::new() };
    let (mut models, mut expected) = (Vec::new(), Vec::new());
    for seed in [1, 2] {
        place.succeed(&format!("{TRAIN} --seed {seed} --out model-{seed}"))?;
        place.succeed(&format!("predict model-{seed} data.csv --out expected-{seed}.csv"))?;
        models.push(place.bytes(&format!("model-{seed}/{MODEL}"))?);
        expected.push(place.bytes(&format!("expected-{seed}.csv"))?);
    }
    let (model, next) = (place.path("swapped.safetensors"), place.path("next.safetensors"));
    fs::write(&model, &models[0])?;

    let (is_done, swaps) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut seen = [0; 2];
    thread::scope(|scope| -> anyhow::Result<()> {
        let swapper = scope.spawn(|| -> std::io::Result<()> {
            while !is_done.load(Ordering::Relaxed) {
                // As nnfs writes a model: under another name, and then renamed.
                let swap = swaps.fetch_add(1, Ordering::Relaxed);
                fs::write(&next, &models[(swap + 1) % 2])?;
                fs::rename(&next, &model)?;
            }
            Ok(())
        });
        for _ in 0..predictions {
            let ended = place.succeed("predict swapped.safetensors data.csv --out swapped.csv");
            let found = place.bytes("swapped.csv").unwrap_or_default();
            row.times += 1;
            match expected.iter().position(|expected| *expected == found) {
                Some(which) if ended.is_ok() => seen[which] += 1,
                _ => row.failures += 1,
            }
        }
        is_done.store(true, Ordering::Relaxed);
        swapper.join().expect("the swapper does not panic")?;
        Ok(())
    })?;
    let [one, other] = seen;
    let swaps = swaps.into_inner();
    row.figures = format!("{swaps} swaps; {one} predictions of one model, {other} of the other");
    Ok(row)
}

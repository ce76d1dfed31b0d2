//! The command `nnfs`, trained on the rows of one file and scored on those of another.

use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use crate::workspace::output;

/// A folder with the files `train.csv` and `test.csv`, and what to predict there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Split<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) target: &'a str,
    pub(crate) task: &'a str,
    pub(crate) seed: u64,
}

/// What a training gave.
#[derive(Debug)]
pub(crate) struct Trained {
    scores: Value,
    /// How long the fit took.
    pub(crate) seconds: f64,
}

impl Trained {
    /// A score of the test rows.
    ///
    /// # Errors
    /// If there is none of this name.
    pub(crate) fn score(&self, name: &str) -> anyhow::Result<f64> {
        self.scores[name].as_f64().with_context(|| format!("nnfs evaluate gave no {name}"))
    }
}

/// Trains on all rows of `train.csv`, and evaluates the model on `test.csv`.
///
/// # Errors
/// If a command fails.
pub(crate) fn train<S: AsRef<str>>(
    nnfs: &Path,
    split: &Split<'_>,
    options: &[S],
) -> anyhow::Result<Trained> {
    let out = split.folder.join("model");
    let mut train = Command::new(nnfs);
    train.arg("train").arg(split.folder.join("train.csv")).args(["--target", split.target]);
    train.args(["--task", split.task, "--seed", &split.seed.to_string()]);
    train.args(["--test-fraction", "0", "--quiet"]).args(options.iter().map(AsRef::as_ref));
    output(train.arg("--out").arg(&out))?;
    let metrics: Value = serde_json::from_slice(&std::fs::read(out.join("metrics.json"))?)?;
    let seconds = metrics["fit_seconds"].as_f64().context("metrics.json has no fit_seconds")?;

    let mut evaluate = Command::new(nnfs);
    evaluate
        .args(["evaluate", "--json"])
        .arg(out.join("model.safetensors"))
        .arg(split.folder.join("test.csv"));
    Ok(Trained { scores: serde_json::from_str(&output(&mut evaluate)?)?, seconds })
}

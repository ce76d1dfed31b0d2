//! `cargo xtask pictures`: the pictures of README and docs, made by the experiments themselves.

use std::fs;
use std::process::Command;

use anyhow::{Context, bail, ensure};
use clap::Args;

use crate::workspace;

/// What the documentation shows, of all that an experiment writes.
const SHOWN: [&str; 4] = ["lesson.svg", "run-4.gif", "run-9.gif", "run-9.svg"];

/// Make the pictures that README and docs show, in docs/images
///
/// They come from all nine runs with the book's digits, which takes a minute or two. They are the
/// same on every machine.
#[derive(Debug, Args)]
pub(crate) struct PicturesOptions {
    /// Change nothing, and fail if a picture is not what the experiments give now
    #[arg(long)]
    check: bool,
}

/// Trains, and copies or compares what is shown.
///
/// # Errors
/// If training or a file fails, or a picture is stale.
pub(crate) fn run(options: &PicturesOptions) -> anyhow::Result<()> {
    let made = workspace().join("target").join("pictures");
    let shown = workspace().join("docs").join("images");
    let mut experiment = Command::new(std::env::current_exe().context("own path")?);
    experiment.args(["experiment", "sine", "--animate", "--out"]).arg(&made);
    let status = experiment.status().context("the experiment does not start")?;
    ensure!(status.success(), "{experiment:?} ended with {status}");

    let mut stale = Vec::new();
    for name in SHOWN {
        let new = fs::read(made.join(name)).with_context(|| format!("{name} was not made"))?;
        let path = shown.join(name);
        if fs::read(&path).is_ok_and(|old| old == new) {
            println!("docs/images/{name}: as it is");
        } else if options.check {
            stale.push(format!("docs/images/{name}"));
        } else {
            fs::write(&path, new).with_context(|| format!("cannot write {}", path.display()))?;
            println!("docs/images/{name}: made anew");
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    bail!("stale: {}; `cargo xtask pictures` makes them anew", stale.join(", "))
}

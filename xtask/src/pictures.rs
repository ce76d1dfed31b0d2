//! `cargo xtask pictures`: the pictures of the README and the docs, made by the experiments.

use std::fs;
use std::process::Command;

use anyhow::{Context, bail};
use clap::Args;

use crate::workspace::{run as step, workspace};

/// The files of the experiment that the documentation shows.
const SHOWN: [&str; 2] = ["lesson.svg", "run-9-animated.svg"];

/// Make the pictures of the README and the docs, in docs/images
///
/// They come from all runs with the digits of the book, which takes a minute or two. They are the same
/// on every machine.
#[derive(Debug, Args)]
pub(crate) struct PicturesOptions {
    /// Change nothing, and fail if a picture is not what the experiments draw now
    #[arg(long)]
    check: bool,
}

/// Trains, and copies or compares the pictures.
///
/// # Errors
/// If training or a file fails, or a picture is stale.
pub(crate) fn run(options: &PicturesOptions) -> anyhow::Result<()> {
    let made = workspace().join("target").join("pictures");
    let shown = workspace().join("docs").join("images");
    let mut experiment = Command::new(std::env::current_exe().context("own path")?);
    experiment.args(["experiment", "sine", "--animate", "--out"]).arg(&made);
    step(&mut experiment)?;

    let mut stale = Vec::new();
    for name in SHOWN {
        let new = fs::read(made.join(name)).with_context(|| format!("{name} was not made"))?;
        let path = shown.join(name);
        if fs::read(&path).is_ok_and(|old| old == new) {
            println!("docs/images/{name}: up to date");
        } else if options.check {
            stale.push(format!("docs/images/{name}"));
        } else {
            fs::write(&path, new).with_context(|| format!("cannot write {}", path.display()))?;
            println!("docs/images/{name}: written");
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    bail!("stale: {}; `cargo xtask pictures` writes them", stale.join(", "))
}

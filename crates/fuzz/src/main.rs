//! `cargo xtask fuzz`: damaged and made-up inputs, for a while.
//!
//! Exit codes: 0 if nothing failed, 1 if something did, 2 for invalid options.

// The user of a program reads stdout.
#![allow(clippy::print_stdout)]

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Parser;
use nnfs_fuzz::{Failure, Inputs, Read, TARGETS, Target, quiet, try_input};

/// Read damaged and made-up inputs: model files, checkpoints, tables, options, weights and formulas
///
/// A panic, an abort, or more than 64 MiB of memory is a failure. Inputs that fail are saved in target/fuzz.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask fuzz", bin_name = "cargo xtask fuzz")]
struct Options {
    /// Read inputs for this many seconds with each target
    #[arg(long, value_name = "N", default_value_t = 10)]
    seconds: u64,

    /// Seed of the inputs
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// Only this target [default: all]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,

    /// Read this file instead, once, and show where it fails
    #[arg(long, value_name = "FILE", requires = "target")]
    replay: Option<PathBuf>,

    /// Write the valid inputs that the others are made of into this folder, and read nothing
    #[arg(long, value_name = "FOLDER", conflicts_with = "replay")]
    write_seeds: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let targets: Vec<Target> = TARGETS
        .into_iter()
        .filter(|target| options.target.as_ref().is_none_or(|name| name == target.name))
        .collect();
    if targets.is_empty() {
        let names = TARGETS.map(|target| target.name).join(", ");
        bail!(
            "expected one of the targets {names}, found {:?}",
            options.target.unwrap_or_default()
        );
    }
    if let Some(file) = &options.replay {
        let input = fs::read(file).with_context(|| file.display().to_string())?;
        return match try_input(targets[0], &input) {
            Ok(Read { accepted, memory }) => {
                let accepted = if accepted { "accepted" } else { "refused" };
                println!("{accepted}, with {:.1} MB", memory as f64 / 1e6);
                Ok(())
            }
            // A panic has been printed with its place.
            Err(Failure { what, .. }) => bail!("{what}"),
        };
    }
    if let Some(folder) = &options.write_seeds {
        return write_seeds(&targets, folder);
    }
    quiet();
    let folder = Path::new("target/fuzz");
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    println!(
        "{:<10}  {:>10}  {:>8}  {:>8}  {:>10}  {:>12}",
        "target", "inputs", "accepted", "failures", "most MB", "slowest ms"
    );
    let mut failures = 0;
    for target in targets {
        failures += run(target, &options, folder)?;
    }
    ensure!(failures == 0, "inputs fail at {failures} places; see {}", folder.display());
    Ok(())
}

/// Writes the seeds of each target into a folder of its name.
fn write_seeds(targets: &[Target], folder: &Path) -> anyhow::Result<()> {
    for target in targets {
        let folder = folder.join(target.name);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        for (number, seed) in (target.seeds)().iter().enumerate() {
            let file = folder.join(format!("seed-{number}"));
            fs::write(&file, seed).with_context(|| file.display().to_string())?;
        }
    }
    Ok(())
}

/// Runs a target, and returns the number of places where it failed.
fn run(target: Target, options: &Options, folder: &Path) -> anyhow::Result<usize> {
    let inputs = Inputs::new(target, options.seed);
    for seed in inputs.seeds() {
        match try_input(target, seed) {
            Ok(Read { accepted, .. }) => {
                ensure!(accepted, "{}: a valid input is refused", target.name);
            }
            Err(Failure { what, place }) => bail!("{}, {place}: {what}", target.name),
        }
    }
    // An abort ends the process, and leaves its input in this file.
    let running = folder.join(format!("{}-running", target.name));
    let mut current = File::create(&running).with_context(|| running.display().to_string())?;
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let mut written = Ok(());
    let summary = inputs.run(|_, input| {
        written = overwrite(&mut current, input);
        written.is_ok() && Instant::now() < end
    });
    written.with_context(|| running.display().to_string())?;
    fs::remove_file(&running).with_context(|| running.display().to_string())?;
    println!(
        "{:<10}  {:>10}  {:>7.1}%  {:>8}  {:>10.1}  {:>12.1}",
        target.name,
        summary.inputs,
        100.0 * summary.accepted as f64 / summary.inputs.max(1) as f64,
        summary.failed,
        summary.memory as f64 / 1e6,
        summary.slowest.as_secs_f64() * 1e3,
    );
    for (number, failure) in &summary.failures {
        let file = folder.join(format!("{}-{}-{number}", target.name, options.seed));
        fs::write(&file, inputs.get(*number)).with_context(|| file.display().to_string())?;
        println!("  {}: {} ({})", file.display(), failure.what, failure.place);
    }
    Ok(summary.failures.len())
}

fn overwrite(file: &mut File, bytes: &[u8]) -> std::io::Result<()> {
    file.rewind()?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)
}

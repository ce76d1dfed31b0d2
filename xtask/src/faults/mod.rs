//! `cargo xtask faults`: what the command `nnfs` leaves behind when something goes wrong while it runs.

mod disk;
mod folder;
mod kills;
mod place;
mod swap;

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use nnfs::rand::SeedableRng;
use nnfs::rand::rngs::ChaCha8Rng;
use nnfs_console::Alignment::{Left, Right};
use nnfs_console::{count, table};

use crate::workspace::build_nnfs;
use place::Place;

/// Kill, fill, remove and swap while nnfs trains and predicts, and compare every file with that of a run
/// without a fault
///
/// Trainings are killed at random times and resumed, written where no file may grow, lose their folder, and
/// share one; a model is replaced again and again while others predict with it.
#[derive(Debug, Args)]
pub(crate) struct FaultsOptions {
    /// How often a training is killed; each of the other faults is made a quarter as often
    #[arg(long, value_name = "N", default_value_t = 20)]
    kills: usize,
    /// Seed of the random times
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The command to check, instead of one that is built
    #[arg(long, value_name = "NNFS")]
    program: Option<PathBuf>,
}

/// What was found for one kind of fault.
struct Row {
    fault: &'static str,
    /// How often the fault was made.
    times: usize,
    /// How often something was not as it should be.
    failures: usize,
    /// In words.
    figures: String,
}

pub(crate) fn run(options: &FaultsOptions) -> anyhow::Result<()> {
    let nnfs = match &options.program {
        Some(path) => path.canonicalize().with_context(|| path.display().to_string())?,
        None => build_nnfs("dev")?,
    };
    let place = Place::new(nnfs)?;
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let rounds = (options.kills / 4).max(2);
    let rows = [
        kills::run(&place, options.kills, &mut rng)?,
        disk::run(&place)?,
        folder::removed(&place, rounds, &mut rng)?,
        folder::shared(&place, rounds)?,
        swap::run(&place, options.kills.max(2))?,
    ];
    println!("{}", overview(&rows));
    let failures: usize = rows.iter().map(|row| row.failures).sum();
    ensure!(failures == 0, "{} left something that it should not", count(failures, "fault"));
    Ok(())
}

/// A line for each kind of fault.
fn overview(rows: &[Row]) -> String {
    let cells = |row: &Row| {
        vec![
            row.fault.to_owned(),
            row.times.to_string(),
            row.failures.to_string(),
            row.figures.clone(),
        ]
    };
    let columns = [("fault", Left), ("times", Right), ("failures", Right), ("figures", Left)];
    table(&columns, &rows.iter().map(cells).collect::<Vec<_>>())
}

//! `cargo xtask compare`: the command `nnfs` beside scikit-learn's MLP, on public tables.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use clap::{Args, value_parser};

use nnfs_console::Alignment::{Left, Right};
use nnfs_console::table;

use crate::bench::median;
use crate::python::python;
use crate::trained::{Split, train};
use crate::workspace::{build_nnfs, output, workspace};

/// Compare `nnfs train` with scikit-learn's MLP on small public tables
///
/// Both learn the same rows at equal settings (one network with two hidden layers of 32, Adam 0.001, batches
/// of 32, one thread), and are judged on the same held-out rows. Fails if ours is more than 0.05 (R2) or 0.02
/// (accuracy) under theirs in the mean over the splits, or takes longer in the median.
#[derive(Debug, Args)]
pub(crate) struct CompareOptions {
    /// How many times the rows of each table are split
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = value_parser!(u64).range(1..=100))]
    splits: u64,

    /// The seed of the first split; the others follow
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u64).range(..1_000_000))]
    seed: u64,

    /// How many epochs both train
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = value_parser!(u64).range(1..))]
    epochs: u64,

    /// The Python that has scikit-learn [default: that of xtask/compare/.venv or xtask/peers/.venv]
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
}

/// A test score, and the seconds of a fit.
#[derive(Debug, Clone, Copy)]
struct Measured {
    score: f64,
    seconds: f64,
}

impl Measured {
    /// The mean score, and the median of the seconds, which one disturbance does not move.
    fn over(splits: &[Self]) -> Self {
        let mut seconds: Vec<f64> = splits.iter().map(|split| split.seconds).collect();
        let sum: f64 = splits.iter().map(|split| split.score).sum();
        Self { score: sum / splits.len() as f64, seconds: median(&mut seconds) }
    }
}

/// One of the tables.
struct Public {
    name: String,
    task: String,
    rows: String,
    inputs: String,
}

impl Public {
    fn metric(&self) -> (&'static str, f64) {
        if self.task == "regression" { ("r2", 0.05) } else { ("accuracy", 0.02) }
    }
}

/// Runs everything and prints a table.
///
/// # Errors
/// If Python or scikit-learn is missing, or if ours is worse or slower than it may be.
pub(crate) fn run(options: &CompareOptions) -> anyhow::Result<()> {
    let python = python(options.python.as_deref(), &["compare", "peers"]);
    let folder = workspace().join("target/compare");
    eprintln!("compiling the command nnfs in the release profile");
    let nnfs = build_nnfs("release")?;
    let mut script = Command::new(&python);
    script.arg(workspace().join("xtask/compare/tables.py")).arg(&folder);
    let tables =
        output(script.args([options.splits, options.seed].map(|number| number.to_string())))?;

    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    for line in tables.lines() {
        let [name, task, count, inputs] = line
            .split(',')
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|_| anyhow::anyhow!("tables.py said {line:?}"))?;
        let public = Public { name, task, rows: count, inputs };
        let (mut ours, mut theirs, mut defaults) = (Vec::new(), Vec::new(), Vec::new());
        for split in 0..options.splits {
            let place = folder.join(&public.name).join(split.to_string());
            let epochs = options.epochs.to_string();
            theirs.push(learn(&python, &public, &place, &epochs, split)?);
            let place = Split { folder: &place, target: "target", task: &public.task, seed: split };
            let measure = |options: &[&str]| -> anyhow::Result<Measured> {
                let trained = train(&nnfs, &place, options)?;
                Ok(Measured { score: trained.score(public.metric().0)?, seconds: trained.seconds })
            };
            ours.push(measure(&["--recipe", "plain", "--epochs", &epochs])?);
            defaults.push(measure(&[])?);
        }
        let (ours, theirs, defaults) =
            (Measured::over(&ours), Measured::over(&theirs), Measured::over(&defaults));
        let (metric, allowed) = public.metric();
        if ours.score < theirs.score - allowed || ours.seconds >= theirs.seconds {
            failures.push(public.name.clone());
        }
        rows.push(vec![
            public.name,
            public.rows,
            public.inputs,
            metric.to_owned(),
            format!("{:.3}", ours.score),
            format!("{:.3}", theirs.score),
            format!("{:.1}", ours.seconds * 1e3),
            format!("{:.1}", theirs.seconds * 1e3),
            format!("{:.3}", defaults.score),
        ]);
    }
    let columns = [
        ("table", Left),
        ("rows", Right),
        ("inputs", Right),
        ("metric", Left),
        ("nnfs", Right),
        ("scikit-learn", Right),
        ("nnfs, ms", Right),
        ("scikit-learn, ms", Right),
        ("nnfs by default", Right),
    ];
    println!("{}", table(&columns, &rows));
    ensure!(failures.is_empty(), "worse or slower than scikit-learn: {}", failures.join(", "));
    Ok(())
}

/// Trains scikit-learn's network.
fn learn(
    python: &Path,
    table: &Public,
    place: &Path,
    epochs: &str,
    seed: u64,
) -> anyhow::Result<Measured> {
    let mut script = Command::new(python);
    script.arg(workspace().join("xtask/compare/learn.py")).arg(place);
    script.args([&table.task, epochs, &seed.to_string()]);
    for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"] {
        script.env(variable, "1");
    }
    let said = output(&mut script)?;
    let numbers = said.trim().split_once(',').context("learn.py said too little")?;
    Ok(Measured { score: numbers.0.parse()?, seconds: numbers.1.parse()? })
}

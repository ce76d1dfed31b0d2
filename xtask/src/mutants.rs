//! `cargo xtask mutants`: which small mistakes do the tests not see?

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;

use crate::python::python;
use crate::workspace::{command, workspace};

/// Change the formulas in small ways, and list the changes that no test sees (needs cargo-mutants and Python)
///
/// `cargo mutants --list` names the changes. For each one, the tests that reach it run, the quick ones first.
/// Survivors that change no result are explained in xtask/mutants/survivors.txt; any other survivor is an error.
#[derive(Debug, Args)]
pub(crate) struct MutantsOptions {
    /// Only these parts: losses, activations, layers, optimizers, metrics, scalers, encoders, intervals [default: all]
    #[arg(value_name = "PART")]
    parts: Vec<String>,

    /// These files of the package in place of those of the part: a name, or a pattern such as
    /// `crates/datasets/src/scaler/*.rs`
    #[arg(long = "file", value_name = "PATTERN", requires = "parts")]
    files: Vec<String>,

    /// Python program
    #[arg(long, value_name = "PROGRAM")]
    python: Option<PathBuf>,
}

/// What is changed: the name of a part, its package, and its files if they are not the whole package.
const PARTS: [(&str, &str, &[&str]); 8] = [
    ("losses", "nnfs-losses", &[]),
    ("activations", "nnfs-activations", &[]),
    ("layers", "nnfs-layers", &[]),
    ("optimizers", "nnfs-optimizers", &[]),
    ("metrics", "nnfs-metrics", &[]),
    (
        "scalers",
        "nnfs-datasets",
        &[
            "crates/datasets/src/scaler.rs",
            "crates/datasets/src/scaler/*.rs",
            "crates/datasets/src/one_hot.rs",
            "crates/datasets/src/labels.rs",
            "crates/datasets/src/labels/*.rs",
        ],
    ),
    (
        "encoders",
        "nnfs-datasets",
        &["crates/datasets/src/encoder.rs", "crates/datasets/src/encoder/*.rs"],
    ),
    (
        "intervals",
        "nnfs-model",
        &[
            "crates/model/src/cross_conformal.rs",
            "crates/model/src/cross_conformal/*.rs",
            "crates/model/src/residual_scale.rs",
            "crates/model/src/ensemble.rs",
        ],
    ),
];

/// Runs the parts one after the other.
///
/// # Errors
/// If a part is unknown, a survivor is not explained, or an explained one does not survive.
pub(crate) fn run(options: &MutantsOptions) -> anyhow::Result<()> {
    let known = PARTS.map(|(name, ..)| name);
    for part in &options.parts {
        ensure!(
            known.contains(&part.as_str()),
            "expected one of {}, found {part}",
            known.join(", ")
        );
    }
    ensure!(
        options.files.is_empty() || options.parts.len() == 1,
        "--file needs one part, whose package has the files"
    );
    let mut failed = Vec::new();
    for (name, package, files) in PARTS {
        if !options.parts.is_empty() && !options.parts.iter().any(|part| part == name) {
            continue;
        }
        println!("\n== {name}");
        let mut program = command(python(options.python.as_deref(), &[]));
        program.arg("xtask/mutants/mutants.py").args(["--package", package, "--survivors"]);
        program.arg(workspace().join("xtask/mutants/survivors.txt"));
        let chosen: Vec<&str> = options.files.iter().map(String::as_str).collect();
        let files = if chosen.is_empty() { files } else { &chosen };
        program.args(files.iter().flat_map(|file| ["--file", file]));
        if !program.status()?.success() {
            failed.push(name);
        }
    }
    ensure!(failed.is_empty(), "see above: {}", failed.join(", "));
    Ok(())
}

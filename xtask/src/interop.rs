//! `cargo xtask interop`: our models in other libraries, and theirs in ours.
//!
//! tract comes first, because it needs no Python.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use cargo_metadata::MetadataCommand;

use crate::workspace;

/// The files of the last run, which this one replaces.
const FOLDER: &str = "target/interop";

/// Runs our ONNX files in tract. Then makes a Python environment from
/// `xtask/interop/requirements.txt`, and runs the scripts of that folder in it.
pub(crate) fn run() -> anyhow::Result<()> {
    let scripts = workspace().join("xtask/interop");
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let manifest = "xtask/interop/tract/Cargo.toml";
    step(&cargo, ["test", "--manifest-path", manifest, "--target-dir", "target/tract"])?;

    step("python3", ["-m", "venv", "xtask/interop/.venv"])?;
    let python = scripts.join(".venv/bin/python");
    let requirements = "xtask/interop/requirements.txt";
    step(&python, ["-m", "pip", "install", "--quiet", "--requirement", requirements])?;

    match std::fs::remove_dir_all(workspace().join(FOLDER)) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).context(FOLDER),
        _ => {}
    }
    let networks = format!("{FOLDER}/networks");
    let example =
        ["run", "--quiet", "--package", "nnfs-export", "--example", "architectures", "--"];
    step(&cargo, example.into_iter().chain([networks.as_str()]))?;
    step(&cargo, ["build", "--quiet", "--package", "nnfs-cli"])?;
    let nnfs = MetadataCommand::new().no_deps().exec()?.target_directory.join("debug/nnfs");

    step(&python, ["xtask/interop/compare.py", &networks])?;
    for check in ["round_trip", "large_table"] {
        let script = format!("xtask/interop/{check}.py");
        step(&python, [&script, nnfs.as_str(), &format!("{FOLDER}/{check}")])?;
    }
    println!("\nall the same");
    Ok(())
}

/// Runs a command in the root of the workspace, which has to succeed.
fn step(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> anyhow::Result<()> {
    let mut command = Command::new(&program);
    command.args(arguments).current_dir(workspace());
    println!("\n== {command:?}");
    let name = Path::new(&program).display().to_string();
    let status = command.status().with_context(|| format!("{name} does not start"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

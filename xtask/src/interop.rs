//! `cargo xtask interop`: our models in other libraries, and theirs in ours.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use cargo_metadata::MetadataCommand;

use crate::workspace;

/// Makes an environment of Python from `xtask/interop/requirements.txt`, where there is none yet, and
/// runs the scripts of that folder in it.
pub(crate) fn run() -> anyhow::Result<()> {
    let scripts = workspace().join("xtask/interop");
    let python = scripts.join(".venv/bin/python");
    if !python.exists() {
        step("python3", ["-m", "venv", "xtask/interop/.venv"])?;
    }
    let requirements = "xtask/interop/requirements.txt";
    step(&python, ["-m", "pip", "install", "--quiet", "--requirement", requirements])?;

    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let networks = "target/interop/networks";
    let example =
        ["run", "--quiet", "--package", "nnfs-export", "--example", "architectures", "--"];
    step(&cargo, example.into_iter().chain([networks]))?;
    step(&cargo, ["build", "--quiet", "--package", "nnfs-cli"])?;
    let nnfs = MetadataCommand::new().no_deps().exec()?.target_directory.join("debug/nnfs");

    step(&python, ["xtask/interop/compare.py", networks])?;
    let folder = "target/interop/round_trip";
    step(&python, ["xtask/interop/round_trip.py", nnfs.as_str(), folder])?;
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

//! `cargo xtask interop`: our models in other libraries, and theirs in ours.
//!
//! tract comes first, because it needs no Python.

use std::io::ErrorKind;

use anyhow::Context;

use crate::workspace::{build_nnfs, cargo, command, run as step, workspace};

/// The files of the last run, which this one replaces.
const FOLDER: &str = "target/interop";

/// Runs our ONNX files in tract. Then makes a Python environment from
/// `xtask/interop/requirements.txt`, and runs the scripts of that folder in it.
pub(crate) fn run() -> anyhow::Result<()> {
    let manifest = "xtask/interop/tract/Cargo.toml";
    step(&mut cargo(&format!("test --manifest-path {manifest} --target-dir target/tract")))?;

    let python = workspace().join("xtask/interop/.venv/bin/python");
    step(command("python3").args(["-m", "venv", "xtask/interop/.venv"]))?;
    let requirements = "xtask/interop/requirements.txt";
    step(command(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--requirement",
        requirements,
    ]))?;

    match std::fs::remove_dir_all(workspace().join(FOLDER)) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).context(FOLDER),
        _ => {}
    }
    let networks = format!("{FOLDER}/networks");
    let example = "run --quiet --package nnfs-export --example architectures --";
    step(cargo(example).arg(&networks))?;
    let nnfs = build_nnfs("dev")?;

    step(command(&python).args(["xtask/interop/compare.py", &networks]))?;
    step(&mut cargo("build --quiet --package nnfs-export --example table"))?;
    let example = nnfs.with_file_name("examples").join("table");
    let folder = format!("{FOLDER}/tables");
    step(command(&python).arg("xtask/interop/tables.py").arg(&nnfs).arg(example).arg(folder))?;
    let check = |name: &str| {
        let (script, folder) = (format!("xtask/interop/{name}.py"), format!("{FOLDER}/{name}"));
        let mut check = command(&python);
        check.arg(script).arg(&nnfs).arg(folder);
        check
    };
    step(check("round_trip").arg(&networks))?;
    step(&mut check("large_table"))?;
    println!("\nall the same");
    Ok(())
}

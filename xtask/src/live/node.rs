//! Runs the module of the live chapter under Node.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use super::{programs, saved};
use crate::workspace::{command, run, workspace};

/// Compares the nine runs with the digits of the book, measures the speed, tries random settings,
/// predicts with models that the module saved, and runs programs that it exported.
///
/// # Errors
/// If Node is missing, or a check fails.
pub(super) fn check(module: &Path, settings: usize) -> anyhow::Result<()> {
    let version = Command::new("node").arg("--version").output();
    let is_there = version.is_ok_and(|found| found.status.success());
    ensure!(is_there, "the checks need Node (the command node), which is not installed");

    let folder = |name: &str| {
        let folder = module.with_file_name(name);
        let made = fs::create_dir_all(&folder);
        made.with_context(|| format!("cannot make {}", folder.display())).map(|()| folder)
    };
    let models = folder("saved")?;
    run(script("saved.mjs", module).arg(&models))?;
    saved::check(&models)?;
    let exported = folder("exported")?;
    run(script("programs.mjs", module).arg(&exported))?;
    programs::check(&exported)?;
    run(script("settings.mjs", module).arg(settings.to_string()))?;
    run(&mut script("book.mjs", module))
}

/// A script of ours with the module.
fn script(name: &str, module: &Path) -> Command {
    let folder: PathBuf = workspace().join("xtask").join("live");
    let mut node = command("node");
    node.arg(folder.join(name)).arg(module);
    node
}

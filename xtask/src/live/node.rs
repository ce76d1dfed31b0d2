//! Runs the module of the live chapter under Node.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::workspace::{command, run, workspace};

/// Compares the nine runs with the digits of the book, measures the speed, and tries random settings.
///
/// # Errors
/// If Node is missing, or a check fails.
pub(super) fn check(module: &Path, settings: usize) -> anyhow::Result<()> {
    let is_there =
        Command::new("node").arg("--version").output().is_ok_and(|it| it.status.success());
    anyhow::ensure!(is_there, "the checks need Node (the command node), which is not installed");
    let folder = workspace().join("xtask").join("live");
    for (script, arguments) in [("book.mjs", vec![]), ("settings.mjs", vec![settings.to_string()])]
    {
        let mut node = command("node");
        node.arg(folder.join(script)).arg(module).args(arguments);
        run(&mut node).with_context(|| script.to_owned())?;
    }
    Ok(())
}

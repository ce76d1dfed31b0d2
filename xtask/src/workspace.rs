//! The workspace, and the commands that run in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// The root of the workspace, so that a task does the same in every folder inside.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// A command that runs in the root of the workspace.
pub(crate) fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(workspace());
    command
}

/// A cargo command in the root of the workspace, with the same cargo that runs this program.
pub(crate) fn cargo(arguments: &str) -> Command {
    let mut command = command(std::env::var_os("CARGO").map_or("cargo".into(), PathBuf::from));
    command.args(arguments.split(' '));
    command
}

/// Shows a command, runs it, and shows what it prints.
///
/// # Errors
/// If it does not start, or fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    println!("\n== {command:?}");
    std::io::stdout().flush()?;
    let status = command.status().with_context(|| format!("{command:?} does not start"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Runs a command, and returns what it prints to stdout.
///
/// # Errors
/// If it does not start or fails; the error then has what it printed to stderr.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = PathBuf::from(command.get_program()).display().to_string();
    let finished = command.output().with_context(|| format!("{name} does not start"))?;
    let printed = String::from_utf8_lossy(&finished.stderr);
    ensure!(finished.status.success(), "{name}: {}", printed.trim_end());
    Ok(String::from_utf8(finished.stdout)?)
}

/// Builds the command `nnfs` in a profile, and returns its path.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn build_nnfs(profile: &str) -> anyhow::Result<PathBuf> {
    let build = format!("build --package nnfs-cli --profile {profile}");
    let mut build = cargo(&build);
    build.args(["--message-format", "json-render-diagnostics"]);
    build.stderr(std::process::Stdio::inherit());
    let messages = output(&mut build)?;
    executable(&messages, "nnfs").context("cargo did not say where it built the command nnfs")
}

/// The path of an executable in the messages of a `cargo build`.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut paths = messages.filter_map(|message: serde_json::Value| {
        let is_it = message["target"]["name"] == name;
        message["executable"].as_str().filter(|_| is_it).map(PathBuf::from)
    });
    paths.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_executable_is_found_by_its_name() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"nnfs"},"executable":null}
not json
{"reason":"compiler-artifact","target":{"name":"nnfs"},"executable":"/t/debug/nnfs"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages, "nnfs"), Some(PathBuf::from("/t/debug/nnfs")));
        assert_eq!(executable(messages, "xtask"), None);
    }
}

//! Programs that the module exported: they must compile, and print the loss that the module computed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use crate::workspace::{cargo, output, workspace};

/// The largest difference between the losses, as a share: in `f32` the products are fused on this CPU and
/// not in WebAssembly.
const TOLERANCE: f64 = 1e-5;

/// The package of the programs, which is outside the workspace as that of a user is.
const MANIFEST: &str = r#"
[package]
name = "exported"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
libm = "LIBM"
nnfs = { path = "NNFS" }
"#;

/// Makes a package of the programs in a folder, and runs each.
///
/// # Errors
/// If a program does not compile, or prints another loss.
pub(super) fn check(folder: &Path) -> anyhow::Result<()> {
    let text = fs::read(folder.join("losses.json")).context("losses.json")?;
    let losses: BTreeMap<String, f64> = serde_json::from_slice(&text)?;
    let manifest = fs::read_to_string(workspace().join("Cargo.toml"))?;
    let libm = manifest.lines().find_map(|line| line.strip_prefix("libm = "));
    let libm = libm.context("the version of libm in Cargo.toml")?.trim_matches('"');
    let nnfs = workspace().join("crates").join("nnfs").display().to_string();
    let mut manifest = MANIFEST.replace("LIBM", libm).replace("NNFS", &nnfs);
    for name in losses.keys() {
        manifest += &format!("\n[[bin]]\nname = \"{name}\"\npath = \"{name}.rs\"\n");
    }
    let path = folder.join("Cargo.toml");
    fs::write(&path, manifest).with_context(|| format!("cannot write {}", path.display()))?;
    // The same versions as in the workspace.
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    for (name, expected) in losses {
        let mut run = cargo(&format!("run --quiet --bin {name}"));
        let printed = output(run.current_dir(folder)).with_context(|| name.clone())?;
        let found: f64 = printed.trim().trim_start_matches("loss ").parse().context(printed)?;
        let difference = (found - expected).abs() / expected.abs();
        ensure!(difference <= TOLERANCE, "{name}: expected a loss of {expected}, found {found}");
        println!("the program {name}: its loss {found} differs by {difference:.1e}");
    }
    Ok(())
}

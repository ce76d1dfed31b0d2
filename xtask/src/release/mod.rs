//! `cargo xtask release --dry-run`: what would be published, in the order in which it would be.

mod manifest;
mod order;

use std::fs::read_to_string;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use nnfs_console::Alignment::{Left, Right};
use nnfs_console::{count, table};

use crate::metadata::{Metadata, Package};
use crate::workspace::{cargo, output, run as run_command, workspace};

/// The largest package that crates.io takes, in bytes.
const LARGEST: u64 = 10 * 1024 * 1024;

/// Package every published crate, in the order of their dependencies (cargo 1.90 or newer)
///
/// The manifests, the changelog and the licences are checked, then each crate is packaged, and a table shows
/// its files and size. Nothing is published.
#[derive(Debug, Args)]
pub(crate) struct ReleaseOptions {
    /// Publish nothing; this command has no other mode
    #[arg(long, required = true)]
    dry_run: bool,
    /// Build each crate from the files of its package, too
    #[arg(long)]
    verify: bool,
}

pub(crate) fn run(options: &ReleaseOptions) -> anyhow::Result<()> {
    let metadata = Metadata::read()?;
    let published: Vec<&Package> = metadata.own().filter(|own| own.is_published()).collect();
    let ordered = order::in_order(&published)?;
    let version = &ordered.first().context("no package is published")?.version;

    let mut problems = Vec::new();
    for package in &ordered {
        problems.extend(manifest::problems(package, version, &published));
    }
    let changelog = read_to_string(workspace().join("CHANGELOG.md")).context("CHANGELOG.md")?;
    if !has_section(&changelog, version) {
        problems.push(format!("CHANGELOG.md has no section for version {version}"));
    }
    ensure!(problems.is_empty(), "not ready to be published:\n  {}", problems.join("\n  "));

    let mut package = cargo("package --allow-dirty --quiet");
    if !options.verify {
        package.arg("--no-verify");
    }
    for own in &ordered {
        package.args(["--package", &own.name]);
    }
    // All at once: each crate is then resolved with the packages made before it, because the registry does
    // not have them.
    run_command(&mut package)?;

    let contents = ordered.iter().map(|package| Contents::read(package, &metadata));
    let contents: Vec<Contents> = contents.collect::<Result<_, _>>()?;
    println!("\n{}", overview(&ordered, &contents));
    let bytes: u64 = contents.iter().map(|contents| contents.bytes).sum();
    let crates = count(ordered.len(), "crate");
    println!(
        "\nversion {version}: {crates}, {} kB in all, nothing was published",
        kilobytes(bytes)
    );
    if ordered.iter().any(|package| package.repository.is_none()) {
        println!("`repository` is not set in Cargo.toml. Set it before the release.");
    }
    Ok(())
}

/// Whether a changelog has a section of a version: `## 0.2.0`, perhaps in brackets or with a date.
fn has_section(changelog: &str, version: &str) -> bool {
    let headings = changelog.lines().filter_map(|line| line.strip_prefix("## "));
    let mut names = headings.filter_map(|heading| heading.split_whitespace().next());
    names.any(|name| name.trim_matches(['[', ']']) == version)
}

/// What is in a package.
struct Contents {
    files: usize,
    /// Of the compressed package.
    bytes: u64,
}

impl Contents {
    /// Lists the files of a package, and measures the package that `cargo package` made.
    fn read(package: &Package, metadata: &Metadata) -> anyhow::Result<Self> {
        let Package { name, version, .. } = package;
        let list = output(cargo("package --list --allow-dirty --quiet --package").arg(name))?;
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            ensure!(
                list.lines().any(|file| file == licence),
                "the package {name} has no {licence}"
            );
        }
        let folder: PathBuf = metadata.target_directory.join("package");
        let file = folder.join(format!("{name}-{version}.crate"));
        let bytes = std::fs::metadata(&file).with_context(|| file.display().to_string())?.len();
        ensure!(bytes <= LARGEST, "{name} has {bytes} bytes, more than crates.io takes");
        Ok(Self { files: list.lines().count(), bytes })
    }
}

/// A line for each crate, in the order of publishing.
fn overview(packages: &[&Package], contents: &[Contents]) -> String {
    let row = |(index, (package, contents)): (usize, (&&Package, &Contents))| {
        vec![
            (index + 1).to_string(),
            package.name.clone(),
            contents.files.to_string(),
            kilobytes(contents.bytes),
        ]
    };
    let rows: Vec<Vec<String>> = packages.iter().zip(contents).enumerate().map(row).collect();
    table(&[("", Right), ("crate", Left), ("files", Right), ("kB", Right)], &rows)
}

/// 1234 as `1.2`.
fn kilobytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_of_a_version_is_found() {
        let changelog = "# Changelog\n\n## 0.2.0 - 2026-11-30\n\n### Added\n\n## [0.1.0]\n";
        assert!(has_section(changelog, "0.2.0"));
        assert!(has_section(changelog, "0.1.0"));
        assert!(!has_section(changelog, "0.2"));
        assert!(!has_section("## Unreleased\n", "0.2.0"));
    }

    /// What can be checked without packaging.
    #[test]
    fn the_workspace_is_ready() {
        let metadata = Metadata::read().unwrap();
        let published: Vec<&Package> = metadata.own().filter(|own| own.is_published()).collect();
        let ordered = order::in_order(&published).unwrap();
        let names: Vec<&str> = ordered.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names.len(), published.len());
        assert_eq!(names[..2], ["nnfs-kernel", "nnfs-tensor"]);
        for package in &ordered {
            let problems = manifest::problems(package, &ordered[0].version, &published);
            assert!(problems.is_empty(), "{problems:?}");
        }
    }
}

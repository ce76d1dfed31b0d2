//! The dependency graph: what docs/architecture.md and the README promise about it.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::cargo;
use crate::workspace;

/// Who may depend on whom among our own crates: a star around `nnfs-tensor`.
const OWN: &[(&str, &[&str])] = &[
    ("nnfs-kernel", &[]),
    ("nnfs-tensor", &["nnfs-kernel"]),
    ("nnfs-activations", &["nnfs-tensor"]),
    ("nnfs-layers", &["nnfs-tensor"]),
    ("nnfs-losses", &["nnfs-tensor"]),
    ("nnfs-optimizers", &["nnfs-tensor"]),
    ("nnfs-metrics", &["nnfs-tensor"]),
    ("nnfs-datasets", &["nnfs-tensor"]),
    ("nnfs-model", &["nnfs-tensor"]),
    ("nnfs-gradcheck", &["nnfs-tensor"]),
    ("nnfs-numpy", &["nnfs-kernel", "nnfs-tensor"]),
    ("nnfs-report", &["nnfs-tensor", "nnfs-model"]),
    ("nnfs", ANY),
    ("nnfs-export", &["nnfs"]),
    ("nnfs-console", &["nnfs"]),
    ("nnfs-tabular", &["nnfs"]),
    ("nnfs-cli", &["nnfs", "nnfs-console", "nnfs-export", "nnfs-report", "nnfs-tabular"]),
    ("nnfs-chapter", &["nnfs", "nnfs-report"]),
    ("nnfs-testing", &["nnfs-tensor"]),
    ("xtask", ANY),
];

/// The facade and xtask may know every crate.
const ANY: &[&str] = &["*"];

/// Third-party packages behind the facade, on all platforms together: bare, and with its default
/// features.
const LIMITS: [(&str, &[&str], usize); 2] =
    [("bare", &["--no-default-features"], 40), ("with default features", &[], 75)];

/// Every example of the workspace, behind its package.
pub(super) fn examples() -> anyhow::Result<Vec<(String, String)>> {
    let metadata = metadata()?;
    let examples = metadata.workspace_packages().into_iter().flat_map(|package| {
        let targets = package.targets.iter().filter(|target| target.is_example());
        targets.map(|target| (package.name.to_string(), target.name.clone()))
    });
    Ok(examples.collect())
}

fn metadata() -> anyhow::Result<Metadata> {
    let manifest = workspace().join("Cargo.toml");
    Ok(MetadataCommand::new().manifest_path(manifest).exec()?)
}

/// Checks the star, the Rust version, the number of packages, and that none of them links a
/// system library.
pub(super) fn check() -> anyhow::Result<()> {
    let metadata = metadata()?;
    check_star(&metadata)?;
    check_rust_version(&metadata)?;
    let readme = std::fs::read_to_string(workspace().join("README.md"))?;
    let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    for (name, features, limit) in LIMITS {
        let packages = third_party(&metadata, features)?;
        let count = packages.len();
        ensure!(count <= limit, "nnfs {name} needs {count} third-party packages, limit {limit}");
        for Package { name, version, links, .. } in packages {
            ensure!(links.is_none(), "{name} {version} links a system library: {links:?}");
        }
        println!("nnfs {name}: {count} third-party packages (at most {limit}), no system library");
        let promise = format!("{count} third-party packages");
        ensure!(readme.contains(&promise), "README.md should say {promise:?} (nnfs {name})");
    }
    Ok(())
}

/// Our own crates depend on each other as `OWN` says, and on nothing of ours beyond that.
fn check_star(metadata: &Metadata) -> anyhow::Result<()> {
    for package in metadata.workspace_packages() {
        let name = package.name.as_str();
        let allowed = OWN.iter().find(|(own, _)| *own == name);
        let (_, allowed) = allowed.with_context(|| format!("{name} is missing in graph.rs"))?;
        for dependency in &package.dependencies {
            let own = dependency.path.is_some() && dependency.kind == DependencyKind::Normal;
            let fits = *allowed == ANY || allowed.contains(&dependency.name.as_str());
            ensure!(!own || fits, "{name} must not depend on {}", dependency.name);
        }
    }
    println!("star: {} crates depend on each other as docs/architecture.md says", OWN.len());
    Ok(())
}

/// The third-party packages that a user of the facade builds; `cargo tree` resolves the features
/// for that one package, where `cargo metadata` would mix in those of xtask.
fn third_party<'a>(metadata: &'a Metadata, features: &[&str]) -> anyhow::Result<Vec<&'a Package>> {
    let output =
        cargo("tree --package=nnfs --edges=normal --target=all --prefix=none --format={p}")
            .args(features)
            .output()
            .context("cargo tree does not start")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    // A line is `name vVERSION`, with a path behind it for our own.
    let found: BTreeSet<(&str, &str)> =
        text.lines().filter_map(|line| line.split_once(" v")).collect();
    let find = |(name, rest): (&str, &str)| {
        let version = rest.split(' ').next().unwrap_or(rest);
        let mut packages = metadata.packages.iter();
        packages
            .find(|package| package.name.as_str() == name && package.version.to_string() == version)
            .with_context(|| format!("{name} {version} is not in the metadata"))
    };
    let packages: Vec<&Package> = found.into_iter().map(find).collect::<Result<_, _>>()?;
    // The same package stands in the tree with and without `(*)` behind it.
    let mut seen = BTreeSet::new();
    Ok(packages
        .into_iter()
        .filter(|package| package.source.is_some() && seen.insert(&package.id))
        .collect())
}

/// No package, those of xtask included, asks for a newer Rust than the one that we declare.
fn check_rust_version(metadata: &Metadata) -> anyhow::Result<()> {
    let mut own = metadata.workspace_packages().into_iter();
    let declared = own.find_map(|own| own.rust_version.clone()).context("no rust-version")?;
    for Package { name, version, rust_version, .. } in &metadata.packages {
        if let Some(needed) = rust_version {
            ensure!(*needed <= declared, "{name} {version} needs Rust {needed}, not {declared}");
        }
    }
    println!("rust-version: no package needs more than {declared}");
    Ok(())
}

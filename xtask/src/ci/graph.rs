//! The dependency graph, as docs/architecture.md and the README describe it.

use std::collections::BTreeSet;
use std::env::consts::EXE_SUFFIX;
use std::path::PathBuf;

use anyhow::{Context, ensure};

use super::licenses;
use crate::metadata::{Metadata, Package};
use crate::workspace::{cargo, output, workspace};

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
    ("nnfs-book", &["nnfs", "nnfs-chapter"]),
    ("nnfs-live", &["nnfs", "nnfs-chapter", "nnfs-report"]),
    ("nnfs-testing", &["nnfs-tensor"]),
    ("nnfs-fuzz", &["nnfs", "nnfs-cli", "nnfs-export", "nnfs-live", "nnfs-tabular"]),
    ("xtask", ANY),
];

/// The facade and xtask may know every crate.
const ANY: &[&str] = &["*"];

/// The most third-party packages that the facade may need, on all platforms together: bare, and with
/// its default features.
const LIMITS: [(&str, &[&str], usize); 2] =
    [("bare", &["--no-default-features"], 40), ("with default features", &[], 75)];

/// The name of every example of the workspace, and the executable that `cargo test` builds. If a platform is
/// chosen, cargo builds in the folder of that platform. It is found in `CARGO_BUILD_TARGET`, and not in
/// configuration files of cargo.
pub(super) fn examples() -> anyhow::Result<Vec<(String, PathBuf)>> {
    let metadata = Metadata::read()?;
    let platform = std::env::var_os("CARGO_BUILD_TARGET").unwrap_or_default();
    let folder = metadata.target_directory.join(platform).join("debug").join("examples");
    let targets = metadata.own().flat_map(|package| &package.targets);
    let examples = targets.filter(|target| target.is_example()).map(|target| {
        let executable = folder.join(format!("{}{EXE_SUFFIX}", target.name));
        (target.name.clone(), executable)
    });
    Ok(examples.collect())
}

/// Checks the star, the Rust version, the licences and sources, the features of xtask, the number of
/// packages, and that none of them links a system library.
pub(super) fn check() -> anyhow::Result<()> {
    let metadata = Metadata::read()?;
    check_star(&metadata)?;
    check_rust_version(&metadata)?;
    licenses::check(&metadata)?;
    check_features()?;
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

/// Our crates depend on each other as `OWN` allows.
fn check_star(metadata: &Metadata) -> anyhow::Result<()> {
    for package in metadata.own() {
        let name = package.name.as_str();
        let allowed = OWN.iter().find(|(own, _)| *own == name);
        let (_, allowed) = allowed.with_context(|| format!("{name} is missing in graph.rs"))?;
        for dependency in &package.dependencies {
            let own = dependency.path.is_some() && dependency.kind.is_none();
            let fits = *allowed == ANY || allowed.contains(&dependency.name.as_str());
            ensure!(!own || fits, "{name} must not depend on {}", dependency.name);
        }
    }
    println!("star: {} crates depend on each other as docs/architecture.md says", OWN.len());
    Ok(())
}

/// Building xtask compiles its packages with the features that the tests of the workspace choose. If
/// one feature differs, cargo compiles that package twice, and all packages that depend on it.
fn check_features() -> anyhow::Result<()> {
    let features = |packages: &str| -> anyhow::Result<BTreeSet<String>> {
        let tree = format!(
            "tree {packages} --edges=normal,build,dev --prefix=none --format={{p}}~[{{f}}]"
        );
        let text = output(&mut cargo(&tree))?;
        Ok(text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect())
    };
    let workspace = features("--workspace")?;
    let xtask = features("--package=xtask")?;
    let other: Vec<&String> = xtask.difference(&workspace).collect();
    ensure!(other.is_empty(), "xtask and the tests choose other features of {other:?}");
    println!("features: xtask builds {} packages as the tests do", xtask.len());
    Ok(())
}

/// The third-party packages that a user of the facade builds. `cargo tree` resolves the features for
/// that one package; `cargo metadata` would add those of xtask.
fn third_party<'a>(metadata: &'a Metadata, features: &[&str]) -> anyhow::Result<Vec<&'a Package>> {
    let tree = "tree --package=nnfs --edges=normal --target=all --prefix=none --format={p}";
    let text = output(cargo(tree).args(features))?;
    // A line is `name vVERSION`, followed by a path for our own packages.
    let found: BTreeSet<(&str, &str)> =
        text.lines().filter_map(|line| line.split_once(" v")).collect();
    let find = |(name, rest): (&str, &str)| {
        let version = rest.split(' ').next().unwrap_or(rest);
        let mut packages = metadata.packages.iter();
        packages
            .find(|package| package.name == name && package.version == version)
            .with_context(|| format!("{name} {version} is not in the metadata"))
    };
    let packages: Vec<&Package> = found.into_iter().map(find).collect::<Result<_, _>>()?;
    // The tree has a package that appears again with `(*)` after it.
    let mut seen = BTreeSet::new();
    Ok(packages
        .into_iter()
        .filter(|package| package.source.is_some() && seen.insert(&package.id))
        .collect())
}

/// No package, also none of xtask, needs a newer Rust than the one that we declare.
fn check_rust_version(metadata: &Metadata) -> anyhow::Result<()> {
    let declared = metadata.own().find_map(Package::rust_version).context("no rust-version")?;
    let text = declared.map(|part| part.to_string()).join(".");
    for package in &metadata.packages {
        if let Some(needed) = package.rust_version() {
            let Package { name, version, .. } = package;
            ensure!(needed <= declared, "{name} {version} needs Rust {needed:?}, not {text}");
        }
    }
    println!("rust-version: no package needs more than {text}");
    Ok(())
}

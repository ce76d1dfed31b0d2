//! What `cargo metadata` knows about the packages, as far as the checks need it.

use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;

use crate::workspace::{cargo, output};

/// The packages of the workspace and everything that they depend on.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    pub(super) target_directory: PathBuf,
    workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    /// The registry; none for our own packages.
    pub(super) source: Option<String>,
    /// The system library that it links.
    pub(super) links: Option<String>,
    rust_version: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev` or `build`; none for a normal dependency.
    pub(super) kind: Option<String>,
    /// The folder of one of our own packages.
    pub(super) path: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    kind: Vec<String>,
}

impl Metadata {
    pub(super) fn read() -> anyhow::Result<Self> {
        let json = output(&mut cargo("metadata --format-version 1"))?;
        serde_json::from_str(&json).context("cargo metadata")
    }

    /// The packages of the workspace.
    pub(super) fn own(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }
}

impl Package {
    /// The Rust version that it needs, if it says so, as (major, minor, patch).
    pub(super) fn rust_version(&self) -> Option<[u32; 3]> {
        let mut parts = self.rust_version.as_deref()?.split('.').map(str::parse);
        let mut next = || parts.next().unwrap_or(Ok(0)).ok();
        Some([next()?, next()?, next()?])
    }
}

impl Target {
    pub(super) fn is_example(&self) -> bool {
        self.kind.iter().any(|kind| kind == "example")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let package = |version: &str| {
            let json = format!(
                r#"{{"id": "", "name": "a", "version": "1.0.0", "source": null, "links": null,
                "rust_version": "{version}", "dependencies": [], "targets": []}}"#
            );
            serde_json::from_str::<Package>(&json).unwrap().rust_version()
        };
        assert_eq!(package("1.89"), Some([1, 89, 0]));
        assert!(package("1.9.1") < package("1.89"));
    }
}

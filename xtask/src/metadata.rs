//! What `cargo metadata` knows about the packages, as far as the checks need it.

use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;

use crate::workspace::{cargo, output};

/// The packages of the workspace and everything that they depend on.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
    workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    /// The registry; none for our own packages.
    pub(crate) source: Option<String>,
    /// The system library that it links.
    pub(crate) links: Option<String>,
    rust_version: Option<String>,
    /// The registries that it may be published to: none for every registry, an empty list for none.
    publish: Option<Vec<String>>,
    pub(crate) description: Option<String>,
    /// An SPDX expression, as in `MIT OR Apache-2.0`.
    pub(crate) license: Option<String>,
    pub(crate) readme: Option<String>,
    pub(crate) repository: Option<String>,
    #[serde(default)]
    pub(crate) categories: Vec<String>,
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `dev` or `build`; none for a normal dependency.
    pub(crate) kind: Option<String>,
    /// The versions that fit: `*` if it has a path alone.
    #[serde(default)]
    pub(crate) req: String,
    /// The folder of one of our own packages.
    pub(crate) path: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    kind: Vec<String>,
}

impl Metadata {
    pub(crate) fn read() -> anyhow::Result<Self> {
        let json = output(&mut cargo("metadata --format-version 1"))?;
        serde_json::from_str(&json).context("cargo metadata")
    }

    /// The packages of the workspace.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }
}

impl Package {
    /// Whether it is published: without `publish = false`.
    pub(crate) fn is_published(&self) -> bool {
        self.publish.as_ref().is_none_or(|registries| !registries.is_empty())
    }

    /// The Rust version that it needs, if it says so, as (major, minor, patch).
    pub(crate) fn rust_version(&self) -> Option<[u32; 3]> {
        let mut parts = self.rust_version.as_deref()?.split('.').map(str::parse);
        let mut next = || parts.next().unwrap_or(Ok(0)).ok();
        Some([next()?, next()?, next()?])
    }
}

impl Target {
    pub(crate) fn is_example(&self) -> bool {
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

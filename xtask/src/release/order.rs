//! The order of publishing: a crate after every crate that it depends on.

use anyhow::ensure;

use crate::metadata::{Dependency, Package};

/// The packages, each after those that it depends on; by name where any order does.
///
/// # Errors
/// If packages depend on each other.
pub(super) fn in_order<'a>(packages: &[&'a Package]) -> anyhow::Result<Vec<&'a Package>> {
    let mut waiting = packages.to_vec();
    waiting.sort_by(|a, b| a.name.cmp(&b.name));
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_ready = |package: &&Package| {
            let mut needed = package.dependencies.iter().filter(|dependency| is_kept(dependency));
            needed.all(|dependency| waiting.iter().all(|other| other.name != dependency.name))
        };
        let ready = waiting.iter().position(is_ready);
        let names: Vec<&str> = waiting.iter().map(|package| package.name.as_str()).collect();
        ensure!(ready.is_some(), "these depend on each other: {}", names.join(", "));
        ordered.extend(ready.map(|index| waiting.remove(index)));
    }
    Ok(ordered)
}

/// Whether the published manifest has a dependency. Cargo drops those for tests that have no version.
pub(super) fn is_kept(dependency: &Dependency) -> bool {
    dependency.path.is_some() && dependency.req != "*"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A package and its dependencies, as name and kind and version.
    fn package(name: &str, dependencies: &[(&str, Option<&str>, &str)]) -> Package {
        let dependencies: Vec<serde_json::Value> = dependencies
            .iter()
            .map(|(name, kind, req)| {
                serde_json::json!({"name": name, "kind": kind, "req": req, "path": "/x"})
            })
            .collect();
        serde_json::from_value(serde_json::json!({
            "id": name, "name": name, "version": "1.0.0", "source": null, "links": null,
            "dependencies": dependencies, "targets": []
        }))
        .unwrap()
    }

    fn names(packages: &[Package]) -> anyhow::Result<Vec<String>> {
        let packages: Vec<&Package> = packages.iter().collect();
        Ok(in_order(&packages)?.iter().map(|package| package.name.clone()).collect())
    }

    #[test]
    fn dependencies_come_first_those_of_tests_too() {
        let packages = [
            package("a", &[("c", None, "^1.0.0")]),
            package("b", &[("a", Some("dev"), "^1.0.0")]),
            package("c", &[]),
        ];
        assert_eq!(names(&packages).unwrap(), ["c", "a", "b"]);
    }

    #[test]
    fn a_dependency_of_tests_without_a_version_is_dropped() {
        let packages =
            [package("a", &[("b", Some("dev"), "*")]), package("b", &[("a", None, "^1.0.0")])];
        assert_eq!(names(&packages).unwrap(), ["a", "b"]);
    }

    #[test]
    fn a_circle_is_an_error_with_its_names() {
        let packages = [
            package("a", &[("b", None, "^1")]),
            package("b", &[("a", None, "^1")]),
            package("c", &[]),
        ];
        let error = names(&packages).unwrap_err().to_string();
        assert_eq!(error, "these depend on each other: a, b");
    }
}

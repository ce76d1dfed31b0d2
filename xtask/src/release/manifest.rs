//! What the manifest of a published crate must say.

use super::order::is_kept;
use crate::metadata::Package;

/// The limits of crates.io.
const MOST_CATEGORIES: usize = 5;
const MOST_KEYWORDS: usize = 5;
const LONGEST_KEYWORD: usize = 20;

/// What is wrong with a manifest, in lines that begin with the name of the package.
pub(super) fn problems(package: &Package, version: &str, published: &[&Package]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut require = |holds: bool, problem: String| {
        if !holds {
            problems.push(format!("{}: {problem}", package.name));
        }
    };
    require(package.version == version, format!("has version {}, not {version}", package.version));
    let fields = [
        ("description", &package.description),
        ("license", &package.license),
        ("readme", &package.readme),
    ];
    for (field, value) in fields {
        let is_empty = value.as_deref().is_none_or(|text| text.trim().is_empty());
        require(!is_empty, format!("has no `{field}`"));
    }
    let lists = [
        ("categories", &package.categories, MOST_CATEGORIES),
        ("keywords", &package.keywords, MOST_KEYWORDS),
    ];
    for (field, list, most) in lists {
        let found = list.len();
        require((1..=most).contains(&found), format!("has {found} {field}, expected 1 to {most}"));
    }
    for keyword in &package.keywords {
        let fits = keyword.len() <= LONGEST_KEYWORD
            && keyword.chars().all(|char| char.is_ascii_alphanumeric() || "-_+".contains(char));
        require(fits, format!("has the keyword {keyword:?}, which crates.io does not take"));
    }
    for dependency in &package.dependencies {
        let (name, req) = (&dependency.name, &dependency.req);
        if is_kept(dependency) {
            require(*req == format!("^{version}"), format!("needs {name} {req}, not {version}"));
            let is_published = published.iter().any(|other| other.name == *name);
            require(is_published, format!("depends on {name}, which is not published"));
        } else if dependency.path.is_some() {
            // Cargo drops it from the published manifest, but only if it is for tests.
            let is_for_tests = dependency.kind.as_deref() == Some("dev");
            require(is_for_tests, format!("depends on {name} without a version"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(changes: &serde_json::Value) -> Package {
        let mut value = json!({
            "id": "a", "name": "a", "version": "0.2.0", "source": null, "links": null, "targets": [],
            "description": "What it is", "license": "MIT", "readme": "README.md",
            "categories": ["science"], "keywords": ["neural-network"], "dependencies": []
        });
        for (field, change) in changes.as_object().unwrap() {
            value[field] = change.clone();
        }
        serde_json::from_value(value).unwrap()
    }

    fn problems_of(changes: &serde_json::Value) -> Vec<String> {
        let package = package(changes);
        problems(&package, "0.2.0", &[&package])
    }

    #[test]
    fn a_complete_manifest_has_no_problem() {
        assert!(problems_of(&json!({})).is_empty());
        let own = json!({"name": "a", "kind": null, "req": "^0.2.0", "path": "/a"});
        let registry = json!({"name": "serde", "kind": null, "req": "^1", "path": null});
        let for_tests = json!({"name": "t", "kind": "dev", "req": "*", "path": "/t"});
        assert!(problems_of(&json!({"dependencies": [own, registry, for_tests]})).is_empty());
    }

    #[test]
    fn each_problem_is_named() {
        let cases = [
            (json!({"version": "0.1.0"}), "a: has version 0.1.0, not 0.2.0"),
            (json!({"description": null}), "a: has no `description`"),
            (json!({"readme": ""}), "a: has no `readme`"),
            (json!({"categories": []}), "a: has 0 categories, expected 1 to 5"),
            (
                json!({"keywords": ["a", "b", "c", "d", "e", "f"]}),
                "a: has 6 keywords, expected 1 to 5",
            ),
            (
                json!({"keywords": ["two words"]}),
                "a: has the keyword \"two words\", which crates.io does not take",
            ),
            (
                json!({"dependencies": [{"name": "a", "kind": null, "req": "^0.1.0", "path": "/a"}]}),
                "a: needs a ^0.1.0, not 0.2.0",
            ),
            (
                json!({"dependencies": [{"name": "b", "kind": "dev", "req": "^0.2.0", "path": "/b"}]}),
                "a: depends on b, which is not published",
            ),
            (
                json!({"dependencies": [{"name": "b", "kind": null, "req": "*", "path": "/b"}]}),
                "a: depends on b without a version",
            ),
        ];
        for (changes, problem) in cases {
            assert_eq!(problems_of(&changes), [problem]);
        }
    }
}

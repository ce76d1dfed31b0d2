//! The licences and sources of all packages, as `deny.toml` allows them. The workflow runs cargo-deny with
//! the same file. Cargo-deny takes long to build, so this step checks the two lists without it.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};

use crate::metadata::{Metadata, Package};
use crate::workspace::workspace;

/// Where third-party packages may come from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks that every third-party package is from crates.io, with a licence that `deny.toml` allows.
pub(super) fn check(metadata: &Metadata) -> anyhow::Result<()> {
    let path = workspace().join("deny.toml");
    let deny = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let allowed = allowed(&deny);
    ensure!(!allowed.is_empty(), "deny.toml allows no licence");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for Package { name, version, source, license, .. } in &metadata.packages {
        ensure!(
            source.as_deref().is_none_or(|source| source == CRATES_IO),
            "{name} {version} is from {source:?}, not from crates.io"
        );
        let license = license.as_deref();
        let license = license.with_context(|| format!("{name} {version} names no licence"))?;
        let chosen = choose(license, &allowed);
        ensure!(
            !chosen.is_empty(),
            "{name} {version} has the licence {license:?}, which deny.toml does not allow"
        );
        for license in chosen {
            *counts.entry(license).or_default() += 1;
        }
    }
    let counts: Vec<String> =
        counts.iter().map(|(license, count)| format!("{license} {count}")).collect();
    println!("licences and sources: crates.io alone, {}", counts.join(", "));
    Ok(())
}

/// The licences in the list `allow` of `deny.toml`, in their order.
fn allowed(deny: &str) -> Vec<&str> {
    let list = deny.split_once("\nallow = [").and_then(|(_, rest)| rest.split_once(']'));
    let lines = list.map_or("", |(list, _)| list).lines();
    // Only what is between quotes: a line may end with a comment.
    lines.filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).collect()
}

/// The licences under which a package is used: of each `A OR B` the first of `allowed`, of each `A AND B`
/// both. Empty if a part is not allowed.
///
/// Expressions have one level of parentheses at most, as in `(MIT OR Apache-2.0) AND Unicode-3.0`. `/` is
/// the old way to write `OR`.
fn choose<'a>(expression: &str, allowed: &[&'a str]) -> Vec<&'a str> {
    let flat = !expression.contains('(');
    // Without parentheses, `AND` binds more tightly than `OR`, and so comes second.
    let any_of_all = |text: &str| -> Vec<&'a str> {
        let ways = text.split(" OR ").flat_map(|way| way.split('/'));
        let ways: Vec<Vec<&'a str>> = ways.map(|way| all_of(way, allowed)).collect();
        // The way whose first licence is the first in the list.
        let rank =
            |way: &Vec<&str>| allowed.iter().position(|license| Some(license) == way.first());
        let fitting = ways.into_iter().filter(|way| !way.is_empty());
        fitting.min_by_key(rank).unwrap_or_default()
    };
    if flat {
        return any_of_all(expression);
    }
    let mut chosen = Vec::new();
    for part in expression.split(" AND ") {
        let part = part.trim_matches(['(', ')', ' ']);
        let licenses = any_of_all(part);
        if licenses.is_empty() {
            return Vec::new();
        }
        chosen.extend(licenses);
    }
    chosen
}

/// The licences of `A AND B`, or none if one of them is not allowed.
fn all_of<'a>(text: &str, allowed: &[&'a str]) -> Vec<&'a str> {
    let find = |name: &str| allowed.iter().copied().find(|license| *license == name.trim());
    text.split(" AND ").map(find).collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{allowed, choose};

    const ALLOWED: &[&str] = &["MIT", "Apache-2.0", "Unicode-3.0", "Zlib"];

    #[test]
    fn the_first_allowed_licence_is_chosen() {
        assert_eq!(choose("Apache-2.0 OR MIT", ALLOWED), ["MIT"]);
        assert_eq!(choose("Unlicense/MIT", ALLOWED), ["MIT"]);
        assert_eq!(choose("MIT OR Apache-2.0 OR LGPL-2.1-or-later", ALLOWED), ["MIT"]);
        assert_eq!(choose("Zlib", ALLOWED), ["Zlib"]);
    }

    #[test]
    fn every_part_of_an_and_is_needed() {
        assert_eq!(choose("(MIT OR Apache-2.0) AND Unicode-3.0", ALLOWED), ["MIT", "Unicode-3.0"]);
        assert!(choose("(MIT OR Apache-2.0) AND GPL-3.0-only", ALLOWED).is_empty());
        assert!(choose("MIT AND GPL-3.0-only", ALLOWED).is_empty());
        assert_eq!(choose("MIT AND GPL-3.0-only OR Zlib", ALLOWED), ["Zlib"]);
    }

    #[test]
    fn another_licence_is_not_allowed() {
        for license in ["GPL-3.0-only", "Apache-2.0 WITH LLVM-exception", "", "MIT-0"] {
            assert!(choose(license, ALLOWED).is_empty(), "{license:?}");
        }
    }

    #[test]
    fn the_list_is_read_without_comments() {
        let deny =
            "[licenses]\nallow = [\n    \"MIT\", # ours: [both]\n    \"Zlib\",\n]\nx = [\"A\"]\n";
        assert_eq!(allowed(&deny.replace("[both]", "both")), ["MIT", "Zlib"]);
        assert!(allowed("[licenses]\n").is_empty());
    }
}

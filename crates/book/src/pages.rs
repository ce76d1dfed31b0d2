//! The pages of the book and their links.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path};

/// The path of every file below a folder, relative to it and with `/` between its parts:
/// `chapter/dropout.md`.
///
/// # Errors
/// If a folder cannot be read, or a name is not UTF-8.
pub fn files(folder: &Path) -> io::Result<BTreeSet<String>> {
    fn visit(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> io::Result<()> {
        for entry in folder.read_dir()? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().ok_or(io::ErrorKind::InvalidData)?;
            if entry.file_type()?.is_dir() {
                visit(&entry.path(), &format!("{prefix}{name}/"), found)?;
            } else {
                found.insert(format!("{prefix}{name}"));
            }
        }
        Ok(())
    }
    let mut found = BTreeSet::new();
    visit(folder, "", &mut found)?;
    Ok(found)
}

/// The text of a page with another target for each of its links and pictures, `[text](target)`. Code
/// is left as it is.
///
/// ```
/// use nnfs_book::pages::map_links;
/// let text = "See [a](a.md), `[b](b.md)` and ![c](c.svg).";
/// let mapped = map_links(text, |target| format!("docs/{target}"));
/// assert_eq!(mapped, "See [a](docs/a.md), `[b](b.md)` and ![c](docs/c.svg).");
/// ```
pub fn map_links(text: &str, mut map: impl FnMut(&str) -> String) -> String {
    let mut in_block = false;
    let mut mapped = String::new();
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```");
        in_block ^= is_fence;
        if in_block || is_fence {
            mapped.push_str(line);
            continue;
        }
        // Every second part is code between backticks.
        for (index, part) in line.split('`').enumerate() {
            if index > 0 {
                mapped.push('`');
            }
            if index % 2 == 0 {
                map_targets(part, &mut map, &mut mapped);
            } else {
                mapped.push_str(part);
            }
        }
    }
    mapped
}

/// Maps the targets of a text without code.
fn map_targets(mut text: &str, map: &mut impl FnMut(&str) -> String, mapped: &mut String) {
    while let Some((before, after)) = text.split_once("](") {
        let Some((target, rest)) = after.split_once(')') else { break };
        mapped.push_str(before);
        mapped.push_str("](");
        mapped.push_str(&map(target));
        mapped.push(')');
        text = rest;
    }
    mapped.push_str(text);
}

/// The targets of the links and pictures of a page.
pub fn links(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    map_links(text, |target| {
        targets.push(target.to_owned());
        target.to_owned()
    });
    targets
}

/// The path of a link, relative to the root of the repository, from a page in `docs`. It has no heading.
///
/// ```
/// use nnfs_book::pages::in_repository;
/// assert_eq!(in_repository("chapter/dropout.md", "../errata.md"), "docs/errata.md");
/// assert_eq!(in_repository("tables.md", "../crates/cli"), "crates/cli");
/// ```
pub fn in_repository(page: &str, target: &str) -> String {
    let page = Path::new("docs").join(page);
    let path = page.parent().unwrap_or(&page).join(target);
    let mut parts: Vec<&str> = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.extend(name.to_str()),
            _ => {}
        }
    }
    parts.join("/")
}

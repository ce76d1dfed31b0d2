//! The pages of the book: each is in the summary, each link leads somewhere, and each page with a Rust
//! snippet is compiled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Written by `cargo xtask live`, and copied into the book when it is built.
const BUILT: [&str; 1] = ["live/chapter.html"];

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The paths of all Markdown files below `docs`, relative to it, such as `chapter/dropout.md`.
fn pages() -> BTreeSet<String> {
    fn visit(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, root, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let relative = path.strip_prefix(root).unwrap();
                let parts = relative.components().map(|part| part.as_os_str().to_str().unwrap());
                found.insert(parts.collect::<Vec<_>>().join("/"));
            }
        }
    }
    let mut found = BTreeSet::new();
    visit(&docs(), &docs(), &mut found);
    found
}

fn text(page: &str) -> String {
    fs::read_to_string(docs().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// The lines of a page that are not in a code block.
fn prose(page: &str) -> String {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in text(page).lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            lines.push(line.to_owned());
        }
    }
    assert!(!in_code, "{page}: a code block has no end");
    lines.join("\n")
}

/// The targets of the links and pictures `[text](target)` of a page, without code in backticks.
fn links(page: &str) -> Vec<String> {
    let prose = prose(page);
    let without_code: Vec<&str> = prose.split('`').step_by(2).collect();
    let text = without_code.join("");
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// The name that GitHub and mdBook give to a heading: `The clip` is `the-clip`.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().to_lowercase();
    let kept = letters.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(page: &str) -> Vec<String> {
    let prose = prose(page);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

/// `chapter/../reference/losses.md` is `reference/losses.md`; `None` if it leaves `docs`.
fn resolved(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let path = Path::new(page).parent().unwrap().join(target);
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()?),
            Component::Normal(name) => parts.push(name.to_str().unwrap()),
            _ => {}
        }
    }
    Some(parts.join("/"))
}

#[test]
fn the_summary_names_every_page_once() {
    let mut named: Vec<String> = links("SUMMARY.md");
    named.sort();
    let mut expected = pages();
    expected.remove("SUMMARY.md");
    assert_eq!(named, expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_link_leads_somewhere() {
    let mut checked = 0;
    for page in pages() {
        for link in links(&page) {
            if link.starts_with("http") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { Some(page.clone()) } else { resolved(&page, path) };
            let folder = docs().join(&page);
            let exists = folder.parent().unwrap().join(path).exists() || path.is_empty();
            let is_built = target.as_deref().is_some_and(|target| BUILT.contains(&target));
            assert!(exists || is_built, "{page}: {link} does not exist");
            if let (Some(target), false) = (&target, heading.is_empty()) {
                let known = anchors(target);
                assert!(known.iter().any(|it| it == heading), "{page}: {link}: {known:?}");
            }
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked} links");
}

#[test]
fn every_page_with_a_snippet_is_compiled() {
    let library = include_str!("../src/lib.rs");
    for page in pages() {
        let has_snippet = text(&page).lines().any(|line| line.trim_end() == "```rust");
        let is_compiled = library.contains(&format!("docs/{page}\")]"));
        assert_eq!(has_snippet, is_compiled, "{page}: snippets and src/lib.rs");
    }
}

/// A formula that is shown as text and not as a snippet has a language, so that rustdoc does not
/// compile it.
#[test]
fn every_code_block_has_a_language() {
    for page in pages() {
        let mut in_code = false;
        for line in text(&page).lines() {
            let Some(language) = line.trim_start().strip_prefix("```") else { continue };
            assert!(in_code || !language.is_empty(), "{page}: a code block without a language");
            in_code = !in_code;
        }
    }
}

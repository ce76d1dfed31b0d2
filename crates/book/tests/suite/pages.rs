//! The pages of the book: each is in the summary, each link leads somewhere, and no snippet has lines that a
//! reader does not see.

use std::fs;
use std::path::{Path, PathBuf};

use nnfs_book::pages::{files, in_repository, links};

/// Written by `cargo xtask live`, and copied into the book when it is built.
const BUILT: [&str; 1] = ["docs/live/chapter.html"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Markdown files in `docs` with their texts.
fn pages() -> Vec<(String, String)> {
    let docs = repository().join("docs");
    let pages = files(&docs).unwrap().into_iter().filter(|page| page.ends_with(".md"));
    pages.map(|page| (page.clone(), fs::read_to_string(docs.join(page)).unwrap())).collect()
}

/// The name that GitHub and mdBook give to a heading: `The clip` is `the-clip`.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().to_lowercase();
    let kept = letters.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The headings of a Markdown file.
fn anchors(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let mut in_code = false;
    let headings = text.lines().filter(|line| {
        in_code ^= line.starts_with("```");
        !in_code && line.starts_with('#')
    });
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

#[test]
fn the_summary_names_every_page_once() {
    let pages = pages();
    let (summary, others): (Vec<_>, Vec<_>) =
        pages.iter().partition(|(page, _)| page == "SUMMARY.md");
    let mut named = links(&summary[0].1);
    named.sort();
    assert_eq!(named, others.iter().map(|(page, _)| page.clone()).collect::<Vec<_>>());
}

/// Checks the links of a page of `docs`, and counts them. A page outside of it is named from there:
/// `../README.md`.
fn check_links(page: &str, text: &str) -> usize {
    let links = links(text).into_iter().filter(|link| !link.contains("://"));
    let mut checked = 0;
    for link in links {
        let (path, heading) = link.split_once('#').unwrap_or((&link, ""));
        let name = page.rsplit('/').next().unwrap();
        let target = in_repository(page, if path.is_empty() { name } else { path });
        let mut file = repository().join(&target);
        let is_built = BUILT.contains(&target.as_str());
        assert!(file.exists() || is_built, "{page}: {link} does not exist");
        if !heading.is_empty() {
            // GitHub shows the README of a folder.
            if file.is_dir() {
                file.push("README.md");
            }
            let known = anchors(&file);
            assert!(known.iter().any(|it| it == heading), "{page}: {link}: {known:?}");
        }
        checked += 1;
    }
    checked
}

#[test]
fn every_link_leads_somewhere() {
    let checked: usize = pages().iter().map(|(page, text)| check_links(page, text)).sum();
    assert!(checked > 50, "{checked} links");
}

/// Those of the READMEs, and of the other pages in the folder of the repository.
#[test]
fn every_link_of_a_readme_leads_somewhere() {
    let folders = ["crates", "xtask", "fuzz"].map(|folder| repository().join(folder));
    let of_folders = folders.iter().flat_map(|folder| {
        let names = files(folder).unwrap().into_iter();
        names.filter(|name| name.ends_with("README.md")).map(|name| folder.join(name))
    });
    let of_root = repository().read_dir().unwrap().map(|entry| entry.unwrap().path());
    let of_root = of_root.filter(|path| path.extension().is_some_and(|it| it == "md"));
    let mut checked = 0;
    for path in of_folders.chain(of_root) {
        let page = Path::new("..").join(path.strip_prefix(repository()).unwrap());
        let page = page.to_str().unwrap().replace('\\', "/");
        checked += check_links(&page, &fs::read_to_string(&path).unwrap());
    }
    assert!(checked > 50, "{checked} links");
}

/// The solutions of the exercises name a page and a heading.
#[test]
fn every_mistake_names_a_page() {
    for mistake in nnfs_book::mistakes::MISTAKES {
        let (page, heading) = mistake.page.split_once('#').unwrap_or((mistake.page, ""));
        let file = repository().join("docs/chapter").join(page);
        assert!(file.exists(), "{}: {page}", mistake.exercise);
        let known = anchors(&file);
        let is_known = heading.is_empty() || known.iter().any(|it| it == heading);
        assert!(is_known, "{}: {heading}: {known:?}", mistake.exercise);
    }
}

/// GitHub shows the lines that rustdoc and mdBook would hide.
#[test]
fn no_snippet_has_hidden_lines() {
    for (page, text) in pages() {
        for snippet in text.split("\n```rust\n").skip(1) {
            let code = snippet.split("\n```\n").next().unwrap();
            let is_hidden = |line: &str| line == "#" || line.starts_with("# ");
            assert!(!code.lines().any(is_hidden), "{page}: {code}");
            assert!(!code.contains("fn main()"), "{page}: a snippet is the body of a main");
        }
    }
}

/// rustdoc compiles a code block without a language, and a formula is not Rust.
#[test]
fn every_code_block_has_a_language() {
    for (page, text) in pages() {
        let mut in_code = false;
        for line in text.lines() {
            let Some(language) = line.trim_start().strip_prefix("```") else { continue };
            assert!(in_code || !language.is_empty(), "{page}: a code block without a language");
            in_code = !in_code;
        }
        assert!(!in_code, "{page}: a code block has no end");
    }
}
